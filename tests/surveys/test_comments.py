"""Words where a button is expected, numbers in words, and messages whose words are changed later."""

from datetime import timedelta

import pytest

from surveys.attachments import Attachment
from surveys.consent import consent_digest
from surveys.events import Amended, AnswerGiven, AnswerRejected, AnswerWithdrawn, Closed, EditedTooLate
from surveys.flow import at_first_question
from surveys.interview import Disposition, Phase
from surveys.questionnaire import Questionnaire
from surveys.signals import Action, Edited, Refused, Said, Signal, TimeRanOut
from tests.surveys.test_review import AT, PULSE, REVIEWED, USABILITY, Talk


def say(talk: Talk, text: str, message_id: int) -> None:
    talk.hear(Said(at=AT, text=text, message_id=message_id))


def edit(talk: Talk, text: str, message_id: int, *, hours: float = 0) -> None:
    talk.hear(Edited(at=AT + timedelta(hours=hours), text=text, message_id=message_id))


def asked(questionnaire: Questionnaire = PULSE) -> Talk:
    talk = Talk(questionnaire)
    talk.press("begin")
    return talk


@pytest.mark.parametrize(
    ("typed", "score"),
    [
        ("девять", 9),
        ("Nine!", 9),
        ("дев'ять", 9),
        ("дев’ять", 9),
        ("дев\u02bcять", 9),
        ("9 из 10", 9),
        ("девять из десяти", 9),
        ("9 of 10", 9),
        ("9 out of 10", 9),
        ("9 з 10", 9),
        ("9/10", 9),
        ("9.", 9),
        ("на 9", 9),
        ("ноль", 0),
        ("десять", 10),
    ],
)
def test_a_number_counts_however_it_is_written(typed: str, score: int) -> None:
    talk = asked()
    talk.say(typed)
    assert talk.standing == {"recommend": score}


@pytest.mark.parametrize("typed", ["11", "4 из 5", "12/10", "-1", "9-10", "7.5"])
def test_a_number_that_does_not_fit_is_refused_and_not_offered_as_a_comment(typed: str) -> None:
    talk = asked()
    talk.say(typed)
    assert talk.events == (AnswerRejected("not_a_score", {"low": 0, "high": 10}),)
    assert talk.interview.comment is None


def test_words_beside_a_score_are_offered_and_the_question_stands() -> None:
    talk = asked()
    talk.say("so-so")
    talk.say("mostly the screens")
    assert talk.interview.current == "recommend"
    assert talk.interview.comment is not None
    assert talk.interview.comment.text == "so-so\nmostly the screens"
    assert talk.interview.answers == {}


def test_kept_words_are_the_reason_for_the_score_that_comes_after_them() -> None:
    talk = asked()
    talk.say("too slow")
    talk.press("comment")
    assert talk.interview.current == "recommend"
    assert talk.standing == {"recommend_why": "too slow"}
    talk.press("score", 3)
    assert talk.interview.current == "recommend_why"
    talk.press("keep")
    assert talk.standing == {"recommend_why": "too slow", "recommend": 3}


def test_words_kept_with_a_score_that_is_asked_no_reason_stand_beside_it() -> None:
    talk = asked()
    talk.say("fine on the whole")
    talk.press("comment")
    talk.press("score", 8)
    assert talk.interview.current == "usability"
    assert talk.standing == {"recommend_why": "fine on the whole", "recommend": 8}


def test_a_reason_for_one_score_is_none_for_quite_another() -> None:
    talk = asked()
    talk.press("score", 3)
    talk.say("too slow")
    talk.press("back")
    talk.press("back")
    talk.press("score", 9)
    assert AnswerWithdrawn("recommend_why") in talk.events


def test_words_that_were_not_kept_are_offered_as_the_reason() -> None:
    talk = asked()
    talk.say("too slow")
    talk.press("score", 3)
    assert talk.interview.current == "recommend_why"
    talk.press("comment")
    assert talk.interview.current == "usability"
    assert talk.standing == {"recommend": 3, "recommend_why": "too slow"}


