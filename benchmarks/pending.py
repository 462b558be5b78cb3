"""The sweep of questions that are due: what it costs while many more wait for their time."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from benchmarks.contenders import environment
from benchmarks.figures import Figure, ratios
from benchmarks.page import grouped
from storage.database import Database, open_database

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
AT_ONCE = 50
SWEEPS = 200
PEOPLE = """
WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < :pending)
INSERT INTO person (id, external_id, name, name_folded, language)
SELECT i, 'p' || i, 'Sample ' || i, 'sample ' || i, 'ru' FROM number
"""
PLACE = (
    "INSERT INTO account (id, name) VALUES (1, 'Sample')",
    "INSERT INTO project (id, account_id, name) VALUES (1, 1, 'Sample project')",
)
LATER = """
INSERT INTO ask (person_id, project_id, questionnaire, kind, due_at, state, created_at)
SELECT id, 1, 'support_pulse', 'pulse', :now + 3600000000 + id * 1000000, 'scheduled', :now FROM person
"""


async def measure(home: Path, sizes: Sequence[int], rounds: int) -> Sequence[Figure]:
    """Processor time of a sweep that finds nothing due, the database's thread included, against the first size."""
    databases = {size: await lay_pending(home / str(size), size) for size in sizes}
    for database in databases.values():
        await seconds(database, 1)  # compiles the statements and reads the first pages
    found: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size, database in databases.items():
            found[size].append(await seconds(database, SWEEPS))
    for database in databases.values():
        await database.close()
    return [
        Figure(
            what=f"Обход вопросов, которым пора: ждут своего часа {grouped(size)}",
            baseline=f"тот же обход, ждут {grouped(sizes[0])}",
            ratios=ratios(found[size], found[sizes[0]]),
            more_is_better=False,
        )
        for size in sizes[1:]
    ]


async def lay_pending(home: Path, pending: int) -> Database:
    """A database in which so many questions wait, none of them due at NOW."""
    database = open_database(environment(home)["OTKLIK_DATABASE__URL"])
    await database.migrate()
    with sqlite3.connect(home / "otklik.db") as connection:
        for statement in PLACE:
            connection.execute(statement)
        connection.execute(PEOPLE, {"pending": pending})
        connection.execute(LATER, {"now": int(NOW.timestamp() * 1_000_000)})
    return database


async def seconds(database: Database, sweeps: int) -> float:
    """Of so many sweeps: the look whether anything is due, and the claim that follows when something is."""
    started = process_time()
    for _ in range(sweeps):
        async with database.reading() as reading:
            due = await reading.due.at(NOW)
        async with database.unit_of_work() as uow:
            claimed = await uow.asks.claim(NOW, AT_ONCE)
        if due or claimed:
            raise RuntimeError("something was due, and the figures mean nothing")
    return process_time() - started
