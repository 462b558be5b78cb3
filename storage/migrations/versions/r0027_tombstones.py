"""Tombstones say whether the answers went as well; their key is there from the start, in every backup."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

KEYED = sa.text(
    "INSERT INTO setting (name, value) SELECT 'erasure_key', :key"
    " WHERE NOT EXISTS (SELECT 1 FROM setting WHERE name = 'erasure_key')"
)


def upgrade() -> None:
    op.add_column("erasure", sa.Column("answers", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.get_bind().execute(KEYED, {"key": secrets.token_urlsafe(24)})


def downgrade() -> None:
    op.drop_column("erasure", "answers")
