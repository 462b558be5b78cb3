"""Every kind of item: what answers it, by button and in words, and what does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from surveys.consent import consent_digest
from surveys.events import AnswerGiven, AnswerRejected, AnswerWithdrawn, ButtonStale, Closed, Event
from surveys.flow import advance
from surveys.interview import Answer, Disposition, Interview, Phase
from surveys.signals import Pressed, Refused, Said, SwitchedLanguage, TimeRanOut
from tests.surveys.questionnaires import everything

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
EVERYTHING = replace(everything(), review=False)


def fresh(**changes: object) -> Interview:
    usual = Interview(id="i", questionnaire="everything", version=3, roles=("key_user",), language="ru")
    return replace(usual, **changes)


def press(
    interview: Interview, action: str, *, score: int | None = None, option: int | None = None, at: datetime = AT
) -> tuple[Interview, tuple[Event, ...]]:
    signal = Pressed(at=at, turn=interview.turn, action=action, score=score, option=option)
    turn = advance(EVERYTHING, interview, signal)
    return turn.interview, turn.events


def say(interview: Interview, text: str) -> tuple[Interview, tuple[Event, ...]]:
    turn = advance(EVERYTHING, interview, Said(at=AT, text=text))
    return turn.interview, turn.events


def at(item: str, **changes: object) -> Interview:
    """The interview at this item, whatever led there."""
    begun, _ = press(fresh(**changes), "begin")
    return replace(begun, trail=(item,))


def given(events: tuple[Event, ...]) -> Answer:
    [answer] = [event.answer for event in events if isinstance(event, AnswerGiven)]
    return answer


def rejected(events: tuple[Event, ...]) -> str:
    [event] = events
    assert isinstance(event, AnswerRejected)
    return event.reason


# A statement


def test_a_statement_is_read_and_passed_and_leaves_no_answer() -> None:
    interview, events = press(at("hello"), "next")
    assert events == ()
    assert interview.answers == {}
    assert interview.current == "solved"


@pytest.mark.parametrize("action", ["skip", "keep", "done", "inapplicable"])
def test_a_statement_has_no_other_button(action: str) -> None:
    before = at("hello")
    assert press(before, action) == (before, (ButtonStale(),))


def test_words_are_no_answer_to_a_statement() -> None:
    assert rejected(say(at("hello"), "yes")[1]) == "buttons_only"


# One option


def test_one_option_is_chosen_by_one_tap() -> None:
    interview, events = press(at("solved"), "pick", option=1)
    assert given(events) == Answer("solved", choice=("partly",))
    assert interview.current == "reasons"
    assert interview.draft is None


@pytest.mark.parametrize("typed", ["Partly [ru]", "  partly [RU] "])
def test_one_option_is_chosen_by_its_label_in_the_language_of_the_card(typed: str) -> None:
    assert given(say(at("solved"), typed)[1]).choice == ("partly",)


def test_an_option_of_ones_own_is_put_into_words() -> None:
    waiting, events = press(at("solved"), "pick", option=3)
    assert events == ()
    assert waiting.draft == Answer("solved", choice=("other",))
    assert rejected(press(waiting, "done")[1]) == "words_wanted"
    interview, events = say(waiting, "Nobody knows")
    assert given(events) == Answer("solved", text="Nobody knows", choice=("other",))
    assert interview.current == "reasons"


def test_words_without_a_tap_are_an_option_of_ones_own() -> None:
    assert given(say(at("solved"), "Nobody knows")[1]) == Answer("solved", text="Nobody knows", choice=("other",))


@pytest.mark.parametrize("option", [4, 99, None])
def test_an_option_that_is_not_offered_is_not_taken(option: int | None) -> None:
    before = at("solved")
    assert press(before, "pick", option=option) == (before, (ButtonStale(),))


# Several options


def test_several_options_are_ticked_and_sent_together_in_the_order_of_the_question() -> None:
    interview, events = press(at("reasons"), "pick", option=2)
    assert events == ()
    interview, _ = press(interview, "pick", option=0)
    interview, events = press(interview, "done")
    assert given(events) == Answer("reasons", choice=("price", "people"))
    assert interview.current == "quality"


def test_a_second_tap_takes_the_tick_away() -> None:
    interview, _ = press(press(at("reasons"), "pick", option=2)[0], "pick", option=2)
    assert interview.draft == Answer("reasons")


def test_fewer_than_wanted_and_more_than_allowed_are_not_taken() -> None:
    interview, _ = press(at("reasons"), "pick", option=0)
    after, events = press(interview, "done")
    assert (after, events) == (interview, (AnswerRejected("too_few", {"limit": 2}),))
    for option in (1, 2):
        interview, _ = press(interview, "pick", option=option)
    after, events = press(interview, "pick", option=3)
    assert (after, events) == (interview, (AnswerRejected("too_many", {"limit": 3}),))


def test_none_of_these_stands_alone_and_goes_on_at_once() -> None:
    interview, _ = press(at("reasons"), "pick", option=1)
    interview, events = press(interview, "pick", option=5)
    assert given(events) == Answer("reasons", choice=("none",))
    assert interview.current == "people"


def test_words_of_ones_own_join_what_is_ticked() -> None:
    interview, _ = press(at("reasons"), "pick", option=1)
    interview, events = say(interview, "The weather")
    assert events == ()
    interview, events = press(interview, "done")
    assert given(events) == Answer("reasons", text="The weather", choice=("quality", "other"))


def test_taking_the_other_option_away_takes_its_words_away() -> None:
    interview, _ = say(press(at("reasons"), "pick", option=1)[0], "The weather")
    interview, _ = press(interview, "pick", option=4)
    assert interview.draft == Answer("reasons", choice=("quality",))


def test_what_was_answered_is_ticked_when_one_comes_back_to_change_it() -> None:
    said = Answer("reasons", choice=("price", "people"))
    interview, _ = press(at("reasons", answers={"reasons": said}), "pick", option=1)
    interview, events = press(interview, "done")
    assert given(events).choice == ("price", "quality", "people")


def test_ticks_that_were_not_sent_are_gone_with_the_card() -> None:
    interview, _ = press(at("reasons"), "pick", option=1)
    interview, events = press(interview, "skip")
    assert (interview.draft, interview.answers, events) == (None, {}, ())


def test_of_ticks_that_were_not_sent_words_of_ones_own_count_when_the_interview_ends() -> None:
    ticked, _ = press(at("reasons"), "pick", option=1)
    assert advance(EVERYTHING, ticked, TimeRanOut(at=AT)).interview.answers == {}
    interview, _ = say(ticked, "The weather")
    closed = advance(EVERYTHING, interview, TimeRanOut(at=AT)).interview
    assert closed.answers == {"reasons": Answer("reasons", text="The weather", choice=("quality", "other"))}


def test_words_of_ones_own_that_are_not_enough_or_come_after_an_answer_are_kept_beside_it() -> None:
    alone, _ = say(at("reasons"), "The weather")
    said = Answer("reasons", choice=("price", "people"))
    more, _ = say(at("reasons", answers={"reasons": said}), "The weather")
    beside = Answer("reasons.comment", text="The weather")
    assert advance(EVERYTHING, alone, TimeRanOut(at=AT)).interview.answers == {"reasons.comment": beside}
    closed = advance(EVERYTHING, more, TimeRanOut(at=AT)).interview
    assert closed.answers == {"reasons": said, "reasons.comment": beside}


def test_ticks_survive_a_switch_of_language() -> None:
    interview, _ = press(at("reasons"), "pick", option=1)
    turn = advance(EVERYTHING, interview, SwitchedLanguage(at=AT, language="en"))
    assert turn.interview.draft == interview.draft


# A number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        (" 500 ", "500"),
        ("1 2 0", "120"),
        ("１２", "12"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("012", "12"),
        ("ten", "10"),
        ("Двадцать пять", "25"),
        ("forty-two", "42"),
        ("дев’яносто", "90"),
        ("сто", "100"),
    ],
)
def test_a_whole_number_in_its_range_counts(typed: str, number: str) -> None:
    assert given(say(at("people"), typed)[1]) == Answer("people", choice=(number,))


@pytest.mark.parametrize("typed", ["501", "-6", "1.5", "1000", "", "1e2", "9" * 40])
def test_anything_else_is_met_with_the_range(typed: str) -> None:
    before = at("people")
    after, events = say(before, typed)
    assert (after, events) == (before, (AnswerRejected("not_a_number", {"low": -5, "high": 500}),))


# A date


@pytest.mark.parametrize(
    "typed",
    [
        *("2026-03-01", "1.3.2026", "01/03/2026", " 2026-3-1 "),
        *(
            "1 марта 2026",
            "01 мар 2026 г.",
            "1 березня 2026 року",
            "1 March 2026",
            "1st of March, 2026",
            "March 1, 2026",
        ),
    ],
)
def test_a_date_counts_however_it_is_written(typed: str) -> None:
    assert given(say(at("since"), typed)[1]) == Answer("since", choice=("2026-03-01",))


@pytest.mark.parametrize(
    "typed", ["2019-12-31", "2027-01-01", "2026-02-30", "03.2026", "1/13/2026", "", "1/1/26", "1 января 2019"]
)
def test_a_day_that_is_none_or_too_early_or_too_late_is_met_with_the_range(typed: str) -> None:
    values = {"low": "2020-01-01", "high": "2026-12-31"}
    assert say(at("since"), typed)[1] == (AnswerRejected("not_a_date", values),)


# Open text


@pytest.mark.parametrize(("typed", "reason"), [("", "empty"), ("slow", "too_short"), ("x" * 51, "too_long")])
def test_words_have_a_least_and_a_greatest_length(typed: str, reason: str) -> None:
    assert rejected(say(at("quality"), typed)[1]) == reason
    assert given(say(at("quality"), "slow!")[1]).text == "slow!"


# A scale of the vendor's own


def test_a_score_on_an_own_scale_is_kept_with_the_key_that_tells_the_scale() -> None:
    _, events = press(at("ease"), "score", score=4)
    assert events[0] == AnswerGiven(Answer("ease", score=4), "key_user", "ces_1_4", "usability", "product")


def test_a_score_beyond_an_own_scale_is_not_taken() -> None:
    assert press(at("ease"), "score", score=5)[1] == (ButtonStale(),)
    assert say(at("ease"), "5")[1] == (AnswerRejected("not_a_score", {"low": 1, "high": 4}),)


# Not applicable


@pytest.mark.parametrize("item", ["solved", "people", "ease"])
def test_that_one_cannot_judge_is_an_answer_on_no_scale(item: str) -> None:
    interview, events = press(at(item), "inapplicable")
    [answer] = [event for event in events if isinstance(event, AnswerGiven)]
    assert (answer.answer, answer.scale) == (Answer(item, choice=("not_applicable",)), None)
    assert item in interview.answers


@pytest.mark.parametrize("item", ["reasons", "since", "quality"])
def test_only_where_the_item_allows_it(item: str) -> None:
    assert press(at(item), "inapplicable")[1] == (ButtonStale(),)


def test_after_it_another_option_can_be_chosen() -> None:
    before = at("solved", answers={"solved": Answer("solved", choice=("not_applicable",))})
    assert given(press(before, "pick", option=0)[1]).choice == ("yes",)


# Consent and time


def test_what_was_agreed_to_is_kept_by_mode_and_language() -> None:
    digests = {
        press(fresh(mode=mode, language=language), "begin")[0].consent
        for mode in ("named", "confidential")
        for language in ("ru", "en", "uk")
    }
    assert len(digests) == 6
    assert consent_digest(EVERYTHING, fresh().mode, fresh().language) in digests


def test_an_interview_can_be_finished_in_the_days_its_questionnaire_gives_from_the_first_beginning() -> None:
    interview, _ = press(fresh(), "begin")
    assert interview.valid_until == AT + timedelta(days=7)
    again, _ = press(press(interview, "back")[0], "begin", at=AT + timedelta(days=1))
    assert again.valid_until == AT + timedelta(days=7)


def test_after_them_any_signal_ends_it() -> None:
    late = AT + timedelta(days=7)
    empty, _ = press(fresh(), "begin")
    assert press(empty, "next", at=late)[1] == (Closed(Disposition.BREAK_OFF),)
    answered, _ = press(press(empty, "next")[0], "pick", option=1)
    closed, events = press(answered, "skip", at=late)
    assert events == (Closed(Disposition.PARTIAL),)
    assert closed.answers == answered.answers


def test_a_refusal_is_a_refusal_at_any_time() -> None:
    interview, _ = press(fresh(), "begin")
    late = AT + timedelta(days=30)
    assert press(interview, "refuse", at=late)[1] == (Closed(Disposition.REFUSED),)
    assert advance(EVERYTHING, interview, Refused(at=late)).events == (Closed(Disposition.REFUSED),)


def test_who_never_agreed_was_not_reached() -> None:
    assert advance(EVERYTHING, fresh(), TimeRanOut(at=AT)).events == (Closed(Disposition.UNREACHED),)


# A change of language


def test_an_answer_to_what_only_speakers_of_another_language_are_asked_is_withdrawn() -> None:
    said = {"speakers": Answer("speakers", text="Так")}
    before = replace(at("speakers", language="uk"), trail=("people", "speakers"), answers=said)
    turn = advance(EVERYTHING, before, SwitchedLanguage(at=AT, language="en"))
    assert AnswerWithdrawn("speakers") in turn.events
    assert turn.interview.phase is Phase.CLOSED
    assert "speakers" not in turn.interview.trail


def test_a_language_the_questionnaire_does_not_speak_changes_nothing() -> None:
    before = at("solved")
    assert advance(EVERYTHING, before, SwitchedLanguage(at=AT, language="kk")).interview is before
