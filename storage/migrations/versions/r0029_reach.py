"""Counts of what became of invitations; triggers take down which of them changed."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CELL = ("period", "roles", "place_id", "asking_id")
ASKING = ("questionnaire", "touchpoint", "channel", "language", "wave")
OUTCOMES = ("invited", "delivered", "undeliverable", "started", "completed", "partial", "refused", "unreached")
OF_INVITATION = (
    *("person_id", "project_id", "questionnaire", "roles", "channel", "wave", "touchpoint", "created_at"),
    *("state", "disposition"),
)
OF_INTERVIEW = (
    *("account_id", "division", "product", "stage", "language"),
    *("disposition", "consented_at", "closed_at"),
)
OF_PERSON = ("language", "chosen_language")
WATCHED = {
    "invitation": ("invitation_id", "id", OF_INVITATION),
    "interview": ("invitation_id", "invitation_id", OF_INTERVIEW),
    "person": ("person_id", "id", OF_PERSON),
}
"""Table -> what is touched, by which of its columns it is told, and the columns that matter."""
PROCEDURE = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {body};
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    _tables()
    op.execute("INSERT INTO touched (invitation_id) SELECT id FROM invitation ORDER BY id")
    for statement in _on_sqlite() if _dialect() == "sqlite" else _on_postgresql():
        op.execute(statement)


def downgrade() -> None:
    for name, table, *_ in _triggers():
        if _dialect() == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("pace", "reach", "counted", "touched", "asking"):
        op.drop_table(table)


def _dialect() -> str:
    return op.get_bind().dialect.name


def _tables() -> None:
    op.create_table(
        "asking",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ASKING),
        sa.PrimaryKeyConstraint("id", name="pk_asking"),
        sa.UniqueConstraint("key", name="uq_asking_key"),
    )
    op.create_table(
        "touched",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("invitation_id", BIGINT),
        sa.Column("person_id", BIGINT),
        sa.PrimaryKeyConstraint("id", name="pk_touched"),
    )
    op.create_table(
        "counted",
        sa.Column("invitation_id", BIGINT, nullable=False, autoincrement=False),
        *_cell(),
        sa.Column("outcome", sa.SmallInteger(), nullable=False),
        sa.Column("took", sa.Integer()),
        sa.PrimaryKeyConstraint("invitation_id", name="pk_counted"),
    )
    took = sa.text("took IS NOT NULL")
    columns = ["place_id", "roles", "period", "took", "asking_id"]
    op.create_index("ix_counted_took", "counted", columns, sqlite_where=took, postgresql_where=took)
    op.create_table(
        "reach",
        sa.Column("shape", sa.SmallInteger(), nullable=False),
        *_cell(),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in OUTCOMES),
        sa.PrimaryKeyConstraint("shape", *CELL, name="pk_reach"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pace",
        sa.Column("shape", sa.SmallInteger(), nullable=False),
        *_cell(),
        sa.Column("took", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("shape", *CELL, "took", name="pk_pace"),
        sqlite_with_rowid=False,
    )


def _cell() -> Iterator["sa.Column[object]"]:
    for name in CELL:
        yield sa.Column(name, sa.Text() if name == "roles" else sa.Integer(), nullable=False)


def _triggers() -> Iterator[tuple[str, str, str, str, tuple[str, ...]]]:
    """Name, table, what happens to it, what is done about it, and the columns that matter."""
    for table, (touched, told_by, watched) in WATCHED.items():
        body = f"INSERT INTO touched ({touched}) VALUES ({{}}.{told_by})"  # noqa: S608 - names of columns
        yield f"{table}_changed", table, "UPDATE", body.format("NEW"), watched
        if table != "person":
            yield f"{table}_made", table, "INSERT", body.format("NEW"), ()
            yield f"{table}_removed", table, "DELETE", body.format("OLD"), ()


def _on_sqlite() -> Iterator[str]:
    for name, table, event, body, watched in _triggers():
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in watched)
        on = f" OF {', '.join(watched)} ON {table} WHEN {changed}" if watched else f" ON {table}"
        yield f"CREATE TRIGGER {name} AFTER {event}{on} BEGIN {body}; END"


def _on_postgresql() -> Iterator[str]:
    for name, table, event, body, watched in _triggers():
        yield PROCEDURE.format(name=name, body=body)
        changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in watched)
        of, when = (f" OF {', '.join(watched)}", f" WHEN ({changed})") if watched else ("", "")
        yield f"CREATE TRIGGER {name} AFTER {event}{of} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {name}()"
