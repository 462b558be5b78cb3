"""Whom to ask instead of somebody who is not the right person, and who holds a talk."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
TALK = "interviewer IS NOT NULL AND phase <> 'closed'"


def upgrade() -> None:
    op.add_column("interview", sa.Column("cause", sa.Text()))
    op.add_column("interview", sa.Column("interviewer", BIGINT))
    condition = sa.text(TALK)
    op.create_index(
        "ix_interview_talk", "interview", ["interviewer"], sqlite_where=condition, postgresql_where=condition
    )
    op.create_table(
        "successor",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("words", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.Text()),
        sa.Column("person_id", BIGINT),
        sa.Column("link_until", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_successor"),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name="fk_successor_interview_id_interview"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_successor_person_id_person"),
    )
    op.create_index("ix_successor_interview_id", "successor", ["interview_id"])


def downgrade() -> None:
    op.drop_table("successor")
    op.drop_index("ix_interview_talk", "interview")
    for column in ("interviewer", "cause"):
        op.drop_column("interview", column)
