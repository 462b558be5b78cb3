"""Which cases are about what people said unasked."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_remark",
        sa.Column("case_id", BIGINT, nullable=False),
        sa.Column("remark_id", BIGINT, nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "remark_id", name="pk_case_remark"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_remark_case_id_case"),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name="fk_case_remark_remark_id_remark"),
    )
    op.create_index("ix_case_remark_remark_id", "case_remark", ["remark_id"])


def downgrade() -> None:
    op.drop_table("case_remark")
