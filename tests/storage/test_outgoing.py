"""Events for other systems, from the commit in which they happen until they have arrived or are set aside."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

from storage.database import PARCEL_LEASE, Database, open_database
from surveys.outward.events import Event
from surveys.outward.ports import Parcel
from tests.storage.samples import NOW, later

CRM = "webhook:crm"
EVENT = Event(type="case.opened", subject="case", subject_id=7, version=1, at=NOW, facts={"case": {"id": 7}})


async def add(database: Database, *events: Event, endpoints: tuple[str, ...] = (CRM,)) -> None:
    async with database.unit_of_work() as uow:
        await uow.outgoing.add(events, endpoints)
        await uow.commit()


async def claim(database: Database, limit: int = 10, **after: float) -> list[Parcel]:
    return list(await database.depot.claim(CRM, limit, later(**after)))


async def letters(database: Database) -> list[tuple[str, str, int]]:
    async with database.unit_of_work() as uow:
        return [(row["source"], row["reason"], row["attempts"]) for row in await uow.inbox.dead_letters()]


async def test_an_event_is_sent_to_each_endpoint_under_one_name(database: Database) -> None:
    await add(database, EVENT, endpoints=(CRM, "webhook:bi"))
    assert sorted(await database.depot.due(["webhook:bi", CRM, "webhook:other"], NOW)) == ["webhook:bi", CRM]
    [crm] = await claim(database)
    [bi] = await database.depot.claim("webhook:bi", 1, NOW)
    assert crm.event == bi.event == EVENT
    assert crm.name == bi.name
    assert crm.name.startswith("msg_")


async def test_what_is_not_committed_is_not_sent(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.outgoing.add([EVENT], [CRM])
    assert await database.depot.due([CRM], NOW) == []


async def test_of_two_workers_one_gets_the_event(database: Database, database_url: str) -> None:
    await add(database, *(replace(EVENT, subject_id=number) for number in range(20)))
    async with open_database(database_url, worker="another") as other:
        mine, theirs = await asyncio.gather(claim(database), claim(other))
        assert sorted(each.event.subject_id for each in (*mine, *theirs)) == list(range(20))
        assert await claim(other) == await claim(database) == []


async def test_an_event_of_a_worker_that_died_is_taken_by_another_when_its_lease_is_over(
    database: Database, database_url: str
) -> None:
    await add(database, EVENT)
    async with open_database(database_url, worker="dead") as dead:
        [lost] = await claim(dead)
    assert await claim(database) == []
    seconds = PARCEL_LEASE.total_seconds()
    [again] = await claim(database, seconds=seconds)
    assert (again.name, again.attempts) == (lost.name, 2)
    async with open_database(database_url, worker="dead") as late:
        await late.depot.sent(lost, NOW)
        await late.depot.bury(lost, "too late", NOW)
    assert await letters(database) == []
    [still] = await claim(database, seconds=2 * seconds)
    assert still.attempts == 3


async def test_events_of_one_case_leave_one_by_one_in_order_and_of_others_beside_them(database: Database) -> None:
    second, other = replace(EVENT, version=2, type="case.taken"), replace(EVENT, subject_id=8)
    await add(database, EVENT, second, other)
    first, beside = await claim(database)
    assert (first.event, beside.event) == (EVENT, other)
    await database.depot.sent(first, NOW)
    [then] = await claim(database)
    assert then.event == second


async def test_an_event_that_waits_for_its_next_attempt_does_not_hold_up_the_others_of_its_case(
    database: Database,
) -> None:
    await add(database, EVENT, replace(EVENT, version=2))
    [first] = await claim(database)
    await database.depot.put_off(first, later(hours=5), "answered 500")
    [then] = await claim(database)
    assert then.event.version == 2
    await database.depot.sent(then, NOW)
    assert await claim(database, hours=4) == []
    [again] = await claim(database, hours=5)
    assert (again.name, again.attempts) == (first.name, 2)


async def test_what_is_set_aside_is_a_dead_letter_and_can_be_sent_again_under_its_name(database: Database) -> None:
    await add(database, EVENT)
    [parcel] = await claim(database)
    await database.depot.bury(parcel, "answered 410", NOW)
    assert await claim(database, days=1) == []
    assert await letters(database) == [(CRM, "answered 410", 1)]
    async with database.unit_of_work() as uow:
        body = await uow.inbox.body(1)
        assert body is not None
        assert json.loads(body)["facts"] == {"case": {"id": 7}}
        await uow.parcels.send_again(body, NOW)
        await uow.commit()
    [again] = await claim(database)
    assert (again.name, again.event, again.attempts) == (parcel.name, EVENT, 1)


async def test_old_events_are_forgotten_but_for_one_under_way(database: Database) -> None:
    sent, under_way, nobodys = (replace(EVENT, subject_id=number) for number in range(3))
    await add(database, sent, under_way)
    await add(database, nobodys, endpoints=("webhook:removed",))
    await add(database, replace(EVENT, subject_id=3, at=later(days=9)))
    first, _ = await claim(database)
    await database.depot.sent(first, NOW)
    async with database.unit_of_work() as uow:
        assert await uow.parcels.prune(NOW + timedelta(days=8), 10) == 2
        await uow.commit()
    assert [each.event.subject_id for each in await claim(database, days=10)] == [1, 3]
