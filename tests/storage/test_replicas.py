"""Several service processes on one PostgreSQL: what is whose, and what becomes of it when one falls silent."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from storage.database import Database, open_database
from storage.unit import StoredUnitOfWork
from surveys.interview import Disposition, Phase
from surveys.ports import Card, Delivery
from tests.storage.probes import scratch
from tests.storage.samples import ANNA, NOW, asked, begin, later, moved

Replica = Callable[[str], Awaitable[Database]]


@pytest.fixture
async def replica(postgres_url: str) -> AsyncIterator[Replica]:
    """Makes a replica that lives."""
    opened: list[Database] = []

    async def join(worker: str) -> Database:
        database = open_database(postgres_url, worker=worker)
        opened.append(database)
        await database.replicas.join(0.0)
        return database

    yield join
    for database in opened:
        await database.close()


@pytest.fixture
async def one(replica: Replica) -> Database:
    return await replica("one")


@pytest.fixture
async def other(replica: Replica) -> Database:
    return await replica("other")


async def silence(url: str, worker: str) -> None:
    """So much time passes without a word of this replica that it counts as dead."""
    async with scratch(url) as connection:
        dead = "UPDATE replica SET until = clock_timestamp() - interval '1 second' WHERE worker = :worker"
        await connection.execute(text(dead), {"worker": worker})
        await connection.commit()


async def hand_over(database: Database, *kinds: str) -> list[Delivery]:
    async with database.unit_of_work() as uow:
        for kind in kinds:
            await uow.deliveries.add(ANNA, kind, {}, at=NOW)
        await uow.commit()
    return list(uow.handed_over)


async def claimed(database: Database) -> list[str]:
    return [each.kind for each in await database.outbox.claim(10, later(days=1))]


async def begun(database: Database) -> None:
    """An interview whose first card is this replica's to draw."""
    async with database.unit_of_work() as uow:
        opened = await begin(uow)
        assert await uow.interviews.draw([opened.interview.id]) == {"i1"}
        await uow.commit()


async def goes_on(uow: StoredUnitOfWork) -> set[str]:
    """Their next answer; the cards that may be drawn after it."""
    opened = await uow.interviews.open_of(ANNA)
    assert opened is not None
    after = asked(opened)
    await uow.interviews.save(opened, after, (), NOW)
    return await uow.interviews.draw([after.interview.id])


async def drawn(database: Database, card: Card) -> StoredUnitOfWork:
    async with database.unit_of_work() as uow:
        await uow.interviews.shown({"i1": card})
        await uow.commit()
    return uow


async def taken_over(database: Database) -> list[int]:
    """Turns of the cards that this replica takes over."""
    async with database.unit_of_work() as uow:
        taken = await uow.take_over(10)
        await uow.commit()
    return [opened.interview.turn for opened in taken]


async def test_each_replica_knows_how_many_live_and_how_long_telegram_wants_nothing(
    one: Database, other: Database, postgres_url: str
) -> None:
    around = await one.replicas.stay(40.0)
    assert around is not None
    assert (around.living, round(around.paused)) == (2, 40)
    around = await other.replicas.stay(0.0)
    assert around is not None
    assert round(around.paused) == 40
    await silence(postgres_url, "one")
    around = await other.replicas.stay(0.0)
    assert around is not None
    assert (around.living, around.paused) == (1, 0.0)


async def test_a_replica_that_was_silent_for_too_long_learns_that_it_counts_as_dead(
    one: Database, postgres_url: str
) -> None:
    await silence(postgres_url, "one")
    assert await one.replicas.stay(0.0) is None
    await one.replicas.join(0.0)
    assert await one.replicas.stay(0.0) is not None


