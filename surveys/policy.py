"""The contact policy as a pure function: whom to ask and when, whom not, and the rule that decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from surveys.calendar import due_moment, fraction
from surveys.contact import (
    Ask,
    Candidate,
    Drop,
    History,
    Occasion,
    Policy,
    Scheduled,
    Values,
    Verdict,
    listed,
    standing,
    tickets_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a rule may look at. `now`: when it is decided; `at`: when the person would be asked."""

    occasion: Occasion
    candidate: Candidate
    history: History
    policy: Policy
    now: datetime
    at: datetime


def decide(occasion: Occasion, candidate: Candidate, history: History, policy: Policy, now: datetime) -> Verdict:
    """Whether to ask this person, and when; the first rule that objects decides.

    Pure, and the same whether it looks ahead from an event or, at the due time, once more; only the age of an event
    matters no more once it is kept.
    """
    case = Case(
        occasion=occasion,
        candidate=candidate,
        history=history,
        policy=policy,
        now=now,
        at=_when(occasion, candidate, history, policy, now),
    )
    for rule, objection in RULES.items():
        values = objection(case)
        if values is not None:
            return Drop(rule, values)
    return _ask(case)


def _when(occasion: Occasion, candidate: Candidate, history: History, policy: Policy, now: datetime) -> datetime:
    """The due time. A relationship survey waits for a pulse to be over: it comes too rarely to be dropped for one."""
    moments = [now, occasion.not_before]
    if occasion.kind == "relationship":
        moments += [busy.until for busy in history.open if busy.kind == "pulse" and busy.stands(max(moments))]
        moments += [ask.due_at + policy.expire_after for ask in history.scheduled if ask.kind == "pulse"]
    zone = policy.zone_of(candidate.person)
    return due_moment(max(moments), zone, policy.hours, candidate.name or "", policy.drip)


def _ask(case: Case) -> Ask:
    """Tickets closed while a pulse about others is still to come are named in that one."""
    into = _taking(case)
    if into is None:
        return Ask(case.at, "asked", {"at": case.at.isoformat()})
    at = max(case.at, into.due_at)
    named = tickets_of((*into.events, *case.occasion.events))
    return Ask(at, "merged", {"at": at.isoformat(), "tickets": listed(named)}, into.id)


def _taking(case: Case) -> Scheduled | None:
    """The scheduled question that takes in the events of this case."""
    return next((ask for ask in case.history.scheduled if _takes_in(ask, case)), None)


def _takes_in(ask: Scheduled, case: Case) -> bool:
    occasion, held = case.occasion, case.candidate.held
    if not (ask.events and occasion.events and held):
        return False
    first = min(event.occurred_at for event in ask.events)
    apart = max(abs(event.occurred_at - first) for event in occasion.events)
    same = (ask.questionnaire, ask.project_id) == (occasion.questionnaire, held.project.id)
    return same and apart < case.policy.merge_window


def _unknown_questionnaire(case: Case) -> Values | None:
    return None if case.occasion.known else {"questionnaire": case.occasion.questionnaire}


def _nobody(case: Case) -> Values | None:
    return {} if case.candidate.name is None else None


def _unknown_person(case: Case) -> Values | None:
    return {} if case.candidate.person is None else None


def _staff(case: Case) -> Values | None:
    return {} if case.candidate.staff else None


def _unknown_project(case: Case) -> Values | None:
    if case.candidate.held is not None:
        return None
    names = [name for event in case.occasion.events for name in (event.account, event.project) if name]
    return {"project": ", ".join(names) or "?"}


def _opted_out(case: Case) -> Values | None:
    person = case.candidate.person
    return {"at": person.opted_out_at.isoformat()} if person and person.opted_out_at else None


def _not_linked(case: Case) -> Values | None:
    person = case.candidate.person
    return {} if person is None or person.telegram_id is None else None


def _unreachable(case: Case) -> Values | None:
    person = case.candidate.person
    return {"at": person.unreachable_at.isoformat()} if person and person.unreachable_at else None


def _on_hold(case: Case) -> Values | None:
    held = case.candidate.held
    return {"account": held.account.name} if held and held.account.on_hold else None


def _foreign_messenger(case: Case) -> Values | None:
    held = case.candidate.held
    return {"account": held.account.name} if held and held.account.no_foreign_messenger else None


