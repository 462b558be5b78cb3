"""Somebody is forgotten: who they are at once, what they answered if they ask for that, and for good."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Protocol

from surveys.directory import DirectoryRow, Person
from surveys.interactions import Interaction
from surveys.outward.events import of_erasure
from surveys.ports import UnitOfWork

KEY: Final = "erasure_key"
"""The fact under which the key of the tombstones is kept, made with the first of them."""
FIGURES: Final = frozenset({"ticket", "priority", "opened_at", "first_response_at", "resolved_at", "touchpoint"})
"""What is kept of the data of an event about somebody: it counts, and names nobody."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Somebody was forgotten then, their `answers` as well or not. `mark`: of their external id."""

    mark: str
    at: datetime
    answers: bool


class Erasures(Protocol):
    """Takes people out of every table; what is counted stays true."""

    async def erase(self, person: Person, at: datetime, *, answers: bool) -> None:
        """Nothing says any more who it was. `answers`: what they scored, chose and wrote goes as well."""
        ...

    async def cases(self, person: Person) -> Mapping[int, int]:
        """Their cases, with the version each is in."""
        ...

    async def bury(self, stone: Tombstone) -> None:
        """Whoever has this mark does not come back."""
        ...

    async def buried(self, marks: Collection[str]) -> Collection[str]:
        """Those of the marks that are on a tombstone."""
        ...

    async def living(self) -> Mapping[str, int]:
        """External id -> number of everybody who was not forgotten."""
        ...


def mark_of(key: str, external_id: str) -> str:
    """What a tombstone says of an external id: HMAC-SHA256, hexadecimal."""
    return hmac.new(key.encode(), external_id.encode(), sha256).hexdigest()


async def erase(
    uow: UnitOfWork, person: Person, at: datetime, new_key: str, *, answers: bool, listeners: Collection[str] = ()
) -> None:
    """Forgets the person. `new_key`: of the tombstones, where they have none yet; not to be guessed.

    `listeners`: endpoints that were told of their cases, and are to forget them as well.
    """
    mark = mark_of(await key_of(uow, new_key), person.external_id)
    await uow.erasures.bury(Tombstone(mark, at, answers))
    await uow.erasures.erase(person, at, answers=answers)
    if listeners:
        cases = await uow.erasures.cases(person)
        await uow.outgoing.add([of_erasure(case_id, version, at) for case_id, version in cases.items()], listeners)


async def key_of(uow: UnitOfWork, new_key: str) -> str:
    """The key of the tombstones; `new_key` becomes it where there is none."""
    key = await uow.settings.get(KEY)
    if key is None:
        key = new_key
        await uow.settings.set(KEY, key)
    return key


async def obey(uow: UnitOfWork, stones: Sequence[Tombstone]) -> Mapping[int, Tombstone]:
    """Forgets again whoever stands on one and is there all the same, as in a backup from before; number -> which."""
    key = await uow.settings.get(KEY)
    buried = set(await uow.erasures.buried([stone.mark for stone in stones]))
    missing = {stone.mark: stone for stone in stones if stone.mark not in buried}
    if key is None or not missing:
        return {}
    living = await uow.erasures.living()
    back = {number: stone for name, number in living.items() if (stone := missing.get(mark_of(key, name)))}
    for person in (await uow.people.lock(list(back))).values():
        stone = back[person.id]
        await uow.erasures.erase(person, stone.at, answers=stone.answers)
    for stone in missing.values():
        await uow.erasures.bury(stone)
    return back


async def without_erased(uow: UnitOfWork, rows: Sequence[DirectoryRow]) -> tuple[Sequence[DirectoryRow], int]:
    """The rows of a directory but for those of people who were forgotten, and how many those are."""
    key = await uow.settings.get(KEY)
    if key is None:
        return rows, 0
    marks = {row.external_id: mark_of(key, row.external_id) for row in rows}
    gone = set(await uow.erasures.buried(marks.values()))
    kept = [row for row in rows if marks[row.external_id] not in gone]
    return kept, len(rows) - len(kept)


async def without_forgotten(uow: UnitOfWork, event: Interaction, names: Collection[str]) -> Interaction:
    """The event without those of these people who were forgotten: its source goes on telling of them."""
    key = await uow.settings.get(KEY)
    if key is None or not names:
        return event
    marks = {mark_of(key, name): name for name in names}
    for gone in [marks[mark] for mark in await uow.erasures.buried(marks)]:
        person, data = redacted(event.person, event.data, gone)
        event = replace(event, person=person, data=data)
    return event


def redacted(person: str | None, data: Mapping[str, Any], gone: str) -> tuple[str | None, Mapping[str, Any]]:
    """Of an event about whoever is gone the figures and who else took part stay, of one about others all but them.

    >>> redacted("p-1", {"ticket": "T-1", "subject": "I am late", "participants": ["p-1", "p-2"]}, "p-1")
    (None, {'ticket': 'T-1', 'participants': ['p-2']})
    >>> redacted("p-2", {"subject": "Reports", "writer": {"id": "p-1"}, "heard": ["p-1"]}, "p-1")
    ('p-2', {'subject': 'Reports', 'writer': {}, 'heard': []})
    """
    others = _without(data, gone)
    if person != gone:
        return person, others
    return None, {name: value for name, value in others.items() if name in FIGURES or name == "participants"}


def _without(data: Mapping[str, Any], value: str) -> dict[str, Any]:
    """The data with the value taken out wherever it stands, in lists and mappings of them as well."""

    def cleaned(inner: Any) -> Any:
        if isinstance(inner, dict):
            return {key: cleaned(each) for key, each in inner.items() if each != value}
        if isinstance(inner, list):
            return [cleaned(each) for each in inner if each != value and not _about(each, value)]
        return inner

    return dict(cleaned(dict(data)))


def _about(inner: Any, value: str) -> bool:
    return isinstance(inner, dict) and value in inner.values()
