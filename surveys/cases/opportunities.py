"""Good news: whoever is delighted is asked, once in a long while, whether they would let others know of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

from surveys.alerts import tell_staff
from surveys.calendar import next_allowed
from surveys.cases.closing import barred
from surveys.cases.ports import Heard
from surveys.cases.rules import Praise
from surveys.cases.work import LoopWork
from surveys.contact import AMENDING, YEAR
from surveys.delivery_ports import Later
from surveys.directory import Person
from surveys.events import Closed
from surveys.interview import Disposition, Interview, Phase
from surveys.ports import UnitOfWork
from surveys.questionnaire import Questionnaire, ScaleItem
from surveys.rules import Rules

Favour = Literal["reference", "study", "talk", "introduction", "none"]

ASK: Final = "opportunity"
LETTER: Final = "opportunity_letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """Somebody to be asked for a favour after an interview; `answer` is what they said."""

    id: int = 0
    person_id: int
    project_id: int
    interview_id: str
    created_at: datetime
    asked_at: datetime | None = None
    answer: Favour | None = None
    answered_at: datetime | None = None


class Opportunities(Protocol):
    """Who was asked for a favour, and what they said."""

    async def add(self, opportunity: Opportunity) -> int: ...
    async def get(self, opportunity_id: int) -> Opportunity | None: ...
    async def drop(self, opportunity_id: int) -> None: ...
    async def asked(self, opportunity_id: int, at: datetime) -> None: ...

    async def answer(self, opportunity_id: int, person_id: int, answer: Favour, at: datetime) -> bool:
        """Takes down what this person says; False where it is not theirs to say, or has been said."""
        ...

    async def since(self, person_id: int, moment: datetime) -> bool:
        """Whether this person has been asked since, or is going to be."""
        ...

    async def troubled(self, person_id: int, interview_id: str) -> bool:
        """Whether this person has an open case, or complained in this interview."""
        ...


def delighted(questionnaire: Questionnaire, interview: Interview, praise: Praise) -> bool:
    """Whether everything this person would recommend us by is praise, and something is."""
    marks = [
        said.score
        for item in questionnaire.items
        if isinstance(item, ScaleItem) and item.scale.kind == "nps"
        if (said := interview.answers.get(item.key)) and said.score is not None
    ]
    return bool(marks) and all(mark in praise.scores for mark in marks)


async def notice_praise(work: LoopWork, heard: Heard) -> None:
    """An interview that ended with praise: the favour is asked once the answers are final, in waking hours."""
    praise, live, about = work.loop.praise, heard.after.interview, heard.after.about
    ended = Closed(Disposition.COMPLETE) in heard.events
    if praise is None or not ended or live.mode == "confidential" or about.interviewer is not None:
        return
    questionnaire = await work.library.version(live.questionnaire, live.version)
    if not delighted(questionnaire, live, praise) or await _spared(work, praise, about.person_id, live.id):
        return
    opportunity = Opportunity(
        person_id=about.person_id, project_id=about.project_id, interview_id=live.id, created_at=work.now
    )
    number = await work.uow.opportunities.add(opportunity)
    await _plan(work, number, await work.uow.people.get(about.person_id))


async def _plan(work: LoopWork, number: int, person: Person) -> None:
    if person.telegram_id is not None:
        due = _waking(work, person, work.now + AMENDING)
        await work.uow.deliveries.enqueue(person.telegram_id, ASK, {"opportunity_id": number}, at=work.now, due_at=due)


def _waking(work: LoopWork, person: Person, moment: datetime) -> datetime:
    zone = ZoneInfo(person.timezone) if person.timezone else work.loop.zone
    return next_allowed(moment, zone, work.loop.hours)


async def _spared(work: LoopWork, praise: Praise, person_id: int, interview_id: str) -> bool:
    opportunities = work.uow.opportunities
    recently = await opportunities.since(person_id, work.now - praise.rest)
    return recently or await opportunities.troubled(person_id, interview_id)


async def still_wanted(work: LoopWork, opportunity_id: int) -> Person | None:
    """Whoever is to be asked now; None where something has come between, which forgets it. Raises Later at night."""
    opportunity = await work.uow.opportunities.get(opportunity_id)
    if opportunity is None or opportunity.answer is not None:
        return None
    person = await work.uow.people.get(opportunity.person_id)
    if await _hindered(work, opportunity, person):
        await work.uow.opportunities.drop(opportunity_id)
        return None
    morning = _waking(work, person, work.now)
    if morning > work.now:
        raise Later(morning)
    await work.uow.opportunities.asked(opportunity_id, work.now)
    return person


async def _hindered(work: LoopWork, opportunity: Opportunity, person: Person) -> bool:
    praise, opened = work.loop.praise, await work.uow.interviews.get(opportunity.interview_id)
    if praise is None or opened is None or opened.interview.phase is not Phase.CLOSED:
        return True
    if barred(await work.uow.directory.stakeholder(person.id, opportunity.project_id)):
        return True
    questionnaire = await work.library.version(opened.interview.questionnaire, opened.interview.version)
    if not delighted(questionnaire, opened.interview, praise):
        return True
    past = await work.uow.contacts.of([person.id], work.now - YEAR)
    return bool(past[person.id].open) or await work.uow.opportunities.troubled(person.id, opportunity.interview_id)


async def answer(
    uow: UnitOfWork, work: LoopWork, rules: Rules, person: Person, opportunity_id: int, favour: Favour
) -> bool:
    """Keeps the answer, and passes a yes on to the account's manager; False where there is nothing to answer."""
    if not await uow.opportunities.answer(opportunity_id, person.id, favour, work.now):
        return False
    opportunity = await uow.opportunities.get(opportunity_id)
    if favour == "none" or opportunity is None:
        return True
    held = await uow.directory.stakeholder(person.id, opportunity.project_id)
    manager = held.account.manager if held else None
    readers = rules.access.admins if manager is None else (work.loop.present(manager, work.now),)
    for reader in readers:
        await tell_staff(uow, rules.alerts, reader, LETTER, {"opportunity_id": opportunity_id}, work.now)
    return True
