"""The closed loop in the sample: cases of past waves and of the last days, what was done, and an improvement."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.ids import new_id, new_token
from bot.sample.lives import EFFECT, PLAN, REASON, Life, Move, Words
from bot.sample.verbatims import ANYTHING, phrases
from surveys.cases.case import Case, Values, Verdict
from surveys.cases.closing import ask_whether_solved
from surveys.cases.hearing import hear
from surveys.cases.rules import LoopRules
from surveys.cases.work import LoopWork
from surveys.contact import Policy
from surveys.events import Closed, Turn
from surveys.flow import advance
from surveys.improvements.committee import gather, open_improvement, take_step
from surveys.improvements.improvement import Kind
from surveys.interview import Disposition, Phase
from surveys.ports import Card, OpenInterview
from surveys.questionnaire import Language, Questionnaire
from surveys.signals import Pressed, Said

EVERY: Final = 10_000
TRIES: Final = 10
PATIENCE: Final = timedelta(days=8)
AGAIN: Final = timedelta(days=3)
MINUTE: Final = timedelta(minutes=1)
YEAR: Final = timedelta(days=365)
BEGUN: Final = timedelta(days=60)
VERDICTS: Final[tuple[Verdict, ...]] = ("solved", "partly", "unsolved")
"""In the order of the options of `closure_check`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the past is made with. `work.now` is the present; every step has a moment of its own before it."""

    work: LoopWork
    policy: Policy
    language: Language
    admin: int

    def at(self, moment: datetime) -> LoopWork:
        """The same at another moment."""
        return replace(self.work, now=moment)


Begin = Callable[[], AbstractAsyncContextManager[Past]]
"""Begins a transaction, committed at its end."""


async def heed(work: LoopWork) -> None:
    """What has just been said becomes cases."""
    for heard in work.uow.interviews.heard():
        await hear(work, heard)


def gravest(loop: LoopRules) -> LoopRules:
    """In past waves only the gravest signals: a sample is to be read, not worked off."""
    signals = replace(loop.signals, limits={"nps": 3, "csat": 1, "ces": 1}, drop=None, remark=False)
    return replace(loop, signals=signals)


async def load_lives(begin: Begin, lives: Sequence[Life]) -> None:
    """Lets new cases live these lives in turn, each in a transaction of its own. Nothing is drawn in any chat."""
    async with begin() as past:
        waiting = await past.work.uow.cases.due(past.work.now + YEAR, EVERY)
        cases = sorted((case for case in waiting if case.status == "new"), key=lambda case: case.id)
    for number, case in enumerate(cases):
        await _live(begin, case, lives[number % len(lives)])


async def _live(begin: Begin, case: Case, life: Life) -> None:
    at = case.opened_at
    async with begin() as past:
        for move in life.moves:
            at += move.after
            case = await _move(past, case, move, at)
        await _drawn(past.work, case)
    for verdict in (life.verdicts or (None,)) if life.asked else ():
        async with begin() as past:
            at = await _heard_back(past, case.id, at, verdict)
            await _drawn(past.work, case)


async def _move(past: Past, case: Case, move: Move, at: datetime) -> Case:
    actor = None if move.kind == "reminded" else case.responsible or past.admin
    detail = await _cause(past, case) if move.kind == "cause" else _words(past, move.words)
    return await past.at(at).do(case, move.kind, actor, detail)


def _words(past: Past, words: Words | None) -> Values:
    return {} if words is None else {"text": _spoken(past, words)}


def _spoken(past: Past, words: Words) -> str:
    return words.get(past.language) or words["en"]


async def _cause(past: Past, case: Case) -> Values:
    held = await past.work.uow.directory.stakeholder(case.person_id, case.project_id)
    stage = held.project.stage if held else None
    department = past.work.loop.names.department(stage, None)
    return {"component": case.component, "stage": stage, "department": department, "partner": False}


async def _heard_back(past: Past, case_id: int, at: datetime, verdict: Verdict | None) -> datetime:
    """The client is asked as soon as they may be, and answers, or does not; when it was."""
    case = await past.work.uow.cases.lock(case_id)
    if case is not None and case.status != "checking":
        at += AGAIN
        case = await past.at(at).do(case, "done", case.responsible or past.admin)
    for _ in range(TRIES):
        if case is None or case.status != "checking":
            break
        asked = await ask_whether_solved(past.at(at), past.policy, case, new_id, new_token)
        if asked is not None:
            await past.work.uow.interviews.shown({asked.opened.interview.id: _shown(asked.opened)})
            return await _answered(past, asked.opened, asked.questionnaire, at, verdict)
        case = await past.work.uow.cases.lock(case_id)
        at = max(at, case.due_at) if case and case.due_at else at
    return at


async def _answered(
    past: Past, opened: OpenInterview, questionnaire: Questionnaire, at: datetime, verdict: Verdict | None
) -> datetime:
    if verdict is None:
        return await _silent(past, opened, at + PATIENCE)
    at += timedelta(hours=2)
    turn = opened.interview.turn
    picked = advance(
        questionnaire,
        opened.interview,
        Pressed(at=at, turn=turn, action="pick", option=VERDICTS.index(verdict)),
    )
    opened = await _said(past, opened, picked, at)
    if opened.interview.phase is not Phase.CLOSED:
        words = phrases(ANYTHING, "low", opened.interview.language)[0]
        at += MINUTE
        await _said(past, opened, advance(questionnaire, opened.interview, Said(at=at, text=words)), at)
    return at


async def _silent(past: Past, opened: OpenInterview, at: datetime) -> datetime:
    """Somebody whose time to answer is not over yet is still asked."""
    if at < past.work.now:
        live, ended = opened.interview, Disposition.UNREACHED
        closed = replace(live, phase=Phase.CLOSED, disposition=ended, closed_at=at, turn=live.turn + 1)
        await _said(past, opened, Turn(closed, (Closed(ended),)), at)
    return at


async def _said(past: Past, opened: OpenInterview, turn: Turn, at: datetime) -> OpenInterview:
    after = replace(opened, interview=turn.interview)
    after = replace(after, card=_shown(after))
    await past.work.uow.interviews.save(opened, after, turn.events, at)
    await heed(past.at(at))
    return after


def _shown(opened: OpenInterview) -> Card:
    """The past is not drawn again."""
    return replace(opened.card, shown_turn=opened.interview.turn)


async def load_improvement(past: Past) -> None:
    """The committee decided about the weightiest cause, and work on it has begun."""
    work = past.at(past.work.now - BEGUN)
    await work.uow.interviews.write_answers()
    causes = await gather(work.uow.improvements, work.loop.names, work.rules.weights, work.now - YEAR)
    if not causes:
        return
    number = await open_improvement(work, past.admin, causes[0])
    steps: Sequence[tuple[Kind, Values]] = (
        ("described", {"text": _spoken(past, PLAN)}),
        ("expected", {"metric": "csat", "text": _spoken(past, EFFECT)}),
        ("planned", {"until": (work.now + YEAR / 2).isoformat()}),
        ("decided", {"decision": "do", "text": _spoken(past, REASON)}),
        ("started", {}),
    )
    for kind, detail in steps:
        await take_step(work, number, None, kind, past.admin, detail)


async def _drawn(work: LoopWork, case: Case) -> None:
    cards = await work.uow.cases.cards({case.id})
    shown = {(case.id, one.chat_id): Card(chat_id=one.chat_id, shown_turn=one.version) for one in cards}
    await work.uow.cases.shown(shown)
