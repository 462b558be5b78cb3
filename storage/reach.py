"""Counting what became of invitations, as `storage.tallies` counts answers.

Triggers only take down which invitations were touched. What the counts hold of each is in `counted`, so a report is
exact whatever happened to them: the counts, less what they hold of those touched, and these as they are now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Insert,
    Integer,
    Select,
    Table,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable

from storage.count_tables import (
    ASKING,
    OUTCOMES,
    PLACE,
    REACHED,
    asking,
    counted,
    pace,
    place,
    reach,
    reaching,
    recounting,
    touched,
)
from storage.sql import insert_in, month_number, packed, seconds_between
from storage.tables import interview, invitation, person
from storage.tallies import PERIODS, Width, alone, new_words, oldest
from surveys.interview import Disposition

WORDS: Final[Mapping[Table, tuple[str, ...]]] = {place: PLACE, asking: ASKING}
BITS: Final[Mapping[str, tuple[int, ColumnElement[bool]]]] = {
    "delivered": (1, invitation.c.state == "delivered"),
    "undeliverable": (2, invitation.c.state == "undeliverable"),
    "started": (4, interview.c.consented_at.is_not(None)),
    "completed": (8, interview.c.disposition == Disposition.COMPLETE),
    "partial": (16, interview.c.disposition == Disposition.PARTIAL),
    "refused": (32, interview.c.disposition.in_([Disposition.REFUSED, Disposition.BREAK_OFF])),
    "unreached": (
        64,
        (func.coalesce(interview.c.disposition, invitation.c.disposition) == Disposition.UNREACHED)
        & (invitation.c.state != "undeliverable"),
    ),
}
"""What may have become of an invitation, all of it in one number: any of it may hold together."""
NONE: Final = literal_column("0", Integer)
OUTCOME: Final[ColumnElement[int]] = sum(
    (case((holds, literal_column(str(bit))), else_=NONE) for bit, holds in BITS.values()), start=NONE
)
_SECONDS: Final = seconds_between(interview.c.consented_at, interview.c.closed_at)
_TOLD: Final = case(
    (_SECONDS < 3600, _SECONDS),
    (_SECONDS < 86400, _SECONDS - _SECONDS % 60),
    else_=_SECONDS - _SECONDS % 3600,
)
TOOK: Final[ColumnElement[int]] = case((interview.c.disposition == Disposition.COMPLETE, _TOLD))
"""Seconds from begin to end, as exact as reports tell them; NULL: it did not come to a complete interview."""
LANGUAGE: Final = case(
    (interview.c.id.is_not(None), interview.c.language),
    else_=func.coalesce(person.c.chosen_language, person.c.language),
)
WORDED: Final[Mapping[str, ColumnElement[Any]]] = {
    "project_id": invitation.c.project_id,
    **{name: interview.c[name] for name in ("account_id", "division", "product", "stage")},
    **{name: invitation.c[name] for name in ("questionnaire", "touchpoint", "channel", "wave")},
    "language": LANGUAGE,
}
INVITED: Final = invitation.outerjoin(person, person.c.id == invitation.c.person_id).outerjoin(
    interview, interview.c.invitation_id == invitation.c.id
)
HELD: Final = (*REACHED, "outcome", "took")
CHOSEN: Final = touched.c.id <= bindparam("last")
RECOUNTED: Final = counted.c.invitation_id.in_(select(recounting.c.id))
UNNAMED: Final = or_(*(counted.c[f"{table.name}_id"] < 0 for table in WORDS))
UNNUMBERED: Final = select(exists().where(RECOUNTED, UNNAMED))
MATERIAL: Final = [CreateTable(table, if_not_exists=True) for table in (recounting, reaching)]


@dataclass(frozen=True, slots=True)
class Reach:
    """A cube: what it tells apart, beside roles and time, and at which widths of time it is kept."""

    number: int
    tables: frozenset[Table]
    widths: tuple[Width, ...] = ("month", "year", "all")

    def cells(self, source: FromClause, width: Width) -> Select[Any]:
        """Rows of `reach` out of rows that are one invitation each, or `n`."""
        return self._by_cell(source, width, totals(source, source.c.n))

    def paces(self, source: FromClause, width: Width) -> Select[Any]:
        """The same of `pace`."""
        took = source.c.took
        each = self._by_cell(source, width, [took.label("took"), func.sum(source.c.n).label("n")])
        return each.where(took.is_not(None)).group_by(took).having(func.sum(source.c.n) != 0)

    def _by_cell(self, source: FromClause, width: Width, values: Sequence[ColumnElement[Any]]) -> Select[Any]:
        dropped = {f"{table.name}_id" for table in WORDS if table not in self.tables}
        told: dict[str, ColumnElement[Any]] = {name: source.c[name] for name in REACHED if name not in dropped}
        told["period"] = PERIODS[width](source.c.period)
        keys = [told.get(name, literal(0)).label(name) for name in REACHED]
        grouped = [key for name, key in told.items() if not (name == "period" and width == "all")]
        return select(literal(self.number).label("shape"), *keys, *values).group_by(*grouped)


REACHES: Final = (
    Reach(1, frozenset()),
    Reach(2, frozenset({asking})),
    Reach(3, frozenset({place})),
    Reach(4, frozenset({place, asking}), ("month",)),
)
"""The smallest first."""
PACED: Final = REACHES[:2]
"""Those that times are kept for as well."""


def totals(source: FromClause, n: ColumnElement[int]) -> list[ColumnElement[int]]:
    """The columns of `OUTCOMES` out of rows with `outcome`, each of which counts `n` times."""
    outcome = source.c.outcome
    ends = [
        func.sum(case((outcome.bitwise_and(bit) != 0, n), else_=NONE)).label(name) for name, (bit, _) in BITS.items()
    ]
    return [func.sum(n).label(OUTCOMES[0]), *ends]


def stirred(*chosen: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Numbers of the invitations that wait to be counted anew, or did wait and are no more."""
    persons = select(touched.c.person_id).where(touched.c.person_id.is_not(None), *chosen)
    return union(
        select(touched.c.invitation_id).where(touched.c.invitation_id.is_not(None), *chosen),
        select(invitation.c.id).where(invitation.c.person_id.in_(persons)),
    )


