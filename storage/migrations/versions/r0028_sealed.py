"""Numbers of accounts may be sealed, and are then words. SQLite keeps words in a column of integers as they are."""

from alembic import op

revision = "0028"
down_revision = "0027"

COLUMNS = (("person", "telegram_id"), ("interview", "chat_id"), ("delivery", "chat_id"))


def upgrade() -> None:
    _turn("text")


def downgrade() -> None:
    """Only where nothing is sealed: `otklik keys rotate --plain`."""
    _turn("bigint")


def _turn(kind: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column in COLUMNS:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} USING CAST({column} AS {kind})")