def test_words_are_kept_with_a_score_that_is_pressed_below_the_offer() -> None:
    talk = asked()
    talk.say("fine on the whole")
    talk.press("score", 8)
    assert talk.interview.current == "usability"
    assert talk.standing == {"recommend_why": "fine on the whole", "recommend": 8}
    assert talk.interview.comment is None


@pytest.mark.parametrize("away", ["skip", "back"])
def test_words_beside_a_question_that_is_left_without_an_answer_stay_with_it(away: Action) -> None:
    talk = asked()
    talk.say("how am I to know?")
    talk.press(away)
    assert talk.standing == {"recommend_why": "how am I to know?"}
    assert talk.interview.comment is None


@pytest.mark.parametrize(
    ("end", "disposition"),
    [
        (TimeRanOut(at=AT), Disposition.PARTIAL),
        (Refused(at=AT), Disposition.BREAK_OFF),
        (Said(at=AT + timedelta(days=30), text="and dear"), Disposition.PARTIAL),
    ],
    ids=["nobody went on", "asked no more", "too late"],
)
def test_words_on_offer_are_kept_when_the_interview_ends(end: Signal, disposition: Disposition) -> None:
    talk = asked()
    talk.say("too slow")
    talk.hear(end)
    assert isinstance(talk.events[0], AnswerGiven)
    assert talk.events[-1] == Closed(disposition)
    assert talk.standing == {"recommend_why": "too slow"}
    assert talk.interview.comment is None


def test_words_on_offer_as_the_reason_are_the_reason_when_the_interview_ends() -> None:
    talk = asked()
    talk.say("too slow")
    talk.press("score", 3)
    assert talk.hear(TimeRanOut(at=AT))[-1] == Closed(Disposition.PARTIAL)
    assert talk.standing == {"recommend": 3, "recommend_why": "too slow"}


def test_words_under_the_first_question_are_an_answer_to_it_and_so_agree_to_what_it_says() -> None:
    talk = Talk(PULSE)
    talk.interview = at_first_question(PULSE, talk.interview)
    talk.say("too slow")
    talk.hear(TimeRanOut(at=AT))
    assert talk.standing == {"recommend_why": "too slow"}
    assert talk.interview.consented_at == AT
    assert talk.interview.consent == consent_digest(PULSE, "named", "ru")


def test_whoever_agreed_to_nothing_and_asks_not_to_be_asked_has_said_nothing() -> None:
    talk = Talk(PULSE)
    talk.interview = at_first_question(PULSE, talk.interview)
    talk.say("leave me alone")
    assert talk.hear(Refused(at=AT)) == (Closed(Disposition.REFUSED),)
    assert (talk.standing, talk.interview.consented_at) == ({}, None)


@pytest.mark.parametrize("end", [TimeRanOut(at=AT), Refused(at=AT)])
def test_declined_words_stay_declined_when_the_interview_ends(end: Signal) -> None:
    talk = asked()
    talk.say("oh, never mind")
    talk.press("discard")
    assert talk.hear(end) == (Closed(talk.interview.disposition),)
    assert talk.standing == {}


def test_words_on_offer_are_kept_beside_what_was_sent_before() -> None:
    talk = Talk().sent()
    talk.press("amend")
    talk.press("change", USABILITY)
    talk.say("but for the menus")
    assert talk.hear(TimeRanOut(at=AT))[-1] == Amended()
    assert talk.interview.disposition is Disposition.COMPLETE
    assert talk.standing == {"recommend": 8, "usability": 4, "usability_why": "but for the menus"}


def test_a_number_that_is_written_after_words_is_said_instead_of_them() -> None:
    talk = asked()
    talk.say("eigth")
    talk.say("8")
    assert talk.standing == {"recommend": 8}
    assert talk.interview.comment is None


