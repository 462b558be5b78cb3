"""Folding: what every answer adds to the counts, added up in the database.

A change of an answer is in `unfolded` or in `tally`, never in both and never in neither: a fold moves it in one
transaction. Which changes it moves is what its one snapshot sees, so an answer that commits late, whatever its number,
waits for the next fold.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    Integer,
    Select,
    Table,
    bindparam,
    case,
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
    NUMBERS,
    PLACE,
    POINTS,
    SUBJECT,
    VOICE,
    WAY,
    adding,
    folding,
    place,
    subject,
    tally,
    unfolded,
    voice,
    way,
)
from storage.settings import Settings
from storage.sql import insert_in, month_number, packed
from storage.tables import setting

LOCK: Final = 7_051_193_404
"""Any number of its own: of two replicas one folds."""
GONE: Final = "counts.gone"
"""The setting that says how many changes have ever left `unfolded`."""
DICTIONARIES: Final[Mapping[Table, tuple[str, ...]]] = {voice: VOICE, place: PLACE, subject: SUBJECT, way: WAY}
Width = Literal["month", "year", "all"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A cube: what it tells apart, beside voice and time, and at which widths of time it is kept, months always.

    `made_of`: the number of a cube that tells apart all of it and more; None: it is made of the changes themselves.
    """

    number: int
    tables: frozenset[Table]
    widths: tuple[Width, ...] = ("month",)
    made_of: int | None = None

    def cells(self, source: FromClause, width: Width) -> Select[Any]:
        """Rows of `tally` out of those of `source`, which tell at least as much apart, in the order they lie in."""
        told = {"voice_id", *(f"{table.name}_id" for table in self.tables)}
        keys = {name: source.c[name] for name in NUMBERS if name in told}
        period = PERIODS[width](source.c.period)
        columns = [{"period": period, **keys}.get(name, literal(0)).label(name) for name in NUMBERS]
        points = [func.sum(source.c[point]).label(point) for point in POINTS]
        cells = select(literal(self.number).label("shape"), *columns, *points)
        return cells.group_by(*([] if width == "all" else [period]), *keys.values())


# The smallest first. A breakdown by places is asked for most often and would read many months, so it has wider periods.
SHAPES: Final = (
    Shape(1, frozenset({subject}), made_of=3),
    Shape(2, frozenset({way}), made_of=3),
    Shape(3, frozenset({subject, way})),
    Shape(4, frozenset({place}), ("month", "year", "all"), made_of=6),
    Shape(5, frozenset({place, subject})),
    Shape(6, frozenset({place, way})),
)
PERIODS: Final[Mapping[Width, Callable[[ColumnElement[Any]], ColumnElement[Any]]]] = {
    "month": lambda period: period,
    "year": lambda period: period // literal_column("100", Integer),
    "all": lambda _: literal(0),
}
SPANS: Final[Mapping[Width, tuple[int, int]]] = {"month": (100_000, 999_999), "year": (1_000, 9_999), "all": (0, 0)}
"""The numbers that periods of a width have."""
MATERIAL: Final = [CreateTable(table, if_not_exists=True) for table in (folding, adding)]
CHOSEN: Final = unfolded.c.id <= bindparam("last")
LEFT: Final = CHOSEN & ~select(folding.c.id).where(folding.c.id == unfolded.c.id).exists()


async def fold(connection: AsyncConnection, at_most: int) -> int:
    """Moves the oldest changes into the counts; how many. 0 as well where another replica is at it.

    The connection must keep to one snapshot.
    """
    if not await alone(connection):
        return 0
    last, changes = await oldest(connection, unfolded, at_most)
    if changes:
        await _move(connection, last, changes)
        await note_gone(connection, changes)
    return changes


async def prepare(connection: AsyncConnection) -> None:
    """Puts every statement of folding together and carries it out on nothing at all."""
    await _move(connection, last=0, changes=1)


async def oldest(connection: AsyncConnection, tail: Table, at_most: int) -> tuple[int, int]:
    """Of so many that wait the longest: the number of the last one, and how many there are."""
    waiting = select(tail.c.id).order_by(tail.c.id).limit(at_most).subquery()
    found = (await connection.execute(select(func.max(waiting.c.id), func.count()).select_from(waiting))).one()
    return int(found.max or 0), int(found.count)