def _not_eligible(case: Case) -> Values | None:
    held, wanted = case.candidate.held, case.policy.relationship
    if case.occasion.kind != "relationship" or held is None or wanted.fits(held.project):
        return None
    return {
        "stage": held.project.stage or "?",
        "adoption": round(100 * (held.project.adoption or 0.0)),
        "needed": round(100 * wanted.adoption),
    }


def _too_old(case: Case) -> Values | None:
    """Of an imported event alone: what a source reports itself is news, whatever date it gives."""
    if case.policy.event_max_age is None:
        return None
    since = case.now - case.policy.event_max_age
    past = [event.occurred_at for event in case.occasion.events if event.imported and event.occurred_at < since]
    return {"at": past[0].isoformat(), "since": since.isoformat()} if past else None


def _closed_automatically(case: Case) -> Values | None:
    for event in case.occasion.events:
        resolution = event.data.get("resolution")
        named = str(resolution).strip().lower() if isinstance(resolution, str) else ""
        if event.data.get("closed_automatically") is True or named in case.policy.automatic:
            return {"resolution": named or "closed_automatically"}
    return None


def _duplicate_ticket(case: Case) -> Values | None:
    originals = (event.data.get("duplicate_of") for event in case.occasion.events)
    return next(({"of": str(original)} for original in originals if original), None)


def _reopened(case: Case) -> Values | None:
    events = case.occasion.events
    if not events or standing(events, case.history):
        return None
    return {"tickets": listed(tickets_of(events))}


def _not_addressed(case: Case) -> Values | None:
    held = case.candidate.held
    return {"roles": ", ".join(held.roles if held else ())} if not case.candidate.addressed else None


def _not_sampled(case: Case) -> Values | None:
    for event in case.occasion.events:
        if fraction(event.source, event.id) >= case.occasion.sample:
            return {"sample": round(100 * case.occasion.sample, 2)}
    return None


def _scheduled(case: Case) -> Values | None:
    in_the_way = [ask for ask in case.history.scheduled if _same_kind_counts(case, ask.kind)]
    if not in_the_way or _taking(case) is not None:
        return None
    return {"questionnaire": in_the_way[0].questionnaire, "at": in_the_way[0].due_at.isoformat()}


def _open(case: Case) -> Values | None:
    in_the_way = [busy for busy in case.history.open if _same_kind_counts(case, busy.kind) and busy.stands(case.at)]
    if not in_the_way:
        return None
    return {"questionnaire": in_the_way[0].questionnaire, "at": in_the_way[0].since.isoformat()}


def _same_kind_counts(case: Case, kind: str) -> bool:
    """A pulse gives way to anything; a relationship survey to another one only, and waits for a pulse."""
    return case.occasion.kind == "pulse" or kind == "relationship"


def _resting(case: Case) -> Values | None:
    last, rest = case.history.last.get(case.occasion.kind), case.policy.rest[case.occasion.kind]
    if last is None or case.at >= last + rest:
        return None
    return {"at": last.isoformat(), "until": (last + rest).isoformat()}


def _person_budget(case: Case) -> Values | None:
    return _over(case.history.minutes, case.occasion.minutes, case.policy.minutes_per_person)


def _account_budget(case: Case) -> Values | None:
    return _over(case.history.account_minutes, case.occasion.minutes, case.policy.minutes_per_account)


def _over(spent: int, more: int, allowed: int | None) -> Values | None:
    if allowed is None or spent + more <= allowed:
        return None
    return {"spent": spent, "minutes": more, "allowed": allowed}


RULES: Final[Mapping[str, Callable[[Case], Values | None]]] = {
    "unknown_questionnaire": _unknown_questionnaire,
    "nobody": _nobody,
    "unknown_person": _unknown_person,
    "staff": _staff,
    "unknown_project": _unknown_project,
    "opted_out": _opted_out,
    "not_linked": _not_linked,
    "unreachable": _unreachable,
    "on_hold": _on_hold,
    "foreign_messenger": _foreign_messenger,
    "not_eligible": _not_eligible,
    "too_old": _too_old,
    "closed_automatically": _closed_automatically,
    "duplicate_ticket": _duplicate_ticket,
    "reopened": _reopened,
    "not_addressed": _not_addressed,
    "not_sampled": _not_sampled,
    "scheduled": _scheduled,
    "open": _open,
    "resting": _resting,
    "person_budget": _person_budget,
    "account_budget": _account_budget,
}
"""Rule -> what it objects, with what it looked at, or None. The first objection decides."""
