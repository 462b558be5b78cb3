"""The directory file: accounts, projects and people of one CSV or XLSX, a bad row named and left out."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.directory_cells import Parser, clean, parsers
from bot.directory_sheets import Cell, Line, Unreadable, lines_of
from surveys.authoring.problems import shown, unknown
from surveys.directory import DirectoryRow

COLUMNS: Final = (
    "account",
    "industry",
    "segment",
    "division",
    "product",
    "project",
    "stage",
    "adoption",
    "account_manager",
    "project_manager",
    "person",
    "external_id",
    "roles",
    "language",
    "timezone",
    "email",
    "revenue",
    "on_hold",
    "no_foreign_messenger",
)
REQUIRED: Final = ("account", "project", "person", "external_id", "roles")
PRIVATE: Final = frozenset({"person", "email"})
THINGS: Final = {
    "account": (("account",), ("industry", "segment", "revenue", "account_manager", "on_hold", "no_foreign_messenger")),
    "project": (("account", "project"), ("division", "product", "stage", "adoption", "project_manager")),
    "person": (("external_id",), ("person", "language", "timezone", "email")),
    "person in the project": (("external_id", "account", "project"), ("roles",)),
}
"""What a row tells about which thing: the columns that identify it, and those that must not contradict each other."""

Flaw = tuple[str, str]
"""A column, and what is wrong there; an empty one stands for the whole line."""


@dataclass(frozen=True, slots=True)
class DirectoryFile:
    """Good rows, a line for everything that is wrong, and how many rows were left out for that.

    `readable`: False when the file as a whole is of no use.
    """

    rows: tuple[DirectoryRow, ...] = ()
    problems: tuple[str, ...] = ()
    rejected: int = 0
    readable: bool = True


class Ledger:
    """What the rows so far said about each thing, and on which line."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, ...], tuple[Any, int]] = {}

    def contradictions(self, row: DirectoryRow) -> Iterator[Flaw]:
        """What the row says differently; a blank says nothing."""
        for key, thing, column, value in _statements(row):
            first, line = self._said.get(key, (value, 0))
            if first != value:
                was = "" if column in PRIVATE else f" ({_words(first)}, not {_words(value)})"
                yield column, f"differs from line {line} about the same {thing}{was}"

    def note(self, row: DirectoryRow, line: int) -> None:
        """Remembers what a good row says."""
        for key, _, _, value in _statements(row):
            self._said.setdefault(key, (value, line))


def read_directory_file(
    path: Path, *, roles: Sequence[str], stages: Sequence[str], languages: Sequence[str]
) -> DirectoryFile:
    """The rows of the file that can be used. Never raises for what is in the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of fonts and extensions, which nobody asked about
        try:
            return _read(path, lines_of(path, COLUMNS), parsers(roles, stages, languages))
        except Unreadable as error:
            where = f"{path}:{error.line}" if error.line else str(path)
            return DirectoryFile(problems=(f"{where}: {error}",), readable=False)


def _read(path: Path, lines: Iterator[Line], read: Mapping[str, Parser]) -> DirectoryFile:
    number, cells = next(lines, (0, []))
    if not number:
        raise Unreadable("is empty; its first line should name the columns")
    header, flaws = _header(cells)
    problems = [_problem(path, number, flaw) for flaw in flaws]
    if missing := [column for column in REQUIRED if column not in header]:
        return DirectoryFile(problems=(*problems, f"{path}:{number}: lacks {', '.join(missing)}"), readable=False)
    rows = []
    rejected = 0
    ledger = Ledger()
    for number, cells in lines:
        row, flaws = _row(header, cells, read)
        flaws = flaws if row is None else list(ledger.contradictions(row))
        problems += [_problem(path, number, flaw) for flaw in flaws]
        if row is None or flaws:
            rejected += 1
        else:
            ledger.note(row, number)
            rows.append(row)
    return DirectoryFile(tuple(rows), tuple(problems), rejected)


def _header(cells: Sequence[Cell]) -> tuple[list[str], list[Flaw]]:
    """The name of every column, and what is wrong with them; a column that is not used has no name."""
    names = [" ".join(str(cell).split()).lower() for cell in cells]
    flaws = [("", unknown("column", name, COLUMNS)) for name in names if name and name not in COLUMNS]
    flaws += [("", f"column {name} stands twice") for name in COLUMNS if names.count(name) > 1]
    header = [name if name in COLUMNS and name not in names[:at] else "" for at, name in enumerate(names)]
    return header, flaws


def _row(
    header: Sequence[str], cells: Sequence[Cell], read: Mapping[str, Parser]
) -> tuple[DirectoryRow | None, list[Flaw]]:
    if len(cells) < len(header) or any(cells[len(header) :]):
        return None, [("", f"has {len(cells)} cells where the header has {len(header)}")]
    values: dict[str, Any] = {}
    flaws = []
    for column, cell in zip(header, cells, strict=False):
        try:
            if column and (value := _value(column, cell, read)) is not None:
                values[column] = value
        except ValueError as error:
            flaws.append((column, str(error)))
    return (None, flaws) if flaws else (DirectoryRow(**values), [])


def _value(column: str, cell: Cell, read: Mapping[str, Parser]) -> Any:
    words = clean(cell)
    if not words and column in REQUIRED:
        raise ValueError("is missing")
    return read.get(column, str)(words) if words else None


def _statements(row: DirectoryRow) -> Iterator[tuple[tuple[str, ...], str, str, Any]]:
    for thing, (identity, columns) in THINGS.items():
        which = tuple(getattr(row, column) for column in identity)
        for column in columns:
            if (value := getattr(row, column)) is not None:
                yield (thing, column, *which), thing, column, value


def _words(value: Any) -> str:
    return shown("|".join(value) if isinstance(value, tuple) else value)


def _problem(path: Path, line: int, flaw: Flaw) -> str:
    column, sentence = flaw
    return ": ".join(filter(None, (f"{path}:{line}", column, sentence)))
