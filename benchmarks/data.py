"""Made-up answers, written straight into a database, SQLite or PostgreSQL, past the bot."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
from sqlalchemy import make_url

from benchmarks.population import directory, people
from benchmarks.years import PULSES, Author
from bot.library import load_library
from bot.settings import Settings
from storage.database import Database, open_database
from storage.tables import metadata
from storage.types import Moment, TelegramId

AT_ONCE = 20_000
FOLDED_AT_ONCE = 100_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS = """
account id name industry
project id account_id name division product stage adoption
person id external_id name name_folded language
stakeholder person_id project_id role
invitation id token_hash person_id project_id questionnaire roles channel wave touchpoint created_at expires_at
 opened_at state disposition
interview id invitation_id person_id project_id questionnaire roles channel wave touchpoint account_id division product
 stage version language phase turn state disposition created_at consented_at closed_at touched_at chat_id message_id
 shown_turn
answer interview_id item component block scale score text role language answered_at superseded_at
"""

Write = Callable[[str, Sequence[Mapping[str, Any]]], Awaitable[None]]


async def lay_answers(settings: Settings, answers: int) -> None:
    """A database with at least so many scores that stand, not a whole interview more, all folded."""
    await generate(settings, answers)
    async with open_database(settings.database_url) as database:
        while await database.fold(FOLDED_AT_ONCE) or await database.fold_reach(FOLDED_AT_ONCE):
            pass


async def generate(settings: Settings, answers: int) -> None:
    """The same, with nothing folded. The database must be new."""
    async with open_database(settings.database_url) as database:
        await database.migrate()
        author = await _author(settings, database, answers)
    async with _writer(settings.database_url) as write:
        await _all(directory(author.everybody), write)
        await _all(author.write(answers), write)


async def _author(settings: Settings, database: Database, answers: int) -> Author:
    library = await load_library(settings, database, EPOCH)
    keys = (settings.relationship.questionnaire, *PULSES)
    rng = Random(answers)
    return Author({key: library.current(key) for key in keys}, keys[0], people(answers, rng), rng)


async def _all(rows: Iterable[tuple[str, Mapping[str, Any]]], write: Write) -> None:
    """Of every table a portion at a time, those that others refer to before them."""
    waiting: dict[str, list[Mapping[str, Any]]] = {name: [] for name in _columns()}
    for table, row in rows:
        waiting[table].append(row)
        if len(waiting[table]) == AT_ONCE:
            await _flush(waiting, write)
    await _flush(waiting, write)


async def _flush(waiting: Mapping[str, list[Mapping[str, Any]]], write: Write) -> None:
    for table, rows in waiting.items():
        if rows:
            await write(table, rows)
            rows.clear()


def _columns() -> Mapping[str, Sequence[str]]:
    lines = COLUMNS.replace("\n ", " ").strip().splitlines()
    return {name: columns for name, *columns in (line.split() for line in lines)}


@asynccontextmanager
async def _writer(url: str) -> AsyncIterator[Write]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        async with _sqlite(Path(parsed.database or "")) as write:
            yield write
    else:
        async with _postgresql(parsed.set(drivername="postgresql").render_as_string(hide_password=False)) as write:
            yield write


@asynccontextmanager
async def _sqlite(file: Path) -> AsyncIterator[Write]:
    """Not durable while it writes: a run that fails begins anew."""
    columns = _columns()
    connection = await asyncio.to_thread(sqlite3.connect, file, check_same_thread=False)
    connection.execute("PRAGMA synchronous = OFF")

    async def write(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        places = ", ".join("?" * len(columns[table]))
        statement = f"INSERT INTO {table} ({', '.join(columns[table])}) VALUES ({places})"  # noqa: S608 - names
        values = [[row[name] for name in columns[table]] for row in rows]
        await asyncio.to_thread(connection.executemany, statement, values)
        await asyncio.to_thread(connection.commit)

    yield write
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


@asynccontextmanager
async def _postgresql(url: str) -> AsyncIterator[Write]:
    columns = _columns()
    made = {
        (table.name, column.name): make
        for table in metadata.sorted_tables
        for column in table.c
        if (make := MADE.get(type(column.type)))
    }
    connection = await asyncpg.connect(url)

    async def write(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        makers = [(name, made.get((table, name), _same)) for name in columns[table]]
        records = [[make(row[name]) for name, make in makers] for row in rows]
        await connection.copy_records_to_table(table, records=records, columns=columns[table])

    yield write
    for table in ("account", "project", "person", "invitation"):
        await connection.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")  # noqa: S608 - names
    await connection.execute("ANALYZE")
    await connection.close()


def _same(value: Any) -> Any:
    return value


def _moment(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + timedelta(microseconds=value)


MADE: Mapping[type, Callable[[Any], Any]] = {Moment: _moment, TelegramId: str}
"""How PostgreSQL has values that SQLite keeps as whole numbers."""
