"""What waits in the database: how much and since when, by indexes that hold little more than what waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Text,
    TextClause,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.case_tables import NOT_CLOSED
from storage.case_tables import case as case_table
from storage.case_views import overdue
from storage.contact_tables import SCHEDULED, ask
from storage.outgoing_tables import QUEUED as WAITING
from storage.outgoing_tables import outgoing
from storage.tables import BEHIND, LIVE, QUEUED, UNOPENED, dead_letter, delivery, interview, invitation
from storage.types import Moment

Queue = Literal["outbox", "questions", "follow_ups", "invitations", "cards", "events", "dead_letters"]

MOST: Final = 10_000
"""Beyond so many a queue is not counted: an exact number would say no more, and cost the more."""

NOW: Final = bindparam("now", type_=Moment())


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, `MOST` at most, and since when the first of them."""

    depth: int
    since: datetime | None

    def age(self, now: datetime) -> float:
        """Seconds that the first of them has waited."""
        return 0.0 if self.since is None else max(0.0, (now - self.since).total_seconds())


@dataclass(frozen=True, slots=True)
class CaseLoad:
    """Open cases, and those of them with which somebody should have done something by now."""

    open: int
    overdue: int


def _queue(
    name: Queue, since: Column[datetime], *conditions: ColumnElement[bool] | TextClause
) -> Select[str, int, Any]:
    first = select(since.label("since")).where(*conditions).order_by(since).limit(MOST).subquery()
    return select(literal(name, Text), func.count(), func.min(first.c.since))


LOOK: Final = union_all(
    _queue("outbox", delivery.c.free_at, QUEUED, delivery.c.free_at <= NOW),
    _queue("questions", ask.c.due_at, SCHEDULED, ask.c.due_at <= NOW),
    _queue("follow_ups", interview.c.due_at, LIVE, interview.c.due_at <= NOW),
    _queue("invitations", invitation.c.expires_at, UNOPENED, invitation.c.expires_at <= NOW),
    _queue("cards", interview.c.touched_at, BEHIND),
    _queue("events", outgoing.c.free_at, WAITING, outgoing.c.free_at <= NOW),
    _queue("dead_letters", dead_letter.c.at),
)


class Queues:
    """What waits, as of the snapshot."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def look(self, now: datetime) -> Mapping[Queue, Waiting]:
        """What is due and not done."""
        rows = await self._connection.execute(LOOK, {"now": now})
        return {row[0]: Waiting(row[1], row[2]) for row in rows}

    async def cases(self, now: datetime) -> CaseLoad:
        """Of every client."""
        late = func.count(case((overdue(now), 1)))
        load = select(func.count(), late).select_from(case_table).where(NOT_CLOSED)
        return CaseLoad(*(await self._connection.execute(load)).one())
