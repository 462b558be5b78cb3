"""How each way through an interview ends, as AAPOR tells endings apart."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from surveys.events import Closed
from surveys.flow import advance, at_first_question
from surveys.interview import Disposition, Interview, Phase
from surveys.later import Offer
from surveys.signals import Action, Pressed, Refused, Said, Signal, TimeRanOut
from tests.surveys.questionnaires import small

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
DATED = replace(small(), validity=1)
LATE = AT + timedelta(days=2)


def tap(action: Action, score: int | None = None, at: datetime = AT) -> Pressed:
    offer = Offer(moments={"hour": at + timedelta(hours=1)}, until=at + timedelta(days=7))
    return Pressed(at=at, turn=-1, action=action, score=score, offer=offer)


BEGIN, SKIP, NINE = tap("begin"), tap("skip"), tap("score", 9)
OVER, STOP, NEVER = TimeRanOut(at=AT), Refused(at=AT), tap("refuse")
ALL_SKIPPED = [SKIP, SKIP, SKIP]
ANSWERED = [NINE, SKIP, SKIP, SKIP]
SOMEBODY = Said(at=AT, text="Vera Sample, head of IT")
LINK: Sequence[tuple[str, Sequence[Signal]]] = [
    ("complete", [BEGIN, *ANSWERED]),
    ("complete", [BEGIN, *ALL_SKIPPED]),
    ("partial", [BEGIN, NINE, OVER]),
    ("partial", [BEGIN, NINE, tap("skip", at=LATE)]),
    ("partial", [BEGIN, NINE, tap("back"), tap("back"), tap("postpone"), tap("hour"), OVER]),
    ("break-off", [BEGIN, OVER]),
    ("break-off", [BEGIN, SKIP, OVER]),
    ("break-off", [BEGIN, NINE, STOP]),
    ("break-off", [BEGIN, NINE, tap("back"), tap("back"), NEVER]),
    ("refused", [NEVER]),
    ("refused", [STOP]),
    ("refused", [tap("postpone"), tap("hour"), STOP]),
    ("refused", [BEGIN, STOP]),
    ("refused", [tap("redirect"), SOMEBODY]),
    ("refused", [tap("redirect"), tap("unnamed")]),
    ("refused", [tap("redirect"), OVER]),
    ("refused", [tap("redirect"), STOP]),
    ("unreached", [OVER]),
    ("unreached", [tap("postpone"), OVER]),
    ("unreached", [tap("postpone"), tap("hour"), OVER]),
    ("unreached", [tap("redirect"), tap("back"), OVER]),
]
AFTER_AN_EVENT: Sequence[tuple[str, Sequence[Signal]]] = [
    ("complete", ANSWERED),
    ("complete", ALL_SKIPPED),
    ("partial", [NINE, OVER]),
    ("break-off", [SKIP, OVER]),
    ("break-off", [NINE, STOP]),
    ("refused", [NEVER]),
    ("refused", [tap("redirect"), SOMEBODY]),
    ("refused", [tap("redirect"), tap("back"), NEVER]),
    ("unreached", [OVER]),
    ("unreached", [tap("postpone"), OVER]),
]


def after(interview: Interview, script: Sequence[Signal]) -> Interview:
    for signal in script:
        now = replace(signal, turn=interview.turn) if isinstance(signal, Pressed) else signal
        turn = advance(DATED, interview, now)
        assert turn.interview is not interview, signal
        interview = turn.interview
    assert turn.events[-1] == Closed(interview.disposition)
    return interview


def fresh() -> Interview:
    return Interview(id="i", questionnaire="small", version=1, roles=("key_user",), language="en")


@pytest.mark.parametrize(("disposition", "script"), LINK)
def test_an_invitation_ends_as_it_was_gone_through(disposition: str, script: Sequence[Signal]) -> None:
    ended = after(fresh(), script)
    assert (ended.phase, ended.disposition) == (Phase.CLOSED, disposition)


@pytest.mark.parametrize(("disposition", "script"), AFTER_AN_EVENT)
def test_what_begins_with_a_question_ends_as_it_was_gone_through(disposition: str, script: Sequence[Signal]) -> None:
    assert after(at_first_question(DATED, fresh()), script).disposition == disposition


def test_there_is_a_way_to_every_disposition() -> None:
    assert {disposition for disposition, _ in LINK} == {one.value for one in Disposition}


@pytest.mark.parametrize(("disposition", "script"), [*LINK])
def test_only_whoever_says_so_is_the_wrong_person(disposition: str, script: Sequence[Signal]) -> None:
    said = tap("redirect") in script and not isinstance(script[-1], Refused) and tap("back") not in script
    assert after(fresh(), script).cause == ("wrong_person" if said else None)
