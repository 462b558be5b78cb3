"""How scores are counted: from the cubes, from what is not folded yet, and from answers where no cube tells apart."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from metrics.scales import EVERY_SCALE
from storage.cells import OF_TALLIES, cells, folded_values, shape_for
from storage.count_tables import unfolded
from storage.cuts import OF_ANSWERS, Cuts, answers_with, filters, named, used, within
from storage.kept import Found, Kept
from storage.periods import Bounds, Cut, cut
from storage.scopes import seen
from storage.sql import month, quarter
from storage.tables import account, answer, project
from surveys.reporting import Dimension, ReportQuery
from surveys.rules import Scope

OF_UNFOLDED: Final[Cuts] = {
    **{dimension: unfolded.c[dimension] for dimension in OF_TALLIES if dimension in unfolded.c},
    "account": account.c.name,
    "project": project.c.name,
    "month": month(unfolded.c.answered_at),
    "quarter": quarter(unfolded.c.answered_at),
}


async def score_counts(
    connection: AsyncConnection, kept: Kept, query: ReportQuery, scales: Collection[str], *groups: Dimension
) -> Found:
    """What was given on any of `scales`, by `groups`, in the query's cut. `kept`: of the same snapshot."""
    shape = None if query.as_of else shape_for({*groups, *used(query)})
    parts = cut(query.since, query.until) if shape else Cut(None, ((query.since, query.until),))
    voices = _voices(query, scales, kept)
    points = _points(voices)
    folded: Sequence[Any] = ()
    if shape and parts.months and voices:
        folded = (await connection.execute(cells(query, shape, parts.months, voices, points, groups))).all()
    singles = [_raw(query, scales, groups, end) for end in parts.ends]
    if parts.months and kept.waiting:
        singles.append(_unfolded(query, scales, groups, parts.months))
    return Found(folded, points, (await connection.execute(union_all(*singles))).all() if singles else ())


def _voices(query: ReportQuery, scales: Collection[str], kept: Kept) -> Mapping[int, str]:
    """Numbers of the voices that the query allows, with their scales."""
    known, roles = frozenset(scales), query.where.get("role")
    return {
        number: scale
        for number, (scale, role) in kept.voices.items()
        if scale in known and (roles is None or role in roles)
    }


def _points(voices: Mapping[int, str]) -> range:
    """Every score that may be given on any of these scales: the fewer columns are added up, the better."""
    ends = [end for scale in set(voices.values()) for end in (EVERY_SCALE[scale].low, EVERY_SCALE[scale].high)]
    return range(min(ends), max(ends) + 1) if ends else range(0)


def score_values(dimension: Dimension, scope: Scope | None) -> list[Select[Any]]:
    """Statements for the values that answers have had in a dimension."""
    spoken = used(ReportQuery(metric="nps", by=dimension, scope=scope))
    waiting = select(OF_UNFOLDED[dimension]).select_from(_changes(spoken))
    return [folded_values(dimension, scope), waiting.where(*seen(scope, OF_UNFOLDED["division"]))]


def _changes(spoken: Collection[Dimension]) -> FromClause:
    return named(unfolded, unfolded, spoken)


def _unfolded(
    query: ReportQuery, scales: Collection[str], groups: Collection[Dimension], months: Bounds
) -> Select[Any]:
    keys = [*(OF_UNFOLDED[dimension] for dimension in groups), unfolded.c.scale, unfolded.c.role, unfolded.c.score]
    return (
        select(*keys, func.sum(unfolded.c.n))
        .select_from(_changes({*groups, *used(query)}))
        .where(unfolded.c.scale.in_(scales), *within(unfolded.c.answered_at, months))
        .where(*filters(OF_UNFOLDED, query), *seen(query.scope, OF_UNFOLDED["division"]))
        .group_by(*keys)
    )


def _raw(query: ReportQuery, scales: Collection[str], groups: Collection[Dimension], bounds: Bounds) -> Select[Any]:
    keys = [*(OF_ANSWERS[dimension] for dimension in groups), answer.c.scale, answer.c.role, answer.c.score]
    counted = standing_answers(query, scales, [*keys, func.count()], keys, *groups)
    return counted.where(*within(answer.c.answered_at, bounds))


def standing_answers(
    query: ReportQuery,
    scales: Collection[str],
    columns: Sequence[ColumnElement[Any]],
    keys: Sequence[ColumnElement[Any]],
    *groups: Dimension,
) -> Select[Any]:
    """`columns` of the answers themselves, by `keys`, whenever they were given. `groups`: what those speak of."""
    return (
        select(*columns)
        .select_from(answers_with({*groups, *used(query)}))
        .where(standing(query.as_of), answer.c.score.is_not(None), answer.c.scale.in_(scales))
        .where(*filters(OF_ANSWERS, query), *seen(query.scope, OF_ANSWERS["division"]))
        .group_by(*keys)
    )


def standing(at: datetime | None) -> ColumnElement[bool]:
    """Answers that count, now or at that moment."""
    if at is None:
        return answer.c.superseded_at.is_(None)
    return and_(answer.c.answered_at <= at, or_(answer.c.superseded_at.is_(None), answer.c.superseded_at > at))
