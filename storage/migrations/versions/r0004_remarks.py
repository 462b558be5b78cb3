"""Files that come with answers, and what people say unasked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
OWNER = "(interview_id IS NULL) = (item IS NULL) AND (item IS NULL) <> (remark_id IS NULL)"


def upgrade() -> None:
    _remark()
    _draft()
    _attachment()


def downgrade() -> None:
    for table in ("attachment", "remark_draft", "remark"):
        op.drop_table(table)


def _remark() -> None:
    op.create_table(
        "remark",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("person_id", BIGINT, nullable=False),
        sa.Column("account_id", BIGINT),
        sa.Column("project_id", BIGINT),
        *(sa.Column(name, sa.Text()) for name in ("division", "product", "stage", "roles", "text")),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remark"),
        *(_reference("remark", table) for table in ("person", "account", "project")),
        sqlite_autoincrement=True,
    )
    for column in ("person_id", "at"):
        op.create_index(f"ix_remark_{column}", "remark", [column])


def _draft() -> None:
    op.create_table(
        "remark_draft",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("person_id", BIGINT, nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("album", sa.Text()),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remark_draft"),
        sa.UniqueConstraint("person_id", name="uq_remark_draft_person_id"),
        _reference("remark_draft", "person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_remark_draft_expires_at", "remark_draft", ["expires_at"])


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("interview_id", sa.Text()),
        sa.Column("item", sa.Text()),
        sa.Column("remark_id", BIGINT),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "file_id", "file_unique_id")),
        *(sa.Column(name, sa.Text()) for name in ("name", "mime")),
        sa.Column("size", BIGINT),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.CheckConstraint(OWNER, name="ck_attachment_owner"),
        *(_reference("attachment", table) for table in ("interview", "remark")),
        sqlite_autoincrement=True,
    )
    _partial_index("ix_attachment_answer", "attachment", ["interview_id", "item"], "interview_id IS NOT NULL")
    _partial_index("ix_attachment_remark_id", "attachment", ["remark_id"], "remark_id IS NOT NULL")


def _reference(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=f"fk_{table}_{other}_id_{other}")


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
