"""People taken out of every table they are in."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Boolean,
    Column,
    LargeBinary,
    Select,
    Table,
    Text,
    bindparam,
    case,
    cast,
    delete,
    exists,
    false,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import UpdateBase

from storage.case_tables import case as case_table
from storage.case_tables import case_card, case_step, opportunity
from storage.contact_tables import ask, decision, interaction
from storage.interviews import StoredInterviews
from storage.people import StoredPeople
from storage.portions import portions
from storage.remark_tables import attachment, remark, remark_draft
from storage.tables import (
    answer,
    dead_letter,
    delivery,
    interview,
    invitation,
    metadata,
    person,
    stakeholder,
    successor,
)
from storage.types import BigInt, Moment, TelegramId, Words
from surveys.directory import Person
from surveys.erasure import Tombstone, redacted
from surveys.interview import Disposition, Phase

# Who was here is not to be read from it: `mark` is a keyed hash. Changes go into a migration as well.
erasure = Table(
    "erasure",
    metadata,
    Column("mark", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("answers", Boolean, nullable=False, server_default=false()),
)

NOBODY: Final = "—"
WHO: Final[BindParameter[int]] = bindparam("who", type_=BigInt)
CHAT: Final[BindParameter[int]] = bindparam("chat", type_=TelegramId)
CALLED: Final[BindParameter[str]] = bindparam("called", type_=Words)
AT: Final = bindparam("now", type_=Moment())
INTERVIEWS: Final = select(interview.c.id).where(interview.c.person_id == WHO)
REMARKS: Final = select(remark.c.id).where(remark.c.person_id == WHO)
CASES: Final = select(case_table.c.id).where(case_table.c.person_id == WHO)
ANSWERED: Final = exists().where(answer.c.interview_id == interview.c.id)
ENDED: Final = case((ANSWERED, Disposition.BREAK_OFF.value), else_=Disposition.REFUSED.value)
NAMELESS: Final = literal("erased-") + cast(invitation.c.id, Text)

ANSWERS: Final[tuple[UpdateBase, ...]] = (
    delete(answer).where(answer.c.interview_id.in_(INTERVIEWS)),
    update(remark).where(remark.c.person_id == WHO).values(text=None),
)
"""What somebody said: gone if they ask for that."""

IDENTITY: Final[tuple[UpdateBase, ...]] = (
    delete(stakeholder).where(stakeholder.c.person_id == WHO),
    update(invitation).where(invitation.c.person_id == WHO).values(token_hash=cast(NAMELESS, LargeBinary)),
    update(invitation)
    .where(invitation.c.person_id == WHO, invitation.c.opened_at.is_(None), invitation.c.disposition.is_(None))
    .values(disposition=Disposition.REFUSED.value),
    update(interview)
    .where(interview.c.person_id == WHO, interview.c.phase != Phase.CLOSED)
    .values(
        phase=Phase.CLOSED.value,
        disposition=case((interview.c.disposition.is_(None), ENDED), else_=interview.c.disposition),
        closed_at=case((interview.c.closed_at.is_(None), AT), else_=interview.c.closed_at),
    ),
    update(interview)
    .where(interview.c.person_id == WHO)
    .values(
        chat_id=0,
        message_id=None,
        shown_turn=interview.c.turn,
        drawer=None,
        extra={},
        state={"trail": [], "answers": {}},
        amend_until=None,
        wake_at=None,
    ),
    delete(attachment).where(or_(attachment.c.interview_id.in_(INTERVIEWS), attachment.c.remark_id.in_(REMARKS))),
    delete(remark_draft).where(remark_draft.c.person_id == WHO),
    update(successor).where(successor.c.interview_id.in_(INTERVIEWS)).values(words=None),
    update(successor).where(successor.c.person_id == WHO).values(person_id=None, words=None),
    delete(decision).where(or_(decision.c.person_id == WHO, decision.c.person == CALLED)),
    update(ask).where(ask.c.person_id == WHO, ask.c.state == "scheduled").values(state="dropped", settled_at=AT),
    delete(opportunity).where(opportunity.c.person_id == WHO),
    delete(delivery).where(delivery.c.chat_id == CHAT),
    update(case_table).where(case_table.c.person_id == WHO, case_table.c.action.is_not(None)).values(action=NOBODY),
    update(case_card).where(case_card.c.case_id.in_(CASES)).values(shown_version=0),
    update(person)
    .where(person.c.id == WHO)
    .values(
        external_id=literal("erased-") + cast(person.c.id, Text),
        name=NOBODY,
        name_folded=NOBODY,
        language=None,
        chosen_language=None,
        timezone=None,
        email=None,
        telegram_id=None,
        unreachable_at=None,
        opted_out_at=AT,
    ),
)
"""Who somebody is, table by table; their files too, as a voice and a face tell."""

STEPS: Final = select(case_step.c.case_id, case_step.c.version, case_step.c.detail).where(
    case_step.c.case_id.in_(CASES)
)
RETELL: Final = update(case_step).where(
    case_step.c.case_id == bindparam("which"), case_step.c.version == bindparam("step")
)
HAPPENED: Final = select(interaction.c.id, interaction.c.person, interaction.c.data).where(
    or_(interaction.c.person == CALLED, cast(interaction.c.data, Text).contains(CALLED))
)
REWRITE: Final = update(interaction).where(interaction.c.id == bindparam("which"))
LETTERS: Final = select(dead_letter.c.id, dead_letter.c.body).where(dead_letter.c.source == "telegram")
THESE: Final[BindParameter[Any]] = bindparam("these", expanding=True)
MENTIONS: Final[tuple[tuple[Select[Any], UpdateBase], ...]] = (
    (
        select(successor.c.id, successor.c.words.label("said")).where(successor.c.words.is_not(None)),
        update(successor).where(successor.c.id.in_(THESE)).values(words=None),
    ),
    (
        select(delivery.c.id, delivery.c.payload.label("said")).where(delivery.c.kind.in_(("why", "report"))),
        delete(delivery).where(delivery.c.id.in_(THESE)),
    ),
)
"""Where names may stand in others' words: sealed, so that each is opened and looked at."""
TOLD: Final = frozenset({"text", "reason"})
"""What people put into words in a step of a case."""


