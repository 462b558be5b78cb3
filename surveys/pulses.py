"""Events of the outside world: what becomes of each, for everybody it concerns."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from surveys.asking import candidate, decided, occasion, schedule
from surveys.calendar import place_in
from surveys.contact import Decided, Drop, PulseRule, listed, ticket_of, tickets_of
from surveys.contact_ports import DueAsk
from surveys.directory import Stakeholder
from surveys.erasure import without_forgotten
from surveys.interactions import Interaction, happened, name_in
from surveys.projects import change_project
from surveys.waves import A_PERSON
from surveys.work import Work


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an event. `fresh`: False when it had been taken before; then nothing was done."""

    fresh: bool
    decided: tuple[Decided, ...] = ()


async def take_event(work: Work, event: Interaction) -> Taken:
    """Keeps the event, and decides about everybody who could be asked after it, in the same transaction."""
    event = await without_forgotten(work.uow, event, concerned(event))
    interaction_id = await work.uow.interactions.add(event, work.now)
    if interaction_id is None:
        return Taken(fresh=False)
    event = replace(event, occurred_at=happened(event.occurred_at, work.now))
    effect, rule = EFFECTS.get(event.type), work.policy.pulses.get(event.type)
    came_of_it = await effect(work, event) if effect else ()
    asked = await _pulse(work, event, rule, interaction_id) if rule else ()
    return Taken(fresh=True, decided=(*came_of_it, *asked))


async def _pulse(work: Work, event: Interaction, rule: PulseRule, interaction_id: int) -> Sequence[Decided]:
    """A decision about everybody the event concerns; a crowd is asked in an even drip."""
    what = occasion(
        work,
        rule.questionnaire,
        min(event.occurred_at, work.now) + rule.delay,
        events=(event,),
        sample=rule.sample,
        touchpoint=name_in(event.data.get("touchpoint")) or rule.touchpoint,
    )
    names = concerned(event)
    people = await work.uow.people.lock_named(names)
    places = await work.uow.directory.places([person.id for person in people.values()])
    begins, window = max(work.now, what.not_before), min(work.policy.drip, (len(names) - 1) * A_PERSON)
    considered = []
    for name in names or (None,):
        person = people.get(name) if name else None
        held = place(event, [one for one in places if person and one.person.id == person.id])
        dripped = replace(what, not_before=begins + place_in(window, name)) if name else what
        considered.append((dripped, candidate(work, name, person, held, rule.questionnaire)))
    return await schedule(work, considered, interaction_id)


def concerned(event: Interaction) -> tuple[str, ...]:
    """External ids of those who asked for what happened: who reported it, and who took part."""
    named = event.data.get("participants")
    participants = map(name_in, named) if isinstance(named, list) else ()
    return tuple(dict.fromkeys(each for each in (event.person, *participants) if each))


def place(event: Interaction, held: Sequence[Stakeholder]) -> Stakeholder | None:
    """Which of a person's projects the event is about; None where it does not say, or names another one."""
    fitting = [
        one for one in held if event.account in (None, one.account.name) and event.project in (None, one.project.name)
    ]
    return fitting[0] if len(fitting) == 1 else None


async def _reopen(work: Work, event: Interaction) -> Sequence[Decided]:
    """What was going to be asked about the ticket is not asked; closing it again is a new occasion."""
    ticket = ticket_of(event)
    if ticket is None:
        return ()
    concerned = await work.uow.asks.about(event.source, ticket)
    await work.uow.people.lock([ask.person_id for ask in concerned])
    made = [await _take_back(work, ask, event, ticket) for ask in await work.uow.asks.about(event.source, ticket)]
    taken_back = [one for one in made if one is not None]
    await work.uow.decisions.add(taken_back)
    return taken_back


async def _take_back(work: Work, ask: DueAsk, event: Interaction, ticket: str) -> Decided | None:
    over = tuple(one for one in ask.events if _undone(one, event, ticket))
    if not over:
        return None
    if len(over) == len(ask.events):
        await work.uow.asks.settle("dropped", {ask.id: None}, work.now)
    else:
        await work.uow.asks.forget(ask.id, event.source, ticket)
    person = (await work.uow.people.lock([ask.person_id]))[ask.person_id]
    held = await work.uow.directory.stakeholder(ask.person_id, ask.project_id)
    what = occasion(work, ask.questionnaire, ask.due_at, ask.kind, events=over)
    whom = candidate(work, person.external_id, person, held, ask.questionnaire)
    verdict = Drop("reopened", {"tickets": listed(tickets_of(over))})
    return replace(decided(work, what, whom, verdict), ask_id=ask.id)


def _undone(closed: Interaction, reopened: Interaction, ticket: str) -> bool:
    same = closed.source == reopened.source and ticket_of(closed) == ticket
    return same and closed.occurred_at <= reopened.occurred_at


EFFECTS: Final[Mapping[str, Callable[[Work, Interaction], Awaitable[Sequence[Decided]]]]] = {
    "ticket.reopened": _reopen,
    "project.stage_changed": change_project,
    "project.adoption": change_project,
}
"""Event type -> what it does besides being asked about."""
