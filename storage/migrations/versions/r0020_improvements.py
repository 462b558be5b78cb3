"""Improvements, their history, the cases behind them, and what clients are told."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
UNDER_WAY = "ended_at IS NULL AND (decision IS NULL OR decision <> 'wont')"


def upgrade() -> None:
    _improvement()
    op.create_table(
        "improvement_step",
        sa.Column("improvement_id", BIGINT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", BIGINT),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("improvement_id", "version", name="pk_improvement_step"),
        _reference("improvement_step", "improvement"),
    )
    op.create_index("ix_improvement_step_at", "improvement_step", ["at"])
    op.create_table(
        "improvement_case",
        sa.Column("improvement_id", BIGINT, nullable=False),
        sa.Column("case_id", BIGINT, nullable=False),
        sa.PrimaryKeyConstraint("improvement_id", "case_id", name="pk_improvement_case"),
        *(_reference("improvement_case", other) for other in ("improvement", "case")),
    )
    op.create_index("ix_improvement_case_case_id", "improvement_case", ["case_id"])
    op.create_table(
        "improvement_note",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("improvement_id", BIGINT, nullable=False),
        sa.Column("person_id", BIGINT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_improvement_note"),
        sa.UniqueConstraint("improvement_id", "person_id", name="uq_improvement_note_improvement_id_person_id"),
        *(_reference("improvement_note", other) for other in ("improvement", "person")),
    )
    op.create_index("ix_improvement_note_person_id", "improvement_note", ["person_id"])


def downgrade() -> None:
    for table in ("improvement_note", "improvement_case", "improvement_step", "improvement"):
        op.drop_table(table)


def _improvement() -> None:
    op.create_table(
        "improvement",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("what", sa.Text()),
        sa.Column("owner", BIGINT),
        sa.Column("decision", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("metric", sa.Text()),
        sa.Column("expected", sa.Text()),
        sa.Column("due", MOMENT),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_improvement"),
    )
    condition = sa.text(UNDER_WAY)
    cause = ["component", "stage", "department"]
    op.create_index(
        "uq_improvement_cause", "improvement", cause, unique=True, sqlite_where=condition, postgresql_where=condition
    )


def _reference(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=f"fk_{table}_{other}_id_{other}")
