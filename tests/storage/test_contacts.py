"""What has been asked of people, waves and decisions, as storage keeps them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from storage.database import Database, open_database
from storage.portions import portions
from storage.unit import StoredUnitOfWork
from surveys.contact import Ask, Busy, Candidate, Decided, Drop
from surveys.contact_ports import NewAsk, Past
from surveys.interactions import Interaction
from surveys.interview import Disposition, Phase
from surveys.rules import Scope
from tests.storage.samples import ANNA, BORIS, NOW, asked, begin, invite, later, moved, publish, row

YEAR_AGO = later(days=-365)
EVENT = Interaction(source="helpdesk", id="e-1", type="ticket.resolved", occurred_at=NOW, project="Учёт проката")


async def past(uow: StoredUnitOfWork, name: str = "p-1") -> Past:
    (found,) = await uow.people.find(name)
    return (await uow.contacts.of([found.id], YEAR_AGO))[found.id]


async def test_nothing_was_asked_of_somebody_new(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([row()])
        assert await past(uow) == Past()
        assert await uow.contacts.of([], YEAR_AGO) == {}


async def test_an_open_interview_is_seen_with_its_last_sign_of_life(database: Database) -> None:
    async with database.unit_of_work() as uow:
        opened = await begin(uow)
        await uow.interviews.save(opened, asked(opened), (), later(hours=1))
        await uow.commit()
    async with database.unit_of_work() as uow:
        at = later(hours=1)
        assert await past(uow) == Past(
            last={"relationship": NOW},
            open=(Busy(questionnaire="relationship", kind="relationship", since=at, until=at),),
            taken={("relationship", 1): 1},
        )


async def test_an_invitation_counts_as_asked_unless_it_could_not_be_delivered(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await publish(uow)
        await invite(uow)
        assert (await past(uow)).last == {"relationship": NOW}
        (found,) = [await uow.invitations.by_token(bytes(31) + b"\1")]
        assert found is not None
        await uow.fieldwork.undeliverable(found.id)
        assert (await past(uow)).last == {}


async def test_what_was_refused_never_begun_or_long_ago_took_no_time(database: Database) -> None:
    endings = {1: Disposition.REFUSED, 2: Disposition.UNREACHED, 3: Disposition.PARTIAL, 4: Disposition.COMPLETE}
    async with database.unit_of_work() as uow:
        for number, disposition in endings.items():
            opened = await begin(uow, number=number)
            over = moved(opened, phase=Phase.CLOSED, disposition=disposition)
            await uow.interviews.save(opened, over, (), NOW)
        await begin(uow, number=5, at=YEAR_AGO - timedelta(seconds=1))
        account = opened.about.account_id
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert (await past(uow)).taken == {("relationship", 1): 2}
        assert await uow.contacts.of_accounts([account], YEAR_AGO) == {account: {("relationship", 1): 2}}


async def test_people_and_accounts_are_told_apart(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await begin(uow, ANNA)
        await begin(uow, BORIS, row(external_id="p-2", account="Другой"), number=2)
        assert len((await past(uow)).open) == 1
        (other,) = await uow.people.find("p-2")
        found = await uow.contacts.of([other.id], YEAR_AGO)
        assert found[other.id].taken == {("relationship", 1): 1}


def test_long_lists_are_cut_into_what_one_statement_takes() -> None:
    assert [len(portion) for portion in portions(range(25_000))] == [10_000, 10_000, 5_000]
    assert list(portions([])) == []


async def test_persons_are_locked_in_the_order_of_their_ids_and_found_by_their_own_names(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([row(external_id=name, person=name) for name in ("p-2", "p-1", "Anna")])
        found = await uow.people.lock_named(["p-1", "anna", "nobody"])
        assert list(found) == ["p-1"]
        assert list(await uow.people.lock([found["p-1"].id])) == [found["p-1"].id]


async def test_a_project_is_found_by_its_name_and_account_and_changed(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([row(), row(account="Другой", project="Общий"), row(project="Общий")])
        assert await uow.directory.project(None, "Общий") is None
        assert await uow.directory.project("Другой", "Учёт проката") is None
        found = await uow.directory.project(None, "Учёт проката")
        assert found is not None
        await uow.directory.change(replace(found, stage="operation", adoption=0.9))
        assert await uow.directory.project("Комбинат-Пример", "Учёт проката") == replace(
            found, stage="operation", adoption=0.9
        )


def decided(uow_person: object, **changes: object) -> Decided:
    usual: dict[str, object] = {
        "at": NOW,
        "candidate": Candidate(name="p-1"),
        "questionnaire": "support_pulse",
        "verdict": Drop("resting", {"until": later(days=1).isoformat()}),
        "event": EVENT,
    }
    return Decided(**usual | changes)  # type: ignore[arg-type]


async def test_decisions_are_told_the_newest_first_with_what_became_of_the_question(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([row()])
        (held,) = await uow.directory.stakeholders()
        whom = Candidate(name="p-1", person=held.person, held=held)
        new = NewAsk(
            person_id=held.person.id,
            project_id=held.project.id,
            questionnaire="support_pulse",
            kind="pulse",
            due_at=later(hours=2),
            created_at=NOW,
        )
        (ask_id,) = await uow.asks.add([new])
        ask = Ask(later(hours=2), "asked", {"at": later(hours=2).isoformat()})
        await uow.decisions.add([decided(uow, candidate=whom, verdict=ask, ask_id=ask_id), decided(uow)])
        await uow.asks.settle("asked", {ask_id: None}, later(hours=3))
        await uow.commit()
    async with database.reading() as reading:
        dropped, told = await reading.decisions.about(held.person.id, "p-1", None, 10)
        assert (dropped.rule, dropped.state, dropped.event_id) == ("resting", None, "e-1")
        assert (told.state, told.due_at, told.settled_at) == ("asked", later(hours=2), later(hours=3))
        assert len(await reading.decisions.about(held.person.id, "p-1", None, 1)) == 1
        assert [one.rule for one in await reading.decisions.about(None, "p-1", None, 10)] == ["resting", "asked"]


async def test_a_manager_is_told_of_their_own_projects_alone(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([row(), row(account="Другой", project="Сбыт", division="Запад")])
        for held in await uow.directory.stakeholders():
            await uow.decisions.add([decided(uow, candidate=Candidate(name="p-1", person=held.person, held=held))])
        await uow.decisions.add([decided(uow, event=None)])
        person_id = held.person.id
        await uow.commit()
    async with database.reading() as reading:

        async def seen(scope: Scope | None) -> list[str | None]:
            return [one.project for one in await reading.decisions.about(person_id, "p-1", scope, 10)]

        assert await seen(None) == [None, "Учёт проката", "Сбыт"]
        assert await seen(Scope(accounts=("Другой",))) == ["Сбыт"]
        assert await seen(Scope(projects=("Учёт проката",))) == ["Учёт проката"]
        assert await seen(Scope(projects=("Комбинат-Пример / Учёт проката",))) == ["Учёт проката"]
        assert await seen(Scope(projects=("Другой / Учёт проката",))) == []
        assert await seen(Scope(divisions=("Запад",))) == ["Сбыт"]
        assert await seen(Scope()) == []


async def test_decisions_and_events_are_exported_and_confidentially_without_names(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.interactions.add(EVENT, NOW)
        await uow.decisions.add([decided(uow), decided(uow, at=later(days=1), event=None, wave="w-1")])
        await uow.commit()
    async with database.reading() as reading:
        log = reading.decisions
        assert [record async for record in log.decisions(until=later(days=1))] == [
            {
                "decided_at": NOW,
                "person": "p-1",
                "project": "Учёт проката",
                "questionnaire": "support_pulse",
                "event_id": "e-1",
                "decision": "drop",
                "rule": "resting",
                "detail": {"until": later(days=1).isoformat()},
            }
        ]
        assert [record["event_id"] async for record in log.decisions(since=later(days=1))] == [None]
        assert {record["person"] async for record in log.decisions(confidential=True)} == {None}
        (event,) = [record async for record in log.events(confidential=True)]
        assert (event["event_id"], event["person"], event["data"]) == ("e-1", None, {})


async def test_two_replicas_start_a_wave_once(postgres_url: str) -> None:
    async def start(database: Database) -> bool | None:
        async with database.unit_of_work() as uow:
            due = await uow.wave_starts.due("w", "line", NOW)
            await uow.wave_starts.set("w", "line", NOW if due is None else later(days=1))
            await uow.commit()
        return due

    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        first = await asyncio.gather(*map(start, (one, two)))
        assert None in first
        both = [*first, *await asyncio.gather(*map(start, (one, two, one, two)))]
    assert both.count(True) == 1


async def test_an_event_that_two_replicas_take_at_once_counts_once(postgres_url: str) -> None:
    async def take(database: Database) -> int | None:
        async with database.unit_of_work() as uow:
            found = await uow.interactions.add(EVENT, NOW)
            await uow.commit()
        return found

    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        found = await asyncio.gather(*map(take, (one, two) * 5))
    assert sum(each is not None for each in found) == 1
