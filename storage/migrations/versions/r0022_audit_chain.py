"""Every row of the log of looking is sealed with the one before it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.chain import LYING, START, seal

revision = "0022"
down_revision = "0021"

AT_ONCE = 1000
ON_POSTGRESQL = "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
REFUSAL = "BEGIN SELECT RAISE(ABORT, 'audit: rows are only added'); END"


def upgrade() -> None:
    _let_go()
    op.add_column("audit", sa.Column("hash", sa.Text()))
    before, last = START, 0
    while rows := _portion(last):
        for row in rows:
            before = seal(before, row)
            op.get_bind().execute(LYING.update().where(LYING.c.id == row["id"]).values(hash=before))
        last = rows[-1]["id"]
    with op.batch_alter_table("audit", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("hash", existing_type=sa.Text(), nullable=False)
    _keep()


def downgrade() -> None:
    op.drop_column("audit", "hash")


def _portion(last: int) -> list[dict[str, Any]]:
    query = sa.select(LYING).where(LYING.c.id > last).order_by(LYING.c.id).limit(AT_ONCE)
    return [dict(row) for row in op.get_bind().execute(query).mappings()]


def _let_go() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_kept ON audit")
        return
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER audit_{act}")


def _keep() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{ON_POSTGRESQL} FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()")
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER audit_{act.lower()} BEFORE {act} ON audit {REFUSAL}")
