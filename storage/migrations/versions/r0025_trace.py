"""Which update or event brought a message about."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("trace", sa.Text()))


def downgrade() -> None:
    op.drop_column("delivery", "trace")
