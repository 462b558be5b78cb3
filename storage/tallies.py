"""Folding: what every answer adds to the counts, added up in the database.

A change of an answer is in `unfolded` or in `tally`, never in both and never in neither: a fold moves it in one
transaction. Which changes it moves is what its one snapshot sees, so an answer that commits late, whatever its number,
waits for the next fold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    Integer,
    Select,
    Table,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable

from storage.count_tables import (
    PLACE,
    POINTS,
    SUBJECT,
    VOICE,
    WAY,
    folding,
    place,
    subject,
    tally,
    unfolded,
    voice,
    way,
)
from storage.sql import insert_into, month_number, packed

LOCK: Final = 7_051_193_404
"""Any number of its own: of two replicas one folds."""
DICTIONARIES: Final[Mapping[Table, tuple[str, ...]]] = {place: PLACE, subject: SUBJECT, way: WAY, voice: VOICE}
Width = Literal["month", "year", "all"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A cube: what it tells apart, beside voice and time, and at which widths of time it is kept, months always."""

    number: int
    tables: frozenset[Table]
    widths: tuple[Width, ...] = ("month",)

    def cells(self, source: FromClause, width: Width) -> tuple[list[Any], list[Any]]:
        """The key of `tally` for rows of `source`, which tell everything apart by month; and what to group them by."""
        period = PERIODS[width](source.c.period)
        told = [source.c[f"{table.name}_id"] for table in (place, subject, way) if table in self.tables]
        named = {"shape": literal(self.number), "period": period, "voice_id": source.c.voice_id}
        named |= {column.name: column for column in told}
        key = [named.get(column.name, literal(0)).label(column.name) for column in tally.primary_key]
        return key, [source.c.voice_id, *told, *([] if width == "all" else [period])]


# The smallest first. A breakdown by places is asked for most often and would read many months, so it has wider periods.
SHAPES: Final = (
    Shape(1, frozenset({subject})),
    Shape(2, frozenset({way})),
    Shape(3, frozenset({subject, way})),
    Shape(4, frozenset({place}), ("month", "year", "all")),
    Shape(5, frozenset({place, subject})),
    Shape(6, frozenset({place, way})),
)
PERIODS: Final[Mapping[Width, Callable[[ColumnElement[Any]], ColumnElement[Any]]]] = {
    "month": lambda month: month,
    "year": lambda month: month // literal_column("100", Integer),
    "all": lambda _: literal(0),
}
MATERIAL: Final = CreateTable(folding, if_not_exists=True)


async def fold(connection: AsyncConnection, at_most: int) -> int:
    """Moves the oldest changes into the counts; how many. 0 as well where another replica is at it.

    The connection must keep to one snapshot.
    """
    if not await _alone(connection):
        return 0
    oldest = select(unfolded.c.id).order_by(unfolded.c.id).limit(at_most).subquery()
    found = (await connection.execute(select(func.max(oldest.c.id), func.count()).select_from(oldest))).one()
    if found.count:
        await _move(connection, unfolded.c.id <= found.max, found.count)
    return int(found.count)


async def _alone(connection: AsyncConnection) -> bool:
    if connection.dialect.name == "sqlite":
        return True
    return bool(await connection.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))


async def _move(connection: AsyncConnection, chosen: ColumnElement[bool], changes: int) -> None:
    await connection.execute(MATERIAL)
    if await _gathered(connection, chosen) < changes:
        for table, columns in DICTIONARIES.items():
            await connection.execute(_new_words(table, columns, chosen))
        await connection.execute(delete(folding))
        await _gathered(connection, chosen)
    for shape in SHAPES:
        for width in shape.widths:
            await connection.execute(_added(connection, shape, width))
    await connection.execute(delete(unfolded).where(chosen))
    await connection.execute(delete(folding))


async def _gathered(connection: AsyncConnection, chosen: ColumnElement[bool]) -> int:
    """Puts together what is chosen; how many changes: those with a word that has no number yet are left out."""
    await connection.execute(insert(folding).from_select(folding.c.keys(), _by_month(chosen)))
    return int(await connection.scalar(select(func.coalesce(func.sum(folding.c.changes), 0))) or 0)


def _new_words(table: Table, columns: tuple[str, ...], chosen: ColumnElement[bool]) -> Insert:
    """Numbers for combinations that are met for the first time."""
    values = [unfolded.c[name] for name in columns]
    key = packed(*values)
    known = select(table.c.id).where(table.c.key == key).exists()
    met = select(key, *values).where(chosen, ~known).distinct()
    return insert(table).from_select(["key", *columns], met)


def _by_month(chosen: ColumnElement[bool]) -> Select[Any]:
    source: FromClause = unfolded
    for table, columns in DICTIONARIES.items():
        source = source.join(table, table.c.key == packed(*(unfolded.c[name] for name in columns)))
    keys = [month_number(unfolded.c.answered_at), voice.c.id, place.c.id, subject.c.id, way.c.id]
    points = given(unfolded.c.score, func.sum(unfolded.c.n))
    return select(*keys, *points, func.count()).select_from(source).where(chosen).group_by(*keys)


def given(score: ColumnElement[int], number: Any) -> list[ColumnElement[int]]:
    """A histogram in columns of its own. `number`: an aggregate that says how often."""
    return [func.coalesce(number.filter(score == point), 0).label(name) for point, name in enumerate(POINTS)]


def _added(connection: AsyncConnection, shape: Shape, width: Width) -> Insert:
    """Adds what is being folded to one cube, at one width of time."""
    key, group = shape.cells(folding, width)
    batch = select(*key, *(func.sum(folding.c[point]) for point in POINTS)).where(true()).group_by(*group)
    added = insert_into(connection, tally).from_select(tally.c.keys(), batch)
    statement: Insert = added.on_conflict_do_update(
        index_elements=list(tally.primary_key),
        set_={point: tally.c[point] + added.excluded[point] for point in POINTS},
    )
    return statement
