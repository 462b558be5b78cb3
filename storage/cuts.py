"""Dimensions of reports as columns, and the conditions made of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, FromClause, Table

from storage.sql import month, quarter
from storage.tables import account, answer, interview, project
from surveys.reporting import Dimension, ReportQuery

Cuts = Mapping[Dimension, ColumnElement[Any]]

OF_ANSWERS: Final[Cuts] = {
    "account": account.c.name,
    "project": project.c.name,
    "division": interview.c.division,
    "product": interview.c.product,
    "role": answer.c.role,
    "stage": interview.c.stage,
    "questionnaire": interview.c.questionnaire,
    "item": answer.c.item,
    "component": answer.c.component,
    "block": answer.c.block,
    "touchpoint": interview.c.touchpoint,
    "channel": interview.c.channel,
    "language": answer.c.language,
    "month": month(answer.c.answered_at),
    "quarter": quarter(answer.c.answered_at),
    "wave": interview.c.wave,
}
SCOPED: Final[tuple[Dimension, ...]] = ("account", "project", "division")


def used(query: ReportQuery) -> set[Dimension]:
    """Every dimension the query speaks of."""
    return {*broken_down(query), *query.where, *(SCOPED if query.scope else ())}


def broken_down(query: ReportQuery) -> tuple[Dimension, ...]:
    """The dimension of the breakdown, if there is one."""
    return (query.by,) if query.by else ()


def answers_with(spoken: Collection[Dimension]) -> FromClause:
    """Answers with their interviews, and with what else is spoken of."""
    return named(answer.join(interview, interview.c.id == answer.c.interview_id), interview, spoken)


def named(source: FromClause, ids: Table, spoken: Collection[Dimension]) -> FromClause:
    """With the names that accounts and projects have now, where they are spoken of. `ids`: what has their numbers."""
    if "account" in spoken:
        source = source.join(account, account.c.id == ids.c.account_id)
    if "project" in spoken:
        source = source.join(project, project.c.id == ids.c.project_id)
    return source


def within(moment: Column[Any], bounds: tuple[datetime | None, datetime | None]) -> list[ColumnElement[bool]]:
    """From the first bound on, up to the second."""
    since, until = bounds
    lower = [moment >= since] if since else []
    upper = [moment < until] if until else []
    return [*lower, *upper]


def filters(cuts: Cuts, query: ReportQuery) -> list[ColumnElement[bool]]:
    """What the query allows of each dimension."""
    return [cuts[dimension].in_(values) for dimension, values in query.where.items() if dimension in cuts]
