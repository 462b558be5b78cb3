"""Favours in storage: asked once, answered once, by the person alone."""

from storage.database import Database
from storage.unit import StoredUnitOfWork
from surveys.cases.opportunities import Opportunity
from tests.storage.samples import ANNA, NOW, begin, later
from tests.storage.test_cases import opened


async def noticed(uow: StoredUnitOfWork) -> Opportunity:
    live = await begin(uow, ANNA)
    about = live.about
    new = Opportunity(
        person_id=about.person_id, project_id=about.project_id, interview_id=live.interview.id, created_at=NOW
    )
    found = await uow.opportunities.get(await uow.opportunities.add(new))
    assert found is not None
    return found


async def test_the_first_answer_of_the_person_counts_and_nobody_elses(database: Database) -> None:
    async with database.unit_of_work() as uow:
        one = await noticed(uow)
        await uow.opportunities.asked(one.id, later(hours=1))
        assert not await uow.opportunities.answer(one.id, one.person_id + 1, "talk", later(hours=2))
        assert await uow.opportunities.answer(one.id, one.person_id, "none", later(hours=2))
        assert not await uow.opportunities.answer(one.id, one.person_id, "talk", later(hours=3))
        found = await uow.opportunities.get(one.id)
    assert found is not None
    assert (found.asked_at, found.answer, found.answered_at) == (later(hours=1), "none", later(hours=2))


async def test_who_was_asked_is_known_until_the_rest_is_over_and_what_was_dropped_is_not(database: Database) -> None:
    async with database.unit_of_work() as uow:
        one = await noticed(uow)
        assert await uow.opportunities.since(one.person_id, later(days=-1))
        assert not await uow.opportunities.since(one.person_id, NOW)
        assert not await uow.opportunities.since(one.person_id + 1, later(days=-1))
        await uow.opportunities.asked(one.id, later(days=2))
        assert await uow.opportunities.since(one.person_id, later(days=1))
        await uow.opportunities.drop(one.id)
        assert not await uow.opportunities.since(one.person_id, later(days=-1))
        assert await uow.opportunities.get(one.id) is None


async def test_an_open_case_or_a_complaint_in_the_interview_is_trouble(database: Database) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow)
        assert await uow.opportunities.troubled(case.person_id, "i9")
        assert await uow.opportunities.troubled(case.person_id + 1, "i1")
        assert not await uow.opportunities.troubled(case.person_id + 1, "i9")


async def test_who_is_forgotten_is_not_asked_and_what_they_said_goes_with_them(database: Database) -> None:
    async with database.unit_of_work() as uow:
        one = await noticed(uow)
        await uow.erasures.erase(await uow.people.get(one.person_id), later(hours=1), answers=False)
        assert await uow.opportunities.get(one.id) is None
