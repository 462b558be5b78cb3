from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.events import (
    AnswerGiven,
    AnswerRejected,
    AnswerWithdrawn,
    Began,
    ButtonStale,
    Closed,
    Event,
    LanguageSwitched,
    Reopened,
)
from surveys.flow import advance
from surveys.interview import Answer, Disposition, Interview, Phase
from surveys.routing import progress, route
from surveys.signals import ChangedMind, Pressed, Refused, Said, Signal, SwitchedLanguage
from surveys.typed import clean
from tests.surveys.questionnaires import small

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SMALL = small()


def fresh(*roles: str) -> Interview:
    return Interview(
        id="i", questionnaire="small", version=1, roles=roles or ("business_owner", "key_user"), language="ru"
    )


def press(interview: Interview, action: str, score: int | None = None) -> tuple[Interview, tuple[Event, ...]]:
    turn = advance(SMALL, interview, Pressed(at=AT, turn=interview.turn, action=action, score=score))
    return turn.interview, turn.events


def say(interview: Interview, text: str) -> tuple[Interview, tuple[Event, ...]]:
    turn = advance(SMALL, interview, Said(at=AT, text=text))
    return turn.interview, turn.events


def begun(*roles: str) -> Interview:
    return press(fresh(*roles), "begin")[0]


def test_consent_comes_before_the_first_question() -> None:
    interview, events = press(fresh(), "begin")
    assert events == (Began(),)
    assert interview.current == "recommend"
    assert interview.consented_at == AT


def test_a_score_is_kept_with_what_its_item_says_and_leads_to_its_why() -> None:
    interview, events = press(begun(), "score", 3)
    assert events == (AnswerGiven(Answer("recommend", score=3), "business_owner", "nps"),)
    assert interview.current == "recommend_why"


def test_a_why_is_not_asked_outside_its_bands() -> None:
    interview, _ = press(begun("key_user"), "score", 8)
    assert interview.current == "usability"


def test_a_person_of_two_roles_gets_the_union_and_each_answer_counts_under_the_heavier_role_addressed() -> None:
    assert [item.key for item in route(SMALL, begun())] == ["recommend", "usability", "effect", "remark"]
    interview, _ = press(begun(), "score", 8)
    _, events = press(interview, "score", 4)
    assert events == (AnswerGiven(Answer("usability", score=4), "key_user", "csat_5", "usability", "product"),)


def test_a_second_tap_on_the_same_card_changes_nothing() -> None:
    first = begun()
    tap = Pressed(at=AT, turn=first.turn, action="score", score=3)
    once = advance(SMALL, first, tap).interview
    twice = advance(SMALL, once, replace(tap, score=9))
    assert twice.interview is once
    assert twice.events == (ButtonStale(),)


@pytest.mark.parametrize("forged", [11, -1, 99, None])
def test_a_score_off_the_scale_is_not_taken(forged: int | None) -> None:
    interview = begun()
    after, events = press(interview, "score", forged)
    assert after is interview
    assert events == (ButtonStale(),)


@pytest.mark.parametrize(("typed", "score"), [("7", 7), (" 10 ", 10), ("seven", 7), ("７", 7), ("0", 0), ("9️⃣", 9)])
def test_a_typed_number_counts(typed: str, score: int) -> None:
    interview, events = say(begun(), typed)
    assert interview.answers["recommend"].score == score
    assert isinstance(events[0], AnswerGiven)


@pytest.mark.parametrize("typed", ["11", "-1", "7.5", "1e1", "", "\0", "٣٣"])
def test_words_where_a_score_is_asked_are_met_with_a_hint(typed: str) -> None:
    interview = begun()
    after, events = say(interview, typed)
    assert after is interview
    assert events == (AnswerRejected("not_a_score", {"low": 0, "high": 10}),)


def test_words_are_kept_clean_of_what_cannot_be_stored() -> None:
    interview, _ = press(begun(), "score", 2)
    interview, _ = say(interview, " too\0 slow \ud800\n")
    assert interview.answers["recommend_why"].text == "too slow"


@pytest.mark.parametrize(("text", "reason"), [("  \n", "empty"), ("\0\ud800", "empty"), ("x" * 51, "too_long")])
def test_words_that_are_no_answer_are_rejected_and_nothing_moves(text: str, reason: str) -> None:
    interview, _ = press(begun("senior_it"), "score", 8)
    assert interview.current == "remark"
    after, events = say(interview, text)
    assert after is interview
    assert [event.reason for event in events if isinstance(event, AnswerRejected)] == [reason]


def test_back_shows_the_earlier_item_and_keep_goes_on_with_its_answer() -> None:
    interview, _ = press(begun(), "score", 8)
    interview, _ = press(interview, "back")
    assert interview.current == "recommend"
    interview, events = press(interview, "keep")
    assert interview.current == "usability"
    assert events == ()
    assert interview.answers["recommend"].score == 8


def test_back_from_the_first_item_shows_the_introduction_and_the_answers_stay() -> None:
    interview, _ = press(begun(), "score", 8)
    interview, _ = press(press(interview, "back")[0], "back")
    assert interview.phase is Phase.INTRODUCTION
    interview, _ = press(interview, "begin")
    assert interview.answers["recommend"].score == 8


def test_changing_a_score_withdraws_the_why_that_was_asked_in_other_words() -> None:
    interview, _ = press(begun(), "score", 3)
    interview, _ = say(interview, "no offline mode")
    interview, _ = press(press(interview, "back")[0], "back")
    interview, events = press(interview, "score", 9)
    assert AnswerWithdrawn("recommend_why") in events
    assert "recommend_why" not in interview.answers
    assert interview.current == "recommend_why"


