"""Tables of what happened to clients, whom to ask after it, and why. Changes go into a migration as well."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, UniqueConstraint, text

from storage.tables import metadata
from storage.types import BigInt, Json, Moment, Words

# Names as the source gave them. `ticket` is taken out of `data` to be found by.
interaction = Table(
    "interaction",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("source", Words, nullable=False),
    Column("event_id", Words, nullable=False),
    Column("type", Words, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False, index=True),
    Column("account", Words),
    Column("project", Words),
    Column("person", Words),
    Column("ticket", Words),
    Column("data", Json, nullable=False),
    UniqueConstraint("source", "event_id"),
)
ABOUT_TICKET = text("ticket IS NOT NULL")
Index(
    "ix_interaction_ticket",
    interaction.c.source,
    interaction.c.ticket,
    sqlite_where=ABOUT_TICKET,
    postgresql_where=ABOUT_TICKET,
)

# `state`: scheduled | asked | dropped. `settled_at`: when it ceased to be scheduled.
ask = Table(
    "ask",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("questionnaire", Words, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("wave", Words),
    Column("touchpoint", Words),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("invitation_id", ForeignKey("invitation.id")),
)
SCHEDULED = text("state = 'scheduled'")
Index("ix_ask_due_at", ask.c.due_at, sqlite_where=SCHEDULED, postgresql_where=SCHEDULED)
Index("uq_ask_scheduled", ask.c.person_id, ask.c.kind, unique=True, sqlite_where=SCHEDULED, postgresql_where=SCHEDULED)

# What an ask is about.
ask_interaction = Table(
    "ask_interaction",
    metadata,
    Column("ask_id", ForeignKey("ask.id"), nullable=False),
    Column("interaction_id", ForeignKey("interaction.id"), nullable=False, index=True),
    PrimaryKeyConstraint("ask_id", "interaction_id"),
)

# `person` and `project` as the event named them, for those the directory does not know. `detail`: what the rule saw.
decision = Table(
    "decision",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("decided_at", Moment, nullable=False, index=True),
    Column("person_id", ForeignKey("person.id"), index=True),
    Column("person", Words, index=True),
    Column("project_id", ForeignKey("project.id")),
    Column("project", Words),
    Column("questionnaire", Words, nullable=False),
    Column("source", Words),
    Column("event_id", Words),
    Column("wave", Words),
    Column("decision", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("detail", Json, nullable=False),
    Column("ask_id", ForeignKey("ask.id")),
)

# When each wave starts next. `schedule`: the crontab line and time zone that this was reckoned from.
wave_start = Table(
    "wave_start",
    metadata,
    Column("key", Words, primary_key=True),
    Column("schedule", Words, nullable=False),
    Column("due_at", Moment),
)
