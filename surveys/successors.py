"""Whom to ask instead: what the person said goes to the admins, and one of them decides."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from surveys.asking import candidate, decided, occasion, schedule
from surveys.contact import Drop
from surveys.contact_ports import Proposed
from surveys.directory import Person, Stakeholder
from surveys.events import Event, Redirected
from surveys.invitations import issue
from surveys.ports import OpenInterview
from surveys.questionnaire import Language
from surveys.work import Work

NAME: Final = re.compile(r"[,;:(]|\s[-–—]\s")
TELLING: Final = 3
"""Letters a word has at least by which somebody may be found."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What has been decided; `fresh`: just now."""

    proposed: Proposed
    fresh: bool


async def note(work: Work, opened: OpenInterview, events: Sequence[Event]) -> None:
    """If the interview ended with “I am not the right person”, records it and shows every admin a card about it."""
    for event in events:
        if isinstance(event, Redirected):
            await _record(work, opened)
            successor_id = await work.uow.successors.add(opened.interview.id, event.words, work.now)
            for admin in sorted(work.rules.access.admins):
                await work.uow.deliveries.add(admin, "successor", {"successor": successor_id}, at=work.now)


async def _record(work: Work, opened: OpenInterview) -> None:
    person = await work.uow.people.get(opened.about.person_id)
    held = await work.uow.directory.stakeholder(person.id, opened.about.project_id)
    key = opened.interview.questionnaire
    what = occasion(work, key, work.now)
    whom = candidate(work, person.external_id, person, held, key)
    await work.uow.decisions.add([decided(work, what, whom, Drop("wrong_person", {}))])


async def dismiss(work: Work, successor_id: int, by: str) -> Settled | None:
    """Nobody is asked instead. None: there is no such proposal."""
    proposed = await work.uow.successors.lock(successor_id)
    if proposed is None:
        return None
    if proposed.state != "proposed":
        return Settled(proposed, fresh=False)
    return await _settle(work, replace(proposed, state="dismissed", decided_by=by))


async def invite(
    work: Work,
    successor_id: int,
    person_id: int | None,
    by: str,
    new_id: Callable[[], str],
    token_of: Callable[[str], str],
) -> Settled | None:
    """Asks the successor: somebody of the account, or a new person of the name that was given.

    Whoever is in Telegram is asked as the policy allows, anybody else gets an invitation. None: there is no such
    proposal, or nobody is named in it.
    """
    proposed = await work.uow.successors.lock(successor_id)
    if proposed is None:
        return None
    if proposed.state != "proposed":
        return Settled(proposed, fresh=False)
    opened = await work.uow.interviews.get(proposed.interview_id)
    if opened is None or proposed.words is None:
        return None
    held = await work.uow.directory.stakeholder(opened.about.person_id, opened.about.project_id)
    if held is None:
        return None
    chosen = await _choose(work, proposed.words, person_id, held, opened.interview.language, new_id)
    if chosen is None:
        return None
    until = await _ask(work, opened, chosen, lambda: token_of(link_name(successor_id)))
    return await _settle(work, replace(proposed, state="invited", decided_by=by, person_id=chosen, link_until=until))


async def _choose(
    work: Work, words: str, person_id: int | None, held: Stakeholder, language: Language, new_id: Callable[[], str]
) -> int | None:
    """Id of the successor, who from now on has the roles of whom they succeed. None: no such person there."""
    colleagues = await work.uow.directory.stakeholders(account=held.account.name)
    known = _known(words, colleagues, held.person.id, person_id)
    if known is None and person_id is not None:
        return None
    chosen = known or await work.uow.directory.enlist(f"proposed-{new_id()}", name_in(words), language, held)
    await work.uow.directory.give_roles(chosen, held)
    return chosen


async def _settle(work: Work, settled: Proposed) -> Settled:
    told = replace(settled, decided_at=work.now)
    await work.uow.successors.decide(told)
    return Settled(told, fresh=True)


async def _ask(work: Work, opened: OpenInterview, person_id: int, new_token: Callable[[], str]) -> datetime | None:
    """Until when the link can be opened, where one is needed."""
    await work.uow.people.lock([person_id])
    held = await work.uow.directory.stakeholder(person_id, opened.about.project_id)
    if held is None:
        raise LookupError("the roles just given are not there")
    key = opened.interview.questionnaire
    if held.person.telegram_id is not None or held.account.no_foreign_messenger:
        what = occasion(work, key, work.now, touchpoint=opened.about.touchpoint)
        await schedule(work, [(what, candidate(work, held.person.external_id, held.person, held, key))])
        return None
    [issued] = await issue(work.uow, work.library.current(key), [held], work.rules, work.now, new_token)
    return issued.expires_at


def link_name(successor_id: int) -> str:
    """What the token of the successor's invitation is made of."""
    return f"successor:{successor_id}"


def name_in(words: str) -> str:
    """The name, without the position.

    >>> name_in("Vera Sample, head of IT"), name_in("Vera Sample - IT")
    ('Vera Sample', 'Vera Sample')
    """
    return NAME.split(words, maxsplit=1)[0].strip() or words


def alike(words: str, people: Sequence[Stakeholder], but: int) -> Sequence[Person]:
    """Those of these people who may be meant, each once: every word of one name is in the other."""
    said = _letters(name_in(words))
    found = {
        one.person.id: one.person
        for one in people
        if one.person.id != but and said and _meant(said, _letters(one.person.name))
    }
    return list(found.values())


def _known(words: str, people: Sequence[Stakeholder], but: int, person_id: int | None) -> int | None:
    """Id of the person of this id; without one, of the only one who is called exactly so."""
    if person_id is not None:
        return next((one.person.id for one in people if one.person.id == person_id != but), None)
    same = {one.id for one in alike(words, people, but) if one.name.casefold() == name_in(words).casefold()}
    return same.pop() if len(same) == 1 else None


def _meant(said: frozenset[str], name: frozenset[str]) -> bool:
    return bool(name) and (said <= name or name <= said)


def _letters(name: str) -> frozenset[str]:
    return frozenset(word for word in name.casefold().replace("ё", "е").split() if len(word) >= TELLING)
