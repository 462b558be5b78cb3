"""Until when the action of a case is to be done."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("case", sa.Column("action_due", sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")))


def downgrade() -> None:
    op.drop_column("case", "action_due")
