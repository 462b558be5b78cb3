"""Improvements in storage: one about a cause at a time, one step at a time, everybody told once."""

from dataclasses import replace

import pytest

from storage.database import Database
from storage.personal import held_of
from storage.unit import StoredUnitOfWork
from surveys.cases.case import Happened
from surveys.cases.rules import Names
from surveys.improvements.causes import Cause, complaints
from surveys.improvements.improvement import Improvement, Overtaken, Step, act
from surveys.improvements.telling import drafts
from surveys.rules import Rules
from tests.storage.samples import NOW, later
from tests.storage.test_cases import opened

CAUSE = Cause("usability", "rollout")
NEW = Improvement(cause=CAUSE, opened_at=NOW, owner=1001)
RULES = Rules(vendor="V", language="ru", languages=("ru",), weights={})
OPENED = Happened(kind="opened", at=NOW, actor=1001)


async def begun(uow: StoredUnitOfWork, *case_ids: int) -> Improvement:
    number = await uow.improvements.open(NEW, OPENED, case_ids)
    assert number is not None
    found = await uow.improvements.lock(number)
    assert found == replace(NEW, id=number)
    return found


async def step(uow: StoredUnitOfWork, one: Improvement, kind: str, **detail: object) -> Improvement:
    after, happened = act(one, Step(kind=kind, at=later(hours=one.version), actor=7, detail=detail))  # type: ignore[arg-type]
    await uow.improvements.save(after, happened)
    return after


async def test_a_cause_has_one_improvement_until_it_is_declined_or_finished(database: Database) -> None:
    async with database.unit_of_work() as uow:
        one = await begun(uow)
        assert await uow.improvements.open(NEW, OPENED, ()) is None
        assert await uow.improvements.under_way(CAUSE) == one.id
        assert await uow.improvements.under_way(Cause("usability")) is None
        declined = await step(uow, one, "decided", decision="wont", text="Too dear")
        assert await uow.improvements.get(one.id) == declined
        assert await uow.improvements.under_way(CAUSE) is None
        another = await uow.improvements.open(NEW, OPENED, ())
        assert [each.id for each in await uow.improvements.listed()] == [another, one.id]


async def test_of_two_people_whose_cases_became_one_each_is_told_in_their_own_words_alone(database: Database) -> None:
    async with database.unit_of_work() as uow:
        cases = [await opened(uow, number) for number in (1, 2)]
        one, other = cases
        await uow.cases.move_answers(other.id, one.id)
        closed = replace(other, version=2, status="closed", outcome="merged", merged_into=one.id, closed_at=NOW)
        await uow.cases.save(closed, Happened(kind="merge", at=NOW))
        made = await begun(uow, one.id)
        assert await uow.improvements.cases(made.id) == [one.id, other.id]
        found = await drafts(uow.cases, uow.improvements, RULES, made)
        said = {draft.held.person.id: [voice.person_id for voice in draft.said] for draft in found}
        assert said == {case.person_id: [case.person_id] for case in cases}
        whole = await uow.cases.view(one.id)
        assert whole is not None
        assert {voice.person_id for voice in whole.voices} == {case.person_id for case in cases}
        assert {voice.person_id for voice in whole.own} == {one.person_id}


async def test_whoever_comes_second_is_told_and_nothing_is_written(database: Database) -> None:
    async with database.unit_of_work() as uow:
        one = await begun(uow)
        after = await step(uow, one, "described", text="Less clicks")
        with pytest.raises(Overtaken):
            await step(uow, one, "described", text="More clicks")
        assert await uow.improvements.get(one.id) == after
        history = await uow.improvements.history(NOW, later(days=1))
        assert [(each.happened.kind, each.happened.actor) for each in history] == [("opened", 1001), ("described", 7)]
        assert await uow.improvements.history(later(days=1), None) == []
        assert await uow.improvements.moved_by(one.id) == 7


async def test_everybody_has_one_note_and_their_last_one_is_known(database: Database) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow)
        one = await begun(uow, case.id)
        await uow.improvements.link(one.id, [case.id])
        assert await uow.improvements.cases(one.id) == [case.id]
        assert await uow.improvements.cases(one.id, case.person_id) == [case.id]
        assert await uow.improvements.cases(one.id, case.person_id + 1) == []
        [first] = (await uow.improvements.write_notes(one.id, [case.person_id], "waiting", NOW)).values()
        assert await uow.improvements.write_notes(one.id, [case.person_id], "left_out", NOW) == {}
        assert await uow.improvements.last_told(case.person_id, 0) is None
        await uow.improvements.settle_note(first, "sent", later(hours=1))
        assert await uow.improvements.last_told(case.person_id, 0) == later(hours=1)
        assert await uow.improvements.last_told(case.person_id, first) is None
        assert (await uow.improvements.notes(one.id))[case.person_id].state == "sent"
        await uow.commit()
    async with database.reading() as reading:
        assert (await held_of(reading.connection, case.person_id))["told"] == [{"at": later(hours=1), "told": {}}]


async def test_a_merged_case_is_one_trouble_of_everybody_in_it_and_revenue_is_known_whole_or_not(
    database: Database,
) -> None:
    async with database.unit_of_work() as uow:
        first, second = await opened(uow), await opened(uow, 2, opened_at=later(days=2))
        assert [view.case.id for view in await uow.improvements.troubles(None, None)] == [first.id, second.id]
        assert [view.case.id for view in await uow.improvements.troubles(later(days=1), later(days=3))] == [second.id]
        merged = replace(first, version=2, status="closed", outcome="merged", merged_into=second.id, closed_at=NOW)
        await uow.cases.save(merged, Happened(kind="merge", at=NOW))
        assert await uow.improvements.troubles(None, later(days=1)) == []
        views = await uow.improvements.troubles(later(days=1), None)
        assert sorted(view.case.id for view in views) == [first.id, second.id]
        [both] = complaints(views, Names(), {"senior_it": 0.3, "key_user": 0.2})
        assert (both.case_id, both.weight) == (second.id, 0.3), "the voice of the elder role counts as well"
        assert {project.name for project in both.projects} == {"Учёт проката", "Склад"}
        assert await uow.improvements.revenue() is None


async def test_the_words_of_whoever_is_forgotten_are_before_the_committee_no_more(database: Database) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow)
        one = await begun(uow, case.id)
        await uow.erasures.erase(await uow.people.get(case.person_id), later(hours=1), answers=False)
        assert await uow.improvements.troubles(None, None) == []
        assert await drafts(uow.cases, uow.improvements, RULES, one) == []
