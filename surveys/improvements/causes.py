"""Causes that repeat: cases of many projects, gathered by component, stage and department.

Ranked by whom they reach, never by how loudly: an account counts once, however many of its people complain and how
often, with the weight of the most senior of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from surveys.cases.ports import CaseView
from surveys.cases.rules import Names
from surveys.directory import Account, Project, Stakeholder
from surveys.questionnaire import Role

PROJECTS: Final = 2
"""From so many projects on a cause repeats."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Where trouble comes from; None: nobody knows."""

    component: str | None = None
    stage: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A case as the committee sees it. `named`: one of the vendor's people named the cause, or else the journey map
    does. `weight`: of the greatest role of those who speak in it, 0-1, and `projects` theirs: several where cases were
    merged into it. `words`: their own, the oldest first.
    """

    case_id: int
    cause: Cause
    named: bool
    partner: bool
    person_id: int
    account: Account
    projects: tuple[Project, ...]
    weight: float
    at: datetime
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A cause with everything said of it, the newest first. `weight`: of the accounts, the greatest of each added up.

    `revenue_share`: of the accounts touched in that of all, 0-1; None where the revenue of some account is not known.
    """

    cause: Cause
    complaints: tuple[Complaint, ...]
    accounts: tuple[str, ...]
    projects: tuple[str, ...]
    divisions: tuple[str, ...]
    weight: float
    revenue_share: float | None

    @property
    def first(self) -> datetime:
        """When it was first seen in the period."""
        return self.complaints[-1].at

    @property
    def last(self) -> datetime:
        """When it was last seen."""
        return self.complaints[0].at

    @property
    def anchor(self) -> int:
        """The first of its cases, which names it in a button."""
        return min(one.case_id for one in self.complaints)

    @property
    def partners(self) -> int:
        """Cases in which it was a partner's part."""
        return sum(one.partner for one in self.complaints)

    @property
    def named(self) -> int:
        """Cases whose cause somebody named."""
        return sum(one.named for one in self.complaints)


def complaints(views: Sequence[CaseView], names: Names, weights: Mapping[Role, float]) -> Sequence[Complaint]:
    """Each case once, with everybody whose own case was merged into it."""
    into = {view.case.id: view.case.merged_into for view in views}
    voices: defaultdict[int, list[Stakeholder]] = defaultdict(list)
    for view in views:
        voices[_last(view.case.id, into)].append(view.held)
    return [_complaint(view, voices[view.case.id], names, weights) for view in views if view.case.merged_into is None]


def _last(case_id: int, into: Mapping[int, int | None]) -> int:
    """The case in which this one ended up."""
    while (onward := into.get(case_id)) is not None:
        case_id = onward
    return case_id


def _complaint(view: CaseView, voices: Sequence[Stakeholder], names: Names, weights: Mapping[Role, float]) -> Complaint:
    """The case with its cause: as named, else by what was said, the stage and the journey map."""
    case = view.case
    return Complaint(
        case_id=case.id,
        cause=_cause(view, names),
        named=case.cause_partner is not None,
        partner=case.cause_partner is True,
        person_id=case.person_id,
        account=view.held.account,
        projects=tuple({held.project.id: held.project for held in voices}.values()),
        weight=max((weights.get(role, 0.0) for held in voices for role in held.roles), default=0.0),
        at=case.opened_at,
        words=tuple(voice.text for voice in view.voices if voice.text and not voice.withdrawn),
    )


def _cause(view: CaseView, names: Names) -> Cause:
    case = view.case
    if case.cause_partner is not None:
        return Cause(case.cause_component, case.cause_stage, case.cause_department)
    stage = next((voice.stage for voice in view.voices if voice.stage), view.held.project.stage)
    touchpoint = next((voice.touchpoint for voice in view.voices if voice.touchpoint), None)
    return Cause(case.component, stage, names.department(stage, touchpoint))


def repeated(complaints: Iterable[Complaint], revenue: float | None) -> tuple[Repeated, ...]:
    """Causes of two projects at least, the weightiest first. `revenue`: of all accounts, None: not all of it is known.

    >>> from datetime import UTC
    >>> def said(case_id, account, weight):
    ...     return Complaint(case_id=case_id, cause=Cause("usability"), named=True, partner=False, person_id=case_id,
    ...         account=Account(id=account, name=f"A{account}", revenue=50.0),
    ...         projects=(Project(id=account, account_id=account, name="P"),), weight=weight,
    ...         at=datetime(2026, 7, case_id, tzinfo=UTC))
    >>> [one] = repeated([said(1, 1, 0.2), said(2, 1, 0.35), said(3, 1, 0.2), said(4, 2, 0.3)], 200.0)
    >>> len(one.complaints), one.accounts, round(one.weight, 2), one.revenue_share
    (4, ('A1', 'A2'), 0.65, 0.5)
    """
    by_cause: defaultdict[Cause, list[Complaint]] = defaultdict(list)
    for one in complaints:
        by_cause[one.cause].append(one)
    found = [
        _gathered(cause, same, revenue)
        for cause, same in by_cause.items()
        if len({project.id for one in same for project in one.projects}) >= PROJECTS
    ]
    return tuple(sorted(found, key=_rank))


def _gathered(cause: Cause, same: Sequence[Complaint], revenue: float | None) -> Repeated:
    newest_first = tuple(sorted(same, key=lambda one: (one.at, one.case_id), reverse=True))
    accounts = {one.account.id: one.account for one in same}
    placed = [(one, project) for one in same for project in one.projects]
    weights: defaultdict[int, float] = defaultdict(float)
    for one in same:
        weights[one.account.id] = max(weights[one.account.id], one.weight)
    return Repeated(
        cause=cause,
        complaints=newest_first,
        accounts=tuple(sorted(account.name for account in accounts.values())),
        projects=tuple(sorted({f"{one.account.name} / {project.name}" for one, project in placed})),
        divisions=tuple(sorted({project.division for _, project in placed if project.division})),
        weight=sum(weights.values()),
        revenue_share=_share(list(accounts.values()), revenue),
    )


def _share(accounts: Sequence[Account], revenue: float | None) -> float | None:
    known = [account.revenue for account in accounts if account.revenue is not None]
    return sum(known) / revenue if revenue and len(known) == len(accounts) else None


def _rank(one: Repeated) -> tuple[object, ...]:
    cause = one.cause
    words = (cause.component or "", cause.stage or "", cause.department or "")
    return -round(one.weight, 9), -(one.revenue_share or 0.0), -len(one.accounts), *words
