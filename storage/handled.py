"""Requests that were resolved, out of the events about them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.contact_tables import interaction
from storage.cuts import filters, within
from storage.scopes import seen
from storage.sql import month, quarter
from storage.tables import account, project
from surveys.reporting import Dimension, ReportQuery
from surveys.service import Handled, lasted

RESOLVED: Final = "ticket.resolved"
AT_ONCE: Final = 1000
TOUCHPOINT: Final = "touchpoint"
CUTS: Final[Mapping[Dimension, ColumnElement[Any]]] = {
    "account": account.c.name,
    "project": project.c.name,
    "division": project.c.division,
    "product": project.c.product,
    "stage": project.c.stage,
    "month": month(interaction.c.occurred_at),
    "quarter": quarter(interaction.c.occurred_at),
}
# Events name things; what the directory does not know belongs to nobody.
PLACED: Final = interaction.outerjoin(account, account.c.name == interaction.c.account).outerjoin(
    project, and_(project.c.account_id == account.c.id, project.c.name == interaction.c.project)
)


class HandledTickets:
    """The port surveys.service.Tickets."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def handled(self, query: ReportQuery, by: Sequence[Dimension]) -> Sequence[Handled]:
        """A request opened again is as it was resolved last. What is inside an event the database does not look at."""
        found: dict[tuple[str, str], Handled] = {}
        wanted = query.where.get(TOUCHPOINT)
        async with self._connection.stream(_resolved(query, by), execution_options={"yield_per": AT_ONCE}) as rows:
            async for source, ticket, data, *cut in rows:
                touchpoint = _touchpoint(data)
                if wanted is None or touchpoint in wanted:
                    rest = iter(cut)
                    key = tuple(touchpoint if one == TOUCHPOINT else next(rest) for one in by)
                    first, last = lasted(data, "first_response_at"), lasted(data, "resolved_at")
                    found[source, ticket] = Handled(key, first, last)
        return list(found.values())


def _touchpoint(data: Mapping[str, object]) -> str | None:
    named = data.get(TOUCHPOINT)
    return named if isinstance(named, str) else None


def _resolved(query: ReportQuery, by: Sequence[Dimension]) -> Select[Any]:
    columns = interaction.c
    cut = [CUTS[dimension] for dimension in by if dimension != TOUCHPOINT]
    chosen = select(columns.source, func.coalesce(columns.ticket, columns.event_id), columns.data, *cut)
    chosen = chosen.select_from(PLACED).where(columns.type == RESOLVED, *seen(query.scope))
    chosen = chosen.where(*filters(CUTS, query), *within(columns.occurred_at, (query.since, query.until)))
    return chosen.order_by(columns.occurred_at, columns.id)
