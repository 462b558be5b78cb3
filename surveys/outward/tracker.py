"""Cases and improvements as issues of a tracker: what one status means for the other.

Only the client closes a case: whatever the tracker says is done, the client is asked about.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, Protocol, get_args

from surveys.cases.case import OPEN, Case
from surveys.cases.work import LoopWork
from surveys.improvements.committee import take_step
from surveys.improvements.improvement import Improvement
from surveys.outward.events import Subject

Category = Literal["new", "indeterminate", "done"]
"""What any status of any workflow comes to."""
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The issue of a case or improvement. `key` None: it is being made, since `begun_at`, and may be there already.

    `version`: of the case or improvement that it shows. `gone`: somebody deleted it.
    """

    subject: Subject
    subject_id: int
    begun_at: datetime
    key: str | None = None
    status: str | None = None
    category: Category | None = None
    version: int = 0
    gone: bool = False


class Issues(Protocol):
    """Which issues there are."""

    async def get(self, subject: Subject, subject_id: int) -> Issue | None: ...

    async def lock(self, subject: Subject, subject_id: int) -> Issue | None:
        """The issue, nobody else's to change until the unit of work ends."""
        ...

    async def save(self, issue: Issue) -> None:
        """Writes it, new or in the place of what is known."""
        ...

    async def drop(self, issue: Issue) -> None:
        """There is no such issue after all."""
        ...

    async def named(self, keys: Collection[str]) -> Collection[Issue]:
        """Those with these keys."""
        ...


def goal(subject: Case | Improvement, now_in: Category | None) -> Category | None:
    """Where the issue belongs; None where it may stay as it is.

    While the client is being asked nothing is moved: it is not known yet whether it is done.
    """
    if isinstance(subject, Improvement):
        return _goal_of_improvement(subject, now_in)
    if subject.status == "closed":
        return None if now_in == "done" else "done"
    if now_in == "done" and subject.status in OPEN:
        return "indeterminate"
    return "indeterminate" if now_in == "new" and subject.status in ("taken", "contacted") else None


def _goal_of_improvement(one: Improvement, now_in: Category | None) -> Category | None:
    if one.status in ("finished", "wont"):
        return None if now_in == "done" else "done"
    return "indeterminate" if one.status == "started" and now_in == "new" else None


async def carry_back(work: LoopWork, known: Issue, status: str, category: Category) -> bool:
    """Tells the case or improvement what status its issue has now; whether anything was new.

    `known`: what was known before the tracker was asked; where somebody else has learnt more since, nothing is done.
    """
    issue = await work.uow.issues.lock(known.subject, known.subject_id)
    if issue is None or (issue.status, issue.category) != (known.status, known.category):
        return False
    if (known.status, known.category) == (status, category):
        return False
    await work.uow.issues.save(replace(issue, status=status, category=category))
    if category != known.category:
        await _heed(work, known, status, category)
    return True


async def _heed(work: LoopWork, issue: Issue, status: str, category: Category) -> None:
    said = {"issue": issue.key, "status": status}
    if issue.subject == "improvement":
        await _heed_improvement(work, issue.subject_id, category)
        return
    case = await work.uow.cases.lock(issue.subject_id)
    if case is not None and case.status in OPEN and category == "done":
        await work.do(case, "done", detail=said)
    elif case is not None and case.status == "new" and category == "indeterminate":
        await work.do(case, "take", detail=said)


async def _heed_improvement(work: LoopWork, number: int, category: Category) -> None:
    one = await work.uow.improvements.lock(number)
    if one is not None and one.status == "planned" and category != "new":
        one = await take_step(work, number, None, "started", None)
    if one is not None and one.status == "started" and category == "done":
        await take_step(work, number, None, "finished", None)
