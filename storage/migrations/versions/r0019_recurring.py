"""Reports that staff are sent again and again."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "recurring_report",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reader_id", BIGINT, nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", "reader_id", name="pk_recurring_report"),
    )
    op.create_index("ix_recurring_report_due_at", "recurring_report", ["due_at"])


def downgrade() -> None:
    op.drop_table("recurring_report")
