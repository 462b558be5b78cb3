"""The queue of messages. Each call is a transaction of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.deliveries import as_delivery
from storage.engines import transaction
from storage.tables import delivery
from surveys.ports import Delivery

FREE: Final = (
    select(delivery.c.id)
    .where(delivery.c.free_at <= bindparam("now", type_=delivery.c.free_at.type))
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
        worker=bindparam("taker"),
        free_at=bindparam("until", type_=delivery.c.free_at.type),
        attempts=delivery.c.attempts + 1,
    )
    .returning(delivery)
)
RELEASE: Final = (
    update(delivery).where(delivery.c.state == "sending").values(state="ready", worker=None, free_at=delivery.c.due_at)
)
NEXT: Final = select(func.min(delivery.c.free_at))


class Outbox:
    """A row in `sending` is one worker's until its lease runs out; the worker must have died, so the next one takes it.

    What came of sending is told to a unit of work, which has a commit to share.
    """

    def __init__(self, engine: AsyncEngine, address: str, worker: str, lease: timedelta) -> None:
        self._engine = engine
        self._address = address
        self._worker = worker
        self._lease = lease

    async def claim(self, limit: int, now: datetime) -> Sequence[Delivery]:
        """At most `limit` messages that are due, for this worker alone: by priority, then by due time."""
        values = {"now": now, "at_most": limit, "taker": self._worker, "until": now + self._lease}
        async with transaction(self._engine, self._address) as connection:
            rows = (await connection.execute(CLAIM, values)).all()
            await connection.commit()
        in_order = sorted(rows, key=lambda row: (row.priority, row.due_at, row.id))
        return [as_delivery(row._mapping) for row in in_order]

    async def next_due(self, now: datetime) -> datetime | None:
        """When there will be something to claim, not before `now`; None when the queue is empty."""
        async with transaction(self._engine, self._address) as connection:
            earliest = await connection.scalar(NEXT)
        return None if earliest is None else max(earliest, now)

    async def release(self) -> int:
        """Gives back everything that is being sent, whoever sends it; gives the number. For when nobody can be."""
        async with transaction(self._engine, self._address) as connection:
            released = await connection.execute(RELEASE)
            await connection.commit()
        return released.rowcount
