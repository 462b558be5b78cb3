"""Interviews: read once in a unit of work, changed in memory, written together at its end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.answers import AnswerBuffer
from storage.interview_queries import (
    BY_ID,
    BY_INVITATION,
    CHANGE,
    ENDED_UNSEEN,
    HELD_BY,
    LATEST,
    OPEN_OF_PERSONS,
    PERSONS,
    REFUSED_BY,
    SHOWN,
    STANDING,
    TAKE_OVER,
    THESE,
    UNSHOWN,
)
from storage.interview_rows import circumstances_of, opened_of, shown_of, state_of
from storage.people import StoredPeople
from storage.tables import interview
from surveys.cases.ports import Heard
from surveys.edits import heard_in
from surveys.events import Event
from surveys.interview import Phase
from surveys.ports import Card, OpenInterview


class StoredInterviews:
    """Every reading method sees what was saved before in the same unit of work."""

    def __init__(self, connection: AsyncConnection, people: StoredPeople, worker: str) -> None:
        self._connection = connection
        self._people = people
        self._worker = worker
        self._known: dict[str, OpenInterview] = {}
        self._touched: dict[str, datetime] = {}
        self._complete: set[int] = set()
        self._saved: dict[str, None] = {}
        self._due: dict[str, datetime] = {}
        self._cards: dict[str, Card] = {}
        self._drawers: dict[str, str | None] = {}
        self._drawn: dict[str, None] = {}
        self._answers = AnswerBuffer()
        self._heard: list[Heard] = []

    async def load(self, person_ids: Collection[int]) -> None:
        """Reads and locks the open interviews of those of these persons that were not read yet, in one query."""
        missing = [each for each in person_ids if each not in self._complete]
        if missing:
            await self._read(OPEN_OF_PERSONS, {"person_ids": missing})
            self._complete.update(missing)

    async def persons_of(self, interview_ids: Collection[str]) -> Sequence[int]:
        """Whose interviews these are. SQLite has one writer: there it is nothing to anybody."""
        if not interview_ids or self._connection.dialect.name == "sqlite":
            return ()
        return (await self._connection.scalars(PERSONS, {"these": list(interview_ids)})).all()

    async def add(self, opened: Sequence[OpenInterview], at: datetime) -> None:
        """Whoever looks after interviews reckons reminder and expiry as soon as they see them."""
        moments = {"created_at": at, "touched_at": at, "due_at": at}
        rows = [{"id": one.interview.id, **circumstances_of(one), **state_of(one), **moments} for one in opened]
        if rows:
            await self._connection.execute(insert(interview), rows)
        self._known |= {one.interview.id: one for one in opened}
        self._touched |= dict.fromkeys((one.interview.id for one in opened), at)

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

    async def about(self, person_id: int) -> Sequence[OpenInterview]:
        await self.load([person_id])
        return [one for one in self._known.values() if one.about.person_id == person_id and _live(one)]

    async def held_by(self, telegram_id: int) -> OpenInterview | None:
        await self._read(HELD_BY, {"whose": telegram_id})
        return self._latest(
            [key for key, one in self._known.items() if one.about.interviewer == telegram_id and _live(one)]
        )

    async def move_to_talk(
        self, before: OpenInterview, after: OpenInterview, events: Sequence[Event], at: datetime
    ) -> None:
        place = {"channel": after.about.channel, "interviewer": after.about.interviewer}
        await self._connection.execute(CHANGE, {"which": after.interview.id, **place})
        await self.save(before, after, events, at)

    async def refused_by(self, telegram_id: int) -> OpenInterview | None:
        whose = await self._people.by_telegram(telegram_id)
        found = await self._read(REFUSED_BY, {"which": whose.id}) if whose else []
        return found[0] if found else None

    async def of_message(self, telegram_id: int, message_id: int) -> OpenInterview | None:
        whose = await self._people.by_telegram(telegram_id)
        found = await self._read(LATEST, {"which": whose.id if whose else None, "whose": telegram_id})
        theirs = (one for one in found if one.card.chat_id == telegram_id)
        return next((one for one in theirs if heard_in(one.interview, message_id) is not None), None)

    async def ended_unseen(self, telegram_id: int) -> Sequence[OpenInterview]:
        """Whichever replica was drawing the card: into a chat that could not be written to nothing is on its way."""
        whose = await self._people.by_telegram(telegram_id)
        found = await self._read(ENDED_UNSEEN, {"which": whose.id}) if whose else []
        ended = [one for one in found if one.card.chat_id == telegram_id and _ended_unseen(one)]
        self._drawers |= dict.fromkeys(one.interview.id for one in ended)
        return ended

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
        self._heard.append(Heard(before, after, tuple(events)))
        reopened = before.interview.phase is Phase.CLOSED and after.interview.phase is not Phase.CLOSED
        if reopened or before.interview.wake_at != after.interview.wake_at:
            self._due[key] = at

    def heard(self) -> Sequence[Heard]:
        heard, self._heard = self._heard, []
        return heard

    async def write_answers(self) -> None:
        await self._answers.flush(self._connection)
        self._answers = AnswerBuffer()

    async def shown(self, cards: Mapping[str, Card]) -> None:
        self._cards |= cards
        for key in cards.keys() & self._known.keys():
            if self._is_mine(key):
                self._known[key] = replace(self._known[key], card=cards[key])

    async def draw(self, interview_ids: Collection[str]) -> set[str]:
        mine = {key for key in interview_ids if self._is_mine(key)}
        self._drawn |= dict.fromkeys(sorted(mine))
        return mine

    async def unshown(self) -> Sequence[OpenInterview]:
        """Goes by what is written, not by what this unit of work has saved."""
        rows = await self._connection.execute(UNSHOWN, {"me": self._worker})
        return [opened_of(row) for row in rows]

    async def take_over(self, at_most: int) -> Sequence[OpenInterview]:
        """Cards that are behind and that nobody alive is drawing: from now on they are this worker's to draw."""
        taken = await self._connection.scalars(TAKE_OVER, {"me": self._worker, "at_most": at_most})
        return await self._behind(taken.all())

    async def elsewhere(self) -> tuple[Sequence[OpenInterview], Sequence[Card]]:
        """After `flush`, of the cards shown: interviews that went on elsewhere, and cards that stand elsewhere by now.

        The latter are copies that a replica left which was silent for a while: word of them came too late. Where a card
        goes from here, the one who draws it knows where it stood.
        """
        if not self._cards or self._connection.dialect.name == "sqlite":
            return (), ()
        rows = (await self._connection.execute(STANDING, {"these": list(self._cards)})).all()
        behind = [row.id for row in rows if row.behind and row.id not in self._saved]
        places = {row.id: row.message_id for row in rows}
        from_here = {key for key in self._saved if self._is_mine(key)}
        late = [(places.get(key), card) for key, card in self._cards.items() if key not in from_here]
        astray = [card for place, card in late if card.message_id not in (None, place)]
        return await self._behind(behind), astray

    async def _behind(self, interview_ids: Sequence[str]) -> Sequence[OpenInterview]:
        rows = await self._connection.execute(THESE, {"these": list(interview_ids)}) if interview_ids else ()
        return [opened_of(row) for row in rows]

    def _is_mine(self, key: str) -> bool:
        """Whether no other worker draws this card. One that is dead is not asked about here: it is taken over later."""
        return self._drawers.get(key) in (None, self._worker)

    async def forget(self, person_id: int) -> None:
        """Writes what is known of this person's interviews, and knows it no more: what comes now has the last word."""
        await self.flush()
        self._answers = AnswerBuffer()
        theirs = [key for key, known in self._known.items() if known.about.person_id == person_id]
        for kept in (self._known, self._touched, self._saved, self._due, self._cards, self._drawers, self._drawn):
            for key in theirs:
                kept.pop(key, None)
        self._complete.discard(person_id)

    async def flush(self) -> None:
        """Writes what was saved and shown, with one statement of each kind."""
        if self._cards:
            rows = [{"which": key, "me": self._worker, **shown_of(card)} for key, card in sorted(self._cards.items())]
            await self._connection.execute(SHOWN, rows)
        if self._saved:
            changes = [self._change(key) for key in self._saved]
            await self._connection.execute(CHANGE, changes)
        if begun := [key for key in self._drawn if key not in self._saved]:
            await self._connection.execute(CHANGE, [{"which": key, "drawer": self._worker} for key in begun])
        if self._due:
            await self._connection.execute(CHANGE, [{"which": key, "due_at": at} for key, at in self._due.items()])
        await self._answers.flush(self._connection)

    def _latest(self, keys: Collection[str]) -> OpenInterview | None:
        def order(key: str) -> tuple[bool, datetime, str]:
            return self._known[key].interview.phase is not Phase.ASLEEP, self._touched[key], key

        latest = max(keys, key=order, default=None)
        return None if latest is None else self._known[latest]

    def _change(self, key: str) -> dict[str, Any]:
        drawer = self._worker if key in self._drawn else self._drawers.get(key)
        return {"which": key, "touched_at": self._touched[key], "drawer": drawer, **state_of(self._known[key])}

    async def _read(self, query: Select[Any], values: Mapping[str, Any]) -> list[OpenInterview]:
        rows = (await self._connection.execute(query, values)).all()
        return [self._remember(row) for row in rows]

    def _remember(self, row: Row[Any]) -> OpenInterview:
        """What this unit of work already knows of the interview is newer than the row."""
        if row.id not in self._known:
            read = opened_of(row)
            self._drawers[row.id] = row.drawer
            card = self._cards.get(row.id) if self._is_mine(row.id) else None
            self._known[row.id] = read if card is None else replace(read, card=card)
            self._touched[row.id] = row.touched_at
        return self._known[row.id]


def _live(opened: OpenInterview) -> bool:
    return opened.interview.phase is not Phase.CLOSED


def _ended_unseen(one: OpenInterview) -> bool:
    """Whether its card still does not say that it is over: what was read may since have been saved or shown."""
    return not _live(one) and one.card.message_id is not None and one.card.shown_turn < one.interview.turn
