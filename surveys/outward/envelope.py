"""What an endpoint is sent: the event, and the place, the person and the scores it is about, as they are by then."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from surveys.cases.case import Values
from surveys.cases.ports import CaseView, Voice
from surveys.improvements.improvement import Improvement
from surveys.outward.events import Event

VERSION: Final = 1
"""Grows when a receiver that follows the description would no longer understand what it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discretion:
    """`words`: whether what people wrote goes along. `people`: whether it may be told who they are."""

    words: bool = False
    people: bool = True


def of_case(event: Event, view: CaseView | None, discretion: Discretion) -> Values:
    """The event of a case; `view` None: nobody knows any more whose it is."""
    return _enveloped(event, _about(view, discretion) if view else {})


def of_improvement(event: Event, one: Improvement, case_ids: Sequence[int]) -> Values:
    """The event of an improvement, in the committee's words."""
    words = {"what": one.what, "reason": one.reason, "expected": one.expected}
    return _enveloped(event, {"words": words, "cases": list(case_ids)})


def _enveloped(event: Event, about: Values) -> Values:
    at = event.at.isoformat().replace("+00:00", "Z")
    return {"type": event.type, "version": VERSION, "timestamp": at, "data": {**event.facts, **about}}


def _about(view: CaseView, discretion: Discretion) -> Values:
    person = {"external_id": view.held.person.external_id} if discretion.people else None
    return {
        "account": view.held.account.name,
        "project": view.held.project.name,
        "person": person,
        "said": [_said(voice, discretion) for voice in view.own],
    }


def _said(voice: Voice, discretion: Discretion) -> Values:
    mark = {
        "item": voice.item,
        "component": voice.component,
        "score": voice.score,
        "scale": voice.scale,
        "at": voice.at.isoformat().replace("+00:00", "Z"),
    }
    return {**mark, "words": voice.text} if discretion.words else mark
