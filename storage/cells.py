"""Questions to the cubes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Table,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from storage.count_tables import POINTS, place, subject, tally, voice, way
from storage.cuts import Cuts, filters, named, used
from storage.periods import Bounds, spans
from storage.scopes import seen
from storage.tables import account, project
from storage.tallies import SHAPES, Shape
from storage.types import Words
from surveys.reporting import Dimension, ReportQuery
from surveys.rules import Scope

THREE, HUNDRED = literal_column("3", Integer), literal_column("100", Integer)


def month_of(period: ColumnElement[Any]) -> ColumnElement[str]:
    """As `storage.sql.month` says it."""
    return cast(period // HUNDRED, Words) + "-" + func.substr(cast(HUNDRED + period % HUNDRED, Words), 2)


def quarter_of(period: ColumnElement[Any]) -> ColumnElement[str]:
    """As `storage.sql.quarter` says it."""
    return cast(period // HUNDRED, Words) + "-Q" + cast((period % HUNDRED + 2) // THREE, Words)


TABLES: Final[Mapping[Dimension, Table]] = {
    **dict.fromkeys(("account", "project", "division", "product", "stage"), place),
    **dict.fromkeys(("questionnaire", "item", "component", "block"), subject),
    **dict.fromkeys(("touchpoint", "channel", "language", "wave"), way),
}
CALENDAR: Final[Cuts] = {"month": month_of(tally.c.period), "quarter": quarter_of(tally.c.period)}
OF_TALLIES: Final[Cuts] = {
    **{dimension: table.c[dimension] for dimension, table in TABLES.items() if dimension in table.c},
    **CALENDAR,
    "account": account.c.name,
    "project": project.c.name,
    "role": voice.c.role,
}
# What cells are added up by: numbers where there are any. They sort faster than names, which are looked up afterwards.
KEYS: Final[Cuts] = {
    **OF_TALLIES,
    **dict.fromkeys(CALENDAR, tally.c.period),
    "account": place.c.account_id,
    "project": place.c.project_id,
    "role": tally.c.voice_id,
}
NAMES: Final[Mapping[Dimension, tuple[Table, str]]] = {
    "account": (account, "name"),
    "project": (project, "name"),
    "role": (voice, "role"),
}


def shape_for(spoken: Collection[Dimension]) -> Shape | None:
    """The smallest cube that tells apart what is spoken of, if there is one; role and calendar each one tells apart."""
    needed = {TABLES[dimension] for dimension in spoken if dimension in TABLES}
    return next((shape for shape in SHAPES if needed <= shape.tables), None)


def cells(
    query: ReportQuery,
    shape: Shape,
    months: Bounds,
    voices: Collection[int],
    points: Sequence[int],
    groups: Sequence[Dimension],
) -> Select[Any]:
    """Rows of whole `months`: a value of each of `groups`, number of a voice, how often each of `points` was given."""
    summed = _summed(query, shape, months, voices, points, groups).subquery("summed")
    source: FromClause = summed
    values: list[ColumnElement[Any]] = []
    for place_in_row, (dimension, key) in enumerate(zip(groups, summed.c, strict=False)):
        if dimension in NAMES:
            number, name = _named(dimension, place_in_row)
            source = source.join(number.table, number == key)
            values.append(name)
        else:
            values.append({"month": month_of, "quarter": quarter_of}.get(dimension, lambda same: same)(key))
    return select(*values, *list(summed.c)[len(groups) :]).select_from(source)


@cache
def _named(dimension: Dimension, place_in_row: int) -> tuple[Column[int], Column[str]]:
    """The number and the name of what a group is, of a table of its own: both groups may be accounts."""
    table, name = NAMES[dimension]
    own = table.alias(f"{table.name}_{place_in_row}")
    return own.c.id, own.c[name]


def _summed(
    query: ReportQuery,
    shape: Shape,
    months: Bounds,
    voices: Collection[int],
    points: Sequence[int],
    groups: Sequence[Dimension],
) -> Select[Any]:
    keys = [KEYS[dimension] for dimension in groups]
    sums = [func.sum(tally.c[POINTS[point]]).label(POINTS[point]) for point in points]
    return (
        select(*(key.label(f"key{number}") for number, key in enumerate(keys)), tally.c.voice_id, *sums)
        .select_from(_tallies(TABLES[dimension] for dimension in groups if dimension in TABLES))
        .where(tally.c.shape == shape.number, _of_periods(query, shape, months, groups))
        .where(tally.c.voice_id.in_(voices), *_chosen(query), *filters(CALENDAR, query))
        .group_by(*keys, tally.c.voice_id)
    )


def _tallies(tables: Iterable[Table]) -> FromClause:
    source: FromClause = tally
    for table in dict.fromkeys(tables):
        source = source.join(table, table.c.id == tally.c[f"{table.name}_id"])
    return source


def _of_periods(query: ReportQuery, shape: Shape, months: Bounds, groups: Collection[Dimension]) -> ColumnElement[bool]:
    """As few and as wide periods as the cube has and the query allows."""
    calendar = bool({*groups, *used(query)} & {*CALENDAR})
    if months == (None, None) and "all" in shape.widths and not calendar:
        return tally.c.period == 0
    years = "year" in shape.widths and not calendar
    return or_(*(tally.c.period.between(low, high) for low, high in spans(*months, years=years)))


def _chosen(query: ReportQuery) -> list[ColumnElement[bool]]:
    """What the query allows of places, subjects and ways: once for each combination, not for each cell."""
    return [
        tally.c[f"{table.name}_id"].in_(select(table.c.id).select_from(_with_names(table, query)).where(*allowed))
        for table in (place, subject, way)
        if (allowed := _allowed(query, table))
    ]


def _allowed(query: ReportQuery, table: Table) -> list[ColumnElement[bool]]:
    cuts = {dimension: OF_TALLIES[dimension] for dimension, holder in TABLES.items() if holder is table}
    return [*filters(cuts, query), *(seen(query.scope, OF_TALLIES["division"]) if table is place else ())]


def _with_names(table: Table, query: ReportQuery) -> FromClause:
    return named(table, place, used(query)) if table is place else table


def folded_values(dimension: Dimension, scope: Scope | None) -> Select[Any]:
    """The values that folded answers have had in a dimension."""
    spoken = used(ReportQuery(metric="nps", by=dimension, scope=scope))
    shape = shape_for(spoken)
    source = _tallies(TABLES[each] for each in spoken if each in TABLES)
    if dimension == "role":
        source = source.join(voice, voice.c.id == tally.c.voice_id)
    return (
        select(OF_TALLIES[dimension])
        .select_from(named(source, place, spoken))
        .where(tally.c.shape == (shape.number if shape else 0))
        .where(tally.c.period.between(*spans(None, None, years=False)[0]), *seen(scope, OF_TALLIES["division"]))
    )
