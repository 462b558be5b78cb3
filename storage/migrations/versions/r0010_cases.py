"""Cases, their history, the answers they are about, and the cards they are shown on."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
NOT_CLOSED = "status <> 'closed'"


def upgrade() -> None:
    _case()
    op.create_table(
        "case_step",
        sa.Column("case_id", BIGINT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", BIGINT),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "version", name="pk_case_step"),
        _reference("case_step", "case"),
    )
    op.create_table(
        "case_answer",
        sa.Column("case_id", BIGINT, nullable=False),
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.PrimaryKeyConstraint("case_id", "interview_id", "item", name="pk_case_answer"),
        *(_reference("case_answer", other) for other in ("case", "interview")),
    )
    op.create_index("ix_case_answer_interview_id", "case_answer", ["interview_id", "item"])
    op.create_table(
        "case_card",
        sa.Column("case_id", BIGINT, nullable=False),
        sa.Column("chat_id", BIGINT, nullable=False),
        sa.Column("message_id", BIGINT),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "chat_id", name="pk_case_card"),
        _reference("case_card", "case"),
    )
    op.create_index("ix_case_card_chat_id", "case_card", ["chat_id"])


def downgrade() -> None:
    for table in ("case_card", "case_answer", "case_step", "case"):
        op.drop_table(table)


def _case() -> None:
    op.create_table(
        "case",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", BIGINT, nullable=False),
        sa.Column("project_id", BIGINT, nullable=False),
        sa.Column("account_id", BIGINT, nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("responsible", BIGINT),
        sa.Column("contacted_at", MOMENT),
        sa.Column("action", sa.Text()),
        sa.Column("due_at", MOMENT),
        sa.Column("snoozed_until", MOMENT),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("check", sa.Text()),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("outcome", sa.Text()),
        sa.Column("merged_into", BIGINT),
        sa.Column("cause_component", sa.Text()),
        sa.Column("cause_stage", sa.Text()),
        sa.Column("cause_department", sa.Text()),
        sa.Column("cause_partner", sa.Boolean()),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        *(_reference("case", other) for other in ("person", "project", "account")),
        sa.ForeignKeyConstraint(["merged_into"], ["case.id"], name="fk_case_merged_into_case"),
    )
    for column in ("account_id", "opened_at", "check"):
        op.create_index(f"ix_case_{column}", "case", [column])
    condition = sa.text(NOT_CLOSED)
    open_one = ["person_id", "component"]
    op.create_index("uq_case_open", "case", open_one, unique=True, sqlite_where=condition, postgresql_where=condition)
    op.create_index("ix_case_due_at", "case", ["due_at"], sqlite_where=condition, postgresql_where=condition)


def _reference(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=f"fk_{table}_{other}_id_{other}")
