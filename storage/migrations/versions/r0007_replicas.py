"""Several replicas: who lives, who draws which card, who has which message."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
SENDING = "state = 'sending'"


def upgrade() -> None:
    op.create_table(
        "replica",
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("paused_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_replica"),
    )
    op.add_column("interview", sa.Column("drawer", sa.Text()))
    condition = sa.text(SENDING)
    op.create_index("ix_delivery_sending", "delivery", ["chat_id"], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_index("ix_delivery_sending", "delivery")
    op.drop_column("interview", "drawer")
    op.drop_table("replica")
