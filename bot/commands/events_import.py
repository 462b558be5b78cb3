"""Events in files: JSON with one or a list of them, JSON Lines, CSV. A bad one is named and left out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from bot.console import Trouble
from bot.directory_sheets import Cell, Line, Unreadable, lines_of
from intake.event import Event, Ticket, read_event
from intake.mapping import EventMapping
from intake.strict_json import Flaw, read_json
from intake.translation import to_event
from surveys.authoring.problems import unknown
from surveys.interactions import Interaction

LARGEST_JSON: Final = 64 * 1024 * 1024  # bytes; it is read at once, the other formats line by line
LONGEST_LINE: Final = 1024 * 1024  # bytes
NO_RULE: Final = "no rule of the mapping holds; the service takes such a payload for none of its business"
REQUIRED: Final = ("id", "type", "occurred_at")
COLUMNS: Final = (
    *(name for name in Event.model_fields if name not in ("person", "data")),
    "person.external_id",
    *(f"data.{name}" for name in Ticket.model_fields),
)
"""Columns of a CSV: places in the event. Any other `data.…` is good too."""

CELLS: Final[Mapping[str, Callable[[str], object]]] = {
    "data.participants": lambda cell: cell.split("|"),
    "data.closed_automatically": lambda cell: {"true": True, "false": False}.get(cell.strip().lower(), cell),
}
"""Columns whose cells are more than a text."""

Found = tuple[str, object]
"""Where something stands that should be an event, and what it is; a Flaw: not even JSON."""


@dataclass(frozen=True, slots=True)
class Row:
    """An event and where it stands: file and line, or its number in a list."""

    place: str
    interaction: Interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who reports the events of a file; what the same source reported before is a duplicate.

    `mapping`: what its payloads in JSON mean, None: they are events already. `headers`: those that came with them.
    """

    source: str = "file"
    mapping: EventMapping | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


OF_A_FILE: Final = Origin()


def read_events_file(path: Path, origin: Origin = OF_A_FILE) -> tuple[Iterator[Row], list[str]]:
    """The good events of the file, read as they are asked for, and a list that fills meanwhile with what is wrong.

    A CSV has columns of ours, whoever reports. Raises Trouble when the file as a whole is of no use.
    """
    if path.suffix.lower() not in (".json", ".jsonl", ".csv"):
        raise Trouble(f"{path}: must be a .json, .jsonl or .csv file")
    if not path.is_file():
        raise Trouble(f"{path}: there is no such file")
    problems: list[str] = []
    spoken = replace(origin, mapping=None) if path.suffix.lower() == ".csv" else origin
    return _rows(_found(path, problems), spoken, problems), problems


def _found(path: Path, problems: list[str]) -> Iterable[Found]:
    match path.suffix.lower():
        case ".json":
            return _in_json(path)
        case ".jsonl":
            return _in_lines(path)
        case _:
            return _in_csv(path, problems)


def _rows(found: Iterable[Found], origin: Origin, problems: list[str]) -> Iterator[Row]:
    for place, value in found:
        try:
            yield Row(place, _interaction(value, origin))
        except Flaw as flaw:
            problems.append(f"{place}: {flaw}")


def _interaction(value: object, origin: Origin) -> Interaction:
    if isinstance(value, Flaw):
        raise value
    if not isinstance(value, dict):
        raise Flaw("event", "must be a JSON object")
    said = value if origin.mapping is None else to_event(origin.mapping, value, origin.headers)
    if said is None:
        raise Flaw("types", NO_RULE)
    return replace(read_event(said, origin.source), imported=True)


def _in_json(path: Path) -> list[Found]:
    if path.stat().st_size > LARGEST_JSON:
        raise Trouble(f"{path}: has more than {LARGEST_JSON >> 20} MiB; write it as .jsonl, an event on each line")
    try:
        value = read_json(path.read_bytes())
    except Flaw as flaw:
        raise Trouble(f"{path}: {flaw}") from flaw
    if not isinstance(value, list):
        return [(str(path), value)]
    return [(f"{path}: event {number}", one) for number, one in enumerate(value, 1)]


def _in_lines(path: Path) -> Iterator[Found]:
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE + 1):
            number += 1
            if line.strip():
                yield f"{path}:{number}", _parsed(line)
            while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE + 1)


def _parsed(line: bytes) -> object:
    if len(line) > LONGEST_LINE:
        return Flaw("line", f"has more than {LONGEST_LINE >> 20} MiB")
    try:
        return read_json(line)
    except Flaw as flaw:
        return flaw


def _in_csv(path: Path, problems: list[str]) -> Iterator[Found]:
    lines = lines_of(path, COLUMNS)
    try:
        number, header = next(lines, (0, []))
    except Unreadable as error:
        raise Trouble(f"{path}: {error}") from error
    columns = _columns(f"{path}:{number}", header, problems)
    return _in_rows(path, lines, columns, problems)


def _columns(place: str, header: Sequence[Cell], problems: list[str]) -> list[str]:
    """The place in the event that each column tells of; an empty one is not read."""
    names = [str(cell).strip() for cell in header]
    if missing := [name for name in REQUIRED if name not in names]:
        raise Trouble(f"{place}: lacks the column {', '.join(missing)}")
    if twice := [name for at, name in enumerate(names) if name and name in names[:at]]:
        raise Trouble(f"{place}: the column {twice[0]} stands twice")
    strange = [name for name in names if name and name not in COLUMNS and not name.startswith("data.")]
    problems.extend(f"{place}: {unknown('column', name, COLUMNS)}" for name in strange)
    return ["" if name in strange else name for name in names]


def _in_rows(path: Path, lines: Iterator[Line], columns: Sequence[str], problems: list[str]) -> Iterator[Found]:
    try:
        for number, cells in lines:
            yield f"{path}:{number}", _event(columns, cells)
    except Unreadable as error:
        problems.append(f"{path}:{error.line}: {error}" if error.line else f"{path}: {error}")


def _event(columns: Sequence[str], cells: Sequence[Cell]) -> object:
    if len(cells) != len(columns):
        return Flaw("line", f"has {len(cells)} cells where the header has {len(columns)}")
    event: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        above, _, name = column.partition(".")
        if column and cell:
            (event.setdefault(above, {}) if name else event)[name or above] = CELLS.get(column, str)(str(cell))
    return event
