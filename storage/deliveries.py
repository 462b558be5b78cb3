"""Messages written in a unit of work."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.portions import portions
from storage.replicas import LIVING, ME
from storage.tables import QUEUED, delivery
from storage.types import Moment
from surveys.ports import Delivery
from surveys.trace import TRACE

SENT: Final = update(delivery).where(delivery.c.id == bindparam("which")).values(worker=None)
# What has arrived has arrived; anything else is for the one to say who has the message.
CHANGE: Final = SENT.where(delivery.c.worker == ME).values(
    in_doubt=or_(delivery.c.in_doubt, bindparam("doubted", type_=delivery.c.in_doubt.type))
)
ELSEWHERE: Final = (delivery.c.state == "sending") & (delivery.c.worker != ME) & delivery.c.worker.in_(LIVING)
BUSY_ELSEWHERE: Final = (
    select(delivery.c.chat_id).where(delivery.c.chat_id.in_(bindparam("chats", expanding=True)), ELSEWHERE).distinct()
)
OF_CHAT: Final = delivery.c.chat_id == bindparam("chat"), delivery.c.alerted_on.is_not(None)
ALERTED: Final = select(func.count()).where(
    *OF_CHAT, delivery.c.alerted_on == bindparam("day"), delivery.c.state.not_in(["held", "gathered"])
)
UNDER_WAY: Final = select(delivery.c.payload).where(
    QUEUED, delivery.c.chat_id == bindparam("chat"), delivery.c.kind == bindparam("named")
)
SETTLED: Final = (
    select(delivery.c.id)
    .where(
        delivery.c.created_at < bindparam("before", type_=Moment()),
        delivery.c.state.in_(["sent", "failed", "gathered"]),
    )
    .order_by(delivery.c.id)
    .limit(bindparam("at_most"))
)
HELD: Final = select(delivery.c.id).where(*OF_CHAT, delivery.c.state == "held").limit(1)
OLDEST: Final = (
    select(delivery.c.id)
    .where(*OF_CHAT, delivery.c.state == "held")
    .order_by(delivery.c.id)
    .limit(bindparam("at_most"))
    .with_for_update()
    .cte("oldest")
)
GATHER: Final = (
    update(delivery).where(delivery.c.id.in_(select(OLDEST.c.id))).values(state="gathered", reason=bindparam("named"))
)
GATHERED: Final = (
    select(delivery)
    .where(*OF_CHAT, delivery.c.state == "gathered", delivery.c.reason == bindparam("named"))
    .order_by(delivery.c.id)
)


class StoredDeliveries:
    """Rows are leased to this worker from the start, so it may send them after the commit without a claim.

    Should it die before, the lease runs out and another worker takes them.
    """

    def __init__(self, connection: AsyncConnection, worker: str, lease: timedelta) -> None:
        self._connection = connection
        self._worker = worker
        self._lease = lease
        self._handed: list[dict[str, Any]] = []
        self._later: list[dict[str, Any]] = []
        self._sent: list[dict[str, Any]] = []
        self._changes: list[dict[str, Any]] = []

    async def add(
        self,
        chat_id: int,
        kind: str,
        payload: Mapping[str, object],
        *,
        at: datetime,
        priority: int = 0,
        alerted_on: str | None = None,
    ) -> None:
        row = _row(chat_id, kind, payload, priority, at, at, alerted_on)
        self._handed.append(
            row | {"state": "sending", "free_at": at + self._lease, "worker": self._worker, "attempts": 1}
        )

    async def enqueue(
        self,
        chat_id: int,
        kind: str,
        payload: Mapping[str, object],
        *,
        at: datetime,
        due_at: datetime,
        priority: int = 9,
    ) -> None:
        row = _row(chat_id, kind, payload, priority, at, due_at)
        self._later.append(row | {"state": "ready", "free_at": due_at, "worker": None, "attempts": 0})

    async def under_way(self, chat_id: int, kind: str) -> Sequence[Mapping[str, object]]:
        unwritten = [row["payload"] for row in self._handed if (row["chat_id"], row["kind"]) == (chat_id, kind)]
        written = await self._connection.scalars(UNDER_WAY, {"chat": chat_id, "named": kind})
        return [*unwritten, *written]

    async def alerts(self, chat_id: int, day: str) -> int:
        written = await self._connection.scalar(ALERTED, {"chat": chat_id, "day": day})
        return (written or 0) + sum((row["chat_id"], row["alerted_on"]) == (chat_id, day) for row in self._handed)

    async def hold(
        self, chat_id: int, kind: str, payload: Mapping[str, object], *, at: datetime, alerted_on: str
    ) -> None:
        row = _row(chat_id, kind, payload, 9, at, at, alerted_on)
        self._later.append(row | {"state": "held", "free_at": None, "worker": None, "attempts": 0})

    async def holds(self, chat_id: int) -> bool:
        unwritten = any((row["chat_id"], row["state"]) == (chat_id, "held") for row in self._later)
        return unwritten or await self._connection.scalar(HELD, {"chat": chat_id}) is not None

    async def gather(self, chat_id: int, digest: int, at_most: int) -> tuple[Sequence[Delivery], bool]:
        """The alerts that the digest of this id tells of, the same every time, and whether any are left for another."""
        which = {"chat": chat_id, "named": f"digest {digest}"}
        if await self._connection.scalar(GATHERED.limit(1), which) is None:
            await self._connection.execute(GATHER, {**which, "at_most": at_most})
        rows = (await self._connection.execute(GATHERED, which)).mappings()
        return [as_delivery(dict(row)) for row in rows], await self.holds(chat_id)

    async def sent(self, delivery_ids: Iterable[int], at: datetime) -> None:
        """These have arrived."""
        self._sent += [_change(each, "sent", sent_at=at) for each in delivery_ids]

    async def failed(self, delivery_id: int, reason: str) -> None:
        """This one will never arrive."""
        self._changes.append(_change(delivery_id, "failed", reason=reason) | {"doubted": False})

    async def put_off(self, delivery_id: int, until: datetime, reason: str, *, in_doubt: bool = False) -> None:
        """This one is to be tried again, not before `until`. `in_doubt`: it may have arrived already."""
        change = _change(delivery_id, "ready", free_at=until, reason=reason)
        self._changes.append(change | {"doubted": in_doubt})

    async def prune(self, before: datetime, at_most: int) -> int:
        """Forgets what was settled, of messages made before then; how many."""
        ids = (await self._connection.scalars(SETTLED, {"before": before, "at_most": at_most})).all()
        for portion in portions(ids):
            await self._connection.execute(delete(delivery).where(delivery.c.id.in_(portion)))
        return len(ids)

    async def flush(self) -> Sequence[Delivery]:
        """Writes everything; gives the messages that leave right after the commit, in the order they were added."""
        if self._sent:
            await self._connection.execute(SENT, self._sent)
        if self._changes:
            await self._connection.execute(CHANGE, [change | {"me": self._worker} for change in self._changes])
        if self._later:
            await self._connection.execute(insert(delivery), self._later)
        if not self._handed:
            return ()
        await self._queue_behind_others()
        returning = insert(delivery).returning(delivery.c.id, sort_by_parameter_order=True)
        ids = await self._connection.scalars(returning, self._handed)
        written = zip(ids, self._handed, strict=True)
        return tuple(as_delivery(row | {"id": each}) for each, row in written if row["worker"])

    async def _queue_behind_others(self) -> None:
        """A chat to which another replica is sending gets its messages in order: these are claimed later."""
        chats = {"chats": sorted({row["chat_id"] for row in self._handed}), "me": self._worker}
        busy = set(await self._connection.scalars(BUSY_ELSEWHERE, chats))
        for row in self._handed:
            if row["chat_id"] in busy:
                row |= {"state": "ready", "free_at": row["due_at"], "worker": None, "attempts": 0}


def as_delivery(row: Mapping[str, Any]) -> Delivery:
    """The delivery of a row of the table."""
    return Delivery(**{name: row[name] for name in Delivery.__dataclass_fields__})


def _row(
    chat_id: int,
    kind: str,
    payload: Mapping[str, object],
    priority: int,
    at: datetime,
    due_at: datetime,
    alerted_on: str | None = None,
) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "kind": kind,
        "payload": dict(payload),
        "priority": priority,
        "created_at": at,
        "due_at": due_at,
        "alerted_on": alerted_on,
        "in_doubt": False,
        "trace": TRACE.get(),
    }


def _change(
    delivery_id: int,
    state: str,
    *,
    free_at: datetime | None = None,
    reason: str | None = None,
    sent_at: datetime | None = None,
) -> dict[str, Any]:
    return {"which": delivery_id, "state": state, "free_at": free_at, "reason": reason, "sent_at": sent_at}
