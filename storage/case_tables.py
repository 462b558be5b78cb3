"""Tables of the closed loop. Changes go into a migration as well."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from storage.tables import metadata
from storage.types import BigInt, Json, Moment, Words

# `component`: empty where the case is about none. `check`: the interview that asks the client whether it helped.
case = Table(
    "case",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("component", Words, nullable=False),
    Column("severity", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("opened_at", Moment, nullable=False, index=True),
    Column("responsible", BigInt),
    Column("contacted_at", Moment),
    Column("action", Words),
    Column("action_due", Moment),
    Column("due_at", Moment),
    Column("snoozed_until", Moment),
    Column("level", Integer, nullable=False),
    Column("check", Words, index=True),
    Column("reopened", Integer, nullable=False),
    Column("closed_at", Moment),
    Column("outcome", Text),
    Column("merged_into", ForeignKey("case.id")),
    Column("cause_component", Words),
    Column("cause_stage", Words),
    Column("cause_department", Words),
    Column("cause_partner", Boolean),
)
NOT_CLOSED = text("status <> 'closed'")
Index(
    "uq_case_open",
    case.c.person_id,
    case.c.component,
    unique=True,
    sqlite_where=NOT_CLOSED,
    postgresql_where=NOT_CLOSED,
)
Index("ix_case_due_at", case.c.due_at, sqlite_where=NOT_CLOSED, postgresql_where=NOT_CLOSED)

# Steps are only added. Two of one version cannot be: whoever is later has to look again.
case_step = Table(
    "case_step",
    metadata,
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", BigInt),
    Column("kind", Text, nullable=False),
    Column("detail", Json, nullable=False),
    PrimaryKeyConstraint("case_id", "version"),
)

# The answers themselves stay where they are: what is erased or corrected there is so here too.
case_answer = Table(
    "case_answer",
    metadata,
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("interview_id", ForeignKey("interview.id"), nullable=False),
    Column("item", Words, nullable=False),
    Column("rules", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    PrimaryKeyConstraint("case_id", "interview_id", "item"),
)
Index("ix_case_answer_interview_id", case_answer.c.interview_id, case_answer.c.item)

case_remark = Table(
    "case_remark",
    metadata,
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("remark_id", ForeignKey("remark.id"), nullable=False, index=True),
    Column("rules", Words, nullable=False),
    PrimaryKeyConstraint("case_id", "remark_id"),
)

# `created_at`: when it was noticed; `asked_at`: None until the message leaves.
opportunity = Table(
    "opportunity",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("interview_id", ForeignKey("interview.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("answer", Text),
    Column("answered_at", Moment),
    sqlite_autoincrement=True,
)

# `shown_version` < the version of the case: the card is to be drawn again. `gone`: nobody can be reached there.
case_card = Table(
    "case_card",
    metadata,
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("chat_id", BigInt, nullable=False, index=True),
    Column("message_id", BigInt),
    Column("shown_version", Integer, nullable=False),
    Column("gone", Boolean, nullable=False),
    PrimaryKeyConstraint("case_id", "chat_id"),
)
