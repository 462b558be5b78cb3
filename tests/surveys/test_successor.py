from dataclasses import replace
from datetime import UTC, datetime

import pytest

from surveys.directory import Account, Person, Project, Stakeholder
from surveys.events import AnswerRejected, ButtonStale, Redirected, Turn
from surveys.flow import advance, at_first_question
from surveys.interview import Interview, Phase
from surveys.signals import Action, ChangedMind, Pressed, Said, SwitchedLanguage
from surveys.successors import alike
from tests.surveys.questionnaires import small

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SMALL = small()
FRESH = Interview(id="i", questionnaire="small", version=1, roles=("key_user",), language="en")


def press(interview: Interview, action: Action) -> Turn:
    return advance(SMALL, interview, Pressed(at=AT, turn=interview.turn, action=action))


NAMING = press(FRESH, "redirect").interview


def test_a_name_closes_the_interview_on_one_line_without_what_no_database_holds() -> None:
    turn = advance(SMALL, NAMING, Said(at=AT, text=" Vera\x00 Sample,\n head of IT\ud800 "))
    assert turn.events[0] == Redirected("Vera Sample, head of IT")
    assert turn.interview.phase is Phase.CLOSED


def test_no_words_and_too_many_are_no_name() -> None:
    assert advance(SMALL, NAMING, Said(at=AT, text=" \n")).events == (AnswerRejected("name_wanted"),)
    [rejected] = advance(SMALL, NAMING, Said(at=AT, text="x" * 201)).events
    assert rejected == AnswerRejected("too_long", {"length": 201, "limit": 200})


@pytest.mark.parametrize("begun", [FRESH, at_first_question(SMALL, FRESH)])
def test_back_leads_where_one_was(begun: Interview) -> None:
    asked = press(begun, "redirect").interview
    back = press(asked, "back").interview
    assert replace(back, turn=0) == begun


def test_whoever_has_agreed_is_the_right_person() -> None:
    asked = press(FRESH, "begin").interview
    assert press(asked, "redirect").events == (ButtonStale(),)
    assert press(press(asked, "back").interview, "redirect").events == (ButtonStale(),)


def test_no_other_button_works_while_a_name_is_asked_for() -> None:
    for action in ("begin", "score", "skip", "keep", "postpone", "redirect"):
        assert press(NAMING, action).events == (ButtonStale(),)


def test_the_language_can_be_switched_while_a_name_is_asked_for() -> None:
    switched = advance(SMALL, NAMING, SwitchedLanguage(at=AT, language="uk")).interview
    assert (switched.phase, switched.language) == (Phase.NAMING, "uk")


def test_whoever_comes_back_is_the_right_person_after_all() -> None:
    closed = press(NAMING, "unnamed").interview
    assert closed.cause == "wrong_person"
    back = advance(SMALL, closed, ChangedMind(at=AT)).interview
    assert (back.phase, back.cause, back.disposition) == (Phase.INTRODUCTION, None, None)


def holder(person_id: int, name: str) -> Stakeholder:
    return Stakeholder(
        person=Person(id=person_id, external_id=f"p{person_id}", name=name),
        project=Project(id=1, account_id=1, name="Sample project"),
        account=Account(id=1, name="Sample"),
        roles=("key_user",),
    )


COLLEAGUES = [holder(1, "Вера Образцова"), holder(2, "Семён Примеров"), holder(3, "Вера Примерова"), holder(4, "Ян")]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("вера образцова, директор по ИТ", [1]),
        ("Образцова", [1]),
        ("Вера – ИТ", [1, 3]),
        ("Семен Примеров (начальник цеха)", [2]),
        ("Вера Петровна Образцова", [1]),
        ("Ян", []),
        ("кто-нибудь из отдела", []),
        ("", []),
    ],
)
def test_those_are_offered_first_whose_name_was_said(words: str, ids: list[int]) -> None:
    assert [one.id for one in alike(words, COLLEAGUES, but=9)] == ids


def test_nobody_succeeds_themselves_and_nobody_is_offered_twice() -> None:
    assert [one.id for one in alike("Вера", [*COLLEAGUES, *COLLEAGUES], but=1)] == [3]
