"""Why people were asked, or were not: written with every decision, read by people and by spreadsheets."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, case, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.contact_tables import ask, decision, interaction
from storage.scopes import seen
from storage.tables import account, invitation, project
from surveys.contact import Decided, Told, told
from surveys.rules import Scope

Record = dict[str, Any]

AT_ONCE: Final = 1000
DECISIONS: Final = select(
    decision.c.decided_at,
    decision.c.person,
    decision.c.project,
    decision.c.questionnaire,
    decision.c.event_id,
    decision.c.decision,
    decision.c.rule,
    decision.c.detail,
).order_by(decision.c.id)
EVENTS: Final = select(
    interaction.c.received_at,
    interaction.c.occurred_at,
    interaction.c.source,
    interaction.c.event_id,
    interaction.c.type,
    interaction.c.account,
    interaction.c.project,
    interaction.c.person,
    interaction.c.data,
).order_by(interaction.c.id)
COLUMNS: Final = {
    "decisions": tuple(DECISIONS.selected_columns.keys()),
    "events": tuple(EVENTS.selected_columns.keys()),
}


TOLD: Final = (
    select(
        *(decision.c[name] for name in Told.__dataclass_fields__ if name in decision.c),
        case((invitation.c.state == "undeliverable", "undelivered"), else_=ask.c.state).label("state"),
        ask.c.due_at,
        ask.c.settled_at,
    )
    .outerjoin(ask, ask.c.id == decision.c.ask_id)
    .outerjoin(invitation, invitation.c.id == ask.c.invitation_id)
    .outerjoin(project, project.c.id == decision.c.project_id)
    .outerjoin(account, account.c.id == project.c.account_id)
    .order_by(decision.c.id.desc())
)


class StoredDecisions:
    """The port Decisions."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, decided: Sequence[Decided]) -> None:
        if decided:
            await self._connection.execute(insert(decision), [_row(one) for one in decided])


class DecisionLog:
    """What was decided, for reading."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def about(self, person_id: int | None, name: str, scope: Scope | None, at_most: int) -> Sequence[Told]:
        """The latest decisions about this person, and about whoever events call by this name, the newest first.

        `scope`: whose projects alone may be told of; None: of all.
        """
        whose = decision.c.person == name
        query = TOLD.where(whose if person_id is None else or_(whose, decision.c.person_id == person_id))
        rows = await self._connection.execute(query.where(*seen(scope)).limit(at_most))
        return [Told(**row._mapping) for row in rows]

    def decisions(
        self, *, since: datetime | None = None, until: datetime | None = None, confidential: bool = False
    ) -> AsyncIterator[Record]:
        """Decisions taken in the period, oldest first."""
        return self._stream(DECISIONS, decision.c.decided_at, since, until, confidential)

    def events(
        self, *, since: datetime | None = None, until: datetime | None = None, confidential: bool = False
    ) -> AsyncIterator[Record]:
        """Events received in the period, oldest first, as far as they are still kept."""
        return self._stream(EVENTS, interaction.c.received_at, since, until, confidential)

    async def _stream(
        self, query: Select[Any], moment: Any, since: datetime | None, until: datetime | None, confidential: bool
    ) -> AsyncIterator[Record]:
        query = query if since is None else query.where(moment >= since)
        query = query if until is None else query.where(moment < until)
        hidden = {"person": None} if confidential else {}
        async with self._connection.stream(query, execution_options={"yield_per": AT_ONCE}) as rows:
            async for row in rows.mappings():
                yield {**row, **hidden}


def _row(decided: Decided) -> dict[str, Any]:
    candidate, said = decided.candidate, told(decided)
    return {
        **{name: getattr(said, name) for name in Told.__dataclass_fields__ if name in decision.c},
        "detail": dict(said.detail),
        "person_id": candidate.person.id if candidate.person else None,
        "project_id": candidate.held.project.id if candidate.held else None,
        "source": decided.event and decided.event.source,
        "ask_id": decided.ask_id,
    }
