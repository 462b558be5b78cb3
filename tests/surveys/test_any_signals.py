"""Whatever a person does, in whatever order: nothing is lost, nothing is doubled, and there is an end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.buttons import CardButton, read, write
from handlers.cards import show
from storage.answers import packed, unpacked
from surveys.attachments import Attachment
from surveys.events import AnswerGiven, AnswerWithdrawn, ButtonStale, Closed, Event
from surveys.flow import advance, at_first_question
from surveys.interview import Answer, Interview, Phase
from surveys.later import Offer
from surveys.ports import Card, Circumstances, OpenInterview
from surveys.postponing import awake
from surveys.questionnaire import ChoiceItem, WhyItem
from surveys.routing import route
from surveys.rules import Rules
from surveys.signals import Action, Edited, Pressed, Refused, Said, Signal, SwitchedLanguage, TimeRanOut, Woken
from tests.surveys.questionnaires import everything

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
EVERYTHING = everything()
NOW = -1
MORNING = AT + timedelta(days=1)
OFFER = Offer(moments={"hour": AT + timedelta(hours=1), "tomorrow": MORNING}, until=AT + timedelta(days=7))
RULES = Rules(vendor="Sample Vendor", language="ru", languages=("ru", "en", "uk"), weights={"key_user": 1.0})

moments = st.one_of(st.just(AT), st.integers(0, 9).map(lambda days: AT + timedelta(days=days)))
moves = st.sampled_from([action for action in get_args(Action) if action != "refuse"])
taps = st.builds(
    Pressed,
    at=moments,
    turn=st.just(NOW) | st.integers(0, 20),
    action=moves | st.sampled_from(["pick", "pick", "score", "begin", "next", "done", "back", "comment"]),
    score=st.none() | st.integers(-1, 11),
    option=st.none() | st.integers(0, 13),
    offer=st.none() | st.just(OFFER) | st.just(replace(OFFER, moments={})),
)
words = st.sampled_from(
    [
        "3",
        "-5",
        "12",
        "2021-05-05",
        "quality [ru]",
        "Yes [en]",
        "words enough",
        "дев’ять",
        "три из четырёх",
        "так себе",
        "",
        "\0",
        "x" * 60,
    ]
)
files = st.lists(st.sampled_from([Attachment("voice", "f1", "u1"), Attachment("document", "f2", "u2", "a.pdf")])).map(
    tuple
)
numbers = st.integers(1, 5)
signals = st.one_of(
    taps,
    taps,
    st.builds(Said, at=moments, text=words, message_id=numbers),
    st.builds(Edited, at=moments, text=words, message_id=numbers),
    st.builds(Said, at=moments, text=words, attachments=files, message_id=numbers),
    st.builds(Woken, at=moments),
    st.builds(SwitchedLanguage, at=moments, language=st.sampled_from(["ru", "en", "uk", "kk"])),
)
endings = st.builds(Refused, at=moments) | st.builds(TimeRanOut, at=moments)
scripts = st.lists(signals, max_size=50)
beginnings = st.builds(
    lambda role, stage, event, mode, first: begin(role, stage, event, mode, first=first),
    st.sampled_from([("key_user",), ("senior_it",), ("project_office",), ("senior_it", "key_user")]),
    st.none() | st.just("rollout"),
    st.just({}) | st.just({"priority": "high"}),
    st.sampled_from(["named", "confidential"]),
    st.booleans(),
)


def begin(roles: tuple[str, ...], stage: str | None, event: dict[str, str], mode: str, *, first: bool) -> Interview:
    interview = Interview(
        id="i", questionnaire="everything", version=3, roles=roles, language="ru", stage=stage, event=event, mode=mode
    )
    return at_first_question(EVERYTHING, interview) if first else interview


def play(interview: Interview, script: Sequence[Signal]) -> list[tuple[Signal, Interview, tuple[Event, ...]]]:
    """The signals as they were given, with the interview after each."""
    turns = []
    for drawn in script:
        now = isinstance(drawn, Pressed) and drawn.turn == NOW
        signal = replace(drawn, turn=interview.turn) if now and isinstance(drawn, Pressed) else drawn
        turn = advance(EVERYTHING, interview, signal)
        interview = turn.interview
        turns.append((signal, interview, turn.events))
    return turns


@given(beginnings, scripts)
def test_the_events_tell_all_the_answers_and_every_answer_is_on_the_way(begun: Interview, script: list[Signal]) -> None:
    told: dict[str, Answer] = {}
    for _, interview, events in play(begun, script):
        for event in events:
            match event:
                case AnswerGiven(answer=answer):
                    assert told.get(answer.item) != answer, "an answer was given twice"
                    told[answer.item] = answer
                case AnswerWithdrawn(item=item):
                    del told[item]
        assert told == dict(interview.answers)
        passed = {item.key for item in route(EVERYTHING, interview)}
        items = [EVERYTHING.item(key) for key in told]
        assert {item.about if isinstance(item, WhyItem) else item.key for item in items} <= passed
        assert interview.current is None or interview.current in passed


@given(beginnings, scripts)
def test_answers_and_ticks_are_always_among_what_is_offered(begun: Interview, script: list[Signal]) -> None:
    for _, interview, _ in play(begun, script):
        for said in [*interview.answers.values(), *([interview.draft] if interview.draft else [])]:
            item = EVERYTHING.item(said.item)
            if isinstance(item, ChoiceItem) and said.applicable:
                assert set(said.choice) <= set(item.offered)
                assert len(said.choice) <= item.at_most
        if interview.draft is not None:
            assert interview.draft.item == (awake(interview) if interview.put_off else interview).current


@given(beginnings, scripts, endings)
def test_the_interview_ends_once_and_then_nothing_moves(begun: Interview, script: list[Signal], end: Signal) -> None:
    turns = play(begun, [*script, end, *script, end])
    assert sum(isinstance(event, Closed) for _, _, events in turns for event in events) == 1
    closed = [interview for _, interview, _ in turns if interview.phase is Phase.CLOSED]
    assert {(one.disposition, one.closed_at) for one in closed} == {(closed[0].disposition, closed[0].closed_at)}
    assert turns[-1][1] is closed[-1]
    assert all(one.draft is None and one.changing is None for one in closed)


@given(beginnings, scripts)
def test_whoever_presses_on_reaches_the_end_within_the_number_of_items(begun: Interview, script: list[Signal]) -> None:
    interview = play(begun, script)[-1][1] if script else begun
    for _ in range(len(EVERYTHING.items) + 4):
        if interview.phase is Phase.CLOSED:
            return
        for action in ("begin", "next", "keep", "skip", "send", "unnamed", "resume", "back"):
            turn = advance(EVERYTHING, interview, Pressed(at=AT, turn=interview.turn, action=action))
            if turn.interview is not interview:
                break
        interview = turn.interview
    pytest.fail("no end in sight")


@given(beginnings, scripts)
def test_replaying_the_signals_gives_the_same_interview(begun: Interview, script: list[Signal]) -> None:
    turns = play(begun, script)
    replayed = begun
    for signal, interview, events in turns:
        turn = advance(EVERYTHING, replayed, signal)
        assert (turn.interview, turn.events) == (interview, events)
        replayed = turn.interview


@given(beginnings, scripts)
def test_an_answer_comes_back_from_storage_as_it_was_given(begun: Interview, script: list[Signal]) -> None:
    for _, interview, _ in play(begun, script):
        for said in [*interview.answers.values(), *(one for one in (interview.draft, interview.comment) if one)]:
            assert unpacked(said.item, packed(said)) == said
            assert unpacked(said.item, packed(said)).pieces == said.pieces


@given(beginnings, scripts)
def test_every_state_has_a_card_whose_buttons_all_do_something(begun: Interview, script: list[Signal]) -> None:
    about = Circumstances(
        person_id=1, person="P", invitation_id=1, account_id=1, account="A", project_id=1, project="P", extra={}
    )
    for _, interview, _ in play(begun, script):
        card = show(OpenInterview(interview=interview, about=about, card=Card(chat_id=1)), EVERYTHING, RULES)
        assert card.text
        assert bool(card.keyboard) == (interview.phase is not Phase.CLOSED or interview.amend_until is not None)
        for data in (str(button["callback_data"]) for row in card.keyboard for button in row):
            assert len(data.encode()) <= 64
            assert _does_something(interview, data), data


def _does_something(interview: Interview, data: str) -> bool:
    button = read(data)
    assert isinstance(button, CardButton)
    assert write(button) == data
    pressed = Pressed(
        at=AT, turn=button.turn, action=button.action, score=button.score, option=button.option, offer=OFFER
    )
    turn = advance(EVERYTHING, interview, pressed)
    return ButtonStale() not in turn.events
