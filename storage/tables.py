"""Every table of the product. What changes here changes in a migration as well."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from storage.types import BigInt, Json, Moment, Roles, SealedBytes, SealedJson, SealedWords, TelegramId, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

account = Table(
    "account",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
    Column("industry", Words),
    Column("segment", Words),
    Column("manager", BigInt),
    Column("on_hold", Boolean),
    Column("no_foreign_messenger", Boolean),
    Column("revenue", Float),
)

project = Table(
    "project",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("name", Words, nullable=False),
    Column("division", Words),
    Column("product", Words),
    Column("stage", Words),
    Column("adoption", Float),
    Column("manager", BigInt),
    UniqueConstraint("account_id", "name"),
)

# `language` is the directory's word, `chosen_language` the person's own, which the next import leaves alone.
# `name_folded` stands in for lower(), which on SQLite knows Latin letters only. What is sealed is compared as a whole:
# it has no order and no parts.
person = Table(
    "person",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("external_id", Words, nullable=False, unique=True),
    Column("name", SealedWords("person.name"), nullable=False),
    Column("name_folded", SealedWords("person.name_folded"), nullable=False, index=True),
    Column("language", Words),
    Column("chosen_language", Words),
    Column("timezone", Words),
    Column("email", SealedWords("person.email")),
    Column("telegram_id", TelegramId, unique=True),
    Column("opted_out_at", Moment),
    Column("unreachable_at", Moment),
)

stakeholder = Table(
    "stakeholder",
    metadata,
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("project_id", ForeignKey("project.id"), nullable=False, index=True),
    Column("role", Words, nullable=False),
    PrimaryKeyConstraint("person_id", "project_id", "role"),
)

questionnaire_version = Table(
    "questionnaire_version",
    metadata,
    Column("key", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("document", Json, nullable=False),
    Column("published_at", Moment, nullable=False),
    PrimaryKeyConstraint("key", "version"),
    UniqueConstraint("key", "digest"),
)

# `state`: pending (waits in the queue) | delivered | undeliverable. `disposition`: of one not opened in time.
invitation = Table(
    "invitation",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("questionnaire", Words, nullable=False),
    Column("roles", Roles, nullable=False),
    Column("channel", Words, nullable=False),
    Column("wave", Words),
    Column("touchpoint", Words),
    Column("created_at", Moment, nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    Column("opened_at", Moment),
    Column("state", Text, nullable=False),
    Column("disposition", Text),
)
UNOPENED = text("opened_at IS NULL AND disposition IS NULL")
Index("ix_invitation_unopened", invitation.c.expires_at, sqlite_where=UNOPENED, postgresql_where=UNOPENED)

# `state`: {"trail": [item, …], "answers": {item: score, words, or {"choice": […], "text": …}, …}, "draft": an answer},
# and where the person is besides: see `storage.states`.
# `extra`: what else the texts speak of. `consent`: SHA-256 of the text that was agreed to.
# `due_at`: when it is to be looked at again, for a reminder or because its time is over.
# `interviewer`: Telegram id of whoever asks in a talk; the card is then in their chat.
# `drawer`: the replica that is drawing the card, and draws what comes meanwhile as well.
interview = Table(
    "interview",
    metadata,
    Column("id", Words, primary_key=True),
    Column("invitation_id", ForeignKey("invitation.id"), nullable=False, unique=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("questionnaire", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("project_id", ForeignKey("project.id"), nullable=False),
    Column("division", Words),
    Column("product", Words),
    Column("stage", Words),
    Column("roles", Roles, nullable=False),
    Column("language", Words, nullable=False),
    Column("mode", Text, nullable=False, server_default=text("'named'")),
    Column("channel", Words, nullable=False),
    Column("wave", Words),
    Column("touchpoint", Words),
    Column("extra", Json, nullable=False, server_default=text("'{}'")),
    Column("phase", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("state", Json, nullable=False),
    Column("disposition", Text),
    Column("cause", Text),
    Column("created_at", Moment, nullable=False, index=True),
    Column("consented_at", Moment),
    Column("consent", Words),
    Column("valid_until", Moment),
    Column("closed_at", Moment),
    Column("amend_until", Moment),
    Column("wake_at", Moment),
    Column("touched_at", Moment, nullable=False),
    Column("chat_id", TelegramId, nullable=False),
    Column("message_id", BigInt),
    Column("shown_turn", Integer, nullable=False),
    Column("due_at", Moment),
    Column("reminded_at", Moment),
    Column("interviewer", BigInt),
    Column("drawer", Words),
    Index("ix_interview_account_id_created_at", "account_id", "created_at"),
    ForeignKeyConstraint(["questionnaire", "version"], ["questionnaire_version.key", "questionnaire_version.version"]),
)
BEHIND = text("shown_turn < turn")
Index("ix_interview_unshown", interview.c.id, sqlite_where=BEHIND, postgresql_where=BEHIND)
# Written out where it is asked as well: SQLite plans a statement anew for each value bound to what an index depends on.
LIVE = text("phase <> 'closed'")
AMENDING = interview.c.disposition.is_not(None).label("amending")
Index("ix_interview_due_at", interview.c.due_at, sqlite_where=LIVE, postgresql_where=LIVE)
TALK = text("interviewer IS NOT NULL")
Index("ix_interview_talk", interview.c.interviewer, sqlite_where=TALK, postgresql_where=TALK)
NAMED = text("mode = 'named'")
CONFIDENTIAL = text("mode = 'confidential'")
Index("ix_interview_confidential", interview.c.id, sqlite_where=CONFIDENTIAL, postgresql_where=CONFIDENTIAL)

# Whom to ask instead, in the words of whoever is not the right person. `state`: proposed | invited | dismissed.
# `decided_by`: how the admin is called. `link_until`: of whoever has to be sent a link.
successor = Table(
    "successor",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("interview_id", ForeignKey("interview.id"), nullable=False, index=True),
    Column("words", SealedWords("successor.words")),
    Column("created_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", SealedWords("successor.decided_by")),
    Column("person_id", ForeignKey("person.id")),
    Column("link_until", Moment),
)

# Triggers (r0006_counts) take down in `unfolded` what every change adds to the counts.
answer = Table(
    "answer",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("interview_id", ForeignKey("interview.id"), nullable=False),
    Column("item", Words, nullable=False),
    Column("component", Words),
    Column("block", Words),
    Column("scale", Words),
    Column("score", SmallInteger),
    Column("choice", Words),
    Column("text", Words),
    Column("role", Words, nullable=False),
    Column("language", Words),
    Column("answered_at", Moment, nullable=False, index=True),
    Column("superseded_at", Moment),
    sqlite_autoincrement=True,
)
STANDING = text("superseded_at IS NULL")
Index(
    "uq_answer_standing",
    answer.c.interview_id,
    answer.c.item,
    unique=True,
    sqlite_where=STANDING,
    postgresql_where=STANDING,
)

update_seen = Table(
    "update_seen",
    metadata,
    Column("update_id", BigInt, primary_key=True, autoincrement=False),
    Column("seen_at", Moment, nullable=False),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("source", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("body", SealedBytes("dead_letter.body"), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

# `free_at`: from when a worker may take the row: its due time, then the end of the lease of the one who has it,
# nothing once it is sent or failed. One index then serves both, and its size is that of the queue.
# `alerted_on`: of an alert the day whose budget it takes from. One that waits for a digest is `held`; what a digest
# has taken in is `gathered`, its `reason` names the digest. `trace`: the update or event that brought it about.
delivery = Table(
    "delivery",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("chat_id", TelegramId, nullable=False),
    Column("kind", Words, nullable=False),
    Column("payload", SealedJson("delivery.payload"), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("free_at", Moment),
    Column("worker", Words),
    Column("attempts", Integer, nullable=False),
    Column("reason", Words),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("alerted_on", Words),
    Column("in_doubt", Boolean, nullable=False, server_default=false()),
    Column("trace", Words),
    sqlite_autoincrement=True,
)
QUEUED = text("free_at IS NOT NULL")
ALERT = text("alerted_on IS NOT NULL")
Index("ix_delivery_alert", delivery.c.chat_id, delivery.c.alerted_on, sqlite_where=ALERT, postgresql_where=ALERT)
Index("ix_delivery_free_at", delivery.c.free_at, sqlite_where=QUEUED, postgresql_where=QUEUED)
SENDING = text("state = 'sending'")
Index("ix_delivery_sending", delivery.c.chat_id, sqlite_where=SENDING, postgresql_where=SENDING)

# Service processes that share a PostgreSQL database. `until`: it lives at least so long, by the clock of the database.
# `paused_until`: before then Telegram wants no message that can wait.
replica = Table(
    "replica",
    metadata,
    Column("worker", Words, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("paused_until", Moment, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
