"""The vendor's decisions about the index, as they held at any time."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ruling"),
    )
    op.create_index("ix_ruling_since", "ruling", ["since"])


def downgrade() -> None:
    op.drop_table("ruling")