class StoredErasures:
    """The port surveys.erasure.Erasures."""

    def __init__(self, connection: AsyncConnection, people: StoredPeople, interviews: StoredInterviews) -> None:
        self._connection = connection
        self._people = people
        self._interviews = interviews

    async def erase(self, person: Person, at: datetime, *, answers: bool) -> None:
        await self._interviews.forget(person.id)
        self._people.forget(person)
        values = {"who": person.id, "chat": person.telegram_id or 0, "called": person.external_id, "now": at}
        for statement in (*(ANSWERS if answers else ()), *IDENTITY):
            wanted = statement.compile().params.keys() & values.keys()
            await self._connection.execute(statement, {name: values[name] for name in wanted})
        await self._events(person.external_id)
        await self._cases(person.id)
        await self._mentions({person.name, person.external_id})
        if person.telegram_id is not None:
            await self._letters(str(person.telegram_id).encode())

    async def cases(self, person: Person) -> Mapping[int, int]:
        theirs = select(case_table.c.id, case_table.c.version).where(case_table.c.person_id == person.id)
        return {row.id: row.version for row in await self._connection.execute(theirs)}

    async def bury(self, stone: Tombstone) -> None:
        if not await self.buried([stone.mark]):
            row = {"mark": stone.mark, "at": stone.at, "answers": stone.answers}
            await self._connection.execute(insert(erasure), row)

    async def buried(self, marks: Collection[str]) -> Collection[str]:
        found: set[str] = set()
        for portion in portions(list(marks)):
            found |= set(await self._connection.scalars(_named(portion)))
        return found

    async def living(self) -> Mapping[str, int]:
        rows = await self._connection.execute(select(person.c.external_id, person.c.id).where(person.c.name != NOBODY))
        return {row.external_id: row.id for row in rows}

    async def _events(self, external_id: str) -> None:
        """Of their own events the figures stay, of those of others all but them."""
        rows = (await self._connection.execute(HAPPENED, {"called": external_id})).all()
        left = [(row.id, *redacted(row.person, row.data, external_id)) for row in rows]
        changes = [{"which": number, "person": person, "data": data} for number, person, data in left]
        if changes:
            await self._connection.execute(REWRITE, changes)

    async def _cases(self, person_id: int) -> None:
        """What was written about them; that it was done, and when, stays."""
        rows = (await self._connection.execute(STEPS, {"who": person_id})).all()
        changes = [
            {"which": row.case_id, "step": row.version, "detail": row.detail | dict.fromkeys(told, NOBODY)}
            for row in rows
            if (told := TOLD & row.detail.keys())
        ]
        if changes:
            await self._connection.execute(RETELL, changes)

    async def _mentions(self, names: Collection[str]) -> None:
        """What others wrote of them by name: whom to ask instead, and what staff asked the bot for."""
        called = re.compile("|".join(rf"(?<!\w){re.escape(name.casefold())}(?!\w)" for name in names))
        for found, forget in MENTIONS:
            rows = (await self._connection.execute(found)).all()
            theirs = [row.id for row in rows if called.search(str(row.said).casefold())]
            for portion in portions(theirs):
                await self._connection.execute(forget, {"these": list(portion)})

    async def _letters(self, telegram_id: bytes) -> None:
        theirs = [row.id for row in await self._connection.execute(LETTERS) if telegram_id in row.body]
        if theirs:
            await self._connection.execute(delete(dead_letter).where(dead_letter.c.id.in_(theirs)))


def _named(marks: Collection[str]) -> Select[Any]:
    return select(erasure.c.mark).where(erasure.c.mark.in_(marks))
