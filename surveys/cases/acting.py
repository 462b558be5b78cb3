"""The small loop: what the vendor's people do with a case, step by step."""

from dataclasses import dataclass
from datetime import datetime

from surveys.cases.case import Case
from surveys.cases.ports import CaseView
from surveys.cases.work import LoopWork, may_act
from surveys.errors import SurveyError


class CaseUnknown(SurveyError):
    """There is no such case, or it is none of this person's business: to them that is the same."""

    code = "case_unknown"


class CaseChanged(SurveyError):
    """Somebody took a step since this person's card was drawn."""

    code = "case_changed"


@dataclass(frozen=True, slots=True)
class Opened:
    """A case in the hands of one of the vendor's people, locked."""

    case: Case
    view: CaseView


async def open_for(work: LoopWork, who: int, case_id: int, *, seen: int | None = None, looking: bool = False) -> Opened:
    """The case, if this person may work on it.

    `seen`: the version on their card; with `looking`, which changes nothing, steps of their own since do not matter.
    Raises CaseUnknown, and CaseChanged where the card is older than the case.
    """
    case = await work.uow.cases.lock(case_id)
    view = await work.uow.cases.view(case_id) if case else None
    if case is None or view is None:
        raise CaseUnknown
    if not await may_act(work, who, case, view.managers):
        raise CaseUnknown
    own = all(step.actor == who for step in view.steps[seen:])
    if seen is not None and seen != case.version and not (own and looking):
        raise CaseChanged(own=own)
    return Opened(case, view)


async def reassign(work: LoopWork, case: Case, actor: int, to: int) -> None:
    """Makes somebody else responsible, and gives them the card."""
    await work.do(case, "reassign", actor, {"to": to})
    await (work.hand if to == actor else work.alert)(case, [to])


async def merge(work: LoopWork, case: Case, actor: int, into_id: int) -> None:
    """Closes the case into another open one of the same account, which takes over its answers. Raises CaseUnknown."""
    into = await work.uow.cases.lock(into_id)
    if into is None or into.account_id != case.account_id or into.id == case.id:
        raise CaseUnknown
    await work.do(into, "absorbed", actor, {"case": case.id, "severity": case.severity})
    await work.do(case, "merge", actor, {"into": into.id})
    await work.uow.cases.move_answers(case.id, into.id)


def candidates(work: LoopWork, view: CaseView) -> tuple[int, ...]:
    """Who may be made responsible: those who look after the project, those who stand in for them, then admins."""
    managers = view.managers
    named = [each for each in (managers.project, managers.account) if each is not None]
    present = [work.loop.present(each, work.now) for each in named]
    known = dict.fromkeys([*named, *present, *work.loop.admins])
    return tuple(each for each in known if each != view.case.responsible)


def in_days(work: LoopWork, case: Case, days: int) -> datetime:
    """The end of the working day so many days from now, for the one responsible."""
    return work.loop.evening(work.now, days, case.responsible, case.severity)
