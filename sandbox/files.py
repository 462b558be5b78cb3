"""Files that passed through the server, and the Telegram objects that speak of them."""

import io
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from PIL import Image
from telegram import Audio, Document, PhotoSize, Sticker, Video, VideoNote, Voice
from telegram.constants import FileSizeLimit

from sandbox.errors import ApiError, bad_request

FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice",
    "sticker": "stickers",
    "video": "videos",
    "video_note": "video_notes",
    "audio": "music",
}
LARGEST = {"photo": FileSizeLimit.PHOTOSIZE_UPLOAD}
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes as they came in a request."""

    name: str
    data: bytes = field(repr=False)
    mime_type: str | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    kind: str
    path: str
    name: str
    mime_type: str
    data: bytes = field(repr=False)

    @property
    def unique_id(self) -> str:
        return f"u{self.file_id}"


@dataclass(slots=True)
class FileStore:
    by_id: dict[str, StoredFile] = field(default_factory=dict)
    by_path: dict[str, StoredFile] = field(default_factory=dict)

    def keep(self, kind: str, upload: Upload) -> StoredFile:
        _check_size(kind, upload)
        number = len(self.by_id) + 1
        mime_type = mimetypes.guess_type(upload.name)[0] or upload.mime_type or "application/octet-stream"
        extension = PurePath(upload.name).suffix or mimetypes.guess_extension(mime_type) or ""
        stored = StoredFile(
            file_id=f"{kind}-{number}",
            kind=kind,
            path=f"{FOLDERS[kind]}/file_{number}{extension}",
            name=upload.name,
            mime_type=mime_type,
            data=upload.data,
        )
        self.by_id[stored.file_id] = self.by_path[stored.path] = stored
        return stored

    def named(self, kind: str, reference: str, uploads: Mapping[str, Upload]) -> StoredFile:
        """The file a request speaks of: attach://name of an upload, or the identifier of a known file."""
        if reference.startswith("attach://"):
            if upload := uploads.get(reference.removeprefix("attach://")):
                return self.keep(kind, upload)
            raise bad_request(f"there is no {kind} in the request")
        if reference.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        stored = self.by_id.get(reference)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored


def _check_size(kind: str, upload: Upload) -> None:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > LARGEST.get(kind, FileSizeLimit.FILESIZE_UPLOAD):
        raise ApiError(413, "Request Entity Too Large")


def photo_sizes(file: StoredFile) -> list[PhotoSize]:
    width, height = _dimensions(file.data)
    return [PhotoSize(file.file_id, file.unique_id, width, height, file_size=len(file.data))]


def _dimensions(data: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
            width, height = image.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def document(file: StoredFile) -> Document:
    return Document(file.file_id, file.unique_id, file.name, file.mime_type, len(file.data))


def voice(file: StoredFile, seconds: int = 0) -> Voice:
    return Voice(file.file_id, file.unique_id, seconds, file.mime_type, len(file.data))


def video(file: StoredFile, seconds: int = 0) -> Video:
    return Video(file.file_id, file.unique_id, 640, 360, seconds, file.mime_type, len(file.data), file_name=file.name)


def video_note(file: StoredFile, seconds: int = 0) -> VideoNote:
    return VideoNote(file.file_id, file.unique_id, 240, seconds, file_size=len(file.data))


def audio(file: StoredFile, seconds: int = 0) -> Audio:
    return Audio(
        file.file_id, file.unique_id, seconds, mime_type=file.mime_type, file_size=len(file.data), file_name=file.name
    )


def sticker(file: StoredFile, emoji: str | None = None) -> Sticker:
    return Sticker(
        file.file_id, file.unique_id, 512, 512, False, False, "regular", emoji=emoji, file_size=len(file.data)
    )
