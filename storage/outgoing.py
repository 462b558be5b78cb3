"""Events that must reach other systems: written with what they tell of, then taken by one worker at a time."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import bindparam, delete, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engines import transaction
from storage.outgoing_tables import outgoing
from storage.replicas import ME, free
from storage.tables import dead_letter
from storage.types import Moment
from surveys.outward.events import Event
from surveys.outward.ports import Parcel

NOW: Final = bindparam("now", type_=Moment())
FREE_NOW: Final = or_(outgoing.c.state == "ready", outgoing.c.worker == ME, free(outgoing.c.worker))
DUE: Final = (
    select(outgoing.c.endpoint)
    .where(outgoing.c.endpoint.in_(bindparam("known", expanding=True)), outgoing.c.free_at <= NOW)
    .distinct()
)
OTHER: Final = outgoing.alias("other")
# Of one case or improvement one event is on its way at a time, so that they arrive in order where nothing goes wrong.
ONE_UNDER_WAY: Final = (
    select(OTHER.c.id)
    .where(
        OTHER.c.endpoint == outgoing.c.endpoint,
        OTHER.c.subject == outgoing.c.subject,
        OTHER.c.subject_id == outgoing.c.subject_id,
        OTHER.c.id != outgoing.c.id,
        OTHER.c.free_at.is_not(None),
        or_(
            (OTHER.c.state == "sending") & (OTHER.c.free_at > NOW),
            (OTHER.c.id < outgoing.c.id) & (OTHER.c.free_at <= NOW),
        ),
    )
    .exists()
)
TAKEN: Final = (
    select(outgoing.c.id)
    .where(outgoing.c.endpoint == bindparam("to"), outgoing.c.free_at <= NOW, FREE_NOW, ~ONE_UNDER_WAY)
    .order_by(outgoing.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("taken")
)
CLAIM: Final = (
    update(outgoing)
    .where(outgoing.c.id.in_(select(TAKEN.c.id)))
    .values(state="sending", worker=ME, free_at=bindparam("until", type_=Moment()), attempts=outgoing.c.attempts + 1)
    .returning(outgoing)
)
ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext('otklik: claim of outgoing events'))")
MINE: Final = (
    (outgoing.c.id == bindparam("which")) & (outgoing.c.worker == ME) & (outgoing.c.attempts == bindparam("tried"))
)
OLD: Final = (
    select(outgoing.c.id)
    .where(outgoing.c.at < bindparam("before", type_=Moment()), outgoing.c.state != "sending")
    .order_by(outgoing.c.at)
    .limit(bindparam("at_most"))
)


class StoredOutgoing:
    """The port surveys.outward.ports.Outgoing."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, events: Collection[Event], endpoints: Collection[str]) -> None:
        named = [(f"msg_{uuid4().hex}", event) for event in events]
        rows = [_row(name, each, event) for name, event in named for each in endpoints]
        if rows:
            await self._connection.execute(insert(outgoing), rows)

    async def send_again(self, letter: bytes, at: datetime) -> None:
        """Puts what was set aside back into the queue, under the name it had."""
        said = json.loads(letter)
        row = {key: said[key] for key in ("name", "endpoint", "type", "subject", "subject_id", "version", "facts")}
        fresh = {"at": datetime.fromisoformat(said["at"]), "state": "ready", "free_at": at, "attempts": 0}
        await self._connection.execute(insert(outgoing), row | fresh)

    async def prune(self, before: datetime, at_most: int) -> int:
        """Forgets events as old as that, sent or to an endpoint that is no more; how many."""
        ids = (await self._connection.scalars(OLD, {"before": before, "at_most": at_most})).all()
        await self._connection.execute(delete(outgoing).where(outgoing.c.id.in_(ids)))
        return len(ids)


class Depot:
    """The queue, as this worker has it. Each call is a transaction of its own."""

    def __init__(self, engine: AsyncEngine, reading: AsyncEngine, address: str, worker: str, lease: timedelta) -> None:
        self._engine = engine
        self._reading = reading
        self._address = address
        self._worker = worker
        self._lease = lease

    async def due(self, endpoints: Collection[str], now: datetime) -> Sequence[str]:
        """Those of the endpoints for which there may be something to send."""
        async with transaction(self._reading, self._address) as connection:
            return (await connection.scalars(DUE, {"known": list(endpoints), "now": now})).all()

    async def claim(self, endpoint: str, limit: int, now: datetime) -> Sequence[Parcel]:
        """At most `limit` events for the endpoint, for this worker alone, in the order in which they happened."""
        values = {"to": endpoint, "now": now, "at_most": limit, "me": self._worker, "until": now + self._lease}
        async with transaction(self._engine, self._address) as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(ONE_AT_A_TIME)
            rows = (await connection.execute(CLAIM, values)).mappings().all()
            await connection.commit()
        return sorted((_parcel(row) for row in rows), key=lambda parcel: parcel.id)

    async def sent(self, parcel: Parcel, at: datetime) -> None:
        """It has arrived."""
        await self._settle(parcel, {"state": "sent", "free_at": None, "sent_at": at, "reason": None})

    async def put_off(self, parcel: Parcel, until: datetime, reason: str) -> None:
        """It is to be tried again, not before `until`."""
        await self._settle(parcel, {"state": "ready", "free_at": until, "reason": reason})

    async def bury(self, parcel: Parcel, reason: str, at: datetime) -> None:
        """It will not arrive: it is set aside for somebody to look at."""
        async with transaction(self._engine, self._address) as connection:
            gone = await connection.execute(delete(outgoing).where(MINE), self._mine(parcel))
            if gone.rowcount:
                row = {"source": parcel.endpoint, "body": _letter(parcel), "reason": reason, "at": at}
                await connection.execute(insert(dead_letter), row | {"attempts": parcel.attempts})
            await connection.commit()

    async def _settle(self, parcel: Parcel, changes: Mapping[str, object]) -> None:
        async with transaction(self._engine, self._address) as connection:
            await connection.execute(update(outgoing).where(MINE).values(worker=None, **changes), self._mine(parcel))
            await connection.commit()

    def _mine(self, parcel: Parcel) -> Mapping[str, object]:
        return {"which": parcel.id, "tried": parcel.attempts, "me": self._worker}


def _row(name: str, endpoint: str, event: Event) -> dict[str, Any]:
    return {
        "name": name,
        "endpoint": endpoint,
        "type": event.type,
        "subject": event.subject,
        "subject_id": event.subject_id,
        "version": event.version,
        "at": event.at,
        "facts": dict(event.facts),
        "state": "ready",
        "free_at": event.at,
        "attempts": 0,
    }


def _parcel(row: Mapping[Any, Any]) -> Parcel:
    event = Event(**{name: row[name] for name in Event.__dataclass_fields__})
    return Parcel(id=row["id"], name=row["name"], endpoint=row["endpoint"], event=event, attempts=row["attempts"])


def _letter(parcel: Parcel) -> bytes:
    event = parcel.event
    told = {name: getattr(event, name) for name in Event.__dataclass_fields__} | {"at": event.at.isoformat()}
    return json.dumps({"name": parcel.name, "endpoint": parcel.endpoint, **told}, ensure_ascii=False).encode()
