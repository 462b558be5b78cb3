"""Tables of the large loop. Changes go into a migration as well."""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint, text

from storage.tables import metadata
from storage.types import BigInt, Json, Moment, Words

# The cause: an empty word where nobody knows. `told`: what clients are told, by language.
improvement = Table(
    "improvement",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("component", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("department", Words, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("what", Words),
    Column("owner", BigInt),
    Column("decision", Text),
    Column("reason", Words),
    Column("metric", Text),
    Column("expected", Words),
    Column("due", Moment),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("told", Json, nullable=False),
)
UNDER_WAY = text("ended_at IS NULL AND (decision IS NULL OR decision <> 'wont')")
Index(
    "uq_improvement_cause",
    improvement.c.component,
    improvement.c.stage,
    improvement.c.department,
    unique=True,
    sqlite_where=UNDER_WAY,
    postgresql_where=UNDER_WAY,
)

# Steps are only added, as those of cases are.
improvement_step = Table(
    "improvement_step",
    metadata,
    Column("improvement_id", ForeignKey("improvement.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("actor", BigInt),
    Column("kind", Text, nullable=False),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("improvement_id", "version"),
)

improvement_case = Table(
    "improvement_case",
    metadata,
    Column("improvement_id", ForeignKey("improvement.id"), nullable=False),
    Column("case_id", ForeignKey("case.id"), nullable=False, index=True),
    PrimaryKeyConstraint("improvement_id", "case_id"),
)

# What somebody is told about an improvement: once, or never.
improvement_note = Table(
    "improvement_note",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("improvement_id", ForeignKey("improvement.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("improvement_id", "person_id"),
)
