"""Files where an open text is asked: they are the answer, or belong to it; more of them and words may follow."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from surveys.attachments import AT_MOST, Attachment
from surveys.events import AnswerGiven, AnswerRejected, AnswerWithdrawn, Turn
from surveys.flow import advance
from surveys.interview import Answer, Interview, Phase
from surveys.signals import Action, Pressed, Said, SwitchedLanguage
from tests.surveys.questionnaires import everything, small

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
VOICE = Attachment("voice", "f1", "u1", mime="audio/ogg", size=9)
PHOTO, OTHER_PHOTO = Attachment("photo", "f2", "u2"), Attachment("photo", "f3", "u3")


def at(item: str, **changes: object) -> Interview:
    """An interview that asks this item of "everything", or of "small"."""
    key = "small" if item in {"recommend", "recommend_why", "remark"} else "everything"
    interview = Interview(
        id="i", questionnaire=key, version=1, roles=("key_user",), language="en", phase=Phase.ASKING, consented_at=AT
    )
    return replace(interview, **{"trail": (item,), **changes})


def say(interview: Interview, words: str = "", *files: Attachment) -> Turn:
    return advance(QUESTIONNAIRES[interview.questionnaire], interview, Said(at=AT, text=words, attachments=files))


def press(interview: Interview, action: Action, **more: int) -> Turn:
    pressed = Pressed(at=AT, turn=interview.turn, action=action, **more)
    return advance(QUESTIONNAIRES[interview.questionnaire], interview, pressed)


QUESTIONNAIRES = {"small": small(), "everything": everything()}


def test_a_voice_message_alone_is_an_answer_and_the_question_stays() -> None:
    turn = say(at("remark"), "", VOICE)
    answer = Answer("remark", attachments=(VOICE,))
    assert turn.interview.answers == {"remark": answer}
    assert turn.interview.current == "remark"
    assert [event.answer for event in turn.events if isinstance(event, AnswerGiven)] == [answer]


def test_an_album_and_the_words_that_follow_are_one_answer() -> None:
    interview = say(at("remark"), "Look", PHOTO).interview
    interview = say(interview, "", OTHER_PHOTO).interview
    turn = say(interview, "at both")
    assert turn.interview.answers["remark"] == Answer("remark", text="Look\nat both", attachments=(PHOTO, OTHER_PHOTO))
    assert turn.interview.phase is Phase.CLOSED


def test_the_way_on_after_a_file_is_to_keep_it() -> None:
    kept = press(say(at("remark"), "", VOICE).interview, "keep")
    assert kept.interview.phase is Phase.CLOSED
    assert kept.interview.answers["remark"].attachments == (VOICE,)


def test_words_of_somebody_who_came_back_replace_the_words_and_leave_the_files() -> None:
    standing = Answer("remark", text="Slow", attachments=(PHOTO,))
    turn = say(at("remark", answers={"remark": standing}), "Slow on Mondays")
    assert turn.interview.answers["remark"] == replace(standing, text="Slow on Mondays")


def test_the_same_file_again_is_no_other_answer() -> None:
    interview = say(at("remark"), "", VOICE).interview
    again = say(interview, "", replace(VOICE, file_id="f9"))
    assert again.events == ()
    assert again.interview.answers["remark"].attachments == (VOICE,)


def test_files_of_the_option_in_words_stand_for_the_words() -> None:
    interview = say(at("solved"), "", PHOTO).interview
    assert interview.answers["solved"] == Answer("solved", choice=("other",), attachments=(PHOTO,))
    assert interview.current == "solved"
    then = say(interview, "Almost").interview
    assert then.answers["solved"] == Answer("solved", text="Almost", choice=("other",), attachments=(PHOTO,))


def test_among_several_options_files_are_a_tick_until_it_is_done() -> None:
    interview = press(at("reasons"), "pick", option=0).interview
    ticked = say(interview, "", VOICE).interview
    assert ticked.answers == {}
    done = press(ticked, "done").interview
    assert done.answers["reasons"] == Answer("reasons", choice=("price", "other"), attachments=(VOICE,))


def test_another_option_instead_of_the_one_in_words_leaves_no_file_behind() -> None:
    interview = say(at("solved"), "", PHOTO).interview
    assert press(interview, "pick", option=1).interview.answers["solved"] == Answer("solved", choice=("partly",))


@pytest.mark.parametrize("item", ["ease", "people", "since", "recommend"])
def test_elsewhere_a_file_is_no_answer(item: str) -> None:
    turn = say(at(item), "", VOICE)
    assert turn.events == (AnswerRejected("files_unwanted"),)
    assert turn.interview.answers == {}


def test_a_file_where_there_is_only_something_to_read_leads_to_the_button() -> None:
    assert say(at("hello"), "", VOICE).events == (AnswerRejected("buttons_only"),)


def test_elsewhere_the_words_of_a_file_count() -> None:
    assert say(at("recommend"), "9", PHOTO).interview.answers["recommend"].score == 9


def test_short_words_are_enough_beside_a_file_and_long_ones_too_long() -> None:
    quality = at("quality", answers={"reasons": Answer("reasons", choice=("quality", "people"))})
    assert say(quality, "so", PHOTO).interview.answers["quality"].text == "so"
    [rejected] = say(quality, "x" * 51, PHOTO).events
    assert isinstance(rejected, AnswerRejected)
    assert rejected.reason == "too_long"


def test_an_answer_holds_so_many_files_and_no_more() -> None:
    files = [Attachment("photo", f"f{number}", f"u{number}") for number in range(AT_MOST + 1)]
    interview = say(at("remark"), "", *files[:-1]).interview
    turn = say(interview, "", files[-1])
    assert turn.events == (AnswerRejected("too_many_files", {"limit": AT_MOST}),)
    assert turn.interview is interview


def test_files_are_withdrawn_with_their_answer() -> None:
    why = say(at("recommend_why", trail=("recommend", "recommend_why"), answers=NINE), "", VOICE).interview
    back = press(why, "back").interview
    turn = press(back, "score", score=2)
    assert AnswerWithdrawn("recommend_why") in turn.events
    assert turn.interview.answers == {"recommend": Answer("recommend", score=2)}


NINE = {"recommend": Answer("recommend", score=9)}


def test_a_first_question_without_an_introduction_is_agreed_to_by_a_file() -> None:
    turn = say(at("remark", consented_at=None), "", VOICE)
    assert turn.interview.consented_at == AT


def test_the_language_may_change_between_a_file_and_its_words() -> None:
    interview = say(at("remark"), "", VOICE).interview
    spoken = advance(QUESTIONNAIRES["small"], interview, SwitchedLanguage(at=AT, language="uk")).interview
    assert say(spoken, "і слова").interview.answers["remark"].attachments == (VOICE,)
