"""Which items an interview passes: conditions, routes, closings, the count of questions."""

from dataclasses import replace
from datetime import date

import pytest

from surveys.conditions import (
    Answered,
    AtStage,
    Between,
    Chose,
    Condition,
    During,
    EventSays,
    Every,
    HasRole,
    Inapplicable,
    Not,
    Scored,
    Skipped,
    Some,
    Speaks,
)
from surveys.interview import Answer, Interview, Phase
from surveys.questionnaire import END, EVERY_ROLE, Questionnaire, Route, TextItem
from surveys.routing import closing, following, holds, progress, route
from tests.surveys.questionnaires import everything, words

EVERYTHING = everything()
SAID = {
    "mark": Answer("mark", score=4),
    "one": Answer("one", choice=("partly",)),
    "many": Answer("many", text="own", choice=("price", "other")),
    "number": Answer("number", choice=("12",)),
    "day": Answer("day", choice=("2026-03-01",)),
    "words": Answer("words", text="so"),
    "unsure": Answer("unsure", choice=("not_applicable",)),
}
ASKED = {*SAID, "passed"}
SOMEBODY = Interview(
    id="i",
    questionnaire="q",
    version=1,
    roles=("senior_it", "key_user"),
    language="ru",
    stage="rollout",
    event={"priority": "high"},
    answers={**SAID, "never": Answer("never", score=4)},
)

SILENT = replace(SOMEBODY, answers={})


def way(**changes: object) -> list[str]:
    usual = Interview(id="i", questionnaire="everything", version=3, roles=("key_user",), language="ru")
    return [item.key for item in route(EVERYTHING, replace(usual, **changes))]


def said(**answers: object) -> dict[str, Answer]:
    """Answers by item: a score, one option, or options."""
    return {
        key: Answer(key, score=told) if isinstance(told, int) else Answer(key, choice=tuple(str(told).split()))
        for key, told in answers.items()
    }


@pytest.mark.parametrize(
    ("condition", "so"),
    [
        (Scored("mark", frozenset({3, 4})), True),
        (Scored("mark", frozenset({5})), False),
        (Chose("one", frozenset({"partly", "no"})), True),
        (Chose("one", frozenset({"yes"})), False),
        (Chose("many", frozenset({"price"})), True),
        (Chose("many", frozenset({"other"})), True),
        (Between("number", 12, 12), True),
        (Between("number", None, 11), False),
        (Between("number", 13, None), False),
        (Between("number"), True),
        (During("day", date(2026, 3, 1), date(2026, 3, 1)), True),
        (During("day", None, date(2026, 2, 28)), False),
        (During("day", date(2026, 3, 2), None), False),
        (Answered("words"), True),
        (Answered("mark"), True),
        (Answered("passed"), False),
        (Answered("unsure"), False),
        (Skipped("passed"), True),
        (Skipped("words"), False),
        (Skipped("unsure"), False),
        (Inapplicable("unsure"), True),
        (Inapplicable("mark"), False),
        (Inapplicable("passed"), False),
        (Chose("unsure", frozenset({"yes"})), False),
        (Between("unsure", None, None), False),
        (HasRole(frozenset({"key_user"})), True),
        (HasRole(frozenset({"business_owner"})), False),
        (AtStage(frozenset({"rollout", "operation"})), True),
        (AtStage(frozenset({"operation"})), False),
        (Speaks(frozenset({"ru"})), True),
        (Speaks(frozenset({"en"})), False),
        (EventSays("priority", frozenset({"high", "critical"})), True),
        (EventSays("priority", frozenset({"low"})), False),
        (EventSays("severity", frozenset({"high"})), False),
        (Not(Answered("passed")), True),
        (Every((Answered("mark"), Answered("passed"))), False),
        (Every((Answered("mark"), Answered("words"))), True),
        (Some((Answered("mark"), Answered("passed"))), True),
        (Some((Answered("unsure"), Answered("passed"))), False),
    ],
)
def test_a_condition_holds(condition: Condition, so: bool) -> None:
    assert holds(condition, SOMEBODY, ASKED) is so


@pytest.mark.parametrize("condition", [Scored("never", frozenset({4})), Answered("never"), Skipped("never")])
def test_what_was_never_asked_has_no_answer_and_is_not_skipped(condition: Condition) -> None:
    assert not holds(condition, SOMEBODY, ASKED)


