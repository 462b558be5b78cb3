"""Invitations: issued for stakeholders, opened by the one person each is for."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from surveys import guesses
from surveys.alerts import tell_staff
from surveys.beginning import new_interview
from surveys.directory import Person, Stakeholder
from surveys.errors import (
    InvitationExpired,
    InvitationForeign,
    InvitationForStaff,
    InvitationRefused,
    InvitationUnknown,
)
from surveys.ports import Card, Circumstances, Invitation, Library, NewInvitation, OpenInterview, UnitOfWork
from surveys.questionnaire import Asked, Questionnaire, StatementItem, addressed_role
from surveys.rules import Rules

TOKEN_BYTES = 24
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """An invitation with its token, which is shown now and kept nowhere."""

    stakeholder: Stakeholder
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who knocks: a Telegram account, and the language its application is set to.

    `mark` stands for the account where it must not be told.
    """

    telegram_id: int
    mark: str
    language: str | None = None


def token_hash(token: str) -> bytes:
    """SHA-256 of the token, or of whatever was sent as one. 192 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


async def issue(
    uow: UnitOfWork,
    questionnaire: Questionnaire,
    stakeholders: Sequence[Stakeholder],
    rules: Rules,
    now: datetime,
    new_token: Callable[[], str],
    *,
    wave: str | None = None,
) -> Sequence[Issued]:
    """Writes an invitation for each of the stakeholders who may be asked here and for whom there are questions."""
    asked = [
        one
        for one in stakeholders
        if has_questions(questionnaire, rules.by_weight(one.roles)) and not one.account.no_foreign_messenger
    ]
    issued = [Issued(stakeholder=one, token=new_token(), expires_at=now + rules.expire_after) for one in asked]
    await uow.invitations.add([_row(each, questionnaire, rules, now, wave) for each in issued])
    return issued


def has_questions(questionnaire: Questionnaire, roles: tuple[str, ...]) -> bool:
    """Whether anything in the questionnaire is worded for one of these roles."""
    items = (item for item in questionnaire.items if isinstance(item, Asked) and not isinstance(item, StatementItem))
    return bool(roles) and any(addressed_role(item, roles) for item in items)


def _row(issued: Issued, questionnaire: Questionnaire, rules: Rules, now: datetime, wave: str | None) -> NewInvitation:
    return NewInvitation(
        token_hash=token_hash(issued.token),
        person_id=issued.stakeholder.person.id,
        project_id=issued.stakeholder.project.id,
        questionnaire=questionnaire.key,
        roles=rules.by_weight(issued.stakeholder.roles),
        created_at=now,
        expires_at=issued.expires_at,
        wave=wave,
    )


async def open_invitation(
    uow: UnitOfWork,
    library: Library,
    rules: Rules,
    caller: Caller,
    token: str,
    now: datetime,
    new_id: Callable[[], str],
) -> OpenInterview:
    """The interview behind the link, begun on first use, which binds the invitation's person to this caller.

    Raises a SurveyError that says why not. A caller the invitation is not for is reported to the admins, and so is
    one who tries many.
    """
    if rules.access.is_staff(caller.telegram_id):
        raise InvitationForStaff
    try:
        return await _open(uow, library, rules, caller, token, now, new_id)
    except InvitationRefused as refused:
        if await guesses.is_refused(uow, caller.mark, now):
            raise
        first = await guesses.note(uow, rules, caller.mark, token_hash(token), now)
        if first and isinstance(refused, InvitationForeign):
            await _report_foreign(uow, rules, refused.values, now)
        raise


async def _open(
    uow: UnitOfWork,
    library: Library,
    rules: Rules,
    caller: Caller,
    token: str,
    now: datetime,
    new_id: Callable[[], str],
) -> OpenInterview:
    invitation = await _find(uow, token)
    person = await _bind(uow, invitation, caller, now)
    known = await uow.interviews.of_invitation(invitation.id)
    if known is not None:
        return known
    if invitation.expires_at <= now:
        raise InvitationExpired
    opened = await _begin(uow, library, rules, invitation, person, caller, new_id)
    await uow.interviews.add([opened], now)
    await uow.invitations.mark_opened(invitation.id, now)
    return opened


async def _find(uow: UnitOfWork, token: str) -> Invitation:
    found = await uow.invitations.by_token(token_hash(token)) if TOKEN.fullmatch(token) else None
    if found is None:
        raise InvitationUnknown
    return found


async def _bind(uow: UnitOfWork, invitation: Invitation, caller: Caller, now: datetime) -> Person:
    """The invitation's person, from now on this caller. Nobody is ever bound by an invitation that has expired."""
    person = await uow.people.get(invitation.person_id)
    if person.telegram_id == caller.telegram_id:
        return person
    if await guesses.is_refused(uow, caller.mark, now):
        raise InvitationUnknown
    if person.telegram_id is not None or await uow.people.by_telegram(caller.telegram_id) is not None:
        raise InvitationForeign(person_id=invitation.person_id, project_id=invitation.project_id)
    if invitation.expires_at <= now:
        raise InvitationExpired
    await uow.people.bind(person.id, caller.telegram_id)
    return person


async def _report_foreign(uow: UnitOfWork, rules: Rules, whose: Mapping[str, object], now: datetime) -> None:
    for admin in sorted(rules.access.admins):
        await tell_staff(uow, rules.alerts, admin, "foreign_link", whose, now)


async def _begin(
    uow: UnitOfWork,
    library: Library,
    rules: Rules,
    invitation: Invitation,
    person: Person,
    caller: Caller,
    new_id: Callable[[], str],
) -> OpenInterview:
    held = await uow.directory.stakeholder(person.id, invitation.project_id)
    if held is None:
        raise InvitationUnknown
    questionnaire = library.current(invitation.questionnaire)
    about = circumstances(invitation, held)
    language = rules.speaks(person.language, caller.language)
    interview = new_interview(
        questionnaire, about, rules, interview_id=new_id(), roles=invitation.roles, language=language
    )
    return OpenInterview(interview=interview, about=about, card=Card(chat_id=caller.telegram_id))


def circumstances(invitation: Invitation, held: Stakeholder) -> Circumstances:
    """What an interview that begins now is about."""
    return Circumstances(
        person_id=held.person.id,
        person=held.person.name,
        invitation_id=invitation.id,
        account_id=held.account.id,
        account=held.account.name,
        project_id=held.project.id,
        project=held.project.name,
        division=held.project.division,
        product=held.project.product,
        stage=held.project.stage,
        channel=invitation.channel,
        wave=invitation.wave,
        touchpoint=invitation.touchpoint,
    )
