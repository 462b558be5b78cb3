"""Verified closure: the client is asked whether it helped, and their word decides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from surveys.answering import Responded, run_out
from surveys.beginning import new_interview
from surveys.calendar import due_moment
from surveys.cases.case import OPEN, Case
from surveys.cases.ports import Heard
from surveys.cases.work import LoopWork
from surveys.contact import YEAR, Policy
from surveys.directory import Stakeholder
from surveys.errors import UnknownQuestionnaire
from surveys.events import AnswerGiven, Closed
from surveys.flow import at_first_question
from surveys.interview import Phase
from surveys.invitations import circumstances, token_hash
from surveys.ports import Card, NewInvitation, OpenInterview
from surveys.questionnaire import Questionnaire

SOLVED: Final = "solved"
WAIT: Final = timedelta(hours=1)
"""How long a person with another questionnaire open is left alone before the next look."""


async def heard_back(work: LoopWork, heard: Heard) -> bool:
    """Whether these were the client's words on whether a case is solved; if so, the case heeds them."""
    if heard.after.interview.questionnaire != work.loop.closure:
        return False
    case = await work.uow.cases.of_check(heard.after.interview.id)
    if case is None:
        return False
    for event in heard.events:
        match event:
            case AnswerGiven():
                case = await _answered(work, case, heard.after.interview.id, event)
            case Closed() if case.status == "checking" and case.check == heard.after.interview.id:
                case = await work.do(case, "unanswered", detail={"why": "silence"})
    return True


async def _answered(work: LoopWork, case: Case, asked_in: str, event: AnswerGiven) -> Case:
    """The verdict moves the case; words that follow it are told to whoever has the card, also later."""
    said = event.answer
    if case.outcome == "merged":
        return case
    await work.uow.cases.link(case.id, asked_in, said.item, (), work.now)
    if said.item == SOLVED and said.choice and case.check == asked_in:
        case = await work.do(case, "answer", detail={"verdict": said.choice[0]})
        return await _alarm(work, case) if case.status != "closed" else case
    if said.text and case.status in OPEN:
        return await work.do(case, "signal", detail={"item": said.item, "rules": [], "severity": "low"})
    return case


async def take_back(work: LoopWork, interview_id: str) -> None:
    """The client has complained anew, so whether the last complaint is settled is asked no more."""
    opened = await work.uow.interviews.get(interview_id)
    if opened is None or opened.interview.phase is Phase.CLOSED:
        return
    asked = replace(opened, interview=replace(opened.interview, cause="overtaken"))
    if ended := await run_out(work.uow, work.library, asked, work.now):
        work.ended.append(ended)


async def _alarm(work: LoopWork, case: Case) -> Case:
    """A client who says no is heard one rung higher at once."""
    people = work.loop.rung(1, await work.managers(case), work.now)
    await work.alert(case, [*await work.on_duty(case), *people])
    return await work.do(case, "escalated", detail={"to": list(people)})


async def ask_whether_solved(
    work: LoopWork, policy: Policy, case: Case, new_id: Callable[[], str], new_token: Callable[[], str]
) -> Responded | None:
    """Asks the client, if it is the time for it; the interview whose card is to be shown after the commit.

    This question does not wait for the rest between surveys: the person spoke first, and is owed it. Everything else
    of the contact policy holds. Who cannot be asked at all leaves the case closed without their word.
    """
    held = await work.uow.directory.stakeholder(case.person_id, case.project_id)
    questionnaire = _questionnaire(work)
    why = barred(held)
    if held is None or questionnaire is None or why:
        await work.do(case, "unanswered", detail={"why": why or "no_questionnaire"})
        return None
    moment = await _moment(work, policy, held)
    if moment > work.now:
        await work.uow.cases.look_again(case.id, moment)
        return None
    responded = await _begin(work, policy, questionnaire, held, case, new_id(), new_token())
    await work.do(case, "asked", detail={"interview": responded.opened.interview.id})
    return responded


def _questionnaire(work: LoopWork) -> Questionnaire | None:
    """A vendor's own catalogue may do without it; then nobody is asked."""
    try:
        return work.library.current(work.loop.closure)
    except UnknownQuestionnaire:
        return None


def barred(held: Stakeholder | None) -> str | None:
    """Why this person cannot be written to at all."""
    if held is None:
        return "unknown"
    person, account = held.person, held.account
    reasons = {
        "not_linked": person.telegram_id is None,
        "opted_out": person.opted_out_at is not None,
        "unreachable": person.unreachable_at is not None,
        "on_hold": bool(account.on_hold),
        "foreign_messenger": bool(account.no_foreign_messenger),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


async def _moment(work: LoopWork, policy: Policy, held: Stakeholder) -> datetime:
    """When this person may be asked: nothing else is open, and the hour allows it."""
    past = await work.uow.contacts.of([held.person.id], work.now - YEAR)
    if any(busy.stands(work.now) for busy in past[held.person.id].open):
        return work.now + WAIT
    zone = policy.zone_of(held.person)
    return due_moment(work.now, zone, policy.hours, held.person.external_id, policy.drip)


async def _begin(
    work: LoopWork,
    policy: Policy,
    questionnaire: Questionnaire,
    held: Stakeholder,
    case: Case,
    interview_id: str,
    token: str,
) -> Responded:
    if held.person.telegram_id is None:
        raise ValueError("a person nobody can write to is not asked")
    new = _invitation(work, policy, questionnaire, held, token_hash(token))
    (invitation,) = await work.uow.invitations.open([new], work.now)
    about = circumstances(invitation, held)
    interview = new_interview(
        questionnaire,
        about,
        work.rules,
        interview_id=interview_id,
        roles=invitation.roles,
        language=work.rules.speaks(held.person.language),
    )
    named = replace(interview, mode="named")
    card = Card(chat_id=held.person.telegram_id)
    opened = OpenInterview(interview=at_first_question(questionnaire, named), about=about, card=card)
    await work.uow.interviews.add([opened], work.now)
    return Responded(opened, questionnaire, ())


def _invitation(
    work: LoopWork, policy: Policy, questionnaire: Questionnaire, held: Stakeholder, hashed: bytes
) -> NewInvitation:
    return NewInvitation(
        token_hash=hashed,
        person_id=held.person.id,
        project_id=held.project.id,
        questionnaire=questionnaire.key,
        roles=work.rules.by_weight(held.roles),
        created_at=work.now,
        expires_at=work.now + policy.expire_after,
    )


async def settle(work: LoopWork, case: Case) -> None:
    """A client who has been asked long ago: if their time is over and nobody told the case, it is told now."""
    opened = await work.uow.interviews.get(str(case.check))
    if opened is None or opened.interview.phase is Phase.CLOSED:
        await work.do(case, "unanswered", detail={"why": "silence"})
    else:
        await work.uow.cases.look_again(case.id, work.now + timedelta(days=1))
