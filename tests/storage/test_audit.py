"""The log of looking: added to in turn, sealed row by row, and whatever is changed in it is found."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import pytest
from sqlalchemy import text

from storage.audit import BEGINNING, Head, Proof
from storage.database import Database, open_database
from surveys.audit import Look
from tests.storage.probes import scratch

NOW: Final = datetime(2026, 11, 20, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=3)))
LET_GO: Final = {
    "sqlite": ["DROP TRIGGER audit_update", "DROP TRIGGER audit_delete"],
    "postgresql": ["ALTER TABLE audit DISABLE TRIGGER audit_kept"],
}


def look(number: int) -> Look:
    looked_at = {"клиент": ["Верфь \x00\udfff"], "by": None, "person": number}
    return Look(at=NOW + timedelta(days=number), who=str(number), entrance="/why", looked_at=looked_at, rows=number)


@pytest.fixture
async def five(database: Database) -> Database:
    for number in range(5):
        await database.note(look(number))
    return database


async def proof(database: Database, after: Head = BEGINNING) -> Proof:
    async with database.reading() as reading:
        return await reading.audit.proof(after)


async def tamper(url: str, *statements: str) -> None:
    """As somebody would who has the database and switches the triggers off."""
    async with scratch(url) as connection:
        for statement in (*LET_GO[connection.dialect.name], *statements):
            await connection.execute(text(statement))
        await connection.commit()


async def test_an_empty_log_is_intact(database: Database) -> None:
    assert await proof(database) == Proof(0, BEGINNING)


async def test_rows_nobody_touched_follow_from_each_other(five: Database) -> None:
    proven = await proof(five)
    assert (proven.rows, proven.head.id, proven.broken) == (5, 5, None)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET who = '7' WHERE id = 3",
        "UPDATE audit SET entrance = '/cases' WHERE id = 3",
        "UPDATE audit SET rows = rows + 1 WHERE id = 3",
        "UPDATE audit SET looked_at = '{}' WHERE id = 3",
        "UPDATE audit SET looked_at = 'no JSON' WHERE id = 3",
        "UPDATE audit SET hash = '' WHERE id = 3",
        "UPDATE audit SET id = 30 WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "INSERT INTO audit SELECT 0, at, who, entrance, looked_at, rows, hash FROM audit WHERE id = 1",
    ],
)
async def test_the_first_row_that_was_changed_or_has_lost_its_neighbour_is_named(
    five: Database, database_url: str, change: str
) -> None:
    await tamper(database_url, change)
    assert (await proof(five)).broken == (0 if change.startswith("INSERT") else 3)


async def test_a_moment_that_is_none_any_more_is_found(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        await database.note(look(1))
        await tamper(sqlite_url, "UPDATE audit SET at = 'yesterday'")
        assert (await proof(database)).broken == 1


async def test_a_row_written_down_elsewhere_tells_that_the_end_of_the_log_is_gone_or_new(
    five: Database, database_url: str
) -> None:
    head = (await proof(five)).head
    assert (await proof(five, head)).broken is None
    await tamper(database_url, "DELETE FROM audit WHERE id > 3")
    assert (await proof(five)).broken is None
    assert (await proof(five, head)).broken == head.id
    await five.note(look(3))
    await five.note(look(4))
    assert (await proof(five, head)).broken is None, "the same again is the same"
    await tamper_end(five, database_url)
    assert (await proof(five, head)).broken == head.id


async def tamper_end(database: Database, url: str) -> None:
    """The last row gives way to another that follows just as well."""
    async with scratch(url) as connection:
        await connection.execute(text("DELETE FROM audit WHERE id = 5"))
        await connection.commit()
    await database.note(look(9))
    assert (await proof(database)).broken is None


async def test_what_is_left_after_old_rows_were_removed_is_proven_from_the_last_of_them(
    five: Database, database_url: str
) -> None:
    async with scratch(database_url) as connection:
        hashed = (await connection.execute(text("SELECT hash FROM audit WHERE id = 2"))).scalar_one()
    await tamper(database_url, "DELETE FROM audit WHERE id <= 2")
    assert (await proof(five)).broken == 3
    assert await proof(five, Head(2, hashed)) == Proof(3, (await proof(five, Head(2, hashed))).head)


async def test_a_look_that_was_not_committed_leaves_no_gap(database: Database) -> None:
    await database.note(look(1))
    async with database.unit_of_work() as uow:
        await uow.audit.add(look(2))
    await database.note(look(3))
    proven = await proof(database)
    assert (proven.rows, proven.head.id, proven.broken) == (2, 2, None)


async def test_replicas_that_look_at_once_write_one_chain(database_url: str) -> None:
    async with open_database(database_url) as one, open_database(database_url) as other:
        await asyncio.gather(*(database.note(look(number)) for number in range(10) for database in (one, other)))
        proven = await proof(one)
    assert (proven.rows, proven.head.id, proven.broken) == (20, 20, None)


async def test_rows_from_before_the_chain_are_chained_by_the_migration(bare_url: str) -> None:
    async with open_database(bare_url) as database:
        await database.migrate("0021")
        async with scratch(bare_url) as connection:
            moments = {"sqlite": 1_700_000_000_123_456, "postgresql": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)}
            row = {"at": moments[connection.dialect.name], "looked_at": '{"клиент":"Верфь"}'}
            for number in (1, 2, 7):
                await connection.execute(
                    text("INSERT INTO audit VALUES (:number, :at, 'cli', 'export', :looked_at, 1)"),
                    {**row, "number": number},
                )
            await connection.commit()
        await database.migrate()
        await database.note(look(1))
        proven = await proof(database)
        assert (proven.rows, proven.head.id, proven.broken) == (4, 8, None)
        await tamper(bare_url, "UPDATE audit SET rows = 0 WHERE id = 2")
        assert (await proof(database)).broken == 2
