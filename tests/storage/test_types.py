from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from storage.database import Database
from storage.tables import update_seen
from tests.storage.samples import row


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC),
        datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=3))),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
async def test_a_moment_comes_back_exactly_and_in_utc(database: Database, moment: datetime) -> None:
    async with database.unit_of_work() as uow:
        await uow.inbox.mark(1, moment)
        await uow.commit()
    async with database.reading() as reading:
        [back] = await reading.connection.scalars(select(update_seen.c.seen_at))
    assert back == moment
    assert back.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.inbox.mark(1, datetime(2026, 11, 21))  # noqa: DTZ001
        with pytest.raises(StatementError, match="has no time zone"):
            await uow.commit()


async def test_words_no_database_can_hold_are_made_visible(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([row(person="А\x00Б\ud800", industry="'; DROP TABLE account; --")])
        await uow.deliveries.add(1, "notice", {"text": "\x00\ud800"}, at=datetime.now(UTC))
        await uow.commit()
    async with database.unit_of_work() as uow:
        [held] = await uow.directory.stakeholders()
    assert held.person.name == "А\ufffdБ?"
    assert held.account.industry == "'; DROP TABLE account; --"
