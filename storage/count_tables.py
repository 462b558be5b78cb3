"""Tables of counts: what is folded, what is not folded yet, and what the short numbers in them stand for."""

from typing import Any, Final

from sqlalchemy import Column, Integer, MetaData, PrimaryKeyConstraint, SmallInteger, Table

from storage.tables import metadata
from storage.types import BigInt, Json, Moment, Words

PLACE: Final = ("account_id", "project_id", "division", "product", "stage")
SUBJECT: Final = ("questionnaire", "item", "component", "block")
WAY: Final = ("touchpoint", "channel", "language", "wave")
VOICE: Final = ("scale", "role")
POINTS: Final = tuple(f"n{score}" for score in range(11))
"""A histogram in a row: n7 is how often 7 was given. No scale reaches further than from 0 to 10."""


def _column(name: str) -> Column[object]:
    return Column(name, BigInt if name.endswith("_id") else Words)


def _dictionary(name: str, columns: tuple[str, ...]) -> Table:
    """Every combination of values that answers have had, under a number. `key`: the values as one JSON array."""
    key = Column("key", Words, nullable=False, unique=True)
    return Table(name, metadata, Column("id", BigInt, primary_key=True), key, *map(_column, columns))


place = _dictionary("place", PLACE)
subject = _dictionary("subject", SUBJECT)
way = _dictionary("way", WAY)
voice = _dictionary("voice", VOICE)

# A score that began (n = 1) or ceased (n = -1) to count, with all there is to know of it. Written by triggers of
# `answer`, so that nobody who changes an answer, by whatever way, can forget it.
unfolded = Table(
    "unfolded",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("n", SmallInteger, nullable=False),
    Column("answered_at", Moment, nullable=False),
    Column("score", SmallInteger, nullable=False),
    *map(_column, (*VOICE, *PLACE, *SUBJECT, *WAY)),
)

# `shape`: which of place, subject and way are told apart; the others are 0.
# `period`: 202611 is a month, 2026 a year, 0 all of time.
tally = Table(
    "tally",
    metadata,
    Column("shape", SmallInteger, nullable=False),
    Column("period", Integer, nullable=False),
    Column("voice_id", Integer, nullable=False),
    Column("place_id", Integer, nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("way_id", Integer, nullable=False),
    *(Column(point, Integer, nullable=False) for point in POINTS),
    PrimaryKeyConstraint("shape", "period", "voice_id", "place_id", "subject_id", "way_id"),
    sqlite_with_rowid=False,
)

NUMBERS: Final = ("period", "voice_id", "place_id", "subject_id", "way_id")


def _for_a_while(name: str, *columns: Column[Any]) -> Table:
    """Of one connection, empty outside its transaction."""
    points = [Column(point, Integer) for point in POINTS]
    options: Any = {"prefixes": ["TEMPORARY"], "postgresql_on_commit": "DELETE ROWS"}
    return Table(name, MetaData(), *columns, *(Column(number, Integer) for number in NUMBERS), *points, **options)


# The changes that are being folded, and the cells of `tally` that they make.
folding = _for_a_while("folding", Column("id", BigInt, primary_key=True, autoincrement=False))
adding = _for_a_while("adding", Column("shape", SmallInteger))

# The vendor's decisions about the index, from the moment on at which they were first seen.
ruling = Table(
    "ruling",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("since", Moment, nullable=False, index=True),
    Column("decided", Json, nullable=False),
)
