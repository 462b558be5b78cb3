"""Messages from the commit that decides on them until they have arrived."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from storage.database import Database, open_database
from surveys.ports import Card, Delivery
from surveys.trace import traced
from tests.storage.probes import held_up, plan_of
from tests.storage.samples import ANNA, NOW, begin, later

LEASE = 20


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    shown: dict[str, Card] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    failed: dict[int, str] = field(default_factory=dict)
    put_off: dict[int, tuple[datetime, str, bool]] = field(default_factory=dict)
    unreachable: set[int] = field(default_factory=set)


async def add(database: Database, *kinds: str) -> Sequence[Delivery]:
    async with database.unit_of_work() as uow:
        for kind in kinds:
            await uow.deliveries.add(ANNA, kind, {"say": kind, "n": 1}, at=NOW)
        await uow.commit()
    return uow.handed_over


async def enqueue(database: Database, *due: tuple[str, datetime, int]) -> None:
    async with database.unit_of_work() as uow:
        for kind, due_at, priority in due:
            await uow.queue.enqueue(ANNA, kind, {}, at=NOW, due_at=due_at, priority=priority)
        await uow.commit()


async def remember(database: Database, outcomes: Outcomes) -> None:
    async with database.unit_of_work() as uow:
        await uow.remember(outcomes, NOW)
        await uow.commit()


async def kinds(database: Database, limit: int, now: datetime) -> list[str]:
    return [each.kind for each in await database.outbox.claim(limit, now)]


async def test_what_was_added_is_handed_over_by_the_commit_in_order(database: Database) -> None:
    handed = await add(database, *map(str, range(200)))
    assert [each.kind for each in handed] == [str(number) for number in range(200)]
    assert len({each.id for each in handed}) == 200
    assert handed[7] == Delivery(
        id=handed[7].id, chat_id=ANNA, kind="7", payload={"say": "7", "n": 1}, due_at=NOW, attempts=1
    )


async def test_a_message_keeps_the_name_of_what_brought_it_about_until_it_is_claimed(database: Database) -> None:
    with traced("update-7"):
        await enqueue(database, ("notice", NOW, 0))
    [claimed] = await database.outbox.claim(1, NOW)
    assert claimed.trace == "update-7"


async def test_nothing_is_handed_over_without_a_commit(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.deliveries.add(ANNA, "notice", {}, at=NOW)
    assert not uow.handed_over
    assert not await kinds(database, 10, later(days=1))


async def test_what_was_handed_over_is_claimed_again_when_its_lease_has_run_out(database: Database) -> None:
    [handed] = await add(database, "notice")
    assert not await database.outbox.claim(10, later(seconds=LEASE - 1))
    [claimed] = await database.outbox.claim(10, later(seconds=LEASE))
    assert (claimed.id, claimed.payload, claimed.attempts) == (handed.id, handed.payload, 2)
    assert not await database.outbox.claim(10, later(seconds=LEASE + 1))


async def test_a_message_for_later_waits_for_its_time(database: Database) -> None:
    await enqueue(database, ("reminder", later(hours=1), 9))
    assert not await kinds(database, 10, later(minutes=59))
    [claimed] = await database.outbox.claim(10, later(hours=1))
    assert (claimed.kind, claimed.attempts, claimed.due_at) == ("reminder", 1, later(hours=1))
    assert not await kinds(database, 10, later(hours=1))


async def test_the_urgent_go_first_then_the_ones_due_longest(database: Database) -> None:
    await enqueue(
        database,
        ("late reminder", later(minutes=2), 9),
        ("early reminder", later(minutes=1), 9),
        ("alert", later(minutes=3), 0),
        ("not yet", later(minutes=5), 0),
    )
    assert await kinds(database, 2, later(minutes=4)) == ["alert", "early reminder"]
    assert await kinds(database, 2, later(minutes=4)) == ["late reminder"]


async def test_what_arrived_or_failed_never_comes_back(database: Database) -> None:
    sent, failed = await add(database, "sent", "failed")
    await remember(database, Outcomes(sent={sent.id}, failed={failed.id: "bot was blocked by the user"}))
    assert not await kinds(database, 10, later(days=30))
    async with database.reading() as reading:
        rows = await reading.connection.execute(text("SELECT state, reason, worker FROM delivery ORDER BY id"))
        assert [tuple(row) for row in rows] == [("sent", None, None), ("failed", "bot was blocked by the user", None)]


async def test_what_was_put_off_comes_back_at_its_new_time(database: Database) -> None:
    [handed] = await add(database, "notice")
    await remember(database, Outcomes(put_off={handed.id: (later(minutes=9), "Too Many Requests", False)}))
    assert not await kinds(database, 10, later(minutes=8))
    [claimed] = await database.outbox.claim(10, later(minutes=9))
    assert (claimed.id, claimed.attempts) == (handed.id, 2)


async def test_a_message_that_was_once_in_doubt_stays_so(database: Database) -> None:
    [handed] = await add(database, "notice")
    assert not handed.in_doubt
    for in_doubt in (True, False):
        await remember(database, Outcomes(put_off={handed.id: (NOW, "no word", in_doubt)}))
        [claimed] = await database.outbox.claim(10, NOW)
        assert claimed.in_doubt


async def test_an_outcome_is_as_lasting_as_the_commit_it_shares(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await begin(uow)
        await uow.deliveries.add(ANNA, "notice", {}, at=NOW)
        await uow.commit()
    card = Card(chat_id=ANNA, message_id=77, shown_turn=0)
    outcomes = Outcomes(shown={"i1": card}, sent={uow.handed_over[0].id}, unreachable={ANNA})
    async with database.unit_of_work() as uow:
        await uow.remember(outcomes, NOW)
    assert await kinds(database, 10, later(seconds=LEASE)) == ["notice"]
    await remember(database, outcomes)
    async with database.unit_of_work() as uow:
        opened = await uow.interviews.get("i1")
        person = await uow.people.by_telegram(ANNA)
    assert opened is not None
    assert opened.card == card
    assert person is not None
    assert person.unreachable_at == NOW


async def test_the_next_time_something_is_due_is_known(database: Database) -> None:
    assert await database.outbox.next_due(NOW) is None
    await enqueue(database, ("reminder", later(hours=1), 9))
    assert await database.outbox.next_due(NOW) == later(hours=1)
    assert await database.outbox.next_due(later(hours=2)) == later(hours=2)
    [handed] = await add(database, "notice")
    assert await database.outbox.next_due(NOW) == later(seconds=LEASE)
    await remember(database, Outcomes(sent={handed.id}))
    assert await database.outbox.next_due(NOW) == later(hours=1)


async def test_after_a_crash_sqlite_sends_again_what_was_on_its_way(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as crashed:
        await add(crashed, "notice")
    async with open_database(sqlite_url) as restarted:
        assert await kinds(restarted, 10, NOW) == ["notice"]


async def test_a_worker_does_not_wait_for_rows_another_one_is_claiming(postgres_url: str) -> None:
    async with open_database(postgres_url) as worker:
        await enqueue(worker, ("held", NOW, 0), ("free", NOW, 1))
        async with worker.unit_of_work() as uow:
            await uow.queue.sent([1], NOW)
            await uow.queue.flush()
            claim = asyncio.create_task(kinds(worker, 10, NOW))
            await held_up(claim, worker)
            assert claim.done()
            assert await claim == ["free"]


async def test_a_claim_costs_the_same_however_much_is_pending(database: Database, database_url: str) -> None:
    async with database.unit_of_work() as uow:
        for number in range(2000):
            await uow.queue.enqueue(number, "reminder", {}, at=NOW, due_at=later(days=1 + number))
        await uow.commit()
    plan = await plan_of(database_url, database.outbox.claim(10, NOW))
    assert "ix_delivery_free_at" in plan
    assert "Seq Scan on delivery" not in plan
    assert "SCAN delivery" not in plan
