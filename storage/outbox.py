"""The queue of messages. Each call is a transaction of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.deliveries import as_delivery
from storage.engines import transaction
from storage.replicas import ME, free
from storage.tables import delivery
from surveys.ports import Delivery

DUE: Final = delivery.c.free_at <= bindparam("now", type_=delivery.c.free_at.type)
OTHER: Final = delivery.alias("other")
BUSY_ELSEWHERE: Final = (
    select(OTHER.c.id)
    .where(
        OTHER.c.chat_id == delivery.c.chat_id, OTHER.c.state == "sending", OTHER.c.worker != ME, ~free(OTHER.c.worker)
    )
    .exists()
)
FREE: Final = (
    select(delivery.c.id)
    .where(DUE, or_(delivery.c.state == "ready", delivery.c.worker == ME), ~BUSY_ELSEWHERE)
    .order_by(delivery.c.priority, delivery.c.due_at, delivery.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("free")
)
CLAIM: Final = (
    update(delivery)
    .where(delivery.c.id.in_(select(FREE.c.id)))
    .values(
        state="sending",
        worker=ME,
        free_at=bindparam("until", type_=delivery.c.free_at.type),
        attempts=delivery.c.attempts + 1,
    )
    .returning(delivery)
)
TAKE_BACK: Final = (
    update(delivery)
    .where(delivery.c.state == "sending", free(delivery.c.worker))
    .values(state="ready", worker=None, free_at=delivery.c.due_at)
)
# One claim at a time, so that each sees to which chats the others are sending.
ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext('otklik: claim of deliveries'))")
NEXT: Final = select(func.min(delivery.c.free_at))


class Outbox:
    """A row in `sending` is one worker's as long as it lives; when its lease has run out, it may claim it anew itself.

    What came of sending is told to a unit of work, which has a commit to share.
    """

    def __init__(self, engine: AsyncEngine, address: str, worker: str, lease: timedelta) -> None:
        self._engine = engine
        self._address = address
        self._worker = worker
        self._lease = lease

    async def claim(self, limit: int, now: datetime) -> Sequence[Delivery]:
        """At most `limit` messages that are due, for this worker alone: by priority, then by due time."""
        values = {"now": now, "at_most": limit, "me": self._worker, "until": now + self._lease}
        async with transaction(self._engine, self._address) as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(ONE_AT_A_TIME)
            await connection.execute(TAKE_BACK, {"me": self._worker})
            rows = (await connection.execute(CLAIM, values)).all()
            await connection.commit()
        in_order = sorted(rows, key=lambda row: (row.priority, row.due_at, row.id))
        return [as_delivery(row._mapping) for row in in_order]

    async def next_due(self, now: datetime) -> datetime | None:
        """When there will be something to claim, not before `now`; None when the queue is empty."""
        async with transaction(self._engine, self._address) as connection:
            earliest = await connection.scalar(NEXT)
        return None if earliest is None else max(earliest, now)
