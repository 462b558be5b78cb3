"""Tables of counts: what is folded, what is not folded yet, and what the short numbers in them stand for."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, Index, Integer, MetaData, PrimaryKeyConstraint, SmallInteger, Table

from storage.tables import metadata
from storage.types import BigInt, Json, Moment, Roles, Words

PLACE: Final = ("account_id", "project_id", "division", "product", "stage")
SUBJECT: Final = ("questionnaire", "item", "component", "block")
WAY: Final = ("touchpoint", "channel", "language", "wave")
ASKING: Final = ("questionnaire", *WAY)
VOICE: Final = ("scale", "role")
POINTS: Final = tuple(f"n{score}" for score in range(11))
"""A histogram in a row: n7 is how often 7 was given. No scale reaches further than from 0 to 10."""


def _column(name: str) -> Column[object]:
    return Column(name, BigInt if name.endswith("_id") else Words)


def _dictionary(name: str, columns: tuple[str, ...]) -> Table:
    """Every combination of values that there has been, under a number. `key`: the values as one JSON array."""
    key = Column("key", Words, nullable=False, unique=True)
    return Table(name, metadata, Column("id", BigInt, primary_key=True), key, *map(_column, columns))


place = _dictionary("place", PLACE)
subject = _dictionary("subject", SUBJECT)
way = _dictionary("way", WAY)
asking = _dictionary("asking", ASKING)
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

TEMPORARY: Final[Mapping[str, Any]] = {"prefixes": ["TEMPORARY"], "postgresql_on_commit": "DELETE ROWS"}
NUMBERS: Final = ("period", "voice_id", "place_id", "subject_id", "way_id")


def _for_a_while(name: str, *columns: Column[Any]) -> Table:
    """Of one connection, empty outside its transaction."""
    points = [Column(point, Integer) for point in POINTS]
    return Table(name, MetaData(), *columns, *(Column(number, Integer) for number in NUMBERS), *points, **TEMPORARY)


# The changes that are being folded, and the cells of `tally` that they make.
folding = _for_a_while("folding", Column("id", BigInt, primary_key=True, autoincrement=False))
adding = _for_a_while("adding", Column("shape", SmallInteger))

# An invitation that something happened to since it was counted, or a person, if it may concern every one of theirs.
# Written by triggers of `invitation`, `interview` and `person`.
touched = Table(
    "touched",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("invitation_id", BigInt),
    Column("person_id", BigInt),
)

REACHED: Final = ("period", "roles", "place_id", "asking_id")
OUTCOMES: Final = (
    *("invited", "delivered", "undeliverable", "started", "completed", "partial", "refused", "unreached"),
)


def _reached(name: str) -> Column[Any]:
    return Column(name, Roles if name == "roles" else Integer, nullable=False)


# What the counts hold of each invitation. `outcome`: see `storage.reach.BITS`; `took`: see `storage.reach.TOOK`.
# The place of one that nobody has begun is its project alone: all else is as the directory has it now.
counted = Table(
    "counted",
    metadata,
    Column("invitation_id", BigInt, primary_key=True, autoincrement=False),
    *map(_reached, REACHED),
    Column("outcome", SmallInteger, nullable=False),
    Column("took", Integer),
)

TOOK: Final = counted.c.took.is_not(None)
Index(
    "ix_counted_took",
    *(counted.c[name] for name in ("place_id", "roles", "period", "took", "asking_id")),
    sqlite_where=TOOK,
    postgresql_where=TOOK,
)

# How many invitations came to what. `shape`, `period`: as in `tally`.
reach = Table(
    "reach",
    metadata,
    Column("shape", SmallInteger, nullable=False),
    *map(_reached, REACHED),
    *(Column(name, Integer, nullable=False) for name in OUTCOMES),
    PrimaryKeyConstraint("shape", *REACHED),
    sqlite_with_rowid=False,
)

# How many complete interviews took so many seconds, places together: one place has hardly two that took the same.
pace = Table(
    "pace",
    metadata,
    Column("shape", SmallInteger, nullable=False),
    *map(_reached, REACHED),
    Column("took", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    PrimaryKeyConstraint("shape", *REACHED, "took"),
    sqlite_with_rowid=False,
)

# The invitations that are being counted, and what that changes: n = -1 as they were, 1 as they are.
recounting = Table("recounting", MetaData(), Column("id", BigInt), **TEMPORARY)
reaching = Table(
    "reaching",
    MetaData(),
    *map(_reached, REACHED),
    Column("outcome", SmallInteger, nullable=False),
    Column("took", Integer),
    Column("n", SmallInteger, nullable=False),
    **TEMPORARY,
)

# The vendor's decisions about the index, from the moment on at which they were first seen.
ruling = Table(
    "ruling",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("since", Moment, nullable=False, index=True),
    Column("decided", Json, nullable=False),
)
