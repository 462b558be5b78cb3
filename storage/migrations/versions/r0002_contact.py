"""Events of the outside world, questions that come of them, decisions, reminders and expiry."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
FLAGS = ("on_hold", "no_foreign_messenger")


def upgrade() -> None:
    _accounts()
    _fieldwork()
    _interaction()
    _ask()
    _decision()
    op.create_table(
        "wave_start",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.PrimaryKeyConstraint("key", name="pk_wave_start"),
    )


def downgrade() -> None:
    for table in ("wave_start", "decision", "ask_interaction", "ask", "interaction"):
        op.drop_table(table)
    for index in ("ix_interview_due_at", "ix_interview_account_id_created_at"):
        op.drop_index(index, "interview")
    for column in ("reminded_at", "due_at", "extra"):
        op.drop_column("interview", column)
    op.drop_index("ix_invitation_unopened", "invitation")
    op.drop_column("invitation", "disposition")
    for flag in FLAGS:
        op.drop_column("account", flag)


def _accounts() -> None:
    for flag in FLAGS:
        op.add_column("account", sa.Column(flag, sa.Boolean()))


def _fieldwork() -> None:
    op.add_column("invitation", sa.Column("disposition", sa.Text()))
    unopened = "opened_at IS NULL AND disposition IS NULL"
    _partial_index("ix_invitation_unopened", "invitation", ["expires_at"], unopened)
    op.add_column("interview", sa.Column("extra", sa.Text(), nullable=False, server_default=sa.text("'{}'")))
    op.add_column("interview", sa.Column("due_at", MOMENT))
    op.add_column("interview", sa.Column("reminded_at", MOMENT))
    op.execute("UPDATE interview SET due_at = touched_at WHERE phase <> 'closed'")
    op.create_index("ix_interview_account_id_created_at", "interview", ["account_id", "created_at"])
    _partial_index("ix_interview_due_at", "interview", ["due_at"], "phase <> 'closed'")


def _interaction() -> None:
    op.create_table(
        "interaction",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("account", sa.Text()),
        sa.Column("project", sa.Text()),
        sa.Column("person", sa.Text()),
        sa.Column("ticket", sa.Text()),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interaction"),
        sa.UniqueConstraint("source", "event_id", name="uq_interaction_source_event_id"),
    )
    op.create_index("ix_interaction_received_at", "interaction", ["received_at"])
    _partial_index("ix_interaction_ticket", "interaction", ["source", "ticket"], "ticket IS NOT NULL")


def _ask() -> None:
    op.create_table(
        "ask",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("person_id", BIGINT, nullable=False),
        sa.Column("project_id", BIGINT, nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wave", sa.Text()),
        sa.Column("touchpoint", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("invitation_id", BIGINT),
        sa.PrimaryKeyConstraint("id", name="pk_ask"),
        *(_reference("ask", table) for table in ("person", "project", "invitation")),
    )
    op.create_index("ix_ask_person_id", "ask", ["person_id"])
    _partial_index("ix_ask_due_at", "ask", ["due_at"], "state = 'scheduled'")
    _partial_index("uq_ask_scheduled", "ask", ["person_id", "kind"], "state = 'scheduled'", unique=True)
    op.create_table(
        "ask_interaction",
        sa.Column("ask_id", BIGINT, nullable=False),
        sa.Column("interaction_id", BIGINT, nullable=False),
        sa.PrimaryKeyConstraint("ask_id", "interaction_id", name="pk_ask_interaction"),
        *(_reference("ask_interaction", table) for table in ("ask", "interaction")),
    )
    op.create_index("ix_ask_interaction_interaction_id", "ask_interaction", ["interaction_id"])


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("person_id", BIGINT),
        sa.Column("person", sa.Text()),
        sa.Column("project_id", BIGINT),
        sa.Column("project", sa.Text()),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("event_id", sa.Text()),
        sa.Column("wave", sa.Text()),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("ask_id", BIGINT),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        *(_reference("decision", table) for table in ("person", "project", "ask")),
    )
    for column in ("decided_at", "person_id", "person"):
        op.create_index(f"ix_decision_{column}", "decision", [column])


def _reference(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=f"fk_{table}_{other}_id_{other}")


def _partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
