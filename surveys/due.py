"""The due time: everything is checked once more, and what may still be asked is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from surveys.answering import Responded
from surveys.asking import candidate, decided, occasion
from surveys.beginning import new_interview
from surveys.contact import Ask, Busy, Candidate, Drop, Occasion, listed, standing, ticket_of
from surveys.contact_ports import DueAsk
from surveys.directory import Person, Stakeholder
from surveys.flow import at_first_question
from surveys.history import Considered, Ledger, ledger
from surveys.interactions import Interaction
from surveys.invitations import circumstances, token_hash
from surveys.mentions import mentioned
from surveys.policy import decide
from surveys.ports import Card, Invitation, NewInvitation, OpenInterview
from surveys.questionnaire import Questionnaire
from surveys.typed import clean
from surveys.work import Work

NewName = Callable[[], str]

LONGEST: Final = 100
"""Characters of a value of an event that a text repeats."""


async def ask_due(work: Work, at_most: int, new_id: NewName, new_token: NewName) -> Sequence[Responded]:
    """Asks what is due and may still be asked; gives the interviews whose cards are to be shown after the commit."""
    due = await work.uow.asks.claim(work.now, at_most)
    considered = await _considered(work, due)
    histories = await ledger(work, considered)
    asked = []
    for ask, (what, whom) in zip(due, considered, strict=True):
        if await _still_to_be_asked(work, histories, ask, what, whom):
            asked.append(await _begin(work, histories, ask, what, whom, new_id(), new_token()))
    return asked


async def give_up(work: Work) -> None:
    """Drops the first question that is due: asking it failed, and not for want of a database."""
    for ask in await work.uow.asks.claim(work.now, 1):
        (pair,) = await _considered(work, [ask])
        await work.uow.asks.settle(ask.id, "dropped", work.now)
        await work.uow.decisions.add([replace(decided(work, *pair, Drop("failed", {})), ask_id=ask.id)])


async def _considered(work: Work, due: Sequence[DueAsk]) -> Sequence[Considered]:
    ids = sorted({ask.person_id for ask in due})
    people = await work.uow.people.lock(ids)
    places = {(one.person.id, one.project.id): one for one in await work.uow.directory.places(ids)}
    return [_again(work, ask, people, places) for ask in due]


def _again(
    work: Work, ask: DueAsk, people: Mapping[int, Person], places: Mapping[tuple[int, int], Stakeholder]
) -> Considered:
    what = occasion(
        work,
        ask.questionnaire,
        ask.due_at,
        ask.kind,
        events=ask.events,
        touchpoint=ask.touchpoint,
        wave=ask.wave,
    )
    person, held = people[ask.person_id], places.get((ask.person_id, ask.project_id))
    return what, candidate(work, person.external_id, person, held, ask.questionnaire)


async def _still_to_be_asked(work: Work, histories: Ledger, ask: DueAsk, what: Occasion, whom: Candidate) -> bool:
    """Whether to ask now. What is not to be asked any more is dropped, what cannot be asked yet is put off."""
    verdict = decide(what, whom, histories.of(whom, without=ask.id), work.policy, work.now)
    match verdict:
        case Drop():
            await work.uow.asks.settle(ask.id, "dropped", work.now)
            await work.uow.decisions.add([replace(decided(work, what, whom, verdict), ask_id=ask.id)])
        case Ask(at=at) if at > work.now:
            await work.uow.asks.move(ask.id, at)
        case Ask():
            return True
    return False


async def _begin(
    work: Work, histories: Ledger, ask: DueAsk, what: Occasion, whom: Candidate, interview_id: str, token: str
) -> Responded:
    """Makes the invitation and the interview. No link is needed, and a pulse asks at once: every tap counts."""
    questionnaire, held = work.library.current(what.questionnaire), whom.held
    if held is None or whom.person is None or whom.person.telegram_id is None:
        raise ValueError("a person nobody can write to is not asked")
    invitation = await _invite(work, what, held, token)
    about = replace(
        circumstances(invitation, held), extra=told(questionnaire, standing(ask.events, histories.of(whom)))
    )
    language = work.rules.speaks(whom.person.language)
    interview = new_interview(
        questionnaire, about, work.rules, interview_id=interview_id, roles=invitation.roles, language=language
    )
    card = Card(chat_id=whom.person.telegram_id)
    begun = at_first_question(questionnaire, interview) if questionnaire.kind == "pulse" else interview
    opened = OpenInterview(interview=begun, about=about, card=card)
    await work.uow.interviews.add(opened, work.now)
    await work.uow.asks.settle(ask.id, "asked", work.now, invitation.id)
    until = work.now + work.policy.expire_after
    histories.note(
        what, whom, Busy(questionnaire=questionnaire.key, kind=questionnaire.kind, since=work.now, until=until)
    )
    return Responded(opened, questionnaire, ())


def told(questionnaire: Questionnaire, events: Sequence[Interaction]) -> Mapping[str, str]:
    """What its texts and routes speak of, and nothing else: every ticket, and of the rest what the last event says."""
    names = mentioned(questionnaire)
    said = {name: _short(events[-1].data.get(name)) for name in names} if events else {}
    if "ticket" in names:
        tickets = dict.fromkeys(_short(ticket_of(event)) for event in events)
        said["ticket"] = listed(list(filter(None, tickets)))
    return {name: value for name, value in said.items() if value}


def _short(value: object) -> str:
    """A value as a text may repeat it; nothing for what is no single value."""
    words = (
        str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, str | int | float) else ""
    )
    return " ".join(clean(words).split())[:LONGEST]


async def _invite(work: Work, what: Occasion, held: Stakeholder, token: str) -> Invitation:
    new = NewInvitation(
        token_hash=token_hash(token),
        person_id=held.person.id,
        project_id=held.project.id,
        questionnaire=what.questionnaire,
        roles=work.rules.by_weight(held.roles),
        created_at=work.now,
        expires_at=work.now + work.policy.expire_after,
        wave=what.wave,
        touchpoint=what.touchpoint,
    )
    await work.uow.invitations.add([new])
    written = await work.uow.invitations.by_token(new.token_hash)
    if written is None:
        raise LookupError("the invitation just written is not there")
    await work.uow.invitations.mark_opened(written.id, work.now)
    return written