async def test_on_sqlite_there_is_nobody_else(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as alone:
        assert not alone.replicas.possible
        assert (await alone.replicas.join(9.0)).living == 1


async def test_a_message_of_a_living_replica_is_its_own_whatever_the_clock_of_another_says(
    one: Database, other: Database, postgres_url: str
) -> None:
    await hand_over(one, "notice")
    assert await claimed(other) == []
    await silence(postgres_url, "one")
    assert await claimed(other) == ["notice"]


async def test_what_a_replica_has_in_hand_is_free_when_it_leaves(one: Database, other: Database) -> None:
    await hand_over(one, "notice")
    await begun(one)
    await one.replicas.leave()
    assert await claimed(other) == ["notice"]
    assert await taken_over(other) == [0]


async def test_two_replicas_never_claim_the_same_message(one: Database, other: Database) -> None:
    async with one.unit_of_work() as uow:
        for number in range(60):
            await uow.queue.enqueue(number, "reminder", {}, at=NOW, due_at=NOW)
        await uow.commit()
    claims = await asyncio.gather(*(worker.outbox.claim(10, NOW) for worker in (one, other) * 3))
    ids = [each.id for claim in claims for each in claim]
    assert len(ids) == len(set(ids)) == 60


async def test_messages_for_a_chat_wait_while_another_replica_sends_to_it(one: Database, other: Database) -> None:
    [first] = await hand_over(one, "first")
    assert await hand_over(other, "second") == []
    assert await claimed(other) == []
    async with one.unit_of_work() as uow:
        await uow.queue.sent([first.id], NOW)
        await uow.commit()
    assert await claimed(other) == ["second"]


async def test_a_replica_that_lost_a_message_cannot_give_it_back_but_knows_that_it_arrived(
    one: Database, other: Database, postgres_url: str
) -> None:
    [lost] = await hand_over(one, "notice")
    await silence(postgres_url, "one")
    assert await claimed(other) == ["notice"]
    async with one.unit_of_work() as uow:
        await uow.queue.put_off(lost.id, NOW, "late")
        await uow.queue.failed(lost.id, "late")
        await uow.commit()
    assert await whose(other) == ("sending", "other")
    async with one.unit_of_work() as uow:
        await uow.queue.sent([lost.id], NOW)
        await uow.commit()
    assert await whose(other) == ("sent", None)


async def whose(database: Database) -> tuple[str, str | None]:
    """State and worker of the one message there is."""
    async with database.reading() as reading:
        return tuple((await reading.connection.execute(text("SELECT state, worker FROM delivery"))).one())


async def test_a_card_is_drawn_by_one_replica_which_draws_what_comes_meanwhile(one: Database, other: Database) -> None:
    await begun(one)
    assert await taken_over(other) == []
    async with other.unit_of_work() as uow:
        assert await goes_on(uow) == set()
        await uow.commit()
    uow = await drawn(one, Card(chat_id=ANNA, message_id=7, shown_turn=0))
    [overtaken] = uow.overtaken
    assert (overtaken.interview.turn, overtaken.card.message_id) == (1, 7)
    assert not (await drawn(one, Card(chat_id=ANNA, message_id=7, shown_turn=1))).overtaken
    async with other.unit_of_work() as uow:
        opened = await uow.interviews.open_of(ANNA)
        assert opened is not None
        assert opened.card.shown_turn == opened.interview.turn == 1
        assert await goes_on(uow) == {"i1"}


async def test_late_word_of_an_older_turn_changes_nothing(one: Database, other: Database) -> None:
    await begun(one)
    await drawn(one, Card(chat_id=ANNA, message_id=7, shown_turn=0))
    async with other.unit_of_work() as uow:
        assert await goes_on(uow) == {"i1"}
        await uow.commit()
    newest = Card(chat_id=ANNA, message_id=9, shown_turn=1)
    await drawn(other, newest)
    for late in (Card(chat_id=ANNA, message_id=7, shown_turn=0), Card(chat_id=ANNA, message_id=7, shown_turn=1)):
        assert (await drawn(one, late)).astray == [late]
        async with one.unit_of_work() as uow:
            opened = await uow.interviews.open_of(ANNA)
        assert opened is not None
        assert opened.card == newest


async def test_cards_of_a_silent_replica_are_taken_over_once_and_what_it_says_of_them_later_counts_no_more(
    one: Database, other: Database, replica: Replica, postgres_url: str
) -> None:
    await begun(one)
    await silence(postgres_url, "one")
    third = await replica("third")
    taken = await asyncio.gather(taken_over(other), taken_over(third))
    assert sorted(map(len, taken)) == [0, 1]
    late = Card(chat_id=ANNA, message_id=7, shown_turn=0)
    assert (await drawn(one, late)).astray == [late]
    async with other.unit_of_work() as uow:
        opened = await uow.interviews.open_of(ANNA)
    assert opened is not None
    assert opened.card.message_id is None


async def test_a_card_that_counts_and_one_that_nobody_has_seen_are_not_astray(one: Database) -> None:
    await begun(one)
    for card in (Card(chat_id=ANNA, shown_turn=0), Card(chat_id=ANNA, message_id=7, shown_turn=0)):
        assert (await drawn(one, card)).astray == []


async def test_a_card_that_comes_down_anew_in_the_same_commit_is_no_copy(one: Database) -> None:
    await begun(one)
    async with one.unit_of_work() as uow:
        await uow.interviews.shown({"i1": Card(chat_id=ANNA, message_id=7, shown_turn=0)})
        opened = await uow.interviews.open_of(ANNA)
        assert opened is not None
        after = asked(opened)
        await uow.interviews.save(opened, replace(after, card=replace(after.card, message_id=None)), (), NOW)
        await uow.commit()
    assert uow.astray == []


async def test_a_replica_that_joins_anew_begins_with_nothing_in_hand(
    one: Database, other: Database, postgres_url: str
) -> None:
    await hand_over(one, "notice")
    await begun(one)
    await silence(postgres_url, "one")
    await one.replicas.join(0.0)
    assert await claimed(other) == ["notice"]
    assert await taken_over(other) == [0]


async def test_an_interview_that_another_replica_draws_is_no_concern_of_the_one_that_looks_for_its_own(
    one: Database, other: Database
) -> None:
    await begun(one)
    async with other.unit_of_work() as uow:
        assert not await uow.interviews.unshown()
    async with one.unit_of_work() as uow:
        [behind] = await uow.interviews.unshown()
    assert replace(behind.interview, turn=0) == behind.interview


async def test_what_ended_unseen_is_drawn_where_the_person_comes_back_whoever_tried_to_before(
    one: Database, other: Database
) -> None:
    async with one.unit_of_work() as uow:
        opened = replace(await begin(uow), card=Card(chat_id=ANNA, message_id=7, shown_turn=0))
        closed = moved(opened, phase=Phase.CLOSED, disposition=Disposition.UNREACHED, closed_at=NOW)
        await uow.interviews.save(opened, closed, (), NOW)
        assert await uow.interviews.draw(["i1"]) == {"i1"}
        await uow.commit()
    async with other.unit_of_work() as uow:
        assert await uow.interviews.ended_unseen(ANNA) == [closed]
        assert await uow.interviews.draw(["i1"]) == {"i1"}
        await uow.commit()
    async with one.unit_of_work() as uow:
        assert not await uow.interviews.unshown()
    async with other.unit_of_work() as uow:
        await uow.interviews.shown({"i1": replace(closed.card, shown_turn=1)})
        await uow.commit()
    async with other.unit_of_work() as uow:
        assert not await uow.interviews.unshown()
