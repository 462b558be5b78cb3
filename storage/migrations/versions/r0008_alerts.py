"""Alerts to staff, counted by day, and those that wait for a digest."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ALERTS = "alerted_on IS NOT NULL"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("alerted_on", sa.Text()))
    condition = sa.text(ALERTS)
    op.create_index(
        "ix_delivery_alert", "delivery", ["chat_id", "alerted_on"], sqlite_where=condition, postgresql_where=condition
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_alert", "delivery")
    op.drop_column("delivery", "alerted_on")
