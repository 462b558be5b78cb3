"""How scores are counted: from the cubes, from what is not folded yet, and from answers where no cube tells apart."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from storage.count_tables import POINTS, place, subject, tally, unfolded, voice, way
from storage.cuts import OF_ANSWERS, Cuts, answers_with, filters, within
from storage.periods import Bounds, cut, spans
from storage.scopes import seen
from storage.sql import month, quarter
from storage.tables import account, answer, project
from storage.tallies import SHAPES, Shape
from storage.types import Words
from surveys.reporting import Dimension, ReportQuery
from surveys.rules import Scope

OF_TALLIES: Final[Cuts] = {
    "account": account.c.name,
    "project": project.c.name,
    "division": place.c.division,
    "product": place.c.product,
    "stage": place.c.stage,
    "questionnaire": subject.c.questionnaire,
    "item": subject.c.item,
    "component": subject.c.component,
    "block": subject.c.block,
    "touchpoint": way.c.touchpoint,
    "channel": way.c.channel,
    "language": way.c.language,
    "wave": way.c.wave,
    "role": voice.c.role,
    "month": literal_column(
        "CAST(tally.period / 100 AS TEXT) || '-' || substr(CAST(100 + tally.period % 100 AS TEXT), 2)", Words
    ),
    "quarter": literal_column(
        "CAST(tally.period / 100 AS TEXT) || '-Q' || CAST((tally.period % 100 + 2) / 3 AS TEXT)", Words
    ),
}
OF_UNFOLDED: Final[Cuts] = {
    **{dimension: unfolded.c[dimension] for dimension in OF_TALLIES if dimension in unfolded.c},
    "account": account.c.name,
    "project": project.c.name,
    "month": month(unfolded.c.answered_at),
    "quarter": quarter(unfolded.c.answered_at),
}
SCOPED: Final[tuple[Dimension, ...]] = ("account", "project", "division")
TABLES: Final[Mapping[Dimension, Table]] = {
    **dict.fromkeys(("account", "project", "division", "product", "stage"), place),
    **dict.fromkeys(("questionnaire", "item", "component", "block"), subject),
    **dict.fromkeys(("touchpoint", "channel", "language", "wave"), way),
}


def score_counts(query: ReportQuery, scales: Sequence[str], *groups: Dimension) -> Any:
    """One statement; its rows: a value of each of `groups`, scale, role, how often each score from 0 to 10 was given.

    The same may come in several rows, to be added up.
    """
    shape = _shape({*groups, *used(query)})
    if shape is None or query.as_of is not None:
        return _raw(query, scales, groups, (query.since, query.until))
    parts = cut(query.since, query.until)
    counted = [_raw(query, scales, groups, end) for end in parts.ends]
    if parts.months is not None:
        counted += [_folded(query, scales, groups, shape, parts.months), _unfolded(query, scales, groups, parts.months)]
    return counted[0] if len(counted) == 1 else union_all(*counted)


def _shape(spoken: Collection[Dimension]) -> Shape | None:
    """The smallest cube that tells apart what is spoken of, if there is one; role and calendar each one tells apart."""
    needed = {TABLES[dimension] for dimension in spoken if dimension in TABLES}
    return next((shape for shape in SHAPES if needed <= shape.tables), None)


def used(query: ReportQuery) -> set[Dimension]:
    """Every dimension the query speaks of."""
    return {*broken_down(query), *query.where, *(SCOPED if query.scope else ())}


def broken_down(query: ReportQuery) -> tuple[Dimension, ...]:
    """The dimension of the breakdown, if there is one."""
    return (query.by,) if query.by else ()


def score_values(dimension: Dimension, scope: Scope | None) -> list[Select[Any]]:
    """Statements for the values that answers have had in a dimension."""
    query = ReportQuery(metric="nps", by=dimension, scope=scope)
    spoken = used(query)
    shape = _shape(spoken)
    number = 0 if shape is None else shape.number
    folded = select(OF_TALLIES[dimension]).select_from(_tallies(spoken)).where(tally.c.shape == number)
    return [
        folded.where(tally.c.period.between(*spans(None, None, years=False)[0]), *seen(scope, OF_TALLIES["division"])),
        select(OF_UNFOLDED[dimension]).select_from(_changes(spoken)).where(*seen(scope, OF_UNFOLDED["division"])),
    ]


def _folded(
    query: ReportQuery, scales: Sequence[str], groups: Collection[Dimension], shape: Shape, months: Bounds
) -> Select[Any]:
    spoken = {*groups, *used(query)}
    group = [OF_TALLIES[dimension] for dimension in groups]
    voices = select(voice.c.id).where(voice.c.scale.in_(scales))
    return (
        select(*group, voice.c.scale, voice.c.role, *(func.sum(tally.c[point]) for point in POINTS))
        .select_from(_tallies(spoken))
        .where(tally.c.shape == shape.number, _of_periods(shape, months, spoken), tally.c.voice_id.in_(voices))
        .where(*filters(OF_TALLIES, query), *seen(query.scope, OF_TALLIES["division"]))
        .group_by(*group, voice.c.scale, voice.c.role)
    )


def _tallies(spoken: Collection[Dimension]) -> FromClause:
    source: FromClause = tally.join(voice, voice.c.id == tally.c.voice_id)
    for table in (place, subject, way):
        if any(TABLES.get(dimension) is table for dimension in spoken):
            source = source.join(table, table.c.id == tally.c[f"{table.name}_id"])
    return _named(source, place, spoken)


def _changes(spoken: Collection[Dimension]) -> FromClause:
    return _named(unfolded, unfolded, spoken)


def _named(source: FromClause, ids: Table, spoken: Collection[Dimension]) -> FromClause:
    """With the names that accounts and projects have now, where they are spoken of."""
    if "account" in spoken:
        source = source.join(account, account.c.id == ids.c.account_id)
    if "project" in spoken:
        source = source.join(project, project.c.id == ids.c.project_id)
    return source


def _of_periods(shape: Shape, months: Bounds, spoken: set[Dimension]) -> ColumnElement[bool]:
    """As few and as wide periods as the cube has and the query allows."""
    calendar = bool(spoken & {"month", "quarter"})
    if months == (None, None) and "all" in shape.widths and not calendar:
        return tally.c.period == 0
    years = "year" in shape.widths and not calendar
    return or_(*(tally.c.period.between(low, high) for low, high in spans(*months, years=years)))


def _unfolded(query: ReportQuery, scales: Sequence[str], groups: Collection[Dimension], months: Bounds) -> Select[Any]:
    keys = [*(OF_UNFOLDED[dimension] for dimension in groups), unfolded.c.scale, unfolded.c.role, unfolded.c.score]
    return (
        select(*keys[:-1], *_points(unfolded.c.score, func.sum(unfolded.c.n)))
        .select_from(_changes({*groups, *used(query)}))
        .where(unfolded.c.scale.in_(scales), *within(unfolded.c.answered_at, months))
        .where(*filters(OF_UNFOLDED, query), *seen(query.scope, OF_UNFOLDED["division"]))
        .group_by(*keys)
    )


def _raw(query: ReportQuery, scales: Sequence[str], groups: Collection[Dimension], bounds: Bounds) -> Select[Any]:
    keys = [*(OF_ANSWERS[dimension] for dimension in groups), answer.c.scale, answer.c.role, answer.c.score]
    columns = [*keys[:-1], *_points(answer.c.score, func.count())]
    return standing_answers(query, scales, columns, keys, *groups).where(*within(answer.c.answered_at, bounds))


def standing_answers(
    query: ReportQuery,
    scales: Sequence[str],
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


def _points(score: Column[Any], number: ColumnElement[int]) -> list[ColumnElement[int]]:
    """The number in the place of its score, 0 in all others."""
    return [case((score == point, number), else_=literal(0)) for point in range(len(POINTS))]
