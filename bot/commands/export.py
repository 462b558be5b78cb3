"""`otklik export`: any number of rows in constant memory."""

import asyncio
import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.commands.migrate import current_database
from bot.console import DONE, WITH_PROBLEMS, Trouble, complain, say
from bot.file_names import Wanted, file_name
from bot.outputs import written_whole
from bot.settings import Settings
from reports.csv import safe
from reports.json import moment
from reports.sheets import ROWS, Cell, TooManyRows, book
from storage import audit, decisions, exports, remarks
from storage.reading import Reading
from surveys.audit import CLI, Look

MOMENTS: Final = (
    "answered_at", "invited_at", "started_at", "completed_at", "created_at", "expires_at", "opened_at", "decided_at",
    "said_at", "sent_at", "at",
)  # fmt: skip
COLUMNS: Final = {**exports.COLUMNS, **decisions.COLUMNS, **remarks.COLUMNS, **audit.COLUMNS}
USUAL: Final = 16
WIDTHS: Final = {"text": 60, "detail": 40, "account": 28, "project": 28} | dict.fromkeys(MOMENTS, 20)
Write = Callable[[Sequence[Cell]], None]


def export(settings: Settings, what: str, format_: str, output: Path, files: Path | None = None) -> int:
    """Writes the rows to a file, and fetches what people sent into the directory `files`.

    The file of an export that fails is not left behind.
    """
    if files is not None and what != "attachments":
        raise Trouble(f"--files: {what} have no files; allowed: attachments")
    token = settings.telegram_token() if files else ""
    wanted: list[Wanted] = []
    with written_whole(output) as part:
        rows = asyncio.run(_export(settings, what, format_, part, wanted))
    say(f"{output}: {rows} rows")
    if files is None:
        return DONE
    files.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_fetch(token, settings.telegram.api_base, wanted, files))


async def _fetch(token: str, api_base: str, wanted: Sequence[Wanted], directory: Path) -> int:
    from bot.fetching import fetch
    from bot.telegram import Telegram

    telegram = Telegram(token, api_base)
    try:
        problems = await fetch(telegram, wanted, directory)
    finally:
        await telegram.close()
    complain(problems)
    say(f"{directory}: {len(wanted) - len(problems)} files")
    return WITH_PROBLEMS if problems else DONE


async def _export(settings: Settings, what: str, format_: str, part: Path, wanted: list[Wanted]) -> int:
    """How many rows; `wanted` takes the files they are about."""
    rows = 0
    confidential = settings.privacy.mode == "confidential"
    async with current_database(settings) as database, database.reading() as reading:
        records = getattr(_source(reading, what), what)(confidential=confidential)
        with WRITERS[format_](part, COLUMNS[what]) as write:
            async for record in records:
                if what == "attachments":
                    record["file"] = file_name(*(record[key] for key in ("attachment_id", "kind", "name", "mime")))
                    wanted.append(Wanted(record["file_id"], record["file"]))
                write([_cell(value) for value in record.values()])
                rows += 1
        await database.note(_look(what, format_, rows))
    return rows


def _look(what: str, format_: str, rows: int) -> Look:
    """For the log of looking: what is taken away."""
    looked_at = {"what": what, "format": format_}
    return Look(at=datetime.now(UTC), who=CLI, entrance="export", looked_at=looked_at, rows=rows)


def _source(reading: Reading, what: str) -> object:
    if what in exports.COLUMNS:
        return reading.exports
    if what in audit.COLUMNS:
        return reading.audit
    return reading.remarks if what in remarks.COLUMNS else reading.decisions


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    found: Cell = value
    return found


def _written(cell: Cell) -> str | int | float | None:
    """A cell of a file that has no dates of its own."""
    return moment(cell) if isinstance(cell, datetime) else cell


@contextmanager
def _csv(path: Path, columns: Sequence[str]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        yield lambda cells: writer.writerow([safe(_written(cell)) for cell in cells])


@contextmanager
def _jsonl(path: Path, columns: Sequence[str]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8") as file:
        yield lambda cells: _line(file, dict(zip(columns, map(_written, cells), strict=True)))


def _line(file: Any, row: Mapping[str, Cell]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def _xlsx(path: Path, columns: Sequence[str]) -> Iterator[Write]:
    """One sheet; dates are dates."""
    widths = [WIDTHS.get(column, USUAL) for column in columns]
    with book(path) as made, made.page("export", columns, widths) as page:

        def write(cells: Sequence[Cell]) -> None:
            try:
                page.add(cells)
            except TooManyRows as full:
                raise Trouble(f"--format: xlsx holds {ROWS - 1} rows, there are more; allowed: csv, jsonl") from full

        yield write


WRITERS: Mapping[str, Callable[[Path, Sequence[str]], AbstractContextManager[Write]]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "xlsx": _xlsx,
}
