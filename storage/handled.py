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
CUTS: Final[Mapping[Dimension, ColumnElement[Any]]] = {
    "account": account.c.name,
    "project": project.c.name,
    "division": project.c.division,
    "product": project.c.product,
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

    async def handled(self, query: ReportQuery) -> Sequence[Handled]:
        """A request opened again is as it was resolved last."""
        found: dict[tuple[str, str], Handled] = {}
        async with self._connection.stream(_resolved(query), execution_options={"yield_per": AT_ONCE}) as rows:
            async for source, ticket, data, *group in rows:
                first, last = lasted(data, "first_response_at"), lasted(data, "resolved_at")
                found[source, ticket] = Handled(group[0] if group else None, first, last)
        return list(found.values())


def _resolved(query: ReportQuery) -> Select[Any]:
    columns = interaction.c
    group = [CUTS[query.by]] if query.by else []
    chosen = select(columns.source, func.coalesce(columns.ticket, columns.event_id), columns.data, *group)
    chosen = chosen.select_from(PLACED).where(columns.type == RESOLVED, *seen(query.scope))
    chosen = chosen.where(*filters(CUTS, query), *within(columns.occurred_at, (query.since, query.until)))
    return chosen.order_by(columns.occurred_at, columns.id)
