"""Cases in storage: found by whom they concern, changed by one person at a time, shown where they are."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError

from storage.case_figures import CaseFigures
from storage.database import Database, open_database
from storage.unit import StoredUnitOfWork
from surveys.cases.case import Case, Happened
from surveys.cases.ports import CaseMoved
from surveys.events import AnswerGiven
from surveys.interview import Answer
from surveys.ports import Card
from surveys.reporting import ReportQuery
from surveys.rules import Scope
from tests.storage.samples import ANNA, BORIS_ROW, NOW, answered, asked, begin, invite, later, respond, row
from tests.storage.test_attachments import VOICE
from tests.storage.test_remarks import passed_on

MANAGER, ADMIN = 7001, 1001


def case_of(person_id: int, project_id: int, account_id: int, **changes: object) -> Case:
    usual = {"id": 0, "opened_at": NOW, "component": "usability", "due_at": later(hours=48)}
    return Case(person_id=person_id, project_id=project_id, account_id=account_id, **usual | changes)  # type: ignore[arg-type]


def step(kind: str = "signal", at: datetime = NOW, **detail: object) -> Happened:
    return Happened(kind=kind, at=at, detail=detail)


async def opened(uow: StoredUnitOfWork, number: int = 1, **changes: object) -> Case:
    """A case about a score of 2 and its reason."""
    person = row() if number == 1 else BORIS_ROW
    live = asked(await begin(uow, ANNA + number, person, number=number))
    given = [
        AnswerGiven(Answer("usability", score=2), role="senior_it", scale="csat_5", component="usability"),
        AnswerGiven(Answer("why", text="Slow <b>"), role="senior_it", component="usability"),
    ]
    await uow.interviews.save(live, answered(live, *given), given, NOW)
    await uow.interviews.write_answers()
    about = live.about
    case = await uow.cases.add(case_of(about.person_id, about.project_id, about.account_id, **changes), step())
    await uow.cases.link(case.id, live.interview.id, "usability", ["csat", "drop"], NOW)
    await uow.cases.link(case.id, live.interview.id, "why", [], NOW)
    return case


async def kept(database: Database, number: int = 1, **changes: object) -> Case:
    async with database.unit_of_work() as uow:
        case = await opened(uow, number, **changes)
        await uow.commit()
    return case


async def test_a_case_is_read_back_as_it_was_written_with_all_that_was_said(database: Database) -> None:
    case = await kept(database, responsible=MANAGER)
    async with database.unit_of_work() as uow:
        assert await uow.cases.lock(case.id) == case
        view = await uow.cases.view(case.id)
    assert view is not None
    assert view.case == case
    assert [(voice.score, voice.text, voice.rules) for voice in view.voices] == [
        (2, None, ("csat", "drop")),
        (None, "Slow <b>", ()),
    ]
    assert (view.held.account.manager, view.marks) == (MANAGER, (2,))
    assert [one.kind for one in view.steps] == ["signal"]


async def test_a_person_has_one_open_case_of_a_component_and_a_closed_one_makes_room(database: Database) -> None:
    case = await kept(database)
    async with database.unit_of_work() as uow:
        found = await uow.cases.open_of(case.person_id, "usability")
        assert found == case
        assert await uow.cases.open_of(case.person_id, None) is None
        closed = replace(case, version=2, status="closed", outcome="unconfirmed", closed_at=NOW, due_at=None)
        await uow.cases.save(closed, step("unanswered"))
        assert await uow.cases.open_of(case.person_id, "usability") is None
        again = case_of(case.person_id, case.project_id, case.account_id)
        await uow.cases.add(again, step())
        with pytest.raises(IntegrityError):
            await uow.cases.add(again, step())


async def test_of_two_steps_from_one_version_the_second_is_refused_and_nothing_of_it_stays(database: Database) -> None:
    case = await kept(database)
    async with database.unit_of_work() as uow:
        await uow.cases.save(replace(case, version=2, responsible=1), step("take"))
        with pytest.raises(CaseMoved):
            await uow.cases.save(replace(case, version=2, responsible=2), step("take"))
        await uow.commit()
    async with database.unit_of_work() as uow:
        view = await uow.cases.view(case.id)
    assert view is not None
    assert (view.case.responsible, len(view.steps)) == (1, 2)


async def test_two_replicas_change_one_case_one_after_the_other(postgres_url: str) -> None:
    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        case = await kept(one)

        async def act(database: Database, who: int) -> None:
            async with database.unit_of_work() as uow:
                known = await uow.cases.lock(case.id)
                assert known is not None
                after = replace(known, version=known.version + 1, responsible=who)
                await uow.cases.save(after, Happened(kind="take", at=NOW, actor=who))
                await uow.commit()

        await asyncio.gather(*(act(database, who) for database in (one, two) for who in range(1, 6)))
        async with one.unit_of_work() as uow:
            view = await uow.cases.view(case.id)
    assert view is not None
    assert (view.case.version, len(view.steps)) == (11, 11)


async def test_an_answer_leads_to_its_case_until_that_is_merged(database: Database) -> None:
    case = await kept(database)
    other = await kept(database, 2)
    async with database.unit_of_work() as uow:
        assert await uow.cases.of_answer("i1", "why") == case
        merged = replace(case, version=2, status="closed", outcome="merged", merged_into=other.id, due_at=None)
        await uow.cases.save(merged, step("merge"))
        await uow.cases.move_answers(case.id, other.id)
        found = await uow.cases.of_answer("i1", "why")
        assert found is not None
        assert found.id == other.id
        view = await uow.cases.view(other.id)
        assert view is not None
        assert len(view.voices) == 4


async def test_what_was_said_unasked_belongs_to_a_case_and_goes_along_when_that_is_merged(database: Database) -> None:
    case = await kept(database)
    other = await kept(database, 2)
    async with database.unit_of_work() as uow:
        remark = await passed_on(uow, "Reports <b>", VOICE)
        assert uow.remarks.added() == [remark]
        assert uow.remarks.added() == []
        await uow.cases.link_remark(case.id, remark.id, ["remark"])
        await uow.cases.move_answers(case.id, other.id)
        for view in (await uow.cases.views([case.id, other.id])).values():
            [voice] = [voice for voice in view.voices if voice.item is None]
            assert (voice.text, voice.files, voice.rules, voice.score) == ("Reports <b>", 1, ("remark",), None)
            assert (voice.stage, voice.language, voice.withdrawn) == ("rollout", "ru", False)


async def test_recovery_compares_the_scores_of_one_person_also_where_cases_became_one(database: Database) -> None:
    one, other = await kept(database), await kept(database, 2)
    async with database.unit_of_work() as uow:
        await uow.cases.move_answers(other.id, one.id)
        closed = replace(other, version=2, status="closed", outcome="merged", merged_into=one.id, closed_at=NOW)
        await uow.cases.save(closed, step("merge"))
        for number, person, score in ((3, row(), 1), (4, BORIS_ROW, 5)):
            given = AnswerGiven(Answer("usability", score=score), "senior_it", "csat_5", "usability", "product")
            await respond(uow, number, person, given, at=later(days=100 + number))
        await uow.commit()
    async with database.reading() as reading:
        pairs = await CaseFigures(reading.connection).pairs(ReportQuery(metric="nps"))
    assert sorted(pairs) == [(None, 25.0, 0.0), (None, 25.0, 100.0)]


async def test_where_a_case_began_without_a_score_the_marks_are_how_far_this_person_recommended_us(
    database: Database,
) -> None:
    scored = await kept(database)
    async with database.unit_of_work() as uow:
        for number, score in ((3, 9), (4, 6)):
            given = AnswerGiven(Answer("recommend", score=score), "senior_it", "nps")
            await respond(uow, number, row(), given, at=later(days=100 + number))
        await uow.interviews.write_answers()
        silent = await uow.cases.add(replace(scored, id=0, component=None), step())
        views = await uow.cases.views([scored.id, silent.id])
    assert (views[scored.id].marks, views[silent.id].marks) == ((2,), (9, 6))


async def test_an_answer_that_was_taken_back_says_so(database: Database) -> None:
    case = await kept(database)
    async with database.unit_of_work() as uow:
        await uow.cases.withdraw("i1", "why", later(hours=1))
        view = await uow.cases.view(case.id)
    assert view is not None
    assert [voice.withdrawn for voice in view.voices] == [False, True]


async def test_the_last_score_is_of_another_interview_and_never_a_confidential_one(database: Database) -> None:
    case = await kept(database)
    async with database.unit_of_work() as uow:
        assert await uow.cases.last_score(case.person_id, "usability", "i9") == 2
        assert await uow.cases.last_score(case.person_id, "usability", "i1") is None
        live = asked(await begin(uow, ANNA, row(), number=3, mode="confidential"))
        secret = AnswerGiven(Answer("usability", score=5), role="senior_it", scale="csat_5")
        await uow.interviews.save(live, answered(live, secret), [secret], later(days=1))
        await uow.interviews.write_answers()
        assert await uow.cases.last_score(case.person_id, "usability", "i9") == 2
        view = await uow.cases.view(case.id)
        assert view is not None
        assert view.marks == (2,)


async def test_cases_are_due_in_their_time_and_not_once_they_are_closed(database: Database) -> None:
    case = await kept(database)
    async with database.unit_of_work() as uow:
        assert await uow.cases.due(NOW, 10) == []
        assert await uow.cases.due(later(hours=48), 10) == [case]
        await uow.cases.look_again(case.id, later(hours=49))
        assert await uow.cases.due(later(hours=48), 10) == []
        assert await uow.cases.due(later(hours=49), 10) != []
    async with database.reading() as reading:
        assert not await reading.due.case(NOW)
        assert await reading.due.case(later(hours=48))


async def test_a_card_is_behind_until_the_newest_version_is_shown(database: Database) -> None:
    case = await kept(database)
    async with database.unit_of_work() as uow:
        await uow.settings.set(f"language:{MANAGER}", "uk")
        await uow.cases.hand(case.id, [MANAGER, ADMIN])
        await uow.cases.hand(case.id, [MANAGER])
        behind = await uow.cases.behind()
        assert {(one.chat_id, one.language) for one in behind} == {(MANAGER, "uk"), (ADMIN, None)}
        shown = {(case.id, MANAGER): Card(chat_id=MANAGER, message_id=5, shown_turn=1)}
        await uow.cases.shown(shown)
        assert [one.chat_id for one in await uow.cases.behind()] == [ADMIN]
        await uow.cases.save(replace(case, version=2), step("note"))
        assert len(await uow.cases.behind()) == 2


async def test_a_chat_nobody_reads_gives_up_its_cards_and_cases_nobody_has_are_named(database: Database) -> None:
    case = await kept(database)
    async with database.unit_of_work() as uow:
        await uow.cases.hand(case.id, [MANAGER, 7002])
        assert await uow.cases.forget_chat(MANAGER) == []
        assert [one.chat_id for one in await uow.cases.cards([case.id])] == [7002]
        assert await uow.cases.forget_chat(7002) == [case.id]


def names(found: Sequence[object]) -> list[int]:
    return [one.case.id for one in found]  # type: ignore[attr-defined]


async def test_lists_show_what_is_ones_own_the_overdue_and_the_grave_first(database: Database) -> None:
    light = await kept(database, due_at=later(days=9))
    late = await kept(database, 2, severity="low", due_at=later(hours=-1), responsible=MANAGER)
    async with database.reading() as reading:
        everything = await reading.cases.page("all", ADMIN, None, NOW, size=10, page=0)
        assert names(everything) == [late.id, light.id]
        assert names(await reading.cases.page("overdue", ADMIN, None, NOW, size=10, page=0)) == [late.id]
        mine = await reading.cases.page("mine", MANAGER, Scope(), NOW, size=10, page=0)
        assert set(names(mine)) == {late.id, light.id}, "by the directory as well"
        assert names(await reading.cases.page("all", 9, Scope(divisions=("Запад",)), NOW, size=10, page=0)) == [late.id]
        assert await reading.cases.page("all", 9, Scope(), NOW, size=10, page=0) == []
        assert len(await reading.cases.page("all", ADMIN, None, NOW, size=1, page=0)) == 2
        assert names(await reading.cases.page("all", ADMIN, None, NOW, size=1, page=1)) == [light.id]


async def test_ones_own_cases_come_before_those_of_others_however_late_they_are(database: Database) -> None:
    own = await kept(database, responsible=ADMIN, due_at=later(days=9))
    late = await kept(database, 2, due_at=later(hours=-1), responsible=MANAGER)
    async with database.reading() as reading:
        assert names(await reading.cases.page("all", ADMIN, None, NOW, size=10, page=0)) == [own.id, late.id]
        assert names(await reading.cases.page("all", 9, None, NOW, size=10, page=0)) == [late.id, own.id]


async def test_key_people_silent_in_their_last_waves_are_named_once_the_waves_are_over(database: Database) -> None:
    async with database.unit_of_work() as uow:
        for number, wave in enumerate(("w1", "w2")):
            await invite(uow, number=50 + number, wave=wave, created_at=later(days=number), expires_at=later(days=7))
        over = later(days=8)
        found = await uow.cases.silent(over, 2, ["senior_it"])
        assert [one.wave for one in found] == ["w2"]
        assert await uow.cases.silent(later(days=6), 2, ["senior_it"]) == []
        assert await uow.cases.silent(over, 3, ["senior_it"]) == []
        assert await uow.cases.silent(over, 2, ["key_user"]) == []
        await kept_answer(uow)
        assert await uow.cases.silent(over, 2, ["senior_it"]) == []


async def kept_answer(uow: StoredUnitOfWork) -> None:
    live = asked(
        await begin(uow, ANNA, row(), number=60, wave="w2", created_at=later(days=1), expires_at=later(days=7))
    )
    given = AnswerGiven(Answer("usability", score=4), role="senior_it", scale="csat_5")
    await uow.interviews.save(live, answered(live, given), [given], NOW)
    await uow.interviews.write_answers()


async def test_who_looks_after_nothing_is_not_concerned(database: Database) -> None:
    case = await kept(database)
    async with database.unit_of_work() as uow:
        assert await uow.cases.concerns(MANAGER)
        assert not await uow.cases.concerns(42)
        await uow.cases.hand(case.id, [42])
        assert await uow.cases.concerns(42)
