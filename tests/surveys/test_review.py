"""The answers once more: before they are sent, and while they may be changed after that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from surveys.events import (
    Amended,
    AmendingOver,
    AnswerGiven,
    AnswerRejected,
    AnswerWithdrawn,
    ButtonStale,
    Closed,
    Event,
    Reopened,
)
from surveys.flow import advance
from surveys.interview import Answer, Disposition, Interview, Phase
from surveys.questionnaire import Questionnaire
from surveys.signals import Action, ChangedMind, Pressed, Refused, Said, Signal, SwitchedLanguage, TimeRanOut
from tests.surveys.questionnaires import small

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
REVIEWED = replace(small(), review=True, amend=24)
PULSE = replace(small(), kind="pulse", amend=24)
RECOMMEND, WHY, USABILITY, REMARK = 0, 1, 2, 5


class Talk:
    """One person with one questionnaire."""

    def __init__(self, questionnaire: Questionnaire = REVIEWED) -> None:
        self.questionnaire = questionnaire
        self.interview = Interview(
            id="i", questionnaire="small", version=1, roles=("key_user",), language="ru", valid_until=AT + timedelta(9)
        )
        self.events: Sequence[Event] = ()
        self.told: list[Event] = []

    def hear(self, signal: Signal) -> Sequence[Event]:
        turn = advance(self.questionnaire, self.interview, signal)
        self.interview, self.events = turn.interview, turn.events
        self.told += turn.events
        return turn.events

    def press(self, action: Action, number: int | None = None, *, hours: float = 0) -> Sequence[Event]:
        score, option = (number, None) if action == "score" else (None, number)
        turn = self.interview.turn
        at = AT + timedelta(hours=hours)
        return self.hear(Pressed(at=at, turn=turn, action=action, score=score, option=option))

    def say(self, text: str) -> Sequence[Event]:
        return self.hear(Said(at=AT, text=text))

    def answered(self) -> "Talk":
        """Eight, four, no remark: nothing is asked why."""
        self.press("begin")
        self.press("score", 8)
        self.press("score", 4)
        self.press("skip")
        return self

    def sent(self) -> "Talk":
        self.answered()
        if self.interview.phase is Phase.REVIEW:
            self.press("send")
        return self

    @property
    def standing(self) -> dict[str, int | str | None]:
        return {
            key: given.text if given.score is None else given.score for key, given in self.interview.answers.items()
        }


def test_after_the_last_question_the_answers_are_shown_and_count_already() -> None:
    talk = Talk().answered()
    assert talk.interview.phase is Phase.REVIEW
    assert talk.interview.current is None
    assert talk.standing == {"recommend": 8, "usability": 4}
    assert talk.press("send") == (Closed(Disposition.COMPLETE),)


def test_a_questionnaire_without_a_review_ends_with_its_last_question() -> None:
    assert Talk(PULSE).answered().interview.disposition is Disposition.COMPLETE


def test_one_answer_is_changed_and_the_review_is_back() -> None:
    talk = Talk().answered()
    talk.press("change", USABILITY)
    assert talk.interview.current == "usability"
    talk.press("score", 5)
    assert talk.interview.phase is Phase.REVIEW
    assert talk.standing == {"recommend": 8, "usability": 5}


def test_a_change_that_brings_a_new_question_asks_it_before_the_review_comes_back() -> None:
    talk = Talk().answered()
    talk.press("change", RECOMMEND)
    talk.press("score", 2)
    assert talk.interview.current == "recommend_why"
    talk.say("too slow")
    assert talk.interview.phase is Phase.REVIEW
    assert talk.standing == {"recommend": 2, "recommend_why": "too slow", "usability": 4}


def test_a_why_in_other_words_is_asked_anew_even_if_it_was_skipped() -> None:
    talk = Talk()
    talk.press("begin")
    talk.press("score", 2)
    for action in ("skip", "skip", "skip"):
        talk.press(action)
    assert talk.interview.phase is Phase.REVIEW
    talk.press("change", RECOMMEND)
    talk.press("score", 10)
    assert talk.interview.current == "recommend_why"
    talk.press("skip")
    assert talk.interview.phase is Phase.REVIEW


def test_a_score_of_the_same_band_leaves_the_reason_as_it_is() -> None:
    talk = Talk()
    talk.press("begin")
    talk.press("score", 2)
    talk.say("slow")
    talk.press("skip")
    talk.press("skip")
    talk.press("change", RECOMMEND)
    assert talk.press("score", 3) == (AnswerGiven(Answer("recommend", score=3), "key_user", "nps"),)
    assert talk.interview.phase is Phase.REVIEW
    assert talk.standing == {"recommend": 3, "recommend_why": "slow"}


def test_a_change_that_takes_a_question_off_the_route_takes_its_answer_back() -> None:
    talk = Talk()
    talk.press("begin")
    talk.press("score", 2)
    talk.say("slow")
    talk.press("skip")
    talk.press("skip")
    talk.press("change", RECOMMEND)
    assert AnswerWithdrawn("recommend_why") in talk.press("score", 8)
    assert talk.interview.phase is Phase.REVIEW


def test_back_from_a_question_that_is_changed_leads_to_the_review_and_from_there_to_the_last_question() -> None:
    talk = Talk().answered()
    talk.press("change", RECOMMEND)
    talk.press("back")
    assert talk.interview.phase is Phase.REVIEW
    for seen in ("remark", "usability", "recommend"):
        talk.press("back")
        assert talk.interview.current == seen
    talk.press("back")
    assert talk.interview.phase is Phase.INTRODUCTION
    for action in ("begin", "keep", "keep", "skip"):
        talk.press(action)
    assert talk.interview.phase is Phase.REVIEW
    assert talk.standing == {"recommend": 8, "usability": 4}


@pytest.mark.parametrize("number", [None, WHY, 4, 99])
def test_only_what_is_listed_can_be_changed(number: int | None) -> None:
    assert Talk().answered().press("change", number) == (ButtonStale(),)


def test_words_in_the_review_are_no_answer() -> None:
    assert Talk().answered().say("8") == (AnswerRejected("buttons_only"),)


def test_whoever_answered_everything_need_not_send_it() -> None:
    talk = Talk().answered()
    assert talk.hear(TimeRanOut(at=AT)) == (Closed(Disposition.COMPLETE),)
    assert talk.interview.amend_until == AT + timedelta(hours=24)


def test_whoever_leaves_while_changing_an_answer_has_answered_everything_too() -> None:
    talk = Talk().answered()
    talk.press("change", USABILITY)
    assert talk.hear(TimeRanOut(at=AT)) == (Closed(Disposition.COMPLETE),)


def test_whoever_leaves_before_the_review_is_partial() -> None:
    talk = Talk()
    talk.press("begin")
    talk.press("score", 8)
    talk.press("score", 4)
    assert talk.hear(TimeRanOut(at=AT)) == (Closed(Disposition.PARTIAL),)


def test_whoever_skipped_everything_and_left_broke_off() -> None:
    talk = Talk()
    for action in ("begin", "skip", "skip", "skip"):
        talk.press(action)
    assert talk.hear(TimeRanOut(at=AT)) == (Closed(Disposition.BREAK_OFF),)


@pytest.mark.parametrize("questionnaire", [REVIEWED, PULSE])
def test_what_was_sent_is_changed_within_a_day_and_stays_sent_when_it_was_sent(questionnaire: Questionnaire) -> None:
    talk = Talk(questionnaire).sent()
    assert talk.press("amend", hours=23.9) == (Reopened(),)
    assert (talk.interview.phase, talk.interview.amending) == (Phase.REVIEW, True)
    talk.press("change", RECOMMEND, hours=25)
    talk.press("score", 7, hours=25)
    assert talk.press("send", hours=26) == (Amended(),)
    assert talk.standing == {"recommend": 7, "usability": 4}
    assert (talk.interview.disposition, talk.interview.closed_at) == (Disposition.COMPLETE, AT)
    assert [event for event in talk.told if isinstance(event, Closed)] == [Closed(Disposition.COMPLETE)]


def test_it_may_be_changed_again_but_whoever_changed_nothing_is_not_asked_once_more() -> None:
    talk = Talk().sent()
    talk.press("amend")
    talk.press("change", RECOMMEND)
    talk.press("score", 7)
    talk.press("send")
    assert talk.press("amend") == (Reopened(),)
    talk.press("send")
    assert talk.interview.amend_until is None
    assert talk.press("amend") == (ButtonStale(),)


def test_after_a_day_the_button_says_so_once_and_is_gone() -> None:
    talk = Talk().sent()
    assert talk.press("amend", hours=24) == (AmendingOver(),)
    assert talk.interview.phase is Phase.CLOSED
    assert talk.interview.amend_until is None
    assert talk.press("amend", hours=1) == (ButtonStale(),)


def test_where_nothing_may_be_changed_there_is_no_way_to() -> None:
    talk = Talk(replace(REVIEWED, amend=0)).sent()
    assert talk.interview.amend_until is None
    assert talk.press("amend") == (ButtonStale(),)


@pytest.mark.parametrize("end", [TimeRanOut(at=AT + timedelta(days=30)), Refused(at=AT)])
def test_whoever_leaves_in_the_middle_of_a_change_loses_nothing(end: Signal) -> None:
    talk = Talk().sent()
    talk.press("amend")
    talk.press("change", RECOMMEND)
    talk.press("score", 3)
    assert talk.interview.current == "recommend_why"
    assert talk.hear(end) == (Amended(),)
    assert talk.standing == {"recommend": 3, "usability": 4}
    assert (talk.interview.disposition, talk.interview.closed_at) == (Disposition.COMPLETE, AT)
    assert talk.interview.amend_until is not None


def test_a_change_goes_on_past_the_time_in_which_it_could_have_been_begun() -> None:
    talk = Talk().sent()
    talk.press("amend")
    talk.press("change", RECOMMEND, hours=500)
    talk.press("score", 7, hours=500)
    assert talk.interview.phase is Phase.REVIEW


def test_there_is_no_way_back_from_what_was_sent_to_the_introduction() -> None:
    talk = Talk().sent()
    talk.press("amend")
    assert talk.press("back") == (ButtonStale(),)


def test_what_is_complete_cannot_be_taken_back() -> None:
    talk = Talk().sent()
    assert talk.hear(ChangedMind(at=AT)) == (ButtonStale(),)


def test_another_language_in_the_review_shows_it_again() -> None:
    talk = Talk().answered()
    talk.hear(SwitchedLanguage(at=AT, language="uk"))
    assert (talk.interview.phase, talk.interview.language) == (Phase.REVIEW, "uk")
    assert talk.press("send") == (Closed(Disposition.COMPLETE),)
