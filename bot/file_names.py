"""What files people sent are called in a directory."""

import re
from dataclasses import dataclass
from typing import Final

LONGEST_NAME: Final = 60
SUFFIXES: Final = {"voice": ".ogg", "video_note": ".mp4", "photo": ".jpg", "video": ".mp4", "audio": ".mp3"}
OF_STICKERS: Final = {"image/webp": ".webp", "video/webm": ".webm", "application/x-tgsticker": ".tgs"}
UNSAFE: Final = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as Telegram knows it, and what it is to be called."""

    file_id: str
    name: str


def file_name(attachment_id: int, kind: str, name: str | None, mime: str | None) -> str:
    """A name that is safe in any directory and belongs to this attachment alone; its ending tells what it is.

    >>> file_name(7, "document", "../../акт сверки.pdf", None), file_name(8, "voice", None, "audio/ogg")
    ('7-акт_сверки.pdf', '8-voice.ogg')
    """
    suffix = SUFFIXES.get(kind) or OF_STICKERS.get(mime or "", "")
    safe = UNSAFE.sub("_", name or "").strip("._-")
    if not safe:
        return f"{attachment_id}-{kind}{suffix}"
    stem, dot, ending = safe.rpartition(".")
    short = f"{stem[:LONGEST_NAME]}.{ending[:10]}" if dot else safe[:LONGEST_NAME]
    return f"{attachment_id}-{short}"
