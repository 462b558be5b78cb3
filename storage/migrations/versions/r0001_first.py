"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    _directory()
    _person()
    _questionnaire()
    _invitation()
    _interview()
    _answer()
    _incoming()
    _outgoing()


def downgrade() -> None:
    newest_first = (
        "setting",
        "delivery",
        "dead_letter",
        "update_seen",
        "answer",
        "interview",
        "invitation",
        "questionnaire_version",
        "stakeholder",
        "person",
        "project",
        "account",
    )
    for table in newest_first:
        op.drop_table(table)


def _directory() -> None:
    op.create_table(
        "account",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text()),
        sa.Column("segment", sa.Text()),
        sa.Column("manager", BIGINT),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
    )
    op.create_table(
        "project",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("account_id", BIGINT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division", sa.Text()),
        sa.Column("product", sa.Text()),
        sa.Column("stage", sa.Text()),
        sa.Column("adoption", sa.Float()),
        sa.Column("manager", BIGINT),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_project_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_project"),
        sa.UniqueConstraint("account_id", "name", name="uq_project_account_id_name"),
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("chosen_language", sa.Text()),
        sa.Column("timezone", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("telegram_id", BIGINT),
        sa.Column("opted_out_at", MOMENT),
        sa.Column("unreachable_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("external_id", name="uq_person_external_id"),
        sa.UniqueConstraint("telegram_id", name="uq_person_telegram_id"),
    )
    op.create_index("ix_person_name_folded", "person", ["name_folded"])
    op.create_table(
        "stakeholder",
        sa.Column("person_id", BIGINT, nullable=False),
        sa.Column("project_id", BIGINT, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_stakeholder_person_id_person"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_stakeholder_project_id_project"),
        sa.PrimaryKeyConstraint("person_id", "project_id", "role", name="pk_stakeholder"),
    )
    op.create_index("ix_stakeholder_project_id", "stakeholder", ["project_id"])


def _questionnaire() -> None:
    op.create_table(
        "questionnaire_version",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name="pk_questionnaire_version"),
        sa.UniqueConstraint("key", "digest", name="uq_questionnaire_version_key_digest"),
    )


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", BIGINT, nullable=False),
        sa.Column("project_id", BIGINT, nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("wave", sa.Text()),
        sa.Column("touchpoint", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_invitation_person_id_person"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_invitation_project_id_project"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
    )
    op.create_index("ix_invitation_created_at", "invitation", ["created_at"])
    op.create_index("ix_invitation_person_id", "invitation", ["person_id"])


def _interview() -> None:
    op.create_table(
        "interview",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("invitation_id", BIGINT, nullable=False),
        sa.Column("person_id", BIGINT, nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", BIGINT, nullable=False),
        sa.Column("project_id", BIGINT, nullable=False),
        sa.Column("division", sa.Text()),
        sa.Column("product", sa.Text()),
        sa.Column("stage", sa.Text()),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("wave", sa.Text()),
        sa.Column("touchpoint", sa.Text()),
        *_state_of_interview(),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name="fk_interview_invitation_id_invitation"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_interview_person_id_person"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_interview_account_id_account"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_interview_project_id_project"),
        sa.ForeignKeyConstraint(
            ["questionnaire", "version"],
            ["questionnaire_version.key", "questionnaire_version.version"],
            name="fk_interview_questionnaire_version_questionnaire_version",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_interview"),
        sa.UniqueConstraint("invitation_id", name="uq_interview_invitation_id"),
    )
    op.create_index("ix_interview_created_at", "interview", ["created_at"])
    op.create_index("ix_interview_person_id", "interview", ["person_id"])
    _partial_index("ix_interview_unshown", "interview", ["id"], "shown_turn < turn")


def _state_of_interview() -> list[sa.Column[object]]:
    return [
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("disposition", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("consented_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("chat_id", BIGINT, nullable=False),
        sa.Column("message_id", BIGINT),
        sa.Column("shown_turn", sa.Integer(), nullable=False),
    ]


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("component", sa.Text()),
        sa.Column("block", sa.Text()),
        sa.Column("scale", sa.Text()),
        sa.Column("score", sa.SmallInteger()),
        sa.Column("text", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name="fk_answer_interview_id_interview"),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        sqlite_autoincrement=True,
    )
    _partial_index("uq_answer_standing", "answer", ["interview_id", "item"], "superseded_at IS NULL", unique=True)


def _incoming() -> None:
    op.create_table(
        "update_seen",
        sa.Column("update_id", BIGINT, autoincrement=False, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_update_seen"),
    )
    op.create_table(
        "dead_letter",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letter"),
    )


def _outgoing() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("chat_id", BIGINT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("free_at", MOMENT),
        sa.Column("worker", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sqlite_autoincrement=True,
    )
    _partial_index("ix_delivery_free_at", "delivery", ["free_at"], "free_at IS NOT NULL")
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )


def _partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
