"""The use cases of the committee: what it sees, opens and decides."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from surveys.cases.case import Happened, Values
from surveys.cases.rules import Names
from surveys.cases.work import LoopWork
from surveys.errors import SurveyError
from surveys.improvements.causes import Cause, Repeated, complaints, repeated
from surveys.improvements.improvement import Improvement, Kind, Overtaken, Step, act
from surveys.improvements.ports import Improvements
from surveys.outward.events import of_improvement
from surveys.questionnaire import Role


class CauseGone(SurveyError):
    """The cause repeats no more, or not in this period."""

    code = "cause_gone"


async def gather(
    improvements: Improvements,
    names: Names,
    weights: Mapping[Role, float],
    since: datetime | None,
    until: datetime | None = None,
) -> Sequence[Repeated]:
    """The causes that repeat in a period, the weightiest first."""
    views = await improvements.troubles(since, until)
    return repeated(complaints(views, names, weights), await improvements.revenue())


def of_anchor(causes: Sequence[Repeated], anchor: int) -> Repeated:
    """The cause with this case. Raises CauseGone."""
    found = next((one for one in causes if any(each.case_id == anchor for each in one.complaints)), None)
    if found is None:
        raise CauseGone
    return found


async def open_improvement(work: LoopWork, actor: int, cause: Repeated) -> int:
    """A new improvement, or the one there is about this cause, which takes in its cases."""
    case_ids = [one.case_id for one in cause.complaints]
    new = Improvement(cause=cause.cause, opened_at=work.now, owner=actor)
    happened = Happened(kind="opened", at=work.now, actor=actor)
    number = await work.uow.improvements.open(new, happened, case_ids)
    if number is None:
        number = await work.uow.improvements.under_way(cause.cause)
        if number is None:
            raise CauseGone
        await work.uow.improvements.link(number, case_ids)
    else:
        await work.tell(of_improvement(replace(new, id=number), happened))
    return number


async def take_step(
    work: LoopWork, improvement_id: int, seen: int | None, kind: Kind, actor: int | None, detail: Values | None = None
) -> Improvement:
    """Takes a step. `seen`: the version on the card, None for words, which undo nothing. Raises NotNow, Overtaken."""
    improvement = await work.uow.improvements.lock(improvement_id)
    if improvement is None:
        raise CauseGone
    if seen is not None and seen != improvement.version:
        raise Overtaken
    after, happened = act(improvement, Step(kind=kind, at=work.now, actor=actor, detail=detail or {}))
    await work.uow.improvements.save(after, happened)
    await work.tell(of_improvement(after, happened))
    return after


def cause_of(improvement: Improvement, causes: Sequence[Repeated]) -> Repeated | None:
    """What is known about its cause, where it repeats."""
    return next((one for one in causes if one.cause == improvement.cause), None)


def untouched(causes: Sequence[Repeated], improvements: Sequence[Improvement]) -> Sequence[Repeated]:
    """Causes about which there is no improvement that is neither finished nor declined."""
    taken: set[Cause] = {one.cause for one in improvements if one.status not in ("finished", "wont")}
    return [one for one in causes if one.cause not in taken]
