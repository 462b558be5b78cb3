"""The log of looking, which is only added to; views for analysts; what an account brings in."""

import sqlalchemy as sa
from alembic import op

from metrics.scales import EVERY_SCALE
from storage.migrations import views

revision = "0014"
down_revision = "0013"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
REFUSE = """
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit: rows are only added'; END $$
"""


def upgrade() -> None:
    op.add_column("account", sa.Column("revenue", sa.Float()))
    op.create_table(
        "audit",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("entrance", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    _keep()
    scale = op.create_table(
        "scale",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text()),
        sa.Column("worst", sa.SmallInteger(), nullable=False),
        sa.Column("best", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_scale"),
    )
    op.bulk_insert(scale, [_ends(key) for key in EVERY_SCALE])
    views.make()


def downgrade() -> None:
    views.drop()
    op.drop_table("scale")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_kept()")
    op.drop_column("account", "revenue")


def _keep() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            refusal = "BEGIN SELECT RAISE(ABORT, 'audit: rows are only added'); END"
            op.execute(f"CREATE TRIGGER audit_{act.lower()} BEFORE {act} ON audit {refusal}")
        return
    op.execute(REFUSE)
    op.execute(
        "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()"
    )


def _ends(key: str) -> dict[str, object]:
    scale = EVERY_SCALE[key]
    ends = (scale.low, scale.high) if scale.higher_is_better else (scale.high, scale.low)
    return {"key": key, "kind": scale.kind, "worst": ends[0], "best": ends[1]}
