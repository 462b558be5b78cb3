"""Counts folded from answers, kept true by triggers; the language of every answer."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
PLACE = ("account_id", "project_id", "division", "product", "stage")
SUBJECT = ("questionnaire", "item", "component", "block")
WAY = ("touchpoint", "channel", "language", "wave")
VOICE = ("scale", "role")
DICTIONARIES = {"place": PLACE, "subject": SUBJECT, "way": WAY, "voice": VOICE}
OF_ANSWER = ("answered_at", "score", "scale", "role", "item", "component", "block", "language")
OF_INTERVIEW = (*PLACE, "questionnaire", "touchpoint", "channel", "wave")
COUNTED = "{0}.superseded_at IS NULL AND {0}.score IS NOT NULL AND {0}.scale IS NOT NULL"
WATCHED = ("interview_id", "superseded_at", *OF_ANSWER)

PROCEDURE = """
CREATE FUNCTION answer_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        IF {old} THEN {less}; END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF {new} THEN {more}; END IF;
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.add_column("answer", sa.Column("language", sa.Text()))
    op.execute("UPDATE answer SET language = (SELECT language FROM interview WHERE interview.id = answer.interview_id)")
    op.create_index("ix_answer_answered_at", "answer", ["answered_at"])
    _tables()
    op.execute(f"{_unfold('answer', 1)} AND {COUNTED.format('answer')}")
    for statement in _on_sqlite() if op.get_bind().dialect.name == "sqlite" else _on_postgresql():
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("given", "ended", "changed", "removed"):
            op.execute(f"DROP TRIGGER answer_{name}")
    else:
        op.execute("DROP TRIGGER answer_counted ON answer")
        op.execute("DROP FUNCTION answer_counts()")
    for table in ("tally", "unfolded", *DICTIONARIES):
        op.drop_table(table)
    op.drop_index("ix_answer_answered_at", "answer")
    op.drop_column("answer", "language")


def _tables() -> None:
    for name, columns in DICTIONARIES.items():
        op.create_table(
            name,
            sa.Column("id", BIGINT, nullable=False),
            sa.Column("key", sa.Text(), nullable=False),
            *map(_column, columns),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
            sa.UniqueConstraint("key", name=f"uq_{name}_key"),
        )
    op.create_table(
        "unfolded",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        *map(_column, (*VOICE, *PLACE, *SUBJECT, *WAY)),
        sa.PrimaryKeyConstraint("id", name="pk_unfolded"),
    )
    keys = ("period", "voice_id", "place_id", "subject_id", "way_id")
    op.create_table(
        "tally",
        sa.Column("shape", sa.SmallInteger(), nullable=False),
        *(sa.Column(key, sa.Integer(), nullable=False) for key in keys),
        *(sa.Column(f"n{score}", sa.Integer(), nullable=False) for score in range(11)),
        sa.PrimaryKeyConstraint("shape", *keys, name="pk_tally"),
        sqlite_with_rowid=False,
    )


def _column(name: str) -> "sa.Column[object]":
    return sa.Column(name, BIGINT if name.endswith("_id") else sa.Text())


def _unfold(row: str, n: int) -> str:
    """A statement that takes down what the answer `row` (a table, or a trigger's OLD or NEW) adds to the counts."""
    columns = ", ".join(("n", *OF_ANSWER, *OF_INTERVIEW))
    values = ", ".join(
        (str(n), *(f"{row}.{name}" for name in OF_ANSWER), *(f"interview.{name}" for name in OF_INTERVIEW))
    )
    source = "interview, answer" if row == "answer" else "interview"
    return f"INSERT INTO unfolded ({columns}) SELECT {values} FROM {source} WHERE interview.id = {row}.interview_id"  # noqa: S608 - names of columns


def _on_sqlite() -> list[str]:
    old, new = COUNTED.format("OLD"), COUNTED.format("NEW")
    less, more = _unfold("OLD", -1), _unfold("NEW", 1)
    watched = ", ".join(WATCHED)
    return [
        f"CREATE TRIGGER answer_given AFTER INSERT ON answer WHEN {new} BEGIN {more}; END",
        f"CREATE TRIGGER answer_ended AFTER UPDATE OF {watched} ON answer WHEN {old} BEGIN {less}; END",
        f"CREATE TRIGGER answer_changed AFTER UPDATE OF {watched} ON answer WHEN {new} BEGIN {more}; END",
        f"CREATE TRIGGER answer_removed AFTER DELETE ON answer WHEN {old} BEGIN {less}; END",
    ]


def _on_postgresql() -> list[str]:
    parts = {"old": COUNTED.format("OLD"), "new": COUNTED.format("NEW")}
    procedure = PROCEDURE.format(**parts, less=_unfold("OLD", -1), more=_unfold("NEW", 1))
    watched = ", ".join(WATCHED)
    when = f"AFTER INSERT OR DELETE OR UPDATE OF {watched}"
    return [procedure, f"CREATE TRIGGER answer_counted {when} ON answer FOR EACH ROW EXECUTE FUNCTION answer_counts()"]
