"""What is kept of looking: who saw which data that name people. And the scales, for views that are read with SQL."""

from sqlalchemy import Column, Integer, SmallInteger, Table, Text

from storage.tables import metadata
from storage.types import BigInt, Json, Moment, Words

# Rows are only added: triggers (r0014_analysts) refuse everything else. `hash`: see storage.chain.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("who", Words, nullable=False),
    Column("entrance", Words, nullable=False),
    Column("looked_at", Json, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    sqlite_autoincrement=True,
)

# Every scale there is (metrics.scales), from its worst point to its best.
scale = Table(
    "scale",
    metadata,
    Column("key", Words, primary_key=True),
    Column("kind", Text),
    Column("worst", SmallInteger, nullable=False),
    Column("best", SmallInteger, nullable=False),
)
