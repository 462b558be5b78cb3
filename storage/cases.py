"""Cases: read and locked, changed by steps."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.case_statements import (
    BEHIND,
    BY_ID,
    CARD,
    CARDS_OF,
    CHANGE,
    CONCERNS,
    DUE,
    LAST_SCORE,
    LOST_IN,
    NEXT,
    OF_ANSWER,
    OF_CHECK,
    OPEN,
    OPEN_OF,
    SILENCE,
    SPEAKS,
    STEP,
    WITHDRAW,
)
from storage.case_tables import case_answer, case_card, case_remark
from storage.case_views import CaseViews, as_case
from storage.sql import insert_in, insert_into
from surveys.attachments import Attachment
from surveys.cases.case import Case, Happened
from surveys.cases.ports import CaseCard, CaseMoved, CaseView, Listed, Silent
from surveys.ports import Card
from surveys.questionnaire import Role


class StoredCases:
    """The port Cases."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._views = CaseViews(connection)

    async def add(self, case_: Case, happened: Happened) -> Case:
        values = {name: value for name, value in _row(case_).items() if name != "id"}
        (number,) = (await self._connection.execute(OPEN, values)).one()
        return await self._stepped(case_, number, happened)

    async def lock(self, case_id: int) -> Case | None:
        return await self._one(BY_ID, which=case_id)

    async def open_of(self, person_id: int, component: str | None) -> Case | None:
        return await self._one(OPEN_OF, whose=person_id, about=component or "")

    async def of_check(self, interview_id: str) -> Case | None:
        return await self._one(OF_CHECK, asked_in=interview_id)

    async def of_answer(self, interview_id: str, item: str) -> Case | None:
        return await self._one(OF_ANSWER, said_in=interview_id, said_to=item)

    async def files(self, case_id: int) -> Mapping[int, Attachment]:
        return await self._views.files(case_id)

    async def speaks_of(self, case_id: int, interview_id: str) -> bool:
        return bool(await self._connection.scalar(SPEAKS, {"which": case_id, "said_in": interview_id}))

    async def save(self, case_: Case, happened: Happened) -> None:
        values = {"which": case_.id, "seen": case_.version - 1}
        row = {name: value for name, value in _row(case_).items() if name != "id"}
        changed = await self._connection.execute(NEXT.values(**row), values)
        if not changed.rowcount:
            raise CaseMoved
        await self._stepped(case_, case_.id, happened)

    async def look_again(self, case_id: int, at: datetime) -> None:
        await self._connection.execute(CHANGE, {"which": case_id, "due_at": at})

    async def link(self, case_id: int, interview_id: str, item: str, rules: Sequence[str], at: datetime) -> None:
        row = {"case_id": case_id, "interview_id": interview_id, "item": item, "rules": "|".join(rules), "at": at}
        await self._connection.execute(_link(self._connection.dialect.name), row | {"withdrawn_at": None})

    async def link_remark(self, case_id: int, remark_id: int, rules: Sequence[str]) -> None:
        row = {"case_id": case_id, "remark_id": remark_id, "rules": "|".join(rules)}
        await self._connection.execute(insert(case_remark), row)

    async def withdraw(self, interview_id: str, item: str, at: datetime) -> None:
        await self._connection.execute(WITHDRAW, {"said_in": interview_id, "said_to": item, "withdrawn_at": at})

    async def move_answers(self, case_id: int, into: int) -> None:
        for said in (case_answer, case_remark):
            theirs = select(said).where(said.c.case_id == case_id)
            rows = [dict(row._mapping) | {"case_id": into} for row in await self._connection.execute(theirs)]
            if rows:
                await self._connection.execute(self._insert(said).on_conflict_do_nothing(), rows)

    async def last_score(self, person_id: int, item: str, without: str) -> int | None:
        values = {"whose": person_id, "said_to": item, "elsewhere": without}
        score: int | None = await self._connection.scalar(LAST_SCORE, values)
        return score

    async def due(self, now: datetime, at_most: int) -> Sequence[Case]:
        rows = await self._connection.execute(DUE, {"now": now, "at_most": at_most})
        return [as_case(row) for row in rows]

    async def silent(self, now: datetime, waves: int, roles: Sequence[Role]) -> Sequence[Silent]:
        rows = await self._connection.execute(SILENCE, {"now": now, "wanted": list(roles)})
        by_place: defaultdict[tuple[int, int, int], list[Any]] = defaultdict(list)
        for row in rows:
            by_place[row.person_id, row.project_id, row.account_id].append(row)
        last = {place: found[:waves] for place, found in by_place.items() if len(found) >= waves}
        return [
            Silent(person_id=place[0], project_id=place[1], account_id=place[2], wave=found[0].wave)
            for place, found in last.items()
            if not any(row.answered for row in found)
        ]

    async def view(self, case_id: int) -> CaseView | None:
        return (await self._views.of([case_id])).get(case_id)

    async def views(self, case_ids: Collection[int]) -> Mapping[int, CaseView]:
        return await self._views.of(case_ids)

    async def others(self, case_: Case) -> Sequence[Listed]:
        return await self._views.others(case_)

    async def hand(self, case_id: int, chat_ids: Collection[int]) -> None:
        rows = [{"case_id": case_id, "chat_id": each, "shown_version": -1, "gone": False} for each in chat_ids]
        if rows:
            await self._connection.execute(self._insert(case_card).on_conflict_do_nothing(), rows)

    async def cards(self, case_ids: Collection[int]) -> Sequence[CaseCard]:
        rows = await self._connection.execute(CARDS_OF, {"these": list(case_ids)})
        return [CaseCard(**row._mapping) for row in rows]

    async def shown(self, cards: Mapping[tuple[int, int], Card]) -> None:
        rows = [
            {
                "which": case_id,
                "to": chat_id,
                "message_id": card.message_id,
                "shown_version": card.shown_turn,
                "gone": False,
            }
            for (case_id, chat_id), card in sorted(cards.items())
        ]
        if rows:
            await self._connection.execute(CARD, rows)

    async def forget_chat(self, chat_id: int) -> Sequence[int]:
        lost = (await self._connection.scalars(LOST_IN, {"to": chat_id})).all()
        if lost:
            rows = [{"which": case_id, "to": chat_id, "gone": True} for case_id in lost]
            await self._connection.execute(CARD, rows)
        had = {card.case_id for card in await self.cards(lost)}
        return [case_id for case_id in lost if case_id not in had]

    async def concerns(self, who: int) -> bool:
        return bool(await self._connection.scalar(CONCERNS, {"who": who}))

    async def behind(self) -> Sequence[CaseCard]:
        return [CaseCard(**row._mapping) for row in await self._connection.execute(BEHIND)]

    async def _one(self, query: Select[Any], **values: object) -> Case | None:
        row = (await self._connection.execute(query, values)).first()
        return None if row is None else as_case(row)

    async def _stepped(self, case_: Case, number: int, happened: Happened) -> Case:
        step = {
            "case_id": number,
            "version": case_.version,
            "at": happened.at,
            "actor": happened.actor,
            "kind": happened.kind,
            "detail": dict(happened.detail),
        }
        await self._connection.execute(STEP, step)
        return replace(case_, id=number)

    def _insert(self, table: Any) -> Any:
        return insert_into(self._connection, table)


@cache
def _link(dialect: str) -> Any:
    """What was said becomes part of a case, once more if it was taken back."""
    added = insert_in(dialect, case_answer)
    again = {"rules": added.excluded.rules, "withdrawn_at": None}
    return added.on_conflict_do_update(index_elements=list(case_answer.primary_key), set_=again)


def _row(case_: Case) -> dict[str, Any]:
    row = {name: getattr(case_, name) for name in Case.__dataclass_fields__}
    return row | {"component": case_.component or ""}
