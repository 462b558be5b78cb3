"""What became of invitations, counted by the database in one query."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    Table,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from storage.cells import HUNDRED, THREE, month_of, quarter_of
from storage.count_tables import OUTCOMES, REACHED, asking, counted, pace, place, reach
from storage.count_tables import TOOK as COMPLETE
from storage.cuts import Cuts, filters, used, within
from storage.periods import Bounds, cut, spans
from storage.reach import LANGUAGE, OUTCOME, PACED, REACHES, TOOK, Reach, stirred, totals
from storage.scopes import seen
from storage.sql import month, quarter
from storage.tables import account, interview, invitation, person, project
from storage.types import Words
from surveys.reporting import Dimension, ReportQuery

Columns = Sequence[ColumnElement[Any]]

ONE: Final = literal_column("1", Integer)
AS_BEGUN: Final[tuple[Dimension, ...]] = ("division", "product", "stage")
OF_ASKING: Final[tuple[Dimension, ...]] = ("questionnaire", "touchpoint", "channel", "language", "wave")
NAMES: Final[Cuts] = {"account": account.c.name, "project": project.c.name}


def _as_begun(begun: ColumnElement[bool], source: FromClause) -> Cuts:
    """Before an interview begins, things are as the directory has them now."""
    return {name: case((begun, source.c[name]), else_=project.c[name]) for name in AS_BEGUN}


OF_INVITATIONS: Final[Cuts] = {
    **NAMES,
    **_as_begun(interview.c.id.is_not(None), interview),
    **{name: invitation.c[name] for name in OF_ASKING if name != "language"},
    "language": LANGUAGE,
    "month": month(invitation.c.created_at),
    "quarter": quarter(invitation.c.created_at),
}
OF_PLACES: Final[Cuts] = {**NAMES, **_as_begun(place.c.account_id.is_not(None), place)}
NUMBERED: Final[Cuts] = {"account": project.c.account_id, "project": place.c.project_id}
OF_ASKINGS: Final[Cuts] = {name: asking.c[name] for name in OF_ASKING}
CALENDAR: Final[Mapping[Dimension, Callable[[ColumnElement[Any]], ColumnElement[str]]]] = {
    "month": month_of,
    "quarter": quarter_of,
}
TABLES: Final[Mapping[Dimension, Table]] = {**dict.fromkeys(OF_PLACES, place), **dict.fromkeys(OF_ASKINGS, asking)}


def invited(spoken: Collection[Dimension], source: FromClause = invitation) -> FromClause:
    """Invitations with what became of them, and with what else is spoken of."""
    if {*OF_PLACES} & {*spoken}:
        source = _placed(source, invitation, spoken)
    if "language" in spoken:
        source = source.outerjoin(person, person.c.id == invitation.c.person_id)
    return source.outerjoin(interview, interview.c.invitation_id == invitation.c.id)


def _placed(source: FromClause, ids: Table, spoken: Collection[Dimension]) -> FromClause:
    """With their projects. Each has one, but only an outer join keeps SQLite from beginning with the projects.

    It would read the invitations in the order of their projects, here and there in the file.
    """
    source = source.outerjoin(project, project.c.id == ids.c.project_id)
    return source.outerjoin(account, account.c.id == project.c.account_id) if "account" in spoken else source


def outreach_counts(query: ReportQuery, groups: Sequence[Dimension], *, timed: bool) -> CompoundSelect[Any]:
    """For `by_group` to add up. `timed`: with the times interviews took.

    Whole months are read from the counts, less what these hold of invitations touched since, and from those as they
    are; the ends of a period are read from the invitations.
    """
    asked = Asked(query, tuple(groups), timed)
    parts = cut(query.since, query.until)
    renewed = invitation.c.id.in_(stirred())
    folded = (_folded, _timed, _outdated) if timed else (_folded, _outdated)
    whole = [of(asked, parts.months) for of in folded] if parts.months else []
    again = [_raw(asked, parts.months, renewed)] if parts.months else []
    return union_all(*whole, *again, *(_raw(asked, end) for end in parts.ends))


@dataclass(frozen=True, slots=True)
class Asked:
    """A query by any number of dimensions, and whether to tell how long interviews took."""

    query: ReportQuery
    groups: tuple[Dimension, ...]
    timed: bool

    @property
    def used(self) -> set[Dimension]:
        return {*used(self.query), *self.groups}

    def cut(self, cuts: Cuts, source: FromClause) -> Columns:
        """What is added up by: roles where they are spoken of, or nothing else is. There is no sum of no rows then."""
        roles = [source.c.roles] if "role" in self.used or not self.groups else []
        return [*(cuts[dimension].label(dimension) for dimension in self.groups if dimension in cuts), *roles]

    def times(self, each: ColumnElement[Any], often: str = "") -> ColumnElement[Any]:
        """Seconds, or seconds and how often, one after another."""
        told = func.aggregate_strings(cast(each, Words) + often if often else cast(each, Words), ",")
        return (told if self.timed else _no_times()).label("took")


def _no_times() -> ColumnElement[Any]:
    return cast(null(), Words)


def _raw(asked: Asked, bounds: Bounds, *chosen: ColumnElement[bool]) -> Select[Any]:
    query = asked.query
    keys = asked.cut(OF_INVITATIONS, invitation)
    each = (
        select(*keys, OUTCOME.label("outcome"), TOOK.label("took"))
        .select_from(invited(asked.used))
        .where(*chosen, *within(invitation.c.created_at, bounds))
        .where(*filters(OF_INVITATIONS, query), *seen(query.scope, OF_INVITATIONS["division"]))
        .subquery()
    )
    told = [*each.c][: len(keys)]
    return select(*told, *totals(each, ONE), asked.times(each.c.took)).group_by(*told)


def _folded(asked: Asked, months: Bounds) -> Select[Any]:
    shape = _shape(asked)
    cells = _cells(asked, reach, (*_sums(reach), _no_times().label("took")))
    return _by_name(cells.where(*_of_cube(asked, reach, shape, months)))


def _timed(asked: Asked, months: Bounds) -> Select[Any]:
    """The times that complete interviews took. Of places there are counts of nothing but single invitations."""
    shape = _shape(asked)
    nobody = [literal(0).label(name) for name in OUTCOMES]
    if shape not in PACED:
        placed = _by_place(asked, months).subquery()
        return _by_name(_cells(asked, placed, (*nobody, asked.times(placed.c.took))))
    times = cast(pace.c.took, Words) + ":" + cast(pace.c.n, Words)
    taken = _cells(asked, pace, (*nobody, asked.times(times)))
    return _by_name(taken.where(pace.c.n != 0, *_of_cube(asked, pace, shape, months)))


def _by_place(asked: Asked, months: Bounds) -> Select[Any]:
    """In the order of their index; whatever else is told of places is looked up once for each."""
    more = {"period": {*CALENDAR}, "asking_id": {*OF_ASKINGS}}
    names = ("place_id", "roles", *(name for name in more if more[name] & asked.used))
    told = {name: counted.c[name] for name in names}
    keys = [told.get(name, literal(0)).label(name) for name in REACHED]
    taken = select(*keys, asked.times(counted.c.took)).where(COMPLETE, *_held(asked, counted, months))
    return taken.group_by(*told.values())


def _shape(asked: Asked) -> Reach:
    needed = {TABLES[dimension] for dimension in asked.used if dimension in TABLES}
    return next(shape for shape in REACHES if needed <= shape.tables)


def _outdated(asked: Asked, months: Bounds) -> Select[Any]:
    """What the counts hold of invitations that were touched since."""
    values: Columns = (*totals(counted, literal_column("-1")), asked.times(counted.c.took, ":-1"))
    touched = counted.c.invitation_id.in_(stirred())
    return _by_name(_cells(asked, counted, values).where(touched, *_held(asked, counted, months)))


def _cells(asked: Asked, source: FromClause, values: Columns) -> Select[Any]:
    """By number where there are any: those sort faster than names, which are looked up afterwards."""
    keys = asked.cut({**OF_PLACES, **OF_ASKINGS, **NUMBERED, **_begins(source.c.period)}, source)
    return select(*keys, *values).select_from(_worded(asked, source)).group_by(*keys)


def _begins(period: ColumnElement[int]) -> Cuts:
    """The number of the month that a month or a quarter begins with."""
    return {"month": period, "quarter": period - (period % HUNDRED - ONE) % THREE}


def _worded(asked: Asked, ids: FromClause) -> FromClause:
    """With the words of those of its numbers that are told apart."""
    source = ids
    for table in dict.fromkeys(TABLES[by] for by in asked.groups if by in TABLES):
        source = source.outerjoin(table, table.c.id == ids.c[f"{table.name}_id"])
    if {"account", *AS_BEGUN} & {*asked.groups}:
        source = source.outerjoin(project, project.c.id == place.c.project_id)
    return source


def _chosen(query: ReportQuery, source: Table) -> list[ColumnElement[bool]]:
    places = [*filters(OF_PLACES, query), *seen(query.scope, OF_PLACES["division"])]
    these = select(place.c.id).select_from(_placed(place, place, used(query))).where(*places)
    askings = filters(OF_ASKINGS, query)
    calendar: Cuts = {dimension: of(source.c.period) for dimension, of in CALENDAR.items()}
    return [
        *([source.c.place_id.in_(these)] if places else []),
        *([source.c.asking_id.in_(select(asking.c.id).where(*askings))] if askings else []),
        *filters(calendar, query),
    ]


def _by_name(numbered: Select[Any]) -> Select[Any]:
    cells = numbered.subquery()
    source: FromClause = cells
    names: dict[str, ColumnElement[Any]] = {by: of(cells.c[by]) for by, of in CALENDAR.items() if by in cells.c}
    for table in (account, project):
        if table.name in cells.c:
            source = source.outerjoin(table, table.c.id == cells.c[table.name])
            names[table.name] = table.c.name
    return select(*(names.get(column.name, column) for column in cells.c)).select_from(source)


def _sums(source: FromClause) -> list[ColumnElement[int]]:
    return [func.sum(source.c[name]).label(name) for name in OUTCOMES]


def _of_cube(asked: Asked, source: Table, shape: Reach, months: Bounds) -> list[ColumnElement[bool]]:
    """As few and as wide periods as the cube has and the query allows."""
    calendar = bool({*CALENDAR} & asked.used)
    whole = months == (None, None) and "all" in shape.widths and not calendar
    years = "year" in shape.widths and not calendar
    periods = source.c.period == 0 if whole else _between(source, months, years=years)
    return [source.c.shape == shape.number, periods, *_chosen(asked.query, source)]


def _held(asked: Asked, source: Table, months: Bounds) -> list[ColumnElement[bool]]:
    return [_between(source, months), *_chosen(asked.query, source)]


def _between(source: Table, months: Bounds, *, years: bool = False) -> ColumnElement[bool]:
    return or_(*(source.c.period.between(low, high) for low, high in spans(*months, years=years)))
