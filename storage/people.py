"""Persons, looked up once in a unit of work and served from there afterwards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.portions import portions
from storage.tables import person
from surveys.directory import Person
from surveys.errors import InvitationForeign

LANGUAGE: Final = func.coalesce(person.c.chosen_language, person.c.language)
PERSONS: Final = select(
    person.c.id,
    person.c.external_id,
    person.c.name,
    LANGUAGE.label("language"),
    person.c.timezone,
    person.c.email,
    person.c.telegram_id,
    person.c.opted_out_at,
    person.c.unreachable_at,
)
# In the order of ids, so that two replicas with overlapping batches wait for each other instead of locking up.
IN_ORDER: Final = PERSONS.order_by(person.c.id).with_for_update()
OF_CHATS: Final = person.c.telegram_id.in_(bindparam("telegram_ids", expanding=True))
LOCKED: Final = IN_ORDER.where(OF_CHATS)
LOCKED_AND_THESE: Final = IN_ORDER.where(or_(OF_CHATS, person.c.id.in_(bindparam("these", expanding=True))))
LOCKED_BY_ID: Final = IN_ORDER.where(person.c.id.in_(bindparam("values", expanding=True)))
LOCKED_BY_NAME: Final = IN_ORDER.where(person.c.external_id.in_(bindparam("values", expanding=True)))
BIND: Final = update(person).where(person.c.id == bindparam("person_id"), person.c.telegram_id.is_(None))
CHANGE: Final = update(person).where(person.c.id == bindparam("person_id"))
CHANGE_BY_TELEGRAM: Final = update(person).where(person.c.telegram_id == bindparam("whose"))


class StoredPeople:
    """`by_telegram` locks the person until the unit of work ends, so their updates follow one another."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._known: dict[int, Person] = {}
        self._by_telegram: dict[int, int | None] = {}

    async def load(self, telegram_ids: Collection[int], others: Collection[int] = ()) -> list[int]:
        """Ids of these persons; those not known yet, and `others` by id, are read and locked in one query."""
        missing = [each for each in telegram_ids if each not in self._by_telegram]
        if missing or others:
            self._by_telegram.update(dict.fromkeys(missing))
            query, these = (LOCKED_AND_THESE, {"these": list(others)}) if others else (LOCKED, {})
            for row in await self._connection.execute(query, {"telegram_ids": missing, **these}):
                self._remember(Person(**row._mapping))
        found = (self._by_telegram[each] for each in telegram_ids)
        return [person_id for person_id in found if person_id is not None]

    async def by_telegram(self, telegram_id: int) -> Person | None:
        found = await self.load([telegram_id])
        return self._known[found[0]] if found else None

    async def get(self, person_id: int) -> Person:
        """Raises KeyError when there is no such person."""
        if person_id not in self._known:
            found = await self._read(person.c.id == person_id)
            if not found:
                raise KeyError(person_id)
            self._known[person_id] = found[0]
        return self._known[person_id]

    async def lock(self, person_ids: Sequence[int]) -> Mapping[int, Person]:
        return {one.id: one for one in await self._lock(LOCKED_BY_ID, sorted(person_ids))}

    async def lock_named(self, external_ids: Sequence[str]) -> Mapping[str, Person]:
        return {one.external_id: one for one in await self._lock(LOCKED_BY_NAME, external_ids)}

    async def find(self, words: str) -> Sequence[Person]:
        wanted = words.strip()
        return await self._read(or_(person.c.external_id == wanted, person.c.name_folded == wanted.casefold()))

    async def bind(self, person_id: int, telegram_id: int) -> None:
        """Raises InvitationForeign when another Telegram account was faster."""
        bound = await self._connection.execute(BIND, {"person_id": person_id, "telegram_id": telegram_id})
        if not bound.rowcount:
            raise InvitationForeign
        self._known.pop(person_id, None)
        self._by_telegram.pop(telegram_id, None)

    async def set_language(self, person_id: int, language: str) -> None:
        await self._connection.execute(CHANGE, {"person_id": person_id, "chosen_language": language})
        self._amend(person_id, language=language)

    async def set_opted_out(self, person_id: int, at: datetime | None) -> None:
        await self._connection.execute(CHANGE, {"person_id": person_id, "opted_out_at": at})
        self._amend(person_id, opted_out_at=at)

    async def set_unreachable(self, telegram_id: int, at: datetime | None) -> None:
        await self._connection.execute(CHANGE_BY_TELEGRAM, {"whose": telegram_id, "unreachable_at": at})
        person_id = self._by_telegram.get(telegram_id)
        if person_id is not None:
            self._amend(person_id, unreachable_at=at)

    async def _lock(self, query: Select[Any], values: Sequence[Any]) -> Sequence[Person]:
        found = []
        for portion in portions(values):
            for row in await self._connection.execute(query, {"values": portion}):
                found.append(Person(**row._mapping))
                self._remember(found[-1])
        return found

    async def _read(self, condition: ColumnElement[bool]) -> Sequence[Person]:
        rows = await self._connection.execute(PERSONS.where(condition).order_by(person.c.id))
        return [Person(**row._mapping) for row in rows]

    def forget(self, gone: Person) -> None:
        """Nobody has this Telegram account any more."""
        self._known.pop(gone.id, None)
        if gone.telegram_id is not None:
            self._by_telegram[gone.telegram_id] = None

    def _remember(self, found: Person) -> None:
        self._known[found.id] = found
        if found.telegram_id is not None:
            self._by_telegram[found.telegram_id] = found.id

    def _amend(self, person_id: int, **changes: Any) -> None:
        if person_id in self._known:
            self._known[person_id] = replace(self._known[person_id], **changes)