def test_changing_a_score_within_its_band_keeps_the_why() -> None:
    interview, _ = press(begun(), "score", 3)
    interview, _ = say(interview, "no offline mode")
    interview, _ = press(press(interview, "back")[0], "back")
    interview, events = press(interview, "score", 4)
    assert events == (AnswerGiven(Answer("recommend", score=4), "business_owner", "nps"),)
    assert interview.answers["recommend_why"].text == "no offline mode"


def test_the_same_answer_again_is_no_new_answer() -> None:
    interview, _ = press(begun(), "score", 8)
    interview, _ = press(interview, "back")
    interview, events = press(interview, "score", 8)
    assert events == ()
    assert interview.current == "usability"


def test_skipping_leaves_no_answer() -> None:
    interview, events = press(begun(), "skip")
    assert events == ()
    assert interview.answers == {}
    assert interview.current == "usability"


def test_the_last_item_closes_the_interview() -> None:
    interview = begun("senior_it")
    interview, _ = press(interview, "score", 8)
    interview, events = say(interview, "fine")
    assert events[-1] == Closed(Disposition.COMPLETE)
    assert interview.phase is Phase.CLOSED
    assert interview.closed_at == AT


def test_a_closed_interview_takes_nothing_more() -> None:
    interview, _ = press(fresh(), "refuse")
    assert interview.disposition is Disposition.REFUSED
    for signal in (Said(at=AT, text="7"), Refused(at=AT), SwitchedLanguage(at=AT, language="en")):
        assert advance(SMALL, interview, signal).interview is interview


def test_refusing_after_an_answer_is_a_break_off_and_the_answer_stays() -> None:
    interview, _ = press(begun(), "score", 8)
    turn = advance(SMALL, interview, Refused(at=AT))
    assert turn.interview.disposition is Disposition.BREAK_OFF
    assert turn.interview.answers["recommend"].score == 8


def test_a_refusal_taken_back_goes_on_where_it_was() -> None:
    interview, _ = press(begun(), "score", 8)
    stopped = advance(SMALL, interview, Refused(at=AT)).interview
    turn = advance(SMALL, stopped, ChangedMind(at=AT))
    assert turn.events == (Reopened(),)
    assert turn.interview.current == interview.current
    assert turn.interview.answers == interview.answers
    assert turn.interview.turn > stopped.turn


def test_what_was_refused_at_the_door_opens_with_the_introduction_again() -> None:
    refused, _ = press(fresh(), "refuse")
    assert advance(SMALL, refused, ChangedMind(at=AT)).interview.phase is Phase.INTRODUCTION


def test_nothing_is_taken_back_that_is_complete_or_too_late() -> None:
    complete, _ = say(press(begun("senior_it"), "score", 8)[0], "fine")
    late = replace(press(fresh(), "refuse")[0], valid_until=AT)
    for closed in (complete, late):
        assert advance(SMALL, closed, ChangedMind(at=AT)).interview is closed
    going_on = begun()
    assert advance(SMALL, going_on, ChangedMind(at=AT)).interview is going_on


def test_another_language_redraws_the_card_where_it_was() -> None:
    interview, _ = press(begun(), "score", 8)
    turn = advance(SMALL, interview, SwitchedLanguage(at=AT, language="uk"))
    assert turn.events == (LanguageSwitched(),)
    assert turn.interview.language == "uk"
    assert turn.interview.current == interview.current


def test_progress_counts_questions_and_a_why_goes_with_its_question() -> None:
    interview = begun()
    assert progress(SMALL, interview) == (1, 4)
    interview, _ = press(interview, "score", 3)
    assert interview.current == "recommend_why"
    assert progress(SMALL, interview) == (1, 4)


signals = st.one_of(
    st.builds(
        Pressed,
        at=st.just(AT),
        turn=st.integers(0, 12),
        action=st.sampled_from(["begin", "score", "skip", "keep", "back", "postpone"]),
        score=st.none() | st.integers(-1, 11),
    ),
    st.builds(Said, at=st.just(AT), text=st.sampled_from(["3", "9", "words", "", "x" * 60])),
    st.builds(SwitchedLanguage, at=st.just(AT), language=st.sampled_from(["ru", "en"])),
)


def play(script: list[Signal]) -> list[tuple[Interview, tuple[Event, ...]]]:
    interview, turns = fresh(), []
    for signal in script:
        if isinstance(signal, Pressed) and signal.turn > 6:
            signal = replace(signal, turn=interview.turn)
        turn = advance(SMALL, interview, signal)
        interview = turn.interview
        turns.append((interview, turn.events))
    return turns


@given(st.lists(signals, max_size=60))
def test_any_signals_leave_the_events_and_the_answers_in_agreement(script: list[Signal]) -> None:
    standing: dict[str, Answer] = {}
    for interview, events in play(script):
        for event in events:
            match event:
                case AnswerGiven(answer=answer):
                    standing[answer.item] = answer
                case AnswerWithdrawn(item=item):
                    del standing[item]
        assert standing == dict(interview.answers)
        assert interview.current is None or interview.current in {item.key for item in route(SMALL, interview)}


@given(st.lists(signals, max_size=40))
def test_the_same_signals_give_the_same_turns(script: list[Signal]) -> None:
    assert play(script) == play(script)


@given(st.lists(signals, max_size=40))
def test_whoever_presses_on_reaches_the_end(script: list[Signal]) -> None:
    interview = play(script)[-1][0] if script else fresh()
    for _ in range(2 * len(SMALL.items) + 2):
        if interview.phase is Phase.CLOSED:
            return
        onward = "begin" if interview.phase is Phase.INTRODUCTION else "skip"
        onward = "keep" if interview.current in interview.answers else onward
        interview, _ = press(interview, onward)
    pytest.fail("no end in sight")


@given(st.text())
def test_cleaned_words_can_be_stored_everywhere(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
