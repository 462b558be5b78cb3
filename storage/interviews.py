"""Interviews: read once in a unit of work, changed in memory, written together at its end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.answers import AnswerBuffer, packed, unpacked
from storage.people import StoredPeople
from storage.tables import account, interview, person, project
from surveys.events import Event
from surveys.interview import Disposition, Interview, Phase
from surveys.ports import Card, Circumstances, OpenInterview

OPENED: Final[Select[Any]] = (
    select(
        interview,
        account.c.name.label("account"),
        project.c.name.label("project"),
        person.c.name.label("person"),
    )
    .join(account, account.c.id == interview.c.account_id)
    .join(project, project.c.id == interview.c.project_id)
    .join(person, person.c.id == interview.c.person_id)
    .order_by(interview.c.id)
)
UNSHOWN: Final = OPENED.where(interview.c.shown_turn < interview.c.turn)
# A person is locked before their interviews, always: two replicas then never hold what the other one waits for.
LOCKED: Final = OPENED.with_for_update(of=[person, interview])
OPEN_OF_PERSONS: Final = OPENED.where(
    interview.c.person_id.in_(bindparam("person_ids", expanding=True)), interview.c.phase != Phase.CLOSED
).with_for_update(of=interview)
BY_ID: Final = LOCKED.where(interview.c.id == bindparam("which"))
BY_INVITATION: Final = LOCKED.where(interview.c.invitation_id == bindparam("which"))
REFUSED_BY: Final = (
    LOCKED.where(
        interview.c.person_id == bindparam("which"),
        interview.c.disposition.in_([Disposition.REFUSED, Disposition.BREAK_OFF]),
        interview.c.cause.is_(None),
        interview.c.interviewer.is_(None),
    )
    .order_by(None)
    .order_by(interview.c.closed_at.desc(), interview.c.id)
    .limit(1)
)
HELD_BY: Final = LOCKED.where(interview.c.interviewer == bindparam("whose"), interview.c.phase != Phase.CLOSED)
CHANGE: Final = update(interview).where(interview.c.id == bindparam("which"))


class StoredInterviews:
    """Every reading method sees what was saved before in the same unit of work."""

    def __init__(self, connection: AsyncConnection, people: StoredPeople) -> None:
        self._connection = connection
        self._people = people
        self._known: dict[str, OpenInterview] = {}
        self._touched: dict[str, datetime] = {}
        self._complete: set[int] = set()
        self._saved: dict[str, None] = {}
        self._reopened: dict[str, datetime] = {}
        self._cards: dict[str, Card] = {}
        self._answers = AnswerBuffer()

    async def load(self, person_ids: Collection[int]) -> None:
        """Reads and locks the open interviews of those of these persons that were not read yet, in one query."""
        missing = [each for each in person_ids if each not in self._complete]
        if missing:
            await self._read(OPEN_OF_PERSONS, {"person_ids": missing})
            self._complete.update(missing)

    async def add(self, opened: OpenInterview, at: datetime) -> None:
        """Whoever looks after interviews reckons reminder and expiry as soon as they see it."""
        moments = {"created_at": at, "touched_at": at, "due_at": at}
        row = {"id": opened.interview.id, **_circumstances(opened), **_state(opened), **moments}
        await self._connection.execute(insert(interview), row)
        self._known[opened.interview.id] = opened
        self._touched[opened.interview.id] = at

    async def open_of(self, telegram_id: int) -> OpenInterview | None:
        whose = await self._people.by_telegram(telegram_id)
        if whose is None:
            return None
        await self.load([whose.id])
        theirs = [
            key
            for key, known in self._known.items()
            if known.about.person_id == whose.id and known.about.interviewer is None and _live(known)
        ]
        return self._latest(theirs)

    async def held_by(self, telegram_id: int) -> OpenInterview | None:
        await self._read(HELD_BY, {"whose": telegram_id})
        return self._latest(
            [key for key, one in self._known.items() if one.about.interviewer == telegram_id and _live(one)]
        )

    async def move_to_talk(self, before: OpenInterview, after: OpenInterview, at: datetime) -> None:
        place = {"channel": after.about.channel, "interviewer": after.about.interviewer}
        await self._connection.execute(CHANGE, {"which": after.interview.id, **place})
        await self.save(before, after, (), at)

    async def refused_by(self, telegram_id: int) -> OpenInterview | None:
        whose = await self._people.by_telegram(telegram_id)
        found = await self._read(REFUSED_BY, {"which": whose.id}) if whose else []
        return found[0] if found else None

    async def get(self, interview_id: str) -> OpenInterview | None:
        if interview_id not in self._known:
            await self._read(BY_ID, {"which": interview_id})
        return self._known.get(interview_id)

    async def of_invitation(self, invitation_id: int) -> OpenInterview | None:
        found = await self._read(BY_INVITATION, {"which": invitation_id})
        return found[0] if found else None

    async def save(self, before: OpenInterview, after: OpenInterview, events: Sequence[Event], at: datetime) -> None:
        key = after.interview.id
        self._known[key] = after
        self._touched[key] = at
        self._saved[key] = None
        self._answers.take(key, before.interview.answers, events, after.interview.language, at)
        if before.interview.phase is Phase.CLOSED and after.interview.phase is not Phase.CLOSED:
            self._reopened[key] = at

    async def shown(self, cards: Mapping[str, Card]) -> None:
        self._cards |= cards
        for key in cards.keys() & self._known.keys():
            self._known[key] = replace(self._known[key], card=cards[key])

    async def unshown(self) -> Sequence[OpenInterview]:
        """Goes by what is written, not by what this unit of work has saved."""
        rows = await self._connection.execute(UNSHOWN)
        return [_opened(row) for row in rows]

    async def flush(self) -> None:
        """Writes what was saved and shown, with one statement of each kind."""
        if self._cards:
            rows = [{"which": key, **_card(card)} for key, card in sorted(self._cards.items())]
            await self._connection.execute(CHANGE, rows)
        if self._saved:
            changes = [self._change(key) for key in self._saved]
            await self._connection.execute(CHANGE, changes)
        if self._reopened:
            await self._connection.execute(CHANGE, [{"which": key, "due_at": at} for key, at in self._reopened.items()])
        await self._answers.flush(self._connection)

    def _latest(self, keys: Collection[str]) -> OpenInterview | None:
        latest = max(keys, key=lambda key: (self._touched[key], key), default=None)
        return None if latest is None else self._known[latest]

    def _change(self, key: str) -> dict[str, Any]:
        return {"which": key, "touched_at": self._touched[key], **_state(self._known[key])}

    async def _read(self, query: Select[Any], values: Mapping[str, Any]) -> list[OpenInterview]:
        rows = (await self._connection.execute(query, values)).all()
        return [self._remember(row) for row in rows]

    def _remember(self, row: Row[Any]) -> OpenInterview:
        """What this unit of work already knows of the interview is newer than the row."""
        if row.id not in self._known:
            read = _opened(row)
            card = self._cards.get(row.id)
            self._known[row.id] = read if card is None else replace(read, card=card)
            self._touched[row.id] = row.touched_at
        return self._known[row.id]


def _live(opened: OpenInterview) -> bool:
    return opened.interview.phase is not Phase.CLOSED


def _circumstances(opened: OpenInterview) -> dict[str, Any]:
    """Columns that never change after the interview began."""
    about = opened.about
    return {
        "invitation_id": about.invitation_id,
        "person_id": about.person_id,
        "account_id": about.account_id,
        "project_id": about.project_id,
        "division": about.division,
        "product": about.product,
        "stage": about.stage,
        "channel": about.channel,
        "interviewer": about.interviewer,
        "wave": about.wave,
        "touchpoint": about.touchpoint,
        "extra": dict(about.extra),
        "questionnaire": opened.interview.questionnaire,
        "version": opened.interview.version,
        "roles": opened.interview.roles,
        "mode": opened.interview.mode,
    }


def _state(opened: OpenInterview) -> dict[str, Any]:
    """Columns that change with a turn."""
    live = opened.interview
    said = {key: packed(given) for key, given in live.answers.items()}
    draft = {} if live.draft is None else {"draft": packed(live.draft)}
    return {
        "language": live.language,
        "phase": live.phase,
        "turn": live.turn,
        "state": {"trail": live.trail, "answers": said, **draft},
        "disposition": live.disposition,
        "cause": live.cause,
        "consented_at": live.consented_at,
        "consent": live.consent,
        "valid_until": live.valid_until,
        "closed_at": live.closed_at,
        **_card(opened.card),
    }


def _card(card: Card) -> dict[str, Any]:
    return {"chat_id": card.chat_id, "message_id": card.message_id, "shown_turn": card.shown_turn}


def _opened(row: Row[Any]) -> OpenInterview:
    values, state = row._mapping, row.state
    trail = tuple(state["trail"])
    return OpenInterview(
        interview=Interview(
            id=row.id,
            questionnaire=row.questionnaire,
            version=row.version,
            roles=row.roles,
            language=row.language,
            phase=Phase(row.phase),
            turn=row.turn,
            trail=trail,
            answers={item: unpacked(item, said) for item, said in state["answers"].items()},
            draft=unpacked(trail[-1], state["draft"]) if "draft" in state else None,
            stage=row.stage,
            event=row.extra,
            mode=row.mode,
            disposition=None if row.disposition is None else Disposition(row.disposition),
            consented_at=row.consented_at,
            consent=row.consent,
            valid_until=row.valid_until,
            closed_at=row.closed_at,
            cause=row.cause,
        ),
        about=Circumstances(**{name: values[name] for name in Circumstances.__dataclass_fields__}),
        card=Card(chat_id=row.chat_id, message_id=row.message_id, shown_turn=row.shown_turn),
    )
