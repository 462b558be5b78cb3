"""Events of the outside world: each counts once for its source."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, tuple_
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.contact_tables import ask, ask_interaction, interaction
from storage.portions import portions
from storage.sql import insert_into
from surveys.contact import ticket_of
from surveys.interactions import Interaction, happened

REOPENED: Final = "ticket.reopened"
COLUMNS: Final = interaction.c
WHEN_REOPENED: Final = select(COLUMNS.source, COLUMNS.ticket, COLUMNS.occurred_at, COLUMNS.received_at).where(
    tuple_(COLUMNS.source, COLUMNS.ticket).in_(bindparam("tickets", expanding=True)),
    COLUMNS.ticket.is_not(None),
    COLUMNS.type == REOPENED,
)
WAITED_FOR: Final = (
    select(ask_interaction.c.interaction_id)
    .join(ask, ask.c.id == ask_interaction.c.ask_id)
    .where(ask_interaction.c.interaction_id == COLUMNS.id, ask.c.state == "scheduled")
    .exists()
)
OLD: Final = (
    select(COLUMNS.id)
    .where(COLUMNS.received_at < bindparam("before", type_=COLUMNS.received_at.type), ~WAITED_FOR)
    .order_by(COLUMNS.received_at)
    .limit(bindparam("at_most"))
    .with_for_update(of=interaction, skip_locked=True)
)


class StoredInteractions:
    """The port Interactions."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, event: Interaction, at: datetime) -> int | None:
        """Where another replica is writing the same event, waits to see what becomes of it."""
        statement = insert_into(self._connection, interaction).on_conflict_do_nothing().returning(COLUMNS.id)
        found: int | None = await self._connection.scalar(statement, _row(event, at))
        return found

    async def reopened(self, tickets: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], datetime]:
        found: dict[tuple[str, str], datetime] = {}
        for portion in portions(tickets):
            for row in await self._connection.execute(WHEN_REOPENED, {"tickets": portion}):
                at, key = happened(row.occurred_at, row.received_at), (row.source, row.ticket)
                found[key] = max(at, found.get(key, at))
        return found

    async def prune(self, before: datetime, at_most: int) -> int:
        ids = (await self._connection.scalars(OLD, {"before": before, "at_most": at_most})).all()
        for portion in portions(ids):
            await self._connection.execute(delete(ask_interaction).where(ask_interaction.c.interaction_id.in_(portion)))
            await self._connection.execute(delete(interaction).where(COLUMNS.id.in_(portion)))
        return len(ids)


def as_interaction(row: Row[Any]) -> Interaction:
    """The event of a row that has all columns of the table."""
    values = row._mapping
    return Interaction(
        source=values["source"],
        id=values["event_id"],
        type=values["type"],
        occurred_at=happened(values["occurred_at"], values["received_at"]),
        account=values["account"],
        project=values["project"],
        person=values["person"],
        data=values["data"],
    )


def _row(event: Interaction, at: datetime) -> dict[str, Any]:
    return {
        "source": event.source,
        "event_id": event.id,
        "type": event.type,
        "occurred_at": event.occurred_at,
        "received_at": at,
        "account": event.account,
        "project": event.project,
        "person": event.person,
        "ticket": ticket_of(event),
        "data": dict(event.data),
    }
