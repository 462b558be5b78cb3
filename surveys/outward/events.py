"""Steps of cases and improvements as events for other systems: what happened, and how things stood then.

An event holds codes, numbers and moments alone: neither names nor words. Those are read when it is sent, as they then
are, so that nothing of somebody who was forgotten waits here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from surveys.cases.case import OPEN, Case, Happened, Values
from surveys.improvements.improvement import Improvement
from surveys.outward.names import CLOSED, FORGOTTEN, OF_CASE, OF_IMPROVEMENT, OPENED, REOPENED, SIGNAL

Subject = Literal["case", "improvement"]

CASE_FACTS: Final = (
    "component",
    "status",
    "severity",
    "responsible",
    "opened_at",
    "contacted_at",
    "action_due",
    "due_at",
    "snoozed_until",
    "reopened",
    "closed_at",
    "outcome",
    "merged_into",
)
IMPROVEMENT_FACTS: Final = (
    "status",
    "owner",
    "decision",
    "metric",
    "opened_at",
    "due",
    "started_at",
    "ended_at",
)
DETAILS: Final = (
    "rules",
    "item",
    "severity",
    "verdict",
    "why",
    "to",
    "into",
    "until",
    "case",
    "decision",
    "metric",
    "language",
    "people",
)
"""What of the detail of a step is no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. `version`: of the case or improvement after it. `facts`: JSON values."""

    type: str
    subject: Subject
    subject_id: int
    version: int
    at: datetime
    facts: Values


def of_case(before: Case | None, after: Case, happened: Happened) -> tuple[Event, ...]:
    """What is told of a step of a case; `before` None: it has just been opened."""
    facts = {"case": _case(after), "step": _step(happened)}
    return tuple(
        Event(type=type_, subject="case", subject_id=after.id, version=after.version, at=happened.at, facts=facts)
        for type_ in _types(before, after, happened)
    )


def of_improvement(after: Improvement, happened: Happened) -> tuple[Event, ...]:
    """What is told of a step of an improvement."""
    type_ = next((name for kind, name in OF_IMPROVEMENT.items() if kind == happened.kind), "improvement.opened")
    facts = {"improvement": _improvement(after), "step": _step(happened)}
    return (
        Event(
            type=type_, subject="improvement", subject_id=after.id, version=after.version, at=happened.at, facts=facts
        ),
    )


def of_erasure(case_id: int, version: int, at: datetime) -> Event:
    """What is told of a case whose person is erased."""
    facts: Values = {"case": {"id": case_id, "version": version}, "step": {"kind": "forgotten", "actor": None}}
    return Event(type=FORGOTTEN, subject="case", subject_id=case_id, version=version, at=at, facts=facts)


def _types(before: Case | None, after: Case, happened: Happened) -> tuple[str, ...]:
    """A signal is told as such, and then what it did to the case."""
    raised = (SIGNAL,) if happened.kind == "signal" and happened.detail.get("rules") else ()
    if before is None:
        return (*raised, OPENED)
    if after.status == "closed" and before.status != "closed":
        return (CLOSED,)
    if after.status in OPEN and before.status not in OPEN:
        return (*raised, REOPENED)
    return raised or tuple(name for kind, name in OF_CASE.items() if kind == happened.kind)


def _case(case: Case) -> Values:
    cause = {
        "component": case.cause_component,
        "stage": case.cause_stage,
        "department": case.cause_department,
        "partner": case.cause_partner,
    }
    told = None if case.cause_partner is None else cause
    return {"id": case.id, "version": case.version, **_facts(case, CASE_FACTS), "cause": told}


def _improvement(one: Improvement) -> Values:
    cause = {"component": one.cause.component, "stage": one.cause.stage, "department": one.cause.department}
    return {"id": one.id, "version": one.version, **_facts(one, IMPROVEMENT_FACTS), "cause": cause}


def _step(happened: Happened) -> Values:
    said = {key: happened.detail[key] for key in DETAILS if key in happened.detail}
    return {"kind": happened.kind, "actor": happened.actor, **said}


def _facts(one: Case | Improvement, names: tuple[str, ...]) -> Values:
    return {name: _plain(getattr(one, name)) for name in names}


def _plain(value: object) -> object:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
