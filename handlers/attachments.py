"""Files in messages: what is kept of them."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aiogram.types import Audio, Document, Message, Video

from surveys.attachments import LARGEST, Attachment, Kind
from surveys.typed import clean

LONGEST_NAME = 200
REMEMBERED = 1000
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Files:
    """What a message carries. `too_large`: whether there was something no bot can fetch."""

    kept: tuple[Attachment, ...] = ()
    too_large: bool = False


def files_of(message: Message) -> Files:
    """The files of the message; of a photo, which comes in several sizes, the largest."""
    found = tuple(_found(message))
    kept = tuple(one for one in found if (one.size or 0) <= LARGEST)
    return Files(kept, len(kept) < len(found))


@dataclass(slots=True)
class Albums:
    """The pictures of an album come one by one; what is said about them is said once, to the first."""

    _answered: OrderedDict[str, int] = field(default_factory=OrderedDict)

    def is_first(self, message: Message) -> bool:
        """Whether nothing has been said about this message's album. Tried again, the same message is again first."""
        album = message.media_group_id
        if album is None:
            return True
        first = self._answered.setdefault(album, message.message_id)
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        return first == message.message_id


def _found(message: Message) -> Iterator[Attachment]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        yield Attachment("photo", largest.file_id, largest.file_unique_id, None, "image/jpeg", largest.file_size)
    if sticker := message.sticker:
        animated, moving = sticker.is_animated, sticker.is_video
        mime = "application/x-tgsticker" if animated else "video/webm" if moving else "image/webp"
        yield Attachment("sticker", sticker.file_id, sticker.file_unique_id, None, mime, sticker.file_size)
    if note := message.video_note:
        yield Attachment("video_note", note.file_id, note.file_unique_id, None, "video/mp4", note.file_size)
    if voice := message.voice:
        yield Attachment("voice", voice.file_id, voice.file_unique_id, None, _word(voice.mime_type), voice.file_size)
    yield from _named(message)


def _named(message: Message) -> Iterator[Attachment]:
    """Files that have a name. A moving picture is a document as well."""
    named: Mapping[Kind, Video | Audio | Document | None] = {
        "video": message.video,
        "audio": message.audio,
        "document": message.document,
    }
    for kind, file in named.items():
        if file is not None:
            name, mime = _word(file.file_name), _word(file.mime_type)
            yield Attachment(kind, file.file_id, file.file_unique_id, name, mime, file.file_size)


def _word(text: str | None) -> str | None:
    """What the sender's application says, as it may be kept."""
    return clean(text)[:LONGEST_NAME] or None if text else None
