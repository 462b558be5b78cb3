"""Proof: the counts against the answers, and what must hold in every database of the product."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    FromClause,
    Select,
    Table,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from metrics.scales import EVERY_SCALE, points
from storage.count_tables import POINTS, tally, unfolded
from storage.sql import month_number, packed
from storage.tables import answer, interview, invitation, metadata
from storage.tallies import DICTIONARIES, SHAPES, note_gone
from storage.types import Words
from surveys.interview import Phase

AT_ONCE: Final = 1000
CELL: Final = tuple(column.name for column in tally.primary_key)
KEYS: Final = CELL[1:]
COUNTED: Final = and_(answer.c.superseded_at.is_(None), answer.c.score.is_not(None), answer.c.scale.is_not(None))
ANSWERED: Final = answer.join(interview, interview.c.id == answer.c.interview_id)
OF_ANSWER: Final = {
    column.name: (answer if column.name in answer.c else interview).c[column.name]
    for column in unfolded.c
    if column.name not in ("id", "n")
}
SCORES: Final = (
    select(answer.c.scale, answer.c.score, func.min(answer.c.id).label("first"), func.count().label("n"))
    .where(answer.c.score.is_not(None))
    .group_by(answer.c.scale, answer.c.score)
)
NAMED_NOWHERE: Final = -1
RULES: Final[Mapping[str, tuple[FromClause, Column[Any], ColumnElement[bool]]]] = {
    "is closed and has no disposition": (
        interview,
        interview.c.id,
        and_(interview.c.phase == Phase.CLOSED, interview.c.disposition.is_(None)),
    ),
    "has a disposition and is not closed": (
        interview,
        interview.c.id,
        and_(interview.c.phase != Phase.CLOSED, interview.c.disposition.is_not(None)),
    ),
    "has an invitation that nobody opened": (
        interview.join(invitation, invitation.c.id == interview.c.invitation_id),
        interview.c.id,
        invitation.c.opened_at.is_(None),
    ),
    "has an invitation for somebody else": (
        interview.join(invitation, invitation.c.id == interview.c.invitation_id),
        interview.c.id,
        invitation.c.person_id != interview.c.person_id,
    ),
    "ended before it was given": (answer, answer.c.id, answer.c.superseded_at < answer.c.answered_at),
    "has a score and no scale": (answer, answer.c.id, and_(answer.c.score.is_not(None), answer.c.scale.is_(None))),
}


async def wrong_counts(connection: AsyncConnection) -> AsyncIterator[str]:
    """Every cell of the cubes that is not what the answers make of it, one line each."""
    async for row in _streamed(connection, _differences()):
        cell = ", ".join(f"{name} {value}" for name, value in zip(CELL, row, strict=False))
        wrong = ", ".join(f"{int(n):+d} of score {score}" for score, n in enumerate(row[len(CELL) :]) if n)
        yield f"tally: {cell}: the answers make {wrong}"


async def wrong_rows(connection: AsyncConnection) -> AsyncIterator[str]:
    """Every row that refers to nothing, or cannot be as it is, one line each."""
    for table in metadata.sorted_tables:
        for reference in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            async for row in _streamed(connection, _orphans(table, reference)):
                yield f"{table.name} {row[0]}: {reference.referred_table.name} {row[1]} does not exist"
    for rule, (source, key, broken) in RULES.items():
        async for row in _streamed(connection, select(key).select_from(source).where(broken).order_by(key)):
            yield f"{key.table.name} {row[0]}: {rule}"
    async for row in _streamed(connection, SCORES):
        if (scale := EVERY_SCALE.get(row.scale)) is not None and row.score not in points(scale):
            yield f"answer {row.first}: {row.score} is no score of the scale {row.scale}; {row.n} such answers in all"


async def count_again(connection: AsyncConnection) -> int:
    """Forgets every count; all that stands waits to be folded. How many answers."""
    for table in (tally, *DICTIONARIES):
        await connection.execute(delete(table))
    await note_gone(connection, (await connection.execute(delete(unfolded))).rowcount)
    names = list(OF_ANSWER)
    every = select(literal(1), *OF_ANSWER.values()).select_from(ANSWERED).where(COUNTED).order_by(answer.c.id)
    return int((await connection.execute(insert(unfolded).from_select(["n", *names], every))).rowcount)


async def _streamed(connection: AsyncConnection, query: Any) -> AsyncIterator[Any]:
    async with connection.stream(query, execution_options={"yield_per": AT_ONCE}) as rows:
        async for row in rows:
            yield row


def _differences() -> Select[Any]:
    """Cell by cell what the answers make, less what is there; nothing where that is the same."""
    waiting = {column.name: column for column in unfolded.c}
    every = union_all(
        _by_month(ANSWERED, OF_ANSWER, func.count()).where(COUNTED),
        _by_month(unfolded, waiting, func.sum(-unfolded.c.n)),
    ).subquery()
    folded = (
        select(*(every.c[key] for key in KEYS), *(func.sum(every.c[point]).label(point) for point in POINTS))
        .group_by(*(every.c[key] for key in KEYS))
        .cte("folded")
    )
    cells = [shape.cells(folded, width) for shape in SHAPES for width in shape.widths]
    there = select(*(tally.c[name] for name in CELL), *(-tally.c[point] for point in POINTS))
    both = union_all(*cells, there).subquery()
    totals = [func.sum(both.c[point]) for point in POINTS]
    cell = [both.c[name] for name in CELL]
    return select(*cell, *totals).group_by(*cell).having(or_(*(total != 0 for total in totals))).order_by(*cell)


def _by_month(source: FromClause, values: Mapping[str, ColumnElement[Any]], number: Any) -> Select[Any]:
    """As it would be folded; a combination that has no number is told by its absence."""
    for table, columns in DICTIONARIES.items():
        source = source.outerjoin(table, table.c.key == packed(*(values[name] for name in columns)))
    numbers = {f"{table.name}_id": func.coalesce(table.c.id, NAMED_NOWHERE) for table in DICTIONARIES}
    keys = [{"period": month_number(values["answered_at"]), **numbers}[name].label(name) for name in KEYS]
    return select(*keys, *_given(values["score"], number)).select_from(source).group_by(*keys)


def _given(score: ColumnElement[int], number: Any) -> list[ColumnElement[int]]:
    """A histogram in columns of its own. `number`: an aggregate that says how often."""
    return [func.coalesce(number.filter(score == point), 0).label(name) for point, name in enumerate(POINTS)]


def _orphans(table: Table, reference: ForeignKeyConstraint) -> Select[Any, Any]:
    """The first column of the key of each row, and what it refers to in vain."""
    parent = reference.referred_table.alias()
    pairs = [(element.parent, parent.c[element.column.name]) for element in reference.elements]
    key = next(iter(table.primary_key))
    return (
        select(cast(key, Words), cast(pairs[0][0], Words))
        .select_from(table.outerjoin(parent, and_(*(own == other for own, other in pairs))))
        .where(*(own.is_not(None) for own, _ in pairs), pairs[0][1].is_(None))
    )
