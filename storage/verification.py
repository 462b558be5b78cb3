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
from storage.count_tables import OUTCOMES, POINTS, asking, counted, pace, reach, tally, touched, unfolded
from storage.reach import HELD, PACED, REACHES, as_they_are, stirred
from storage.sql import month_number, packed
from storage.tables import answer, interview, invitation, metadata
from storage.tallies import DICTIONARIES, SHAPES, note_gone
from storage.types import Words
from surveys.interview import Phase

AT_ONCE: Final = 1000
CELL: Final = tuple(column.name for column in tally.primary_key)
KEYS: Final = CELL[1:]
REACH_CELL: Final = tuple(column.name for column in reach.primary_key)
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
        wrong = ", ".join(f"{int(n):+d} of score {score}" for score, n in enumerate(row[len(CELL) :]) if n)
        yield f"tally: {_cell(tally, row)}: the answers make {wrong}"


async def wrong_reach(connection: AsyncConnection) -> AsyncIterator[str]:
    """The same of invitations, one line each."""
    async for row in _streamed(connection, _held_otherwise()):
        yield f"counted: invitation {row.invitation_id} is not counted as it is"
    async for row in _streamed(connection, _reached_otherwise()):
        wrong = ", ".join(f"{int(n):+d} {name}" for name, n in zip(OUTCOMES, row[len(REACH_CELL) :], strict=True) if n)
        yield f"reach: {_cell(reach, row)}: the invitations make {wrong}"
    async for row in _streamed(connection, _paced_otherwise()):
        yield f"pace: {_cell(pace, row)}: the invitations make {int(row.n):+d}"


def _cell(table: Table, row: Any) -> str:
    return ", ".join(f"{column.name} {value}" for column, value in zip(table.primary_key, row, strict=False))


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
    for table in (tally, reach, pace, counted, *DICTIONARIES, asking, touched):
        await connection.execute(delete(table))
    await note_gone(connection, (await connection.execute(delete(unfolded))).rowcount)
    invitations = select(invitation.c.id).order_by(invitation.c.id)
    await connection.execute(insert(touched).from_select(["invitation_id"], invitations))
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


def _held_otherwise() -> Select[Any]:
    """Invitations that nothing happened to since they were counted, and that are not as they were counted."""
    now = as_they_are().subquery()
    sides = ((now, literal(1)), (counted, literal(-1)))
    both = union_all(
        *(
            select(side.c.invitation_id, *(side.c[name] for name in HELD), n.label("n")).where(
                side.c.invitation_id.not_in(stirred())
            )
            for side, n in sides
        )
    ).subquery()
    keys = [both.c.invitation_id, *(both.c[name] for name in HELD)]
    wrong = select(both.c.invitation_id).group_by(*keys).having(func.sum(both.c.n) != 0).subquery()
    return select(wrong.c.invitation_id).distinct().order_by(wrong.c.invitation_id)


def _reached_otherwise() -> Select[Any]:
    """As `_differences`, of what the counts hold of each invitation."""
    every = select(counted, literal(1).label("n")).subquery()
    cells = [shape.cells(every, width) for shape in REACHES for width in shape.widths]
    there = select(*reach.primary_key, *(-reach.c[name] for name in OUTCOMES))
    both = union_all(*cells, there).subquery()
    cell, sums = [both.c[name] for name in REACH_CELL], [func.sum(both.c[name]).label(name) for name in OUTCOMES]
    return select(*cell, *sums).group_by(*cell).having(or_(*(total != 0 for total in sums))).order_by(*cell)


def _paced_otherwise() -> Select[Any]:
    """The same of the times that were taken."""
    every = select(counted, literal(1).label("n")).subquery()
    paces = [shape.paces(every, width) for shape in PACED for width in shape.widths]
    both = union_all(*paces, select(*pace.primary_key, -pace.c.n)).subquery()
    keys, wrong = [both.c[column.name] for column in pace.primary_key], func.sum(both.c.n)
    return select(*keys, wrong.label("n")).group_by(*keys).having(wrong != 0).order_by(*keys)


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
