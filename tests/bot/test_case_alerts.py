"""Whoever is to act on a case notices it: the card comes down as a new message, for an edited one makes no sound."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.ids import new_id, new_token
from bot.service import Service, build
from bot.settings import load_settings
from handlers.case_drawing import drawn
from storage.database import Database, open_database
from storage.unit import StoredUnitOfWork
from surveys.cases.acting import merge, reassign
from surveys.cases.case import Case
from surveys.cases.closing import barred
from surveys.cases.hearing import hear
from surveys.cases.ports import Heard
from surveys.cases.signals import Severity
from surveys.cases.watching import notice_silence, watch
from surveys.cases.work import LoopWork
from surveys.events import AnswerGiven
from surveys.interview import Answer, Phase
from surveys.ports import OpenInterview
from tests.storage.samples import ANNA, answered, asked, begin, later, row
from tests.storage.test_cases import MANAGER, case_of, kept, step

PROJECT, DEPUTY = 5001, 6001
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
CONFIG = f"""
access: {{admins: [1001]}}
loop: {{colleagues: {{{PROJECT}: {{deputy: {DEPUTY}, since: 2026-12-07, until: 2026-12-11}}}}}}
"""


@dataclass(slots=True)
class Loop:
    service: Service
    database: Database

    def work(self, uow: StoredUnitOfWork, now: datetime) -> LoopWork:
        return replace(self.service.loop.work(uow), now=now)

    async def kept(self, **changes: object) -> Case:
        """A case on the cards of both managers."""
        case = await kept(self.database, responsible=PROJECT, **changes)
        async with self.database.unit_of_work() as uow:
            await uow.cases.hand(case.id, [MANAGER, PROJECT])
            await uow.commit()
        return case


@pytest.fixture
async def loop(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Loop]:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    environment = {"OTKLIK_DATABASE__URL": sqlite_url, "OTKLIK_TELEGRAM__TOKEN": "4242:sandbox"}
    async with open_database(sqlite_url) as database:
        service = await build(load_settings(tmp_path / "config.yaml", environment), database, Clock())
        yield Loop(service, database)
        await service.telegram.close()


async def noticed(work: LoopWork) -> set[int]:
    """Those whose cards come down as new messages."""
    return {card.chat_id for card in await drawn(work) if card.below}


async def pressed_on(loop: Loop, now: datetime) -> set[int]:
    """Whom time disturbs at this moment."""
    async with loop.database.unit_of_work() as uow:
        work = loop.work(uow, now)
        await watch(work, loop.service.loop.policy, 10, new_id, new_token)
        disturbed = await noticed(work)
        await uow.commit()
    return disturbed


async def test_a_reminder_is_for_the_one_responsible_and_an_escalation_for_those_above_who_had_the_card_all_along(
    loop: Loop,
) -> None:
    await loop.kept(due_at=later(hours=1))
    assert await pressed_on(loop, MONDAY) == {PROJECT}
    assert await pressed_on(loop, MONDAY + timedelta(days=1)) == {PROJECT, MANAGER}


async def test_whoever_stands_in_for_the_one_responsible_is_reminded_instead(loop: Loop) -> None:
    await loop.kept(due_at=later(hours=1))
    assert await pressed_on(loop, MONDAY + timedelta(days=7)) == {DEPUTY}


async def test_a_case_that_is_handed_over_is_noticed_by_whoever_gets_it(loop: Loop) -> None:
    case = await loop.kept()
    async with loop.database.unit_of_work() as uow:
        work = loop.work(uow, MONDAY)
        await reassign(work, case, PROJECT, MANAGER)
        assert await noticed(work) == {MANAGER}


async def spoken(uow: StoredUnitOfWork, number: int) -> OpenInterview:
    return asked(await begin(uow, ANNA + 1, row(), number=number))


def low(live: OpenInterview, score: int = 2) -> Heard:
    given = AnswerGiven(Answer("usability", score=score), "senior_it", "csat_5", "usability", "product")
    return Heard(live, answered(live, given), (given,))


def alarming(live: OpenInterview) -> Heard:
    given = AnswerGiven(Answer("usability_why", text="Расторгнем договор"), "senior_it", None, "usability", "product")
    return Heard(live, answered(live, given), (given,))


async def test_a_signal_of_another_day_that_joins_an_open_case_is_noticed_and_the_rest_of_one_talk_is_not(
    loop: Loop,
) -> None:
    case = await loop.kept()
    async with loop.database.unit_of_work() as uow:
        live = await spoken(uow, 2)
        work = loop.work(uow, MONDAY)
        await hear(work, low(live))
        assert await noticed(work) == {PROJECT, MANAGER}
        same = loop.work(uow, MONDAY)
        await hear(same, low(live, 1))
        assert (same.touched, await noticed(same)) == ({case.id}, set())


async def test_an_alert_word_in_the_reason_makes_the_case_critical_and_is_noticed(loop: Loop) -> None:
    case = await loop.kept()
    async with loop.database.unit_of_work() as uow:
        live = await spoken(uow, 2)
        await hear(loop.work(uow, MONDAY), low(live))
        work = loop.work(uow, MONDAY)
        await hear(work, alarming(live))
        after = await uow.cases.lock(case.id)
        assert after is not None
        assert (after.severity, await noticed(work)) == ("critical", {PROJECT, MANAGER})


@pytest.mark.parametrize(("one", "other"), [("low", "critical"), ("critical", "low")])
async def test_of_two_cases_that_become_one_the_gravest_word_stays(loop: Loop, one: Severity, other: Severity) -> None:
    case = await loop.kept(severity=one)
    async with loop.database.unit_of_work() as uow:
        beside = case_of(case.person_id, case.project_id, case.account_id, component=None, severity=other)
        into = await uow.cases.add(beside, step())
        await merge(loop.work(uow, MONDAY), case, PROJECT, into.id)
        after = await uow.cases.lock(into.id)
    assert after is not None
    assert after.severity == "critical"


@pytest.mark.parametrize(("status", "steps"), [("taken", ["signal", "signal"]), ("checking", ["signal"])])
async def test_silence_joins_an_open_case_once_a_wave_and_is_no_word_on_whether_one_is_solved(
    loop: Loop, status: str, steps: list[str]
) -> None:
    async with loop.database.unit_of_work() as uow:
        for number, wave in enumerate(("spring", "autumn"), 10):
            live = await begin(uow, ANNA, row(), number=number, wave=wave, created_at=later(days=number))
        about = live.about
        beside = case_of(about.person_id, about.project_id, about.account_id, component=None, status=status)
        case = await uow.cases.add(beside, step())
        for day in (60, 61):
            await notice_silence(loop.work(uow, MONDAY + timedelta(days=day)))
        view = await uow.cases.view(case.id)
    assert view is not None
    assert ([one.kind for one in view.steps], view.case.status) == (steps, status)


async def test_a_complaint_while_the_client_is_asked_takes_the_question_back(loop: Loop) -> None:
    case = await loop.kept(status="checking", check="i3")
    async with loop.database.unit_of_work() as uow:
        live = await spoken(uow, 2)
        question = await spoken(uow, 3)
        await uow.interviews.shown({"i3": replace(question.card, message_id=9, shown_turn=1)})
        work = loop.work(uow, MONDAY)
        await hear(work, low(live))
        after, ended = await locked(uow, case.id), await uow.interviews.get("i3")
        [card] = [one for one in await drawn(work) if one.interview_id == "i3"]
    assert (after.status, after.check) == ("taken", None)
    assert ended is not None
    assert ended.interview.phase is Phase.CLOSED
    assert (card.message_id, card.keyboard) == (9, ())
    assert "больше не спрашиваем" in card.text


@pytest.mark.parametrize("why", ["on_hold", "no_foreign_messenger", "opted out"])
async def test_whoever_may_not_be_written_to_is_not_asked_whether_it_is_solved_nor_told_what_was_done(
    loop: Loop, why: str
) -> None:
    case = await loop.kept(status="checking", due_at=later(hours=1))
    async with loop.database.unit_of_work() as uow:
        if why == "opted out":
            await uow.people.set_opted_out(case.person_id, later(hours=1))
        else:
            await uow.directory.upsert([row(**{why: True})])
        work = loop.work(uow, MONDAY)
        held = await uow.directory.stakeholder(case.person_id, case.project_id)
        assert barred(held) == {"no_foreign_messenger": "foreign_messenger"}.get(why, why.replace(" ", "_"))
        assert await watch(work, loop.service.loop.policy, 10, new_id, new_token) == []
        after = await locked(uow, case.id)
    assert (after.status, after.outcome) == ("closed", "unconfirmed")


async def test_what_is_said_to_a_question_asked_before_is_on_the_card_and_closes_nothing(loop: Loop) -> None:
    case = await loop.kept(status="checking", check="i2")
    async with loop.database.unit_of_work() as uow:
        begun = await spoken(uow, 2)
        before = replace(begun, interview=replace(begun.interview, questionnaire="closure_check"))
        work = loop.work(uow, MONDAY)
        await hear(work, said(before, Answer("solved", choice=("unsolved",))))
        done = await work.do(await locked(uow, case.id), "done", PROJECT)
        asked_anew = await work.do(done, "asked", detail={"interview": "i9"})
        await hear(work, said(before, Answer("solved", choice=("solved",))))
        await hear(work, said(before, Answer("left", text="The export")))
        assert await locked(uow, case.id) == asked_anew
        view = await uow.cases.view(case.id)
        assert await uow.cases.open_of(case.person_id, None) is None, "the words open no case of their own"
    assert view is not None
    assert "left" in {voice.item for voice in view.voices}


def said(live: OpenInterview, answer: Answer) -> Heard:
    given = AnswerGiven(answer, "senior_it")
    return Heard(live, answered(live, given), (given,))


async def locked(uow: StoredUnitOfWork, case_id: int) -> Case:
    case = await uow.cases.lock(case_id)
    assert case is not None
    return case
