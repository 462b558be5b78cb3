"""How long a complete interview may be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.add_column("interview", sa.Column("amend_until", MOMENT))


def downgrade() -> None:
    op.drop_column("interview", "amend_until")