async def note_gone(connection: AsyncConnection, changes: int) -> None:
    """So many more changes have left `unfolded`."""
    settings = Settings(connection)
    await settings.set(GONE, str(int(await settings.get(GONE) or 0) + changes))


async def changes_ever(connection: AsyncConnection) -> int:
    """How many changes of answers there have been. Grows with every one of them, in the order of their commits."""
    gone = select(setting.c.value).where(setting.c.name == GONE).scalar_subquery()
    found = (
        await connection.execute(select(gone.label("gone"), func.count().label("waiting")).select_from(unfolded))
    ).one()
    return int(found.gone or 0) + int(found.waiting)


async def alone(connection: AsyncConnection) -> bool:
    """Whether this replica may fold now."""
    if connection.dialect.name == "sqlite":
        return True
    return bool(await connection.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))


async def _move(connection: AsyncConnection, last: int, changes: int) -> None:
    which = {"last": last}
    for statement in MATERIAL:
        await connection.execute(statement)
    gathered = await connection.execute(_gather(CHOSEN), which)
    if gathered.rowcount < changes:
        for words in _naming():
            await connection.execute(words, which)
        await connection.execute(_gather(LEFT), which)
    for cells in _adding(connection.dialect.name):
        await connection.execute(cells)
    await connection.execute(delete(unfolded).where(CHOSEN), which)
    for table in (folding, adding):
        await connection.execute(delete(table))


# To put these statements together takes far longer than to carry them out, and nobody else writes meanwhile.
@cache
def _gather(chosen: ColumnElement[bool]) -> Insert:
    """Puts numbers for words; changes with a word that has no number yet are left out."""
    source: FromClause = unfolded
    for table, columns in DICTIONARIES.items():
        source = source.join(table, table.c.key == packed(*(unfolded.c[name] for name in columns)))
    numbers = [month_number(unfolded.c.answered_at), *(table.c.id for table in DICTIONARIES)]
    points = [case((unfolded.c.score == point, unfolded.c.n), else_=literal(0)) for point in range(len(POINTS))]
    changes = select(unfolded.c.id, *numbers, *points).select_from(source).where(chosen)
    return insert(folding).from_select(folding.c.keys(), changes)


@cache
def _naming() -> list[Insert]:
    return [new_words(unfolded, table, columns, LEFT) for table, columns in DICTIONARIES.items()]


def new_words(source: FromClause, table: Table, columns: tuple[str, ...], chosen: ColumnElement[bool]) -> Insert:
    """Numbers for combinations that are met for the first time."""
    values = [source.c[name] for name in columns]
    key = packed(*values)
    known = select(table.c.id).where(table.c.key == key).exists()
    met = select(key, *values).where(chosen, ~known).distinct()
    return insert(table).from_select(["key", *columns], met)


@cache
def _adding(dialect: str) -> list[Insert]:
    """What adds to every cube, in order."""
    keep = insert(adding)
    cubes = [
        _added(dialect, cells.where(true())) if last else keep.from_select(adding.c.keys(), cells)
        for cells, last in _cells()
    ]
    return [*cubes, _added(dialect, select(adding).where(true()))]


def _cells() -> Iterator[tuple[Select[Any], bool]]:
    """What the changes add to every cube, out of the fewest rows that tell it; whether nothing more is made of it."""
    sources = {shape.made_of for shape in SHAPES}
    for shape in sorted(SHAPES, key=lambda each: each.made_of is not None):
        source, telling = (adding, adding.c.shape == shape.made_of) if shape.made_of else (folding, true())
        for width in shape.widths:
            yield shape.cells(source, width).where(telling), shape.number not in sources and width == shape.widths[-1]
            source = adding
            telling = (adding.c.shape == shape.number) & adding.c.period.between(*SPANS[width])


def _added(dialect: str, cells: Select[Any]) -> Insert:
    """Adds cells to those that are there. SQLite needs them to have a WHERE: else ON CONFLICT reads as a join."""
    added = insert_in(dialect, tally).from_select(tally.c.keys(), cells)
    statement: Insert = added.on_conflict_do_update(
        index_elements=list(tally.primary_key),
        set_={point: tally.c[point] + added.excluded[point] for point in POINTS},
    )
    return statement
