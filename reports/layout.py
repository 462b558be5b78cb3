"""Monospace text: how wide it really is, where it breaks, how columns stand. A screen of a phone holds 40 columns."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

PHONE = 40
TERMINAL = 100
EMOJI_STYLE = "\ufe0f"


def columns(text: str) -> int:
    """How many columns the text takes.

    >>> columns("Завод"), columns("工場"), columns("е\\u0301")
    (5, 4, 1)
    """
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character == EMOJI_STYLE:
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def tidy(text: str) -> str:
    """The words on one line, without characters that would break or turn it.

    >>> tidy("one\\n two\\u202e")
    'one two'
    """
    visible = (" " if c.isspace() and c != "\u00a0" else c for c in text)
    kept = "".join(c for c in visible if unicodedata.category(c)[0] != "C")
    return " ".join(word for word in kept.split(" ") if word)


Measure = Callable[[str], int]


def fold(text: str, width: int, lines: int | None = None, measure: Measure = columns) -> list[str]:
    """The text in lines of at most `width` columns, broken between words where that is possible.

    Beyond `lines` of them the last one holds the end of the text, whole words if any fit: names alike at the beginning
    differ there.

    >>> fold("Северный металлургический завод № 2", 12, 2)
    ['Северный', '…завод № 2']
    """
    folded = list(_folded(text, width, measure))
    if lines is None or len(folded) <= lines:
        return folded
    return [*folded[: lines - 1], _end(text, width, measure)]


def _folded(text: str, width: int, measure: Measure) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if measure(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        *full, line = _pieces(word, width, measure)
        yield from full
    yield line


def _pieces(word: str, width: int, measure: Measure) -> list[str]:
    """A word too long for a line breaks after its last hyphen there, or anywhere.

    >>> _pieces("Аварийно-диспетчерская", 21, columns)
    ['Аварийно-', 'диспетчерская']
    """
    pieces = [""]
    for character in word:
        if measure(pieces[-1] + character) > width:
            before, hyphen, rest = pieces[-1].rpartition("-")
            pieces[-1:] = [before + hyphen, rest] if before else [pieces[-1], ""]
        pieces[-1] += character
    return pieces


def _end(text: str, width: int, measure: Measure) -> str:
    kept = ""
    for character in reversed(text):
        if measure(f"…{character}{kept}") > width:
            break
        kept = character + kept
    cut, _, whole = kept.partition(" ")
    begins = text[: len(text) - len(kept)].endswith(" ")
    return "…" + (kept if begins else whole or cut)


@dataclass(frozen=True, slots=True)
class Row:
    """A label and the cells right of it. `below`: a remark under the row, as wide as the table."""

    label: str
    cells: tuple[str, ...]
    below: str = ""


def table(head: Row, rows: Sequence[Row], width: int) -> tuple[list[str], list[list[str]]]:
    """The head and, for each row, its lines. A long label goes on to a second line and no further."""
    every = [head, *rows]
    cells = [max(columns(row.cells[i]) for row in every) for i in range(len(head.cells))]
    room = min(width - sum(cells) - len(cells), max(columns(row.label) for row in every))
    drawn = [_drawn(row, cells, room, width) for row in every]
    rule = "─" * (room + sum(cells) + len(cells))
    return [*drawn[0], rule], drawn[1:]


def _drawn(row: Row, cells: Sequence[int], room: int, width: int) -> list[str]:
    first, *more = fold(row.label, room, 2)
    aligned = (" " * (wide - columns(cell)) + cell for cell, wide in zip(row.cells, cells, strict=True))
    line = " ".join([first + " " * (room - columns(first)), *aligned])
    return [line.rstrip(), *more, *(f"  {part}" for part in fold(row.below, width - 2, 4) if part)]
