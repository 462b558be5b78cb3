"""Events on their way to other systems. Changes go into a migration as well."""

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, Table, Text, text

from storage.tables import metadata
from storage.types import BigInt, Json, Moment, Words

# `name`: what the receiver knows the event by, however often it comes. `free_at`: from when on a worker may take the
# row: the end of the lease of the one who has it, nothing once it is sent. `facts`: neither names nor words.
outgoing = Table(
    "outgoing",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("name", Words, nullable=False),
    Column("endpoint", Words, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", BigInt, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("facts", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("free_at", Moment),
    Column("worker", Words),
    Column("attempts", Integer, nullable=False),
    Column("reason", Words),
    Column("sent_at", Moment),
    sqlite_autoincrement=True,
)
QUEUED = text("free_at IS NOT NULL")
Index("ix_outgoing_free_at", outgoing.c.endpoint, outgoing.c.free_at, sqlite_where=QUEUED, postgresql_where=QUEUED)

# The issue of a case or improvement in the tracker. `key` empty: it is being made. `version`: what it shows.
issue = Table(
    "issue",
    metadata,
    Column("subject", Text, nullable=False),
    Column("subject_id", BigInt, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("key", Words, index=True),
    Column("status", Words),
    Column("category", Text),
    Column("version", Integer, nullable=False),
    Column("gone", Boolean, nullable=False),
    PrimaryKeyConstraint("subject", "subject_id"),
)
