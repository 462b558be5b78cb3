"""Scheduled questions: found by index, claimed by one worker, about what they are about."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database import Database, open_database
from storage.unit import StoredUnitOfWork
from surveys.contact_ports import DueAsk, NewAsk
from surveys.interactions import Interaction
from tests.storage.probes import plan_of
from tests.storage.samples import NOW, later, row

PENDING = 500
INDEXES = {"ask": "ix_ask_due_at", "interview": "ix_interview_due_at", "invitation": "ix_invitation_unopened"}


def happened(number: int, **changes: object) -> Interaction:
    usual = {"source": "helpdesk", "id": f"e-{number}", "type": "ticket.resolved", "occurred_at": NOW}
    return Interaction(**usual | {"data": {"ticket": f"T-{number}"}} | changes)  # type: ignore[arg-type]


async def people(uow: StoredUnitOfWork, number: int) -> list[tuple[int, int]]:
    """Persons with a project of theirs, by id."""
    await uow.directory.upsert([row(external_id=f"p-{each}", person=f"Person {each}") for each in range(number)])
    return [(held.person.id, held.project.id) for held in await uow.directory.stakeholders()]


def new(person_id: int, project_id: int, **changes: object) -> NewAsk:
    usual = {"questionnaire": "support_pulse", "kind": "pulse", "due_at": NOW, "created_at": NOW}
    return NewAsk(person_id=person_id, project_id=project_id, **usual | changes)  # type: ignore[arg-type]


async def scheduled(database: Database, number: int = 1, *events: Interaction, **changes: object) -> None:
    async with database.unit_of_work() as uow:
        ids = [await uow.interactions.add(event, NOW) for event in events]
        about = tuple(each for each in ids if each is not None)
        whom = await people(uow, number)
        await uow.asks.add([new(*pair, **{"interactions": about} | changes) for pair in whom])
        await uow.commit()


async def claimed(database: Database, at_most: int = 100) -> Collection[DueAsk]:
    async with database.unit_of_work() as uow:
        due = await uow.asks.claim(NOW, at_most)
        await uow.asks.settle("asked", dict.fromkeys((each.id for each in due), None), NOW)
        await uow.commit()
    return due


async def test_a_question_that_is_due_comes_with_the_events_it_is_about_in_their_order(database: Database) -> None:
    first, second = happened(1, occurred_at=later(hours=-1)), happened(2)
    await scheduled(database, 1, second, first, wave="w", touchpoint="support_ticket")
    (due,) = await claimed(database)
    assert due.events == (first, second)
    assert (due.wave, due.touchpoint, due.due_at) == ("w", "support_ticket", NOW)
    assert await claimed(database) == []


async def test_what_is_not_due_waits(database: Database) -> None:
    await scheduled(database, due_at=NOW + timedelta(microseconds=1))
    assert await claimed(database) == []


async def test_a_person_has_one_scheduled_question_of_a_kind(database: Database) -> None:
    await scheduled(database)
    with pytest.raises(IntegrityError):
        await scheduled(database)
    await scheduled(database, kind="relationship")
    assert len(await claimed(database)) == 2
    await scheduled(database)


async def test_two_replicas_share_what_is_due_and_nobody_is_asked_twice(postgres_url: str) -> None:
    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        await scheduled(one, 60)
        found = await asyncio.gather(*(claimed(each, 7) for each in (one, two) * 10))
    ids = [due.id for portion in found for due in portion]
    assert len(ids) == len(set(ids)) == 60


async def test_a_person_whom_somebody_else_handles_is_asked_in_the_next_sweep(postgres_url: str) -> None:
    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        await scheduled(one, 2)
        async with two.unit_of_work() as uow:
            (held, _) = await uow.directory.stakeholders()
            await uow.people.lock([held.person.id])
            assert [due.person_id for due in await claimed(one)] == [held.person.id + 1]
        assert [due.person_id for due in await claimed(one)] == [held.person.id]


async def test_a_question_is_forgotten_for_the_ticket_alone(database: Database) -> None:
    await scheduled(database, 1, happened(1), happened(2), happened(1, source="other"))
    async with database.unit_of_work() as uow:
        (due,) = await uow.asks.about("helpdesk", "T-1")
        await uow.asks.forget(due.id, "helpdesk", "T-1")
        assert await uow.asks.about("helpdesk", "T-1") == []
        (left,) = await uow.asks.about("helpdesk", "T-2")
    assert [(event.source, event.id) for event in left.events] == [("helpdesk", "e-2"), ("other", "e-1")]


async def test_old_events_are_removed_but_for_those_yet_to_be_asked_about(database: Database) -> None:
    await scheduled(database, 1, happened(1), due_at=later(days=400))
    async with database.unit_of_work() as uow:
        for number in (2, 3):
            await uow.interactions.add(happened(number), NOW)
        await uow.interactions.add(happened(4), later(days=2))
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.interactions.prune(later(days=1), 1) == 1
        assert await uow.interactions.prune(later(days=1), 10) == 1
        assert await uow.interactions.prune(later(days=1), 10) == 0
        assert len(await uow.asks.about("helpdesk", "T-1")) == 1
        await uow.commit()
    async with database.reading() as reading:
        assert [record["event_id"] async for record in reading.decisions.events()] == ["e-1", "e-4"]


@pytest.mark.parametrize("what", ["ask", "interview", "invitation"])
async def test_a_sweep_costs_the_same_however_much_is_pending(database: Database, database_url: str, what: str) -> None:
    await scheduled(database, PENDING, due_at=later(days=1))

    async def sweep() -> None:
        async with database.unit_of_work() as uow:
            match what:
                case "ask":
                    await uow.asks.claim(NOW, 50)
                case "interview":
                    await uow.fieldwork.due(NOW, 50)
                case _:
                    await uow.fieldwork.expire(NOW, 50)

    assert INDEXES[what] in await plan_of(database_url, sweep())


async def test_a_look_at_what_is_due_reads_indexes_alone(database: Database, database_url: str) -> None:
    await scheduled(database, PENDING, due_at=later(days=1))

    async def look() -> None:
        async with database.reading() as reading:
            assert await reading.due.at(NOW) == frozenset()

    plan = await plan_of(database_url, look())
    assert all(index in plan for index in INDEXES.values())
