"""Reports that staff are sent again and again: when each is due next, and up to which moment each reader was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Index, Table, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sql import insert_into
from storage.tables import metadata
from storage.types import BigInt, Moment, Words

# `schedule`: what `due_at` was reckoned from. `told_until`: answers up to then are no news to this reader. Changes go
# into a migration as well.
recurring_report = Table(
    "recurring_report",
    metadata,
    Column("key", Words, primary_key=True),
    Column("reader_id", BigInt, primary_key=True, autoincrement=False),
    Column("schedule", Words, nullable=False),
    Column("due_at", Moment),
    Column("told_until", Moment, nullable=False),
    Index("ix_recurring_report_due_at", "due_at"),
)
ROW: Final = recurring_report.c
DUE: Final = (
    select(ROW.key, ROW.reader_id, ROW.due_at, ROW.told_until)
    .where(ROW.due_at <= bindparam("now", type_=Moment()))
    .order_by(ROW.due_at, ROW.key, ROW.reader_id)
)
# Two replicas that find the same report due write the same row one after the other: the second finds it moved on.
TAKE: Final = (
    update(recurring_report)
    .where(
        ROW.key == bindparam("named"),
        ROW.reader_id == bindparam("reader"),
        ROW.due_at == bindparam("was", type_=Moment()),
    )
    .values(due_at=bindparam("next", type_=Moment()), told_until=bindparam("told", type_=Moment()))
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that is due to a reader."""

    key: str
    reader_id: int
    due_at: datetime
    told_until: datetime


class RecurringReports:
    """Reports by key and reader."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def due(self, now: datetime) -> Sequence[Waiting]:
        """Those whose time has come, the earliest first."""
        return [Waiting(*row) for row in await self._connection.execute(DUE, {"now": now})]

    async def plan(
        self, key: str, schedule: str, readers: Sequence[int], due_at: datetime | None, now: datetime
    ) -> None:
        """Due next at `due_at` to each reader it is not planned for by this schedule. News begin now, or go on."""
        named = {"key": key, "schedule": schedule, "due_at": due_at, "told_until": now}
        added = insert_into(self._connection, recurring_report).values(
            [{**named, "reader_id": reader} for reader in readers]
        )
        changed = or_(ROW.schedule != added.excluded.schedule, ROW.due_at.is_(None))
        anew = {"schedule": added.excluded.schedule, "due_at": added.excluded.due_at}
        await self._connection.execute(
            added.on_conflict_do_update(index_elements=[ROW.key, ROW.reader_id], set_=anew, where=changed)
        )

    async def take(self, waiting: Waiting, next_at: datetime | None, told_until: datetime) -> bool:
        """Whether it is this transaction's to tell; from its commit on it is due `next_at`, None: never again."""
        which = {"named": waiting.key, "reader": waiting.reader_id, "was": waiting.due_at}
        taken = await self._connection.execute(TAKE, {**which, "next": next_at, "told": told_until})
        return taken.rowcount == 1
