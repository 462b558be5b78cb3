"""Replicas on one PostgreSQL that want the same rows: who waits for whom, and for how long."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from storage import engines
from storage.database import Database, open_database
from surveys.ports import Card
from tests.storage.samples import ANNA, BORIS, begin, row


@pytest.fixture
async def one(postgres_url: str) -> AsyncIterator[Database]:
    async with open_database(postgres_url, worker="one") as database:
        await database.replicas.join(0.0)
        yield database


@pytest.fixture
async def other(postgres_url: str) -> AsyncIterator[Database]:
    async with open_database(postgres_url, worker="other") as database:
        await database.replicas.join(0.0)
        yield database


async def test_a_replica_that_is_paused_in_a_transaction_holds_up_the_others_for_ten_seconds_at_most(
    one: Database,
) -> None:
    async with one.unit_of_work() as uow:
        connection = uow.settings._connection
        assert await connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "10s"
    async with one.reading() as reading:
        assert await reading.connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "0"


async def test_what_waits_for_a_lock_in_a_service_gives_up_so_that_a_paused_replica_does_not_have_turn_after_turn(
    one: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IMPATIENT", {"lock_timeout": "100"})
    async with one.unit_of_work() as uow:
        await begin(uow)
        await uow.commit()
    paused = open_database(postgres_url, answers_within=timedelta(minutes=1))

    async def answer() -> None:
        async with paused.unit_of_work() as uow:
            await uow.prefetch([ANNA], [])

    async with one.unit_of_work() as uow:
        await uow.prefetch([ANNA], [])
        ended = await asyncio.gather(*(answer() for _ in range(3)), return_exceptions=True)
    assert [getattr(error, "reason", error) for error in ended] == ["the server holds what is wanted"] * 3
    await paused.close()


async def test_a_command_waits_for_a_lock_as_long_as_it_takes(one: Database) -> None:
    async with one.unit_of_work() as uow:
        assert await uow.settings._connection.scalar(text("SHOW lock_timeout")) == "0"


async def test_replicas_that_answer_each_the_person_for_whom_the_other_has_drawn_wait_instead_of_locking_up(
    one: Database, other: Database
) -> None:
    async with one.unit_of_work() as uow:
        await begin(uow)
        await begin(uow, BORIS, row(external_id="p-2", person="Борис Ёлкин"), number=2)
        await uow.interviews.draw(["i2"])
        await uow.commit()
    async with other.unit_of_work() as uow:
        await uow.interviews.draw(["i1"])
        await uow.commit()

    async def follow() -> None:
        await locked.wait()
        async with other.unit_of_work() as uow:
            await uow.prefetch([BORIS], ["i1"])
            await uow.interviews.shown({"i1": Card(chat_id=ANNA, message_id=1, shown_turn=0)})
            await uow.commit()

    locked = asyncio.Event()
    second = asyncio.create_task(follow())
    async with one.unit_of_work() as uow:
        await uow.prefetch([ANNA], ["i2"])
        locked.set()
        await asyncio.wait([second], timeout=0.5)
        await uow.interviews.shown({"i2": Card(chat_id=BORIS, message_id=1, shown_turn=0)})
        await uow.commit()
    await second
    for each in (one, other):
        async with each.unit_of_work() as uow:
            assert not await uow.interviews.unshown()
