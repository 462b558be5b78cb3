"""Tables of what people said unasked, and of the files they sent. Changes go into a migration as well."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, text

from storage.tables import metadata
from storage.types import BigInt, Json, Moment, Roles, Words

# The circumstances are those of the moment it was said. `project_id`: None where the person takes part in none.
remark = Table(
    "remark",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("account.id")),
    Column("project_id", ForeignKey("project.id")),
    Column("division", Words),
    Column("product", Words),
    Column("stage", Words),
    Column("roles", Roles),
    Column("text", Words),
    Column("language", Words, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)

# What waits for the person's yes: gone with a yes, with a no, and at `expires_at`. Numbers are never used again, so an
# old button stays old. `files`: as in the state of an interview. `album`: the last one, which is asked about once.
remark_draft = Table(
    "remark_draft",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, unique=True),
    Column("text", Words),
    Column("files", Json, nullable=False),
    Column("album", Words),
    Column("expires_at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)

# A file belongs to the answer to an item of an interview, or to a remark; like an answer it may be superseded.
attachment = Table(
    "attachment",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("interview_id", ForeignKey("interview.id")),
    Column("item", Words),
    Column("remark_id", ForeignKey("remark.id")),
    Column("kind", Text, nullable=False),
    Column("file_id", Words, nullable=False),
    Column("file_unique_id", Words, nullable=False),
    Column("name", Words),
    Column("mime", Words),
    Column("size", BigInt),
    Column("at", Moment, nullable=False),
    Column("superseded_at", Moment),
    CheckConstraint("(interview_id IS NULL) = (item IS NULL) AND (item IS NULL) <> (remark_id IS NULL)", "owner"),
    sqlite_autoincrement=True,
)
OF_ANSWER, OF_REMARK = text("interview_id IS NOT NULL"), text("remark_id IS NOT NULL")
Index(
    "ix_attachment_answer",
    attachment.c.interview_id,
    attachment.c.item,
    sqlite_where=OF_ANSWER,
    postgresql_where=OF_ANSWER,
)
Index("ix_attachment_remark_id", attachment.c.remark_id, sqlite_where=OF_REMARK, postgresql_where=OF_REMARK)
