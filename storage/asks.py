"""Questions that are going to be asked. Whoever changes one has its person locked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.contact_tables import SCHEDULED, ask, ask_interaction, interaction
from storage.interactions import as_interaction
from storage.portions import portions
from storage.tables import person
from surveys.contact_ports import DueAsk, NewAsk
from surveys.interactions import Interaction

FIELDS: Final = ("id", "person_id", "project_id", "questionnaire", "kind", "due_at", "wave", "touchpoint")
NOTED: Final = tuple(name for name in NewAsk.__dataclass_fields__ if name != "interactions")
PENDING: Final = select(*(ask.c[name] for name in FIELDS)).where(SCHEDULED)
# The ask is locked as well: another replica may have settled it after this statement took its snapshot.
CLAIM: Final = (
    PENDING.join(person, person.c.id == ask.c.person_id)
    .where(ask.c.due_at <= bindparam("now", type_=ask.c.due_at.type))
    .order_by(ask.c.due_at, ask.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(of=[ask, person], skip_locked=True)
)
ABOUT: Final = (
    PENDING.join(ask_interaction, ask_interaction.c.ask_id == ask.c.id)
    .join(interaction, interaction.c.id == ask_interaction.c.interaction_id)
    .where(interaction.c.source == bindparam("source"), interaction.c.ticket == bindparam("ticket"))
    .distinct()
)
EVENTS: Final = (
    select(ask_interaction.c.ask_id, interaction)
    .join(interaction, interaction.c.id == ask_interaction.c.interaction_id)
    .where(ask_interaction.c.ask_id.in_(bindparam("asks", expanding=True)))
    .order_by(interaction.c.occurred_at, interaction.c.id)
)
OF_TICKET: Final = select(interaction.c.id).where(
    interaction.c.source == bindparam("source"), interaction.c.ticket == bindparam("ticket")
)
FORGET: Final = delete(ask_interaction).where(
    ask_interaction.c.ask_id == bindparam("which"), ask_interaction.c.interaction_id.in_(OF_TICKET.scalar_subquery())
)
CHANGE: Final = update(ask).where(ask.c.id == bindparam("which"))


class StoredAsks:
    """The port Asks."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Sequence[NewAsk]) -> Sequence[int]:
        if not new:
            return ()
        rows = [{name: getattr(one, name) for name in NOTED} | {"state": "scheduled"} for one in new]
        returning = insert(ask).returning(ask.c.id, sort_by_parameter_order=True)
        ids = (await self._connection.scalars(returning, rows)).all()
        links = [_link(ask_id, event) for ask_id, one in zip(ids, new, strict=True) for event in one.interactions]
        if links:
            await self._connection.execute(insert(ask_interaction), links)
        return ids

    async def take_in(self, ask_id: int, interaction_id: int, due_at: datetime) -> None:
        await self._connection.execute(insert(ask_interaction), _link(ask_id, interaction_id))
        await self.move(ask_id, due_at)

    async def about(self, source: str, ticket: str) -> Sequence[DueAsk]:
        """Not locked: of a question that is settled meanwhile nothing can be taken back any more."""
        found = await self._connection.execute(ABOUT, {"source": source, "ticket": ticket})
        return await self._with_events(found.all())

    async def forget(self, ask_id: int, source: str, ticket: str) -> None:
        await self._connection.execute(FORGET, {"which": ask_id, "source": source, "ticket": ticket})

    async def claim(self, now: datetime, at_most: int) -> Sequence[DueAsk]:
        found = await self._connection.execute(CLAIM, {"now": now, "at_most": at_most})
        return await self._with_events(found.all())

    async def move(self, ask_id: int, due_at: datetime) -> None:
        await self._connection.execute(CHANGE, {"which": ask_id, "due_at": due_at})

    async def settle(
        self, state: Literal["asked", "dropped"], invitations: Mapping[int, int | None], at: datetime
    ) -> None:
        change = {"state": state, "settled_at": at}
        rows = [{"which": ask_id, "invitation_id": made, **change} for ask_id, made in invitations.items()]
        if rows:
            await self._connection.execute(CHANGE, rows)

    async def _with_events(self, rows: Sequence[Row[Any]]) -> Sequence[DueAsk]:
        events = await events_of(self._connection, [row.id for row in rows])
        return [DueAsk(**row._mapping, events=events.get(row.id, ())) for row in rows]


async def events_of(connection: AsyncConnection, ask_ids: Collection[int]) -> Mapping[int, tuple[Interaction, ...]]:
    """The events each of these questions is about, in the order in which they happened."""
    found: defaultdict[int, tuple[Interaction, ...]] = defaultdict(tuple)
    for portion in portions(ask_ids):
        for row in await connection.execute(EVENTS, {"asks": portion}):
            found[row.ask_id] += (as_interaction(row),)
    return found


def _link(ask_id: int, interaction_id: int) -> dict[str, int]:
    return {"ask_id": ask_id, "interaction_id": interaction_id}
