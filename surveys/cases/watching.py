"""What time does to cases: reminders, escalation, waking, asking clients, noticing key people who went silent."""

from collections.abc import Callable, Sequence
from typing import Final

from surveys.answering import Responded
from surveys.cases.case import Case, Values
from surveys.cases.closing import ask_whether_solved, settle
from surveys.cases.hearing import begin_case
from surveys.cases.work import LoopWork
from surveys.contact import Policy

NewName = Callable[[], str]
FACT: Final = "silent:{person}:{project}"


async def watch(
    work: LoopWork, policy: Policy, at_most: int, new_id: NewName, new_token: NewName
) -> Sequence[Responded]:
    """Looks after the cases whose time has come; gives the interviews whose cards are to be shown after the commit."""
    asked = []
    for case in await work.uow.cases.due(work.now, at_most):
        if case.status != "checking":
            await _press_on(work, case)
        elif case.check is not None:
            await settle(work, case)
        elif responded := await ask_whether_solved(work, policy, case, new_id, new_token):
            asked.append(responded)
    return asked


async def _press_on(work: LoopWork, case: Case) -> None:
    """One rung up, in working hours: a service that was down does not make up for it at night."""
    moment = work.loop.working(work.now, case.responsible, case.severity)
    if moment > work.now:
        await work.uow.cases.look_again(case.id, moment)
        return
    await work.alert(case, await work.on_duty(case))
    if case.snoozed_until is not None:
        await work.do(case, "woken")
    elif case.level and (people := work.loop.rung(case.level, await work.managers(case), work.now)):
        await work.alert(case, people)
        await work.do(case, "escalated", detail={"to": list(people)})
    else:
        await work.do(case, "reminded")


async def notice_silence(work: LoopWork) -> None:
    """A case for everybody in a key role who left the last waves unanswered, once for each wave they are silent in."""
    waves = work.loop.silent_waves
    if waves is None:
        return
    for silent in await work.uow.cases.silent(work.now, waves, work.loop.key_roles):
        fact = FACT.format(person=silent.person_id, project=silent.project_id)
        if await work.uow.settings.get(fact) == silent.wave:
            continue
        await work.uow.settings.set(fact, silent.wave)
        detail: Values = {"rules": ["silent"], "wave": silent.wave, "severity": "low"}
        case = await work.uow.cases.open_of(silent.person_id, None)
        if case is None:
            await begin_case(work, silent.person_id, silent.project_id, silent.account_id, None, ("silent",), detail)
        elif case.status != "checking":  # silence is no word on whether it helped
            await work.do(case, "signal", detail=detail)