def test_words_that_were_offered_as_the_reason_stay_with_those_that_are_given_as_it() -> None:
    talk = asked()
    talk.say("too slow")
    talk.press("score", 3)
    talk.say("and too dear")
    assert sorted(str(talk.standing["recommend_why"]).split("\n")) == ["and too dear", "too slow"]


def test_declined_words_are_forgotten() -> None:
    talk = asked()
    talk.say("oh, never mind")
    talk.press("discard")
    assert talk.interview.comment is None
    talk.press("score", 3)
    assert talk.standing == {"recommend": 3}
    assert talk.interview.comment is None


def test_more_words_follow_those_kept_before() -> None:
    talk = asked()
    for words in ("too slow", "and too dear"):
        talk.say(words)
        talk.press("comment")
    assert talk.standing == {"recommend_why": "too slow\nand too dear"}


def test_too_many_words_are_not_offered() -> None:
    talk = asked()
    talk.say("x" * 4000)
    talk.say("y" * 4000)
    [event] = talk.events
    assert isinstance(event, AnswerRejected)
    assert event.reason == "too_long"


def test_an_edited_message_changes_the_answer_it_gave_even_if_others_came_after_it() -> None:
    talk = asked()
    talk.press("score", 3)
    say(talk, "too slw", 11)
    talk.press("score", 5)
    edit(talk, "too slow", 11)
    assert isinstance(talk.events[0], AnswerGiven)
    assert talk.standing["recommend_why"] == "too slow"
    assert talk.interview.current == "remark"


def test_of_several_messages_the_edited_one_alone_changes() -> None:
    talk = asked()
    talk.press("score", 3)
    talk.hear(Said(at=AT, text="one", attachments=(Attachment("photo", "f", "u"),), message_id=11))
    say(talk, "two", 12)
    talk.press("back")
    edit(talk, "three\nlines", 11)
    assert talk.standing["recommend_why"] == "three\nlines\ntwo"
    edit(talk, "four", 12)
    assert talk.standing["recommend_why"] == "three\nlines\nfour"
    edit(talk, "", 11)
    assert talk.standing["recommend_why"] == "four"
    assert len(talk.interview.answers["recommend_why"].attachments) == 1


def test_an_edited_number_changes_the_score_while_the_interview_is_open() -> None:
    talk = asked()
    say(talk, "3", 11)
    edit(talk, "8", 11)
    assert talk.standing == {"recommend": 8}
    assert talk.interview.current == "usability"


def test_an_offered_comment_may_be_edited_into_a_score() -> None:
    talk = asked()
    say(talk, "девят", 11)
    assert talk.interview.comment is not None
    edit(talk, "девять", 11)
    assert talk.standing == {"recommend": 9}


def test_what_changes_nothing_or_answered_nothing_is_passed_over() -> None:
    talk = asked()
    talk.press("score", 3)
    say(talk, "too slow", 11)
    before = talk.interview
    edit(talk, " too slow ", 11)
    edit(talk, "anything", 12)
    assert talk.interview is before
    assert talk.events == ()


def test_after_sending_words_may_be_edited_as_long_as_answers_may_be_changed() -> None:
    talk = asked(REVIEWED)
    talk.press("score", 3)
    say(talk, "too slow", 11)
    talk.press("score", 5)
    talk.press("skip")
    talk.press("send")
    edit(talk, "too dear", 11, hours=23)
    assert talk.standing["recommend_why"] == "too dear"
    assert (talk.interview.phase, talk.interview.disposition) == (Phase.CLOSED, Disposition.COMPLETE)
    edit(talk, "too late", 11, hours=25)
    assert talk.events == (EditedTooLate(),)
    edit(talk, "much too late", 11, hours=26)
    assert talk.events == ()
    assert talk.standing["recommend_why"] == "too dear"


def test_after_sending_a_score_is_changed_by_its_button() -> None:
    talk = asked()
    say(talk, "8", 11)
    talk.press("score", 5)
    talk.press("skip")
    edit(talk, "2", 11)
    assert talk.events == (AnswerRejected("change_by_button"),)
    assert talk.standing["recommend"] == 8
