"""Invitation tokens that opened nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "guess",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("who", "token_hash", name="pk_guess"),
    )
    op.create_index("ix_guess_at", "guess", ["at"])


def downgrade() -> None:
    op.drop_table("guess")
