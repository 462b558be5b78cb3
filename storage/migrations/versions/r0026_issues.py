"""Issues of cases and improvements in a tracker."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "issue",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", BIGINT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("status", sa.Text()),
        sa.Column("category", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "subject_id", name="pk_issue"),
    )
    op.create_index("ix_issue_key", "issue", ["key"])


def downgrade() -> None:
    op.drop_table("issue")
