"""Sample people, events and policies for the tests of contact."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from surveys.calendar import ContactHours, QuietHours
from surveys.contact import Busy, Candidate, Occasion, Policy, PulseRule, Relationship, Scheduled
from surveys.directory import Account, Person, Project, Stakeholder
from surveys.interactions import Interaction

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""A Tuesday, noon in Moscow."""

ANYTIME = ContactHours(weekends=True)
OFFICE = ContactHours(quiet=QuietHours(time(20), time(9)))
MOSCOW = ZoneInfo("Europe/Moscow")


def later(**by: float) -> datetime:
    return NOW + timedelta(**by)


def policy(**changes: Any) -> Policy:
    usual: dict[str, Any] = {
        "zone": MOSCOW,
        "hours": ANYTIME,
        "rest": {"relationship": timedelta(days=90), "pulse": timedelta(days=14)},
        "relationship": Relationship(questionnaire="relationship", stages=("rollout", "operation"), adoption=0.7),
        "stages": ("implementation", "rollout", "operation"),
        "pulses": {"ticket.resolved": PulseRule(questionnaire="support_pulse", delay=timedelta(hours=2))},
        "drip": timedelta(0),
        "automatic": frozenset({"auto_closed"}),
    }
    return Policy(**usual | changes)


def person(**changes: Any) -> Person:
    return Person(**{"id": 1, "external_id": "p-1", "name": "Анна Белова", "telegram_id": 501} | changes)


def project(**changes: Any) -> Project:
    usual = {"id": 10, "account_id": 100, "name": "Учёт проката", "stage": "operation", "adoption": 0.8}
    return Project(**usual | changes)


def account(**changes: Any) -> Account:
    return Account(**{"id": 100, "name": "Комбинат-Пример"} | changes)


def held(**changes: Any) -> Stakeholder:
    usual = {"person": person(), "project": project(), "account": account(), "roles": ("key_user",)}
    return Stakeholder(**usual | changes)


def candidate(**changes: Any) -> Candidate:
    place = changes.pop("held", held())
    whom = place.person if place else person()
    return Candidate(**{"name": whom.external_id, "person": whom, "held": place} | changes)


def event(number: int = 1, **changes: Any) -> Interaction:
    """A request resolved a moment ago; `data` goes over its usual ticket."""
    data = {"ticket": f"T-{number}", **changes.pop("data", {})}
    usual: dict[str, Any] = {
        "source": "helpdesk",
        "id": f"e-{number}",
        "type": "ticket.resolved",
        "occurred_at": NOW,
        "account": "Комбинат-Пример",
        "project": "Учёт проката",
        "person": "p-1",
    }
    return Interaction(**usual | changes, data=data)


def pulse(*events: Interaction, **changes: Any) -> Occasion:
    usual: dict[str, Any] = {"questionnaire": "support_pulse", "kind": "pulse", "minutes": 1}
    return Occasion(**usual | {"not_before": later(hours=2), "events": events or (event(),)} | changes)


def survey(**changes: Any) -> Occasion:
    usual: dict[str, Any] = {"questionnaire": "relationship", "kind": "relationship", "minutes": 4}
    return Occasion(**usual | {"not_before": NOW} | changes)


def scheduled(*events: Interaction, **changes: Any) -> Scheduled:
    usual: dict[str, Any] = {"id": 7, "questionnaire": "support_pulse", "kind": "pulse", "project_id": 10}
    return Scheduled(**usual | {"due_at": later(hours=1), "events": events} | changes)


def busy(**changes: Any) -> Busy:
    usual: dict[str, Any] = {"questionnaire": "support_pulse", "kind": "pulse"}
    return Busy(**usual | {"since": later(hours=-1), "until": later(days=7)} | changes)
