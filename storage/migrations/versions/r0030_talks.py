"""Talks are found by who asked even when they are over."""

from alembic import op
from sqlalchemy import text

revision = "0030"
down_revision = "0029"

OPEN = text("interviewer IS NOT NULL AND phase <> 'closed'")
EVERY = text("interviewer IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_interview_talk", "interview")
    op.create_index("ix_interview_talk", "interview", ["interviewer"], sqlite_where=EVERY, postgresql_where=EVERY)


def downgrade() -> None:
    op.drop_index("ix_interview_talk", "interview")
    op.create_index("ix_interview_talk", "interview", ["interviewer"], sqlite_where=OPEN, postgresql_where=OPEN)
