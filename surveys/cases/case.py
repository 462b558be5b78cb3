"""A case as a pure state machine: `step(case, action) -> (case, happened)`. Only the client closes it as solved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from surveys.cases.rules import LoopRules
from surveys.cases.signals import GRADES, Severity
from surveys.errors import SurveyError

Status = Literal["new", "taken", "contacted", "checking", "closed"]
Outcome = Literal["confirmed", "unconfirmed", "merged"]
Verdict = Literal["solved", "partly", "unsolved"]
Values = Mapping[str, object]
"""JSON values."""

OPEN: Final[tuple[Status, ...]] = ("new", "taken", "contacted")


class NotNow(SurveyError):
    """The action makes no sense in the state the case is in."""

    code = "case_not_now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something a client is unhappy with, until they say it is solved. `version` grows with every step.

    `responsible`: Telegram id; who takes the case is so. `contacted_at`: the first contact with the client.
    `action_due`: until when the action is to be done. `due_at`: when the case is looked at again. `level`: how far up
    the ladder it has gone. `check`: the interview in which the client is asked whether it helped. `cause_*`: where
    the trouble comes from; nobody has said so while `cause_partner` is None, True is a partner's part.
    """

    id: int
    person_id: int
    project_id: int
    account_id: int
    opened_at: datetime
    component: str | None = None
    version: int = 1
    severity: Severity = "normal"
    status: Status = "new"
    responsible: int | None = None
    contacted_at: datetime | None = None
    action: str | None = None
    action_due: datetime | None = None
    due_at: datetime | None = None
    snoozed_until: datetime | None = None
    level: int = 0
    check: str | None = None
    reopened: int = 0
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    merged_into: int | None = None
    cause_component: str | None = None
    cause_stage: str | None = None
    cause_department: str | None = None
    cause_partner: bool | None = None

    def overdue(self, now: datetime) -> bool:
        """Whether somebody should have done something by now."""
        return self.status in OPEN and self.snoozed_until is None and (self.level > 0 or _past(self.due_at, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A step of the history. `actor` None: nobody of the vendor's, but time or the client."""

    kind: str
    at: datetime
    actor: int | None = None
    detail: Values = field(default_factory=dict)


Kind = Literal[
    "signal",
    "corrected",
    "take",
    "contacted",
    "note",
    "cause",
    "action",
    "due",
    "done",
    "reassign",
    "merge",
    "absorbed",
    "snooze",
    "woken",
    "reminded",
    "escalated",
    "asked",
    "answer",
    "unanswered",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What somebody, or time, does to a case. `at`: aware, UTC."""

    kind: Kind
    at: datetime
    actor: int | None = None
    detail: Values = field(default_factory=dict)


def step(case: Case, action: Action, rules: LoopRules) -> tuple[Case, Happened]:
    """The case after the action, one version on, and what its history says. Raises NotNow."""
    allowed, change = STEPS[action.kind]
    if case.status not in allowed:
        raise NotNow(status=case.status, action=action.kind)
    after = change(case, action, rules)
    happened = Happened(kind=action.kind, at=action.at, actor=action.actor, detail=action.detail)
    return replace(after, version=case.version + 1), happened


def first_due(severity: Severity, responsible: int | None, at: datetime, rules: LoopRules) -> datetime:
    """Until when the client is to be contacted."""
    return rules.working(at + rules.first_contact[severity], responsible, severity)


def _signal(case: Case, action: Action, rules: LoopRules) -> Case:
    """As grave as the gravest. A complaint while the client is asked whether the last one is solved says it is not."""
    severity = _severity(action.detail.get("severity"))
    graver = max((case.severity, severity), key=GRADES.index)
    case = _again(case, action, rules) if case.status == "checking" else case
    if graver == case.severity:
        return case
    sooner = first_due(graver, case.responsible, action.at, rules)
    due = case.due_at if case.contacted_at or case.due_at is None else min(case.due_at, sooner)
    return replace(case, severity=graver, due_at=due)


def _same(case: Case, action: Action, rules: LoopRules) -> Case:
    return case


def _take(case: Case, action: Action, rules: LoopRules) -> Case:
    status: Status = "taken" if case.status == "new" else case.status
    return replace(case, status=status, responsible=action.actor or case.responsible)


def _contacted(case: Case, action: Action, rules: LoopRules) -> Case:
    responsible = case.responsible if case.responsible is not None else action.actor
    due = case.action_due or _later(case, action.at + rules.act_within, rules)
    first = case.contacted_at or action.at
    return replace(
        case, status="contacted", responsible=responsible, contacted_at=first, level=0, due_at=due, snoozed_until=None
    )


def _cause(case: Case, action: Action, rules: LoopRules) -> Case:
    said = action.detail
    return replace(
        case,
        cause_component=_word(said.get("component")),
        cause_stage=_word(said.get("stage")),
        cause_department=_word(said.get("department")),
        cause_partner=bool(said.get("partner")),
    )


def _action(case: Case, action: Action, rules: LoopRules) -> Case:
    named = replace(case, action=_word(action.detail.get("text")))
    return _planned(named, _later(case, action.at + rules.act_within, rules), rules)


def _due(case: Case, action: Action, rules: LoopRules) -> Case:
    until = datetime.fromisoformat(str(action.detail["until"]))
    return _planned(case, _later(case, until, rules), rules)


def _planned(case: Case, until: datetime, rules: LoopRules) -> Case:
    """Whatever is planned, the client is to be contacted in time all the same."""
    planned = replace(case, action_due=until, snoozed_until=None)
    if case.contacted_at is not None:
        return replace(planned, due_at=until, level=0)
    if case.level:
        return planned
    return replace(planned, due_at=min(until, first_due(case.severity, case.responsible, case.opened_at, rules)))


def _done(case: Case, action: Action, rules: LoopRules) -> Case:
    responsible = case.responsible if case.responsible is not None else action.actor
    return replace(
        case, status="checking", responsible=responsible, check=None, due_at=action.at, level=0, snoozed_until=None
    )


def _reassign(case: Case, action: Action, rules: LoopRules) -> Case:
    to = action.detail["to"]
    return replace(case, responsible=to if isinstance(to, int) else None)


def _merge(case: Case, action: Action, rules: LoopRules) -> Case:
    into = action.detail["into"]
    return _closed(replace(case, merged_into=into if isinstance(into, int) else None), action, "merged")


def _snooze(case: Case, action: Action, rules: LoopRules) -> Case:
    until = _later(case, datetime.fromisoformat(str(action.detail["until"])), rules)
    return replace(case, snoozed_until=until, due_at=until, level=0)


def _woken(case: Case, action: Action, rules: LoopRules) -> Case:
    return replace(case, snoozed_until=None, level=1, due_at=_later(case, action.at + rules.escalate_after, rules))


def _higher(case: Case, action: Action, rules: LoopRules) -> Case:
    wait = rules.escalate_after if case.level < len(rules.ladder) else 7 * rules.escalate_after
    return replace(case, level=case.level + 1, due_at=_later(case, action.at + wait, rules))


def _asked(case: Case, action: Action, rules: LoopRules) -> Case:
    return replace(case, check=_word(action.detail.get("interview")), due_at=action.at + rules.answer_within)


def _answer(case: Case, action: Action, rules: LoopRules) -> Case:
    """A changed answer counts anew, unless the case has gone into another one."""
    if case.check is None or case.outcome == "merged":
        raise NotNow(status=case.status, action=action.kind)
    if action.detail.get("verdict") == "solved":
        return _closed(case, action, "confirmed")
    return case if case.status in OPEN else _again(case, action, rules)


def _unanswered(case: Case, action: Action, rules: LoopRules) -> Case:
    return _closed(case, action, "unconfirmed")


def _again(case: Case, action: Action, rules: LoopRules) -> Case:
    """Reopened, and on the first rung of the ladder at once."""
    due = _later(case, action.at + rules.escalate_after, rules)
    status: Status = "new" if case.responsible is None else "taken"
    return replace(
        case,
        status=status,
        reopened=case.reopened + 1,
        closed_at=None,
        outcome=None,
        level=1,
        due_at=due,
        check=case.check if action.kind == "answer" else None,
    )


def _closed(case: Case, action: Action, outcome: Outcome) -> Case:
    return replace(case, status="closed", outcome=outcome, closed_at=action.at, due_at=None, snoozed_until=None)


def _later(case: Case, moment: datetime, rules: LoopRules) -> datetime:
    return rules.working(moment, case.responsible, case.severity)


def _past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _severity(value: object) -> Severity:
    return next((grade for grade in GRADES if grade == value), "low")


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


NOT_CLOSED: Final[tuple[Status, ...]] = (*OPEN, "checking")
EVER: Final[tuple[Status, ...]] = (*NOT_CLOSED, "closed")
Change = Callable[[Case, Action, LoopRules], Case]

STEPS: Final[Mapping[Kind, tuple[tuple[Status, ...], Change]]] = {
    "signal": (NOT_CLOSED, _signal),
    "corrected": (EVER, _same),
    "take": (OPEN, _take),
    "contacted": (OPEN, _contacted),
    "note": (NOT_CLOSED, _same),
    "cause": (NOT_CLOSED, _cause),
    "action": (OPEN, _action),
    "due": (OPEN, _due),
    "done": (OPEN, _done),
    "reassign": (NOT_CLOSED, _reassign),
    "merge": (OPEN, _merge),
    "absorbed": (OPEN, _signal),
    "snooze": (OPEN, _snooze),
    "woken": (OPEN, _woken),
    "reminded": (OPEN, _higher),
    "escalated": (OPEN, _higher),
    "asked": (("checking",), _asked),
    "answer": (EVER, _answer),
    "unanswered": (("checking",), _unanswered),
}
"""Action -> the states in which it makes sense, and what it does."""