def as_they_are() -> Select[Any]:
    """What `counted` should hold of every invitation. -1: a combination of words that has no number."""
    source: FromClause = INVITED
    for table, columns in WORDS.items():
        source = source.outerjoin(table, table.c.key == packed(*(WORDED[name] for name in columns)))
    numbers = {f"{table.name}_id": func.coalesce(table.c.id, literal_column("-1")) for table in WORDS}
    told = {"period": month_number(invitation.c.created_at), "roles": invitation.c.roles, **numbers}
    held = {**told, "outcome": OUTCOME, "took": TOOK}
    return select(invitation.c.id.label("invitation_id"), *(held[name].label(name) for name in HELD)).select_from(
        source
    )


async def fold(connection: AsyncConnection, at_most: int) -> int:
    """Counts anew what was touched first; how many touches. 0 as well where another replica is at it.

    The connection must keep to one snapshot.
    """
    if not await alone(connection):
        return 0
    last, touches = await oldest(connection, touched, at_most)
    if touches:
        await _recount(connection, last)
    return touches


async def prepare(connection: AsyncConnection) -> None:
    """Puts the statements of counting together and carries them out on nothing at all."""
    await _recount(connection, last=0)
    await _name(connection)


async def _recount(connection: AsyncConnection, last: int) -> None:
    which = {"last": last}
    for statement in MATERIAL:
        await connection.execute(statement)
    await connection.execute(_chosen(), which)
    await connection.execute(_taken(-1))
    await _hold(connection)
    if await connection.scalar(UNNUMBERED):
        await _name(connection)
        await _hold(connection)
    await connection.execute(_taken(1))
    for cells in _adding(connection.dialect.name):
        await connection.execute(cells)
    for table in (recounting, reaching):
        await connection.execute(delete(table))
    await connection.execute(delete(touched).where(CHOSEN), which)


async def _name(connection: AsyncConnection) -> None:
    for words in _naming():
        await connection.execute(words)


async def _hold(connection: AsyncConnection) -> None:
    await connection.execute(delete(counted).where(RECOUNTED))
    await connection.execute(_holding())


# To put these statements together takes far longer than to carry them out, and nobody else writes meanwhile.
@cache
def _chosen() -> Insert:
    return insert(recounting).from_select(["id"], stirred(CHOSEN))


@cache
def _holding() -> Insert:
    now = as_they_are().where(invitation.c.id.in_(select(recounting.c.id)))
    return insert(counted).from_select(["invitation_id", *HELD], now)


@cache
def _naming() -> list[Insert]:
    """Numbers for combinations of words that are met for the first time."""
    words = select(*(value.label(name) for name, value in WORDED.items())).select_from(INVITED)
    source = words.where(invitation.c.id.in_(select(recounting.c.id))).subquery()
    return [new_words(source, table, columns, true()) for table, columns in WORDS.items()]


@cache
def _taken(n: int) -> Insert:
    """What the counts hold of these invitations, as a change of the cells."""
    change = select(*(counted.c[name] for name in HELD), literal(n)).where(RECOUNTED)
    return insert(reaching).from_select([*HELD, "n"], change)


@cache
def _adding(dialect: str) -> list[Insert]:
    """What adds the changes to the cells, and to the times."""
    cells = [shape.cells(reaching, width) for shape in REACHES for width in shape.widths]
    paces = [shape.paces(reaching, width) for shape in PACED for width in shape.widths]
    return [_upsert(dialect, reach, union_all(*cells), OUTCOMES), _upsert(dialect, pace, union_all(*paces), ("n",))]


def _upsert(dialect: str, table: Table, rows: CompoundSelect[Any], numbers: Sequence[str]) -> Insert:
    """SQLite needs the selection to have a WHERE: else ON CONFLICT reads as a join."""
    added = insert_in(dialect, table).from_select(table.c.keys(), select(rows.subquery()).where(true()))
    statement: Insert = added.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={name: table.c[name] + added.excluded[name] for name in numbers}
    )
    return statement