def test_nothing_conditional_is_asked_before_anything_is_said() -> None:
    assert way() == ["hello", "solved", "reasons", "people", "ease", "skipped"]


def test_an_answer_opens_what_depends_on_it() -> None:
    assert way(answers=said(reasons="quality", people="12", since="2021-01-01", ease=2))[2:] == [
        "reasons",
        "quality",
        "people",
        "since",
        "ease",
        "ease_why",
        "early",
    ]


def test_a_why_that_was_answered_opens_what_depends_on_it() -> None:
    answers = {**said(ease=2), "ease_why": Answer("ease_why", text="so")}
    assert "explained" in way(answers=answers)


def test_role_stage_language_and_event_open_items_too() -> None:
    assert "ease" not in way(roles=("project_office",))
    assert "stage" in way(stage="rollout")
    assert "speakers" in way(language="uk")
    assert "since" in way(event={"priority": "high"})


def test_a_route_leads_to_the_end() -> None:
    assert way(answers=said(solved="no")) == ["hello", "solved"]


def test_a_route_leads_past_what_lies_between() -> None:
    assert way(answers=said(solved="not_applicable")) == ["hello", "solved", "ease"]


def test_what_lies_behind_a_jump_counts_for_nothing() -> None:
    answers = said(solved="not_applicable", people="12", reasons="quality")
    assert way(answers=answers) == ["hello", "solved", "ease"]


def jumping(*routes: Route, landing: Condition | None = None) -> Questionnaire:
    """Four open questions, the first of which has these routes."""
    whole = {EVERY_ROLE: words("?")}
    first = TextItem(key="one", wording=whole, routes=routes)
    others = [
        TextItem(key=key, wording=whole, when=landing if key == "three" else None) for key in ("two", "three", "four")
    ]
    return replace(EVERYTHING, items=(first, *others), closings=())


@pytest.mark.parametrize(
    ("routes", "keys"),
    [
        ((Route("three"),), ["one", "three", "four"]),
        ((Route(END),), ["one"]),
        ((Route("four", Answered("one")), Route("three")), ["one", "three", "four"]),
        ((Route("four", Skipped("one")), Route("three")), ["one", "four"]),
    ],
)
def test_the_first_route_that_holds_is_taken(routes: tuple[Route, ...], keys: list[str]) -> None:
    assert [item.key for item in route(jumping(*routes), SILENT)] == keys


def test_where_a_route_leads_is_asked_only_if_its_own_condition_holds() -> None:
    there = jumping(Route("three"), landing=Answered("one"))
    assert [item.key for item in route(there, SILENT)] == ["one", "four"]


def test_a_jump_waits_for_the_why_of_its_item() -> None:
    interview = Interview(
        id="i", questionnaire="q", version=1, roles=("key_user",), language="ru", trail=("ease",), answers=said(ease=1)
    )
    items = tuple(replace(item, routes=(Route(END),)) if item.key == "ease" else item for item in EVERYTHING.items)
    there = replace(EVERYTHING, items=items)
    first = following(there, interview)
    assert first is not None
    assert first.key == "ease_why"
    assert following(there, replace(interview, trail=("ease", "ease_why"))) is None


@pytest.mark.parametrize(
    ("answers", "roles", "text"),
    [
        ({}, ("key_user",), "Thanks"),
        (said(solved="no"), ("key_user",), "Sorry"),
        (said(solved="yes", ease=4), ("key_user",), "Glad"),
        (said(solved="yes", ease=4), ("senior_it",), "Thanks"),
    ],
)
def test_the_last_words_are_the_first_that_fit(answers: dict[str, Answer], roles: tuple[str, ...], text: str) -> None:
    interview = Interview(id="i", questionnaire="q", version=1, roles=roles, language="en", answers=answers)
    assert closing(EVERYTHING, interview)["en"] == f"{text} [en]"


@pytest.mark.parametrize(
    ("item", "counted"),
    [("hello", (1, 5)), ("solved", (1, 5)), ("reasons", (2, 5)), ("ease", (4, 5)), ("ease_why", (4, 5))],
)
def test_statements_and_whys_are_not_counted_as_questions(item: str, counted: tuple[int, int]) -> None:
    interview = Interview(
        id="i",
        questionnaire="q",
        version=1,
        roles=("key_user",),
        language="ru",
        phase=Phase.ASKING,
        trail=(item,),
        answers=said(ease=1),
    )
    assert progress(EVERYTHING, interview) == counted
