"""Requests that were resolved, out of the events about them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.contact_tables import ask, ask_interaction, interaction
from storage.cuts import filters, within
from storage.scopes import seen
from storage.sql import month, quarter
from storage.tables import account, person, project, stakeholder
from surveys.questionnaire import Role
from surveys.reporting import Dimension, ReportQuery
from surveys.service import Handled, lasted

RESOLVED: Final = "ticket.resolved"
AT_ONCE: Final = 1000
TOUCHPOINT: Final = "touchpoint"
ROLE: Final = "role"
TOLD: Final[tuple[Dimension, ...]] = (TOUCHPOINT, ROLE)
"""Dimensions that no column holds."""
ROLES: Final = (
    select(func.aggregate_strings(stakeholder.c.role, "|"))
    .where(stakeholder.c.person_id == person.c.id, stakeholder.c.project_id == project.c.id)
    .scalar_subquery()
)
ASKED: Final = (
    select(func.max(ask.c.questionnaire))
    .join(ask_interaction, ask_interaction.c.ask_id == ask.c.id)
    .where(ask_interaction.c.interaction_id == interaction.c.id, ask.c.state == "asked")
    .scalar_subquery()
)
CUTS: Final[Mapping[Dimension, ColumnElement[Any]]] = {
    "account": account.c.name,
    "project": project.c.name,
    "division": project.c.division,
    "product": project.c.product,
    "stage": project.c.stage,
    "questionnaire": ASKED,
    "language": func.coalesce(person.c.chosen_language, person.c.language),
    "month": month(interaction.c.occurred_at),
    "quarter": quarter(interaction.c.occurred_at),
}
# Events name things; what the directory does not know belongs to nobody.
PLACED: Final = (
    interaction.outerjoin(account, account.c.name == interaction.c.account)
    .outerjoin(project, and_(project.c.account_id == account.c.id, project.c.name == interaction.c.project))
    .outerjoin(person, person.c.external_id == interaction.c.person)
)


class HandledTickets:
    """The port surveys.service.Tickets."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def handled(
        self, query: ReportQuery, by: Sequence[Dimension], weights: Mapping[Role, float]
    ) -> Sequence[Handled]:
        """A request opened again is as it was resolved last. What is inside an event the database does not look at."""
        found: dict[tuple[str, str], Handled] = {}
        wanted = {dimension: query.where[dimension] for dimension in TOLD if dimension in query.where}
        async with self._connection.stream(_resolved(query, by), execution_options={"yield_per": AT_ONCE}) as rows:
            async for source, ticket, data, roles, *cut in rows:
                found.pop((source, ticket), None)
                told = {TOUCHPOINT: _touchpoint(data), ROLE: _speaker(roles, weights)}
                if all(told[dimension] in values for dimension, values in wanted.items()):
                    rest = iter(cut)
                    key = tuple(told[one] if one in told else next(rest) for one in by)
                    first, last = lasted(data, "first_response_at"), lasted(data, "resolved_at")
                    found[source, ticket] = Handled(key, first, last)
        return list(found.values())


def _speaker(roles: str | None, weights: Mapping[Role, float]) -> Role | None:
    """Of several roles the weightiest, as with answers."""
    held = sorted(roles.split("|")) if roles else []
    ranked = [role for role in weights if role in held] + held
    return max(ranked, key=lambda role: weights.get(role, 0.0), default=None)


def _touchpoint(data: Mapping[str, object]) -> str | None:
    named = data.get(TOUCHPOINT)
    return named if isinstance(named, str) else None


def _resolved(query: ReportQuery, by: Sequence[Dimension]) -> Select[Any]:
    columns = interaction.c
    cut = [CUTS[dimension] for dimension in by if dimension not in TOLD]
    roles = ROLES if ROLE in (*by, *query.where) else null()
    chosen = select(columns.source, func.coalesce(columns.ticket, columns.event_id), columns.data, roles, *cut)
    chosen = chosen.select_from(PLACED).where(columns.type == RESOLVED, *seen(query.scope))
    chosen = chosen.where(*filters(CUTS, query), *within(columns.occurred_at, (query.since, query.until)))
    return chosen.order_by(columns.occurred_at, columns.id)
