"""A talk: an interviewer asks in person and writes down the answers. It is an interview with its card in their chat."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from surveys.answering import Responded, enter
from surveys.asking import candidate, decided, occasion
from surveys.beginning import new_interview
from surveys.channels import TALK
from surveys.contact import Ask
from surveys.directory import Stakeholder
from surveys.flow import advance
from surveys.interview import Phase
from surveys.invitations import circumstances, has_questions, token_hash
from surveys.ports import Card, Invitation, Library, NewInvitation, OpenInterview, UnitOfWork
from surveys.postponing import awake
from surveys.questionnaire import Language
from surveys.rules import Access, Rules
from surveys.signals import SwitchedLanguage, TimeRanOut
from surveys.work import Work

CODE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """With whom an interviewer is going to talk, about which project, by which questionnaire, in which language."""

    project_id: int
    person_id: int
    questionnaire: str
    language: Language


@dataclass(frozen=True, slots=True)
class Occupied:
    """The person has this open already, in Telegram or in a talk with somebody else."""

    opened: OpenInterview


async def within(uow: UnitOfWork, access: Access, interviewer: int, project_id: int) -> bool:
    """Whether this interviewer may talk with people about this project."""
    scope = access.scope(interviewer)
    if not access.may_interview(interviewer) or scope is None:
        return access.may_interview(interviewer)
    return await uow.directory.is_seen(scope, project_id)


def sensible(library: Library, rules: Rules, usual: str, held: Stakeholder) -> list[str]:
    """Keys of the questionnaires a talk can go by, the usual one first: no pulses, and with questions for them."""
    roles = rules.by_weight(held.roles)
    whole = [key for key in library.names() if library.current(key).kind == "relationship"]
    return sorted((key for key in whole if has_questions(library.current(key), roles)), key=lambda key: key != usual)


def code_of(key: str) -> str:
    """A questionnaire on a button, which has no room for its key."""
    return hashlib.sha256(key.encode()).hexdigest()[:CODE]


def named(library: Library, code: str) -> str | None:
    """Key of the questionnaire of this code."""
    return next((key for key in library.names() if code_of(key) == code), None)


async def begin(
    work: Work, interviewer: int, choice: Choice, new_id: Callable[[], str], new_token: Callable[[], str]
) -> OpenInterview | Occupied | None:
    """A talk on its first card, or the one this interviewer has not finished. None: nobody to talk with like that."""
    await work.uow.people.lock([choice.person_id])
    held = await work.uow.directory.stakeholder(choice.person_id, choice.project_id)
    questionnaire = work.questionnaire(choice.questionnaire)
    if (
        held is None
        or questionnaire is None
        or not await within(work.uow, work.rules.access, interviewer, held.project.id)
    ):
        return None
    if choice.language not in questionnaire.title or not has_questions(questionnaire, work.rules.by_weight(held.roles)):
        return None
    unfinished = await work.uow.interviews.held_by(interviewer)
    if unfinished is not None:
        return unfinished
    for opened in await work.uow.interviews.about(choice.person_id):
        return Occupied(opened)
    return await _open(work, interviewer, held, choice, new_id(), new_token())


async def _open(
    work: Work, interviewer: int, held: Stakeholder, choice: Choice, interview_id: str, token: str
) -> OpenInterview:
    invitation = await _invite(work, held, choice, token)
    about = replace(circumstances(invitation, held), interviewer=interviewer)
    interview = new_interview(
        work.library.current(choice.questionnaire),
        about,
        work.rules,
        interview_id=interview_id,
        roles=invitation.roles,
        language=choice.language,
    )
    opened = OpenInterview(interview=interview, about=about, card=Card(chat_id=interviewer))
    await work.uow.interviews.add([opened], work.now)
    await _record(work, interviewer, held, choice.questionnaire)
    return opened


async def _invite(work: Work, held: Stakeholder, choice: Choice, token: str) -> Invitation:
    new = NewInvitation(
        token_hash=token_hash(token),
        person_id=held.person.id,
        project_id=held.project.id,
        questionnaire=choice.questionnaire,
        roles=work.rules.by_weight(held.roles),
        created_at=work.now,
        expires_at=work.now + work.policy.expire_after,
        channel=TALK,
    )
    (opened,) = await work.uow.invitations.open([new], work.now)
    return opened


async def _record(work: Work, interviewer: int, held: Stakeholder, key: str) -> None:
    whom = candidate(work, held.person.external_id, held.person, held, key)
    verdict = Ask(work.now, "interview", {"interviewer": interviewer})
    await work.uow.decisions.add([decided(work, occasion(work, key, work.now), whom, verdict)])


async def take_over(work: Work, interviewer: int, interview_id: str, language: Language) -> OpenInterview | None:
    """What the person has open in Telegram goes on in a talk, with what was answered. None: it is open no more."""
    before = await work.uow.interviews.get(interview_id)
    if before is None or before.about.interviewer is not None or await work.uow.interviews.held_by(interviewer):
        return None
    held = await work.uow.directory.stakeholder(before.about.person_id, before.about.project_id)
    theirs = await work.uow.interviews.about(before.about.person_id)
    if (
        held is None
        or before not in theirs
        or not await within(work.uow, work.rules.access, interviewer, held.project.id)
    ):
        return None
    questionnaire = await work.library.version(before.interview.questionnaire, before.interview.version)
    here = awake(before.interview) if before.interview.put_off else before.interview
    turn = advance(questionnaire, here, SwitchedLanguage(at=work.now, language=language))
    after = OpenInterview(
        interview=replace(turn.interview, turn=before.interview.turn + 1),
        about=replace(before.about, channel=TALK, interviewer=interviewer),
        card=Card(chat_id=interviewer),
    )
    await work.uow.interviews.move_to_talk(before, after, turn.events, work.now)
    await _record(work, interviewer, held, before.interview.questionnaire)
    if before.card.message_id is not None:
        payload = {"message_id": before.card.message_id, "language": before.interview.language}
        await work.uow.deliveries.add(before.card.chat_id, "in_talk", payload, at=work.now)
    return after


async def stop(work: Work, interviewer: int, interview_id: str) -> Responded | None:
    """The talk is over; what was said is kept. None: this interviewer holds no such talk."""
    opened = await work.uow.interviews.get(interview_id)
    if opened is None or opened.about.interviewer != interviewer:
        return None
    return await enter(work.uow, work.library, opened, TimeRanOut(at=work.now))


async def is_withdrawn(uow: UnitOfWork, access: Access, opened: OpenInterview) -> bool:
    """Whether this is a talk with which its interviewer may not go on: rights change, and so do accounts."""
    interviewer = opened.about.interviewer
    return interviewer is not None and not await within(uow, access, interviewer, opened.about.project_id)


async def withdraw(work: Work, interview_id: str) -> Responded | None:
    """Ends a talk with which its interviewer may not go on; what was said is kept. None: there is no such talk."""
    opened = await work.uow.interviews.get(interview_id)
    if opened is None or opened.interview.phase is Phase.CLOSED:
        return None
    if not await is_withdrawn(work.uow, work.rules.access, opened):
        return None
    ending = replace(opened, interview=replace(opened.interview, cause="withdrawn"))
    return await enter(work.uow, work.library, ending, TimeRanOut(at=work.now))
