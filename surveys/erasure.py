"""Somebody is forgotten: who they are at once, what they answered if they ask for that, and for good."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final, Protocol

from surveys.directory import DirectoryRow, Person
from surveys.outward.events import of_erasure
from surveys.ports import UnitOfWork

KEY: Final = "erasure_key"
"""The fact under which the key of the tombstones is kept, made with the first of them."""


class Erasures(Protocol):
    """Takes people out of every table; what is counted stays true."""

    async def erase(self, person: Person, at: datetime, *, answers: bool) -> None:
        """Nothing says any more who it was. `answers`: what they scored, chose and wrote goes as well."""
        ...

    async def cases(self, person: Person) -> Mapping[int, int]:
        """Their cases, with the version each is in."""
        ...

    async def bury(self, mark: str, at: datetime) -> None:
        """A tombstone: whoever has this mark does not come back."""
        ...

    async def buried(self, marks: Collection[str]) -> Collection[str]:
        """Those of the marks that are on a tombstone."""
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
    key = await uow.settings.get(KEY)
    if key is None:
        key = new_key
        await uow.settings.set(KEY, key)
    await uow.erasures.bury(mark_of(key, person.external_id), at)
    await uow.erasures.erase(person, at, answers=answers)
    if listeners:
        cases = await uow.erasures.cases(person)
        await uow.outgoing.add([of_erasure(case_id, version, at) for case_id, version in cases.items()], listeners)


async def without_erased(uow: UnitOfWork, rows: Sequence[DirectoryRow]) -> tuple[Sequence[DirectoryRow], int]:
    """The rows of a directory but for those of people who were forgotten, and how many those are."""
    key = await uow.settings.get(KEY)
    if key is None:
        return rows, 0
    marks = {row.external_id: mark_of(key, row.external_id) for row in rows}
    gone = set(await uow.erasures.buried(marks.values()))
    kept = [row for row in rows if marks[row.external_id] not in gone]
    return kept, len(rows) - len(kept)
