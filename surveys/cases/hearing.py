"""From what clients say to cases, in the transaction in which they say it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from metrics.scales import EVERY_SCALE
from surveys.cases.case import Case, Happened, Values, first_due
from surveys.cases.closing import heard_back, take_back
from surveys.cases.ports import Heard
from surveys.cases.signals import Mark, Rule, gravest, may_be_drop, of_score, of_words
from surveys.cases.work import LoopWork
from surveys.events import AnswerGiven, AnswerWithdrawn
from surveys.interview import Answer
from surveys.outward.events import of_case
from surveys.questionnaire import Item, Questionnaire, TextItem, WhyItem
from surveys.remark_ports import Kept

NOBODY_YET: Final = 0


async def hear(work: LoopWork, heard: Heard) -> None:
    """Opens cases, or adds to open ones. Nothing said in confidence ever makes one: it would name a person."""
    if heard.after.interview.mode == "confidential":
        return
    if await heard_back(work, heard):
        return
    questionnaire = None
    for event in heard.events:
        match event:
            case AnswerGiven():
                live = heard.after.interview
                questionnaire = questionnaire or await work.library.version(live.questionnaire, live.version)
                await _given(work, heard, event, questionnaire)
            case AnswerWithdrawn(item=item):
                await _withdrawn(work, heard, item)


async def hear_remark(work: LoopWork, kept: Kept) -> None:
    """What was said unasked is like words that go with no score. Who takes part in no project has no case."""
    said = kept.remark
    rules = of_words(said.text or "", work.loop.signals, alone=True)
    if said.held is None or not rules:
        return
    person, project, account = said.held.person.id, said.held.project.id, said.held.account.id
    detail: Values = {"rules": list(rules), "severity": gravest(rules)}
    case = await work.uow.cases.open_of(person, None)
    if case is not None:
        await _join(work, case, detail)  # the words themselves have come as a letter
    else:
        case = await begin_case(work, person, project, account, None, rules, detail)
    await work.uow.cases.link_remark(case.id, kept.id, rules)


async def _given(work: LoopWork, heard: Heard, event: AnswerGiven, questionnaire: Questionnaire) -> None:
    said = event.answer
    if said.score is not None:
        await _scored(work, heard, event, said.score)
        await _explained(work, heard, event, questionnaire.reason(said.item))
    elif said.text is not None or said.attachments:
        await _worded(work, heard, event, questionnaire.item(said.item), said.text or "")


async def _explained(work: LoopWork, heard: Heard, event: AnswerGiven, reason: WhyItem) -> None:
    """Words that were there before the score belong to its case, and come onto the same card."""
    words = heard.before.interview.answers.get(reason.key)
    live = heard.after.interview.answers
    if words is not None and reason.key in live and await _about(work, heard, event.answer.item) is not None:
        await _worded(work, heard, replace(event, answer=words), reason, words.text or "")


async def _scored(work: LoopWork, heard: Heard, event: AnswerGiven, score: int) -> None:
    """A score, or a better one in the place of one that opened a case."""
    rules = await _rules_of(work, heard, event, score)
    before = heard.before.interview.answers.get(event.answer.item)
    about = await _about(work, heard, event.answer.item) if before else None
    if rules:
        await _signal(work, heard, event.answer, about, rules, event.component)
    elif about is not None:
        change = {"item": event.answer.item, "before": before.score if before else None, "score": score}
        await work.do(about, "corrected", detail=change)


async def _rules_of(work: LoopWork, heard: Heard, event: AnswerGiven, score: int) -> Sequence[Rule]:
    """The last score is looked up only where it could make a difference."""
    mark = Mark(score=score, scale=EVERY_SCALE[str(event.scale)])
    signals = work.loop.signals
    if not may_be_drop(mark, signals):
        return of_score(mark, signals)
    person, live = heard.after.about.person_id, heard.after.interview.id
    before = await work.uow.cases.last_score(person, event.answer.item, live)
    return of_score(Mark(score=score, scale=mark.scale, before=before), signals)


async def _worded(work: LoopWork, heard: Heard, event: AnswerGiven, item: Item, text: str) -> None:
    """Words: the reason for a score belongs to the case of the score, on the card that stands."""
    scored = item.about if isinstance(item, WhyItem) else item.key
    about = await _about(work, heard, scored)
    rules = of_words(text, work.loop.signals, alone=isinstance(item, TextItem))
    if rules or about is not None:
        await _signal(work, heard, event.answer, about, rules, event.component)


async def _signal(
    work: LoopWork, heard: Heard, said: Answer, about: Case | None, rules: Sequence[Rule], component: str | None
) -> None:
    """The answer becomes part of a case: the one given, the open one about the same component, or a new one."""
    person, live = heard.after.about.person_id, heard.after.interview
    case = about if about and about.status != "closed" else await work.uow.cases.open_of(person, component)
    severity = gravest(rules) if rules else "low"
    detail: Values = {"item": said.item, "rules": list(rules), "severity": severity}
    if case is not None:
        fresh = not await work.uow.cases.speaks_of(case.id, live.id)
        case = await _join(work, case, detail, fresh=fresh)
    else:
        case = await open_case(work, heard, component, rules, detail)
    await work.uow.cases.link(case.id, live.id, said.item, rules, work.now)


async def _join(work: LoopWork, case: Case, detail: Values, *, fresh: bool = False) -> Case:
    """The signal becomes part of the case. What is graver or `fresh`, or opens it again, is to be noticed."""
    after = await work.do(case, "signal", detail=detail)
    if case.check is not None and after.check is None:
        await take_back(work, case.check)
    if fresh or (after.severity, after.status) != (case.severity, case.status):
        managers = await work.managers(after)
        await work.alert(after, [*await work.on_duty(after), *work.loop.informed(managers, work.now)])
    return after


async def open_case(work: LoopWork, heard: Heard, component: str | None, rules: Sequence[Rule], detail: Values) -> Case:
    """A new case, with its card for everybody who is to know."""
    about = heard.after.about
    return await begin_case(
        work, about.person_id, about.project_id, about.account_id, component, rules or ("remark",), detail
    )


async def begin_case(
    work: LoopWork,
    person_id: int,
    project_id: int,
    account_id: int,
    component: str | None,
    rules: Sequence[Rule],
    detail: Values,
) -> Case:
    """Writes a new case."""
    severity = gravest(rules)
    new = Case(
        id=NOBODY_YET,
        person_id=person_id,
        project_id=project_id,
        account_id=account_id,
        opened_at=work.now,
        component=component,
        severity=severity,
    )
    managers = await work.managers(new)
    informed = work.loop.informed(managers, work.now)
    named = managers.account is not None or managers.project is not None
    responsible = informed[0] if named and informed else None
    due = first_due(severity, responsible, work.now, work.loop)
    owned = replace(new, responsible=responsible, due_at=due)
    happened = Happened(kind="signal", at=work.now, detail=detail)
    case = await work.uow.cases.add(owned, happened)
    await work.tell(of_case(None, case, happened))
    await work.hand(case, informed)
    return case


async def _withdrawn(work: LoopWork, heard: Heard, item: str) -> None:
    about = await _about(work, heard, item)
    if about is not None:
        await work.uow.cases.withdraw(heard.after.interview.id, item, work.now)
        await work.do(about, "corrected", detail={"item": item, "withdrawn": True})


async def _about(work: LoopWork, heard: Heard, item: str) -> Case | None:
    return await work.uow.cases.of_answer(heard.after.interview.id, item)
