"""Choices, and what was agreed to before the first question."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
CONFIDENTIAL = "mode = 'confidential'"


def upgrade() -> None:
    op.add_column("answer", sa.Column("choice", sa.Text()))
    op.add_column("interview", sa.Column("mode", sa.Text(), nullable=False, server_default=sa.text("'named'")))
    op.add_column("interview", sa.Column("consent", sa.Text()))
    op.add_column("interview", sa.Column("valid_until", MOMENT))
    condition = sa.text(CONFIDENTIAL)
    op.create_index(
        "ix_interview_confidential", "interview", ["id"], sqlite_where=condition, postgresql_where=condition
    )


def downgrade() -> None:
    op.drop_index("ix_interview_confidential", "interview")
    for column in ("valid_until", "consent", "mode"):
        op.drop_column("interview", column)
    op.drop_column("answer", "choice")
