"""“Not now”: the interview asks when, and sleeps until then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.cards import show
from surveys.events import ButtonStale, Closed, Event, Postponed, Resumed
from surveys.flow import advance, at_first_question
from surveys.interview import Disposition, Interview, Phase
from surveys.later import Offer
from surveys.ports import Card, Circumstances, OpenInterview
from surveys.rules import Rules
from surveys.signals import Action, Edited, Pressed, Refused, Said, SwitchedLanguage, TimeRanOut, Woken
from tests.surveys.questionnaires import small

AT = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))
SMALL = small()
NONE = Offer(moments={}, until=AT + timedelta(hours=1))
OFFER = Offer(
    moments={
        "hour": AT + timedelta(hours=1),
        "morning": AT.replace(day=23, hour=9),
        "week": AT.replace(day=27, hour=9),
    },
    until=AT + timedelta(days=7),
)
FRESH = Interview(id="i", questionnaire="small", version=1, roles=("key_user",), language="en")
FIRST = at_first_question(SMALL, FRESH)
ABOUT = Circumstances(person_id=1, person="P", invitation_id=1, account_id=1, account="A", project_id=1, project="P")
RULES = Rules(vendor="Sample Vendor", language="ru", languages=("ru", "en", "uk"), weights={"key_user": 1.0})

beginnings = pytest.mark.parametrize("begun", [FRESH, FIRST], ids=["introduction", "first question"])


def press(interview: Interview, action: Action, offer: Offer | None = OFFER) -> tuple[Interview, Sequence[Event]]:
    turn = advance(SMALL, interview, Pressed(at=AT, turn=interview.turn, action=action, offer=offer))
    return turn.interview, turn.events


def asleep(begun: Interview, when: Action = "hour") -> Interview:
    return press(press(begun, "postpone")[0], when)[0]


def seen(interview: Interview) -> tuple[str, list[str]]:
    card = show(OpenInterview(interview=interview, about=ABOUT, card=Card(chat_id=1)), SMALL, RULES)
    return card.text, [str(button["text"]) for row in card.keyboard for button in row]


@beginnings
def test_not_now_asks_when_and_the_way_back_leads_to_where_it_was(begun: Interview) -> None:
    asked, events = press(begun, "postpone")
    assert events == ()
    assert seen(asked) == ("When shall I come back?", ["In an hour", "On Monday morning", "In a week", "Back"])
    back, _ = press(asked, "back")
    assert replace(back, turn=0) == begun


@beginnings
def test_once_a_time_is_chosen_one_line_promises_it_and_one_button_answers_now(begun: Interview) -> None:
    asked, _ = press(begun, "postpone")
    sleeping, events = press(asked, "morning")
    assert events == (Postponed(),)
    assert sleeping.wake_at == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    assert seen(sleeping) == ("All right, I will come back on Monday morning.", ["Answer now"])
    back, events = press(sleeping, "resume")
    assert events == (Resumed(),)
    assert replace(back, turn=0) == begun


def test_the_words_are_those_of_each_language() -> None:
    tomorrow = replace(OFFER, moments={"tomorrow": AT.replace(day=21, hour=9)})
    asked, _ = press(FRESH, "postpone", tomorrow)
    sleeping, _ = press(asked, "tomorrow", tomorrow)
    told = {language: seen(replace(sleeping, language=language)) for language in ("ru", "en", "uk")}
    assert told == {
        "ru": ("Хорошо, вернусь завтра утром.", ["Ответить сейчас"]),
        "en": ("All right, I will come back tomorrow morning.", ["Answer now"]),
        "uk": ("Гаразд, повернуся завтра вранці.", ["Відповісти зараз"]),
    }
    assert seen(replace(asked, language="uk"))[1] == ["Завтра вранці", "Назад"]


def test_where_no_time_fits_the_card_says_how_long_the_question_stays_open() -> None:
    sleeping, events = press(FIRST, "postpone", NONE)
    assert events == (Postponed(),)
    assert sleeping.wake_at is None
    assert seen(sleeping) == ("This question stays open until 20 November.", ["Answer now"])
    assert press(sleeping, "resume")[0].phase is Phase.ASKING


def test_nothing_is_offered_beyond_the_end_of_the_questionnaire() -> None:
    ending = replace(FRESH, valid_until=(AT + timedelta(days=1)).astimezone(UTC))
    asked, _ = press(ending, "postpone")
    assert seen(asked)[1] == ["In an hour", "Back"]


def test_a_time_that_no_longer_fits_is_not_promised_but_asked_anew() -> None:
    asked, _ = press(FRESH, "postpone")
    again, events = press(asked, "morning", replace(OFFER, moments={"week": OFFER.moments["week"]}))
    assert (again.phase, again.turn, events) == (Phase.POSTPONING, asked.turn + 1, ())
    assert seen(again)[1] == ["In a week", "Back"]


@beginnings
@pytest.mark.parametrize("signal", [Said(at=AT, text="9"), Woken(at=AT)])
def test_words_and_the_time_itself_bring_the_question_back_and_answer_nothing(
    begun: Interview, signal: Said | Woken
) -> None:
    for interview in (asleep(begun), press(begun, "postpone")[0]):
        turn = advance(SMALL, interview, signal)
        assert turn.events == (Resumed(),)
        assert replace(turn.interview, turn=0) == begun


def test_what_was_not_put_off_need_not_be_woken() -> None:
    assert advance(SMALL, FIRST, Woken(at=AT)).interview is FIRST


def test_a_second_tap_on_the_chosen_time_changes_nothing() -> None:
    asked, _ = press(FRESH, "postpone")
    sleeping, _ = press(asked, "hour")
    again = advance(SMALL, sleeping, Pressed(at=AT, turn=asked.turn, action="hour", offer=OFFER))
    assert (again.interview, again.events) == (sleeping, (ButtonStale(),))


def test_no_other_button_works_on_the_two_cards() -> None:
    for action in ("begin", "score", "skip", "redirect", "postpone", "resume"):
        assert press(press(FIRST, "postpone")[0], action)[1] == (ButtonStale(),)
    for action in ("begin", "score", "skip", "redirect", "postpone", "hour", "back"):
        assert press(asleep(FIRST), action)[1] == (ButtonStale(),)


def test_without_the_calendar_nothing_is_put_off() -> None:
    assert press(FIRST, "postpone", None) == (FIRST, (ButtonStale(),))


def test_in_the_middle_it_is_put_off_as_well_and_goes_on_at_the_same_question() -> None:
    begun, _ = press(FRESH, "begin")
    asleep_there, events = press(press(begun, "postpone")[0], "hour")
    assert (asleep_there.wake_at, events) == (OFFER.moments["hour"], (Postponed(),))
    woken = advance(SMALL, asleep_there, Woken(at=AT)).interview
    assert (woken.current, woken.answers, woken.consented_at) == (begun.current, begun.answers, begun.consented_at)


def test_what_was_begun_on_the_card_is_there_again_and_counts_if_nobody_comes_back() -> None:
    offered = advance(SMALL, FIRST, Said(at=AT, text="too slow", message_id=11)).interview
    sleeping = asleep(offered)
    assert replace(advance(SMALL, sleeping, Woken(at=AT)).interview, turn=0) == replace(offered, turn=0)
    reworded = advance(SMALL, sleeping, Edited(at=AT, text="much too slow", message_id=11)).interview
    assert (reworded.phase, reworded.comment and reworded.comment.text) == (Phase.ASLEEP, "much too slow")
    closed = advance(SMALL, reworded, TimeRanOut(at=AT)).interview
    assert [said.text for said in closed.answers.values()] == ["much too slow"]


def test_what_was_sent_and_is_being_changed_cannot_be_put_off() -> None:
    begun, _ = press(FRESH, "begin")
    sent = replace(begun, changing=begun.current, disposition=Disposition.COMPLETE)
    assert press(sent, "postpone")[1] == (ButtonStale(),)


def test_the_language_can_be_switched_in_between() -> None:
    switched = advance(SMALL, asleep(FIRST), SwitchedLanguage(at=AT, language="uk")).interview
    assert seen(switched) == ("Гаразд, повернуся через годину.", ["Відповісти зараз"])


@pytest.mark.parametrize(
    ("end", "disposition"), [(Refused(at=AT), Disposition.REFUSED), (TimeRanOut(at=AT), Disposition.UNREACHED)]
)
def test_what_sleeps_can_end(end: Refused | TimeRanOut, disposition: Disposition) -> None:
    turn = advance(SMALL, asleep(FIRST), end)
    assert turn.events == (Closed(disposition),)
    assert (turn.interview.offer, turn.interview.wake_at) == (None, None)
