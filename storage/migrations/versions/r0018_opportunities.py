"""Who was asked for a favour, and what they said."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "opportunity",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("person_id", BIGINT, nullable=False),
        sa.Column("project_id", BIGINT, nullable=False),
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_opportunity"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_opportunity_person_id_person"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_opportunity_project_id_project"),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name="fk_opportunity_interview_id_interview"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_opportunity_person_id", "opportunity", ["person_id"])


def downgrade() -> None:
    op.drop_table("opportunity")
