"""Where in the reports a card stands. Cuts that were kept among the settings, for buttons of old, go."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "report_place",
        sa.Column("chat_id", BIGINT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "name", name="pk_report_place"),
    )
    op.create_index("ix_report_place_expires_at", "report_place", ["expires_at"])
    op.execute("DELETE FROM setting WHERE name LIKE 'report.%'")


def downgrade() -> None:
    op.drop_table("report_place")
