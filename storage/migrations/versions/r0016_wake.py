"""When an interview comes back that was put off."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.add_column("interview", sa.Column("wake_at", MOMENT))


def downgrade() -> None:
    op.drop_column("interview", "wake_at")
