"""Text too long for one message, as pages of it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reports.layout import PHONE, fold
from reports.speech import Speech

LINES: Final = 32
"""Lines of a page below its head: about two screens of a phone, and in any alphabet less than a message holds."""


def pages(t: Speech, head: Sequence[str], blocks: Sequence[Sequence[str]]) -> list[str]:
    """Every page with the head. A block stands on one page, or, too long for that, goes on under its first line."""
    bodies = list(_bodies([part for block in blocks for part in _parts(block)])) or [[]]
    counted = [t("Page {n} of {total}", n=n, total=len(bodies)) for n in range(1, len(bodies) + 1)]
    feet = [[count] if len(bodies) > 1 else [] for count in counted]
    return ["\n".join([*head, *body, *foot]).rstrip("\n") for body, foot in zip(bodies, feet, strict=True)]


def indented(words: str, by: int, width: int = PHONE) -> list[str]:
    """The words in lines that begin so many columns from the left."""
    return [" " * by + line for line in fold(words, width - by)]


def paragraphs(sentences: Iterable[str], width: int = PHONE) -> list[str]:
    """The sentences in lines, a line between them."""
    lines = [line for words in sentences for line in ("", *fold(words, width))]
    return lines[1:]


def _parts(block: Sequence[str]) -> Iterator[Sequence[str]]:
    yield block[:LINES]
    for at in range(LINES, len(block), LINES - 1):
        yield [block[0], *block[at : at + LINES - 1]]


def _bodies(parts: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    body: list[str] = []
    for part in parts:
        if body and len(body) + len(part) > LINES:
            yield body
            body = []
        body = [*body, *part]
    if body:
        yield body
