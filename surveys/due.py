"""The due time: everything is checked once more, and what may still be asked is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from surveys.answering import Responded
from surveys.asking import candidate, decided, occasion
from surveys.beginning import new_interview
from surveys.contact import Ask, Busy, Candidate, Decided, Drop, Occasion, listed, standing, ticket_of
from surveys.contact_ports import DueAsk
from surveys.directory import Person, Stakeholder
from surveys.flow import at_first_question
from surveys.history import Considered, Ledger, ledger
from surveys.interactions import Interaction
from surveys.invitations import circumstances, token_hash
from surveys.mentions import mentioned
from surveys.policy import decide
from surveys.ports import Card, Invitation, NewInvitation, OpenInterview
from surveys.questionnaire import Language, Questionnaire
from surveys.typed import clean
from surveys.work import Work

NewName = Callable[[], str]

LONGEST: Final = 100
"""Characters of a value of an event that a text repeats."""


@dataclass(frozen=True, slots=True)
class _Begin:
    """What is going to be asked. `extra`: what the texts speak of besides the directory."""

    ask: DueAsk
    held: Stakeholder
    chat_id: int
    language: Language
    questionnaire: Questionnaire
    extra: Mapping[str, str]


async def ask_due(work: Work, at_most: int, new_id: NewName, new_token: NewName) -> Sequence[Responded]:
    """Asks what is due and may still be asked; gives the interviews whose cards are to be shown after the commit."""
    due = await work.uow.asks.claim(work.now, at_most)
    considered = await _considered(work, due)
    histories = await ledger(work, considered)
    to_ask: list[_Begin] = []
    dropped: dict[int, Decided] = {}
    for ask, (what, whom) in zip(due, considered, strict=True):
        verdict = decide(what, whom, histories.of(whom, without=ask.id), work.policy, work.now)
        match verdict:
            case Drop():
                dropped[ask.id] = replace(decided(work, what, whom, verdict), ask_id=ask.id)
            case Ask(at=at) if at > work.now:
                await work.uow.asks.move(ask.id, at)
            case Ask():
                to_ask.append(_begin(work, histories, ask, what, whom))
    await _drop(work, dropped)
    return await _asked(work, to_ask, new_id, new_token)


async def give_up(work: Work) -> None:
    """Drops the first question that is due: asking it failed, and not for want of a database."""
    for ask in await work.uow.asks.claim(work.now, 1):
        (pair,) = await _considered(work, [ask])
        await _drop(work, {ask.id: replace(decided(work, *pair, Drop("failed", {})), ask_id=ask.id)})


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


def _begin(work: Work, histories: Ledger, ask: DueAsk, what: Occasion, whom: Candidate) -> _Begin:
    """Whoever is considered after this one meets it in the history."""
    questionnaire, held = work.library.current(what.questionnaire), whom.held
    if held is None or whom.person is None or whom.person.telegram_id is None:
        raise ValueError("a person nobody can write to is not asked")
    extra = told(questionnaire, standing(ask.events, histories.of(whom)))
    until = work.now + work.policy.expire_after
    histories.note(
        what, whom, Busy(questionnaire=questionnaire.key, kind=questionnaire.kind, since=work.now, until=until)
    )
    language = work.rules.speaks(whom.person.language)
    return _Begin(ask, held, whom.person.telegram_id, language, questionnaire, extra)


async def _drop(work: Work, dropped: Mapping[int, Decided]) -> None:
    await work.uow.asks.settle("dropped", dict.fromkeys(dropped), work.now)
    await work.uow.decisions.add(list(dropped.values()))


async def _asked(work: Work, to_ask: Sequence[_Begin], new_id: NewName, new_token: NewName) -> Sequence[Responded]:
    """Makes the invitations and the interviews. No link is needed, and a pulse asks at once: every tap counts."""
    new = [_invitation(work, one, new_token()) for one in to_ask]
    invitations = await work.uow.invitations.open(new, work.now)
    opened = [_opened(work, *pair, new_id()) for pair in zip(to_ask, invitations, strict=True)]
    await work.uow.interviews.add(opened, work.now)
    settled = {one.ask.id: made.id for one, made in zip(to_ask, invitations, strict=True)}
    await work.uow.asks.settle("asked", settled, work.now)
    return [
        Responded(each, one.questionnaire, (), next((event.trace for event in one.ask.events), None))
        for each, one in zip(opened, to_ask, strict=True)
    ]


def _opened(work: Work, begin: _Begin, invitation: Invitation, interview_id: str) -> OpenInterview:
    about = replace(circumstances(invitation, begin.held), extra=begin.extra)
    interview = new_interview(
        begin.questionnaire,
        about,
        work.rules,
        interview_id=interview_id,
        roles=invitation.roles,
        language=begin.language,
    )
    pulse = begin.questionnaire.kind == "pulse"
    begun = at_first_question(begin.questionnaire, interview) if pulse else interview
    return OpenInterview(interview=begun, about=about, card=Card(chat_id=begin.chat_id))


def _invitation(work: Work, begin: _Begin, token: str) -> NewInvitation:
    return NewInvitation(
        token_hash=token_hash(token),
        person_id=begin.held.person.id,
        project_id=begin.held.project.id,
        questionnaire=begin.questionnaire.key,
        roles=work.rules.by_weight(begin.held.roles),
        created_at=work.now,
        expires_at=work.now + work.policy.expire_after,
        wave=begin.ask.wave,
        touchpoint=begin.ask.touchpoint,
    )


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
