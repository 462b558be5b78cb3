"""Files that come with words: what is kept of them, and how they become part of an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal["voice", "video_note", "photo", "document", "sticker", "video", "audio"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

LARGEST: Final = 20 * 1024 * 1024
"""Bytes: what the Bot API lets a bot fetch."""

AT_MOST: Final = 20
"""Files of one answer."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as the messenger refers to it. `size`: bytes.

    `file_id` fetches it, and may change; `unique_id` is always the same file. `name` and `mime` are the sender's words.
    """

    kind: Kind
    file_id: str
    unique_id: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None


def joined(standing: Iterable[Attachment], more: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """All of them in the order they came, none twice."""
    known: dict[str, Attachment] = {}
    for one in (*standing, *more):
        known.setdefault(one.unique_id, one)
    return tuple(known.values())


def together(*words: str | None) -> str | None:
    """What was said in several messages, as one text; None where nobody said anything.

    >>> together("One", None, "", "two")
    'One\\ntwo'
    """
    return "\n".join(filter(None, words)) or None
