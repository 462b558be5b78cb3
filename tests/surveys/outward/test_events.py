"""Every step of a case or an improvement is an event, which says what happened and nothing anybody wrote."""

import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.cases.case import Action, Case, Happened, Kind, NotNow, step
from surveys.improvements import improvement as improvements
from surveys.improvements.causes import Cause
from surveys.improvements.improvement import Improvement
from surveys.outward.events import of_case, of_improvement
from surveys.outward.names import EVENTS
from tests.surveys.cases.test_case import DETAILS, NOW, fresh, rules

WRITTEN = "words that somebody wrote"
KINDS = st.sampled_from(get_args(Kind))


def told(case: Case, kind: Kind, actor: int | None = None, **detail: object) -> tuple[Case, list[str]]:
    after, happened = step(case, Action(kind=kind, at=NOW, actor=actor, detail=detail), rules())
    return after, [event.type for event in of_case(case, after, happened)]


def test_a_signal_is_told_as_such_and_then_what_it_did_to_the_case() -> None:
    raised = Happened(kind="signal", at=NOW, detail={"rules": ["nps"], "item": "nps", "severity": "normal"})
    signal, opened = of_case(None, fresh(), raised)
    assert (signal.type, opened.type) == ("signal.raised", "case.opened")
    assert signal.facts["step"] == {
        "kind": "signal",
        "actor": None,
        "rules": ["nps"],
        "item": "nps",
        "severity": "normal",
    }
    assert told(fresh(), "signal", rules=["csat"], severity="normal")[1] == ["signal.raised"]
    assert told(fresh(), "signal", rules=[], severity="low")[1] == ["case.explained"]
    checking, done = told(fresh(), "done", 7)
    assert done == ["case.done"]
    assert told(checking, "signal", rules=["csat"], severity="normal")[1] == ["signal.raised", "case.reopened"]


def test_a_case_is_told_to_be_closed_or_reopened_whatever_step_did_it() -> None:
    checking = replace(told(fresh(), "done", 7)[0], check="i1")
    assert told(checking, "answer", verdict="solved")[1] == ["case.closed"]
    closed, types = told(checking, "unanswered", why="silence")
    assert types == ["case.closed"]
    assert told(closed, "answer", verdict="partly")[1] == ["case.reopened"]
    assert told(closed, "answer", verdict="solved")[1] == ["case.client_answered"]
    assert told(fresh(), "merge", 7, into=2)[1] == ["case.closed"]


@given(st.lists(KINDS, max_size=12), st.data())
def test_every_step_is_told_once_or_twice_without_any_words(kinds: list[Kind], data: st.DataObject) -> None:
    case = replace(fresh(), check="i1")
    for kind in kinds:
        detail = data.draw(st.sampled_from(DETAILS.get(kind, [{}]))) | {"text": WRITTEN, "reason": WRITTEN}
        try:
            after, happened = step(case, Action(kind=kind, at=NOW, actor=7, detail=detail), rules())
        except NotNow:
            continue
        events = of_case(case, after, happened)
        assert {event.type for event in events} <= set(EVENTS)
        assert len(events) in (1, 2)
        assert {event.version for event in events} == {after.version}
        assert WRITTEN not in json.dumps([dict(event.facts) for event in events])
        case = after


@pytest.mark.parametrize("kind", [*get_args(improvements.Kind), "opened"])
def test_every_step_of_an_improvement_is_told_without_any_words(kind: str) -> None:
    one = Improvement(id=3, cause=Cause("support"), opened_at=NOW, version=2, what=WRITTEN, reason=WRITTEN)
    [event] = of_improvement(one, Happened(kind=kind, at=NOW, actor=7, detail={"text": WRITTEN, "decision": "do"}))
    assert event.type in EVENTS
    assert (event.subject, event.subject_id, event.version) == ("improvement", 3, 2)
    assert WRITTEN not in json.dumps(event.facts)
