"""Improvements: read and locked, changed by steps; what clients were told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CTE, bindparam, func, insert, select, update
from sqlalchemy import case as case_when
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.case_tables import case
from storage.case_views import STAFF, CaseViews
from storage.improvement_tables import UNDER_WAY, improvement, improvement_case, improvement_note, improvement_step
from storage.portions import portions
from storage.sql import insert_into
from storage.tables import account, setting
from surveys.cases.case import Happened
from surveys.cases.ports import CaseView
from surveys.improvements.causes import Cause
from surveys.improvements.improvement import Improvement, Overtaken
from surveys.improvements.ports import Note, State, Told

BY_ID: Final = select(improvement).where(improvement.c.id == bindparam("which"))
NEXT: Final = update(improvement).where(
    improvement.c.id == bindparam("which"), improvement.c.version == bindparam("seen")
)
CAUSE: Final = ("component", "stage", "department")
PLAIN: Final = tuple(name for name in Improvement.__dataclass_fields__ if name not in ("id", "cause"))
REVENUE: Final = select(func.sum(account.c.revenue), func.count(account.c.revenue), func.count(account.c.id))
ONE_NOTE: Final = improvement_note.c.id == bindparam("which")


class StoredImprovements:
    """The port Improvements."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._views = CaseViews(connection)

    async def troubles(self, since: datetime | None, until: datetime | None) -> Sequence[CaseView]:
        opened = select(case.c.id).where(case.c.merged_into.is_(None), *_within(case.c.opened_at, since, until))
        found = _with_merged(opened.cte("opened", recursive=True))
        numbers = (await self._connection.scalars(select(found.c.id).order_by(found.c.id))).all()
        return [view for some in portions(numbers) for view in (await self._views.of(some, whole=False)).values()]

    async def revenue(self) -> float | None:
        total, known, of = (await self._connection.execute(REVENUE)).one()
        return total if known == of else None

    async def open(self, new: Improvement, happened: Happened, case_ids: Collection[int]) -> int | None:
        written = self._insert(improvement).values(**_row(new)).on_conflict_do_nothing().returning(improvement.c.id)
        number: int | None = (await self._connection.scalars(written)).first()
        if number is not None:
            await self._stepped(number, new.version, happened)
            await self.link(number, case_ids)
        return number

    async def under_way(self, cause: Cause) -> int | None:
        same = (improvement.c[name] == (getattr(cause, name) or "") for name in CAUSE)
        number: int | None = await self._connection.scalar(select(improvement.c.id).where(*same, UNDER_WAY))
        return number

    async def link(self, improvement_id: int, case_ids: Collection[int]) -> None:
        rows = [{"improvement_id": improvement_id, "case_id": each} for each in case_ids]
        if rows:
            await self._connection.execute(self._insert(improvement_case).on_conflict_do_nothing(), rows)

    async def cases(self, improvement_id: int, of: int | None = None) -> Sequence[int]:
        linked = select(improvement_case.c.case_id.label("id")).where(
            improvement_case.c.improvement_id == improvement_id
        )
        behind = _with_merged(linked.cte("behind", recursive=True))
        found = select(case.c.id).join(behind, behind.c.id == case.c.id).order_by(case.c.id)
        return (await self._connection.scalars(found if of is None else found.where(case.c.person_id == of))).all()

    async def get(self, improvement_id: int) -> Improvement | None:
        row = (await self._connection.execute(BY_ID, {"which": improvement_id})).first()
        return _improvement(row) if row else None

    async def lock(self, improvement_id: int) -> Improvement | None:
        row = (await self._connection.execute(BY_ID.with_for_update(), {"which": improvement_id})).first()
        return _improvement(row) if row else None

    async def save(self, changed: Improvement, happened: Happened) -> None:
        values = {"which": changed.id, "seen": changed.version - 1}
        if not (await self._connection.execute(NEXT.values(**_row(changed)), values)).rowcount:
            raise Overtaken
        await self._stepped(changed.id, changed.version, happened)

    async def listed(self) -> Sequence[Improvement]:
        over = case_when((UNDER_WAY, 0), else_=1)
        rows = await self._connection.execute(select(improvement).order_by(over, improvement.c.id.desc()))
        return [_improvement(row) for row in rows]

    async def history(self, since: datetime | None, until: datetime | None) -> Sequence[Told]:
        at = improvement_step.c.at
        steps = select(improvement_step).where(*_within(at, since, until))
        rows = await self._connection.execute(steps.order_by(at, *improvement_step.primary_key))
        return [
            Told(row.improvement_id, Happened(kind=row.kind, at=row.at, actor=row.actor, detail=row.detail))
            for row in rows
        ]

    async def moved_by(self, improvement_id: int) -> int | None:
        mine = select(improvement_step.c.actor).where(improvement_step.c.improvement_id == improvement_id)
        actor: int | None = await self._connection.scalar(mine.order_by(improvement_step.c.version.desc()).limit(1))
        return actor

    async def names(self, people: Collection[int]) -> Mapping[int, str]:
        keys = {f"{STAFF}{each}": each for each in people}
        rows = await self._connection.execute(select(setting).where(setting.c.name.in_(keys)))
        return {keys[row.name]: row.value for row in rows}

    async def notes(self, improvement_id: int) -> Mapping[int, Note]:
        written = select(improvement_note).where(improvement_note.c.improvement_id == improvement_id)
        return {row.person_id: Note(**row._mapping) for row in await self._connection.execute(written)}

    async def note(self, note_id: int) -> Note | None:
        one = select(improvement_note).where(ONE_NOTE).with_for_update()
        row = (await self._connection.execute(one, {"which": note_id})).first()
        return Note(**row._mapping) if row else None

    async def write_notes(
        self, improvement_id: int, people: Collection[int], state: State, at: datetime
    ) -> Mapping[int, int]:
        rows = [{"improvement_id": improvement_id, "person_id": each, "state": state, "at": at} for each in people]
        if not rows:
            return {}
        written = self._insert(improvement_note).values(rows).on_conflict_do_nothing()
        made = await self._connection.execute(written.returning(improvement_note.c.person_id, improvement_note.c.id))
        return {row.person_id: row.id for row in made}

    async def settle_note(self, note_id: int, state: State, at: datetime) -> None:
        values = {"which": note_id, "state": state, "at": at}
        await self._connection.execute(update(improvement_note).where(ONE_NOTE), values)

    async def last_told(self, person_id: int, but: int) -> datetime | None:
        others = select(func.max(improvement_note.c.at)).where(
            improvement_note.c.person_id == person_id,
            improvement_note.c.state == "sent",
            improvement_note.c.id != but,
        )
        last: datetime | None = await self._connection.scalar(others)
        return last

    async def _stepped(self, number: int, version: int, happened: Happened) -> None:
        step = {"improvement_id": number, "version": version, "at": happened.at, "actor": happened.actor}
        await self._connection.execute(
            insert(improvement_step), step | {"kind": happened.kind, "detail": dict(happened.detail)}
        )

    def _insert(self, table: Any) -> Any:
        return insert_into(self._connection, table)


def _with_merged(cases: CTE) -> CTE:
    """These cases, and all that went into them."""
    return cases.union(select(case.c.id).where(case.c.merged_into == cases.c.id))


def _within(column: Any, since: datetime | None, until: datetime | None) -> list[Any]:
    return [*([column >= since] if since else []), *([column < until] if until else [])]


def _row(one: Improvement) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in PLAIN}
    return row | {name: getattr(one.cause, name) or "" for name in CAUSE} | {"told": dict(one.told)}


def _improvement(row: Row[Any]) -> Improvement:
    cause = Cause(*(row._mapping[name] or None for name in CAUSE))
    return Improvement(id=row.id, cause=cause, **{name: row._mapping[name] for name in PLAIN})
