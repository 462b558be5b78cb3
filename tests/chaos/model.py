"""What must be there in the end, by those who said it and by Telegram's own record; read past the product's code."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from sandbox.calls import Record
from sandbox.inbox import Pending
from sandbox.server import Sandbox

CARD = re.compile(r"'i\.([\w-]+)\.(\d+)\.")
Said = tuple[str, str, object]
Rows = Sequence[tuple[Any, ...]]

ON_ITS_WAY = """
SELECT CAST(chat_id AS bigint) FROM interview WHERE shown_turn < turn
UNION SELECT CAST(chat_id AS bigint) FROM delivery WHERE state = 'sending'
UNION SELECT chat_id FROM case_card JOIN "case" ON "case".id = case_id WHERE shown_version < version AND NOT gone
"""
# Whoever is very happy is asked for a favour the day after.
NOT_DONE = """
SELECT 'not sent', CAST(chat_id AS bigint) FROM delivery WHERE state NOT IN ('sent', 'failed') AND kind <> 'opportunity'
UNION ALL SELECT 'not asked', person_id FROM ask WHERE state = 'scheduled'
"""
STANDING = """
SELECT person.external_id, answer.item, coalesce(answer.text, CAST(answer.score AS text))
FROM answer JOIN interview ON interview.id = interview_id JOIN person ON person.id = person_id
WHERE superseded_at IS NULL
"""
ENDED = "SELECT external_id, questionnaire, disposition FROM interview JOIN person ON person.id = person_id"
EVENTS = "SELECT event_id FROM interaction"
DECIDED = "SELECT event_id, decision FROM decision WHERE event_id IS NOT NULL"
CASES = 'SELECT external_id FROM "case" JOIN person ON person.id = person_id'
TURNS = "SELECT id, turn FROM interview"
SEEN = "SELECT update_id FROM update_seen"
SET_ASIDE = "SELECT reason FROM dead_letter"
DEAD = "UPDATE replica SET until = clock_timestamp()"


@dataclass(frozen=True, slots=True)
class Books:
    """The tables, read and, where time is to go by, written beside the service."""

    engine: AsyncEngine

    async def rows(self, query: str) -> Rows:
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def unsettled(self) -> set[int]:
        """The chats in which something is on its way, or has arrived and is not written down as such."""
        return {chat_id for (chat_id,) in await self.rows(ON_ITS_WAY)}

    async def turns(self) -> Mapping[str, int]:
        """Of every interview the turn that is committed."""
        return dict(await self.rows(TURNS))

    async def bury(self) -> None:
        """Lets the seconds go by after which the other replicas count a silent one as dead."""
        if self.engine.dialect.name == "postgresql":
            async with self.engine.begin() as connection:
                await connection.execute(text(DEAD))


@dataclass(slots=True)
class Copies:
    """Messages that arrived more than once. `extra`: those of a message that a kill met on its way.

    Any other copy must have been asked for: who presses a card that is no more has the one that counts brought down.
    """

    extra: int = 0
    unasked: list[tuple[int, str]] = field(default_factory=list)
    _last: dict[str, int] = field(default_factory=dict)
    _lives: list[set[int]] = field(default_factory=list)

    def over(self, calls: Iterable[Record], unsettled: set[int]) -> None:
        """A life is over: what was carried out in it, and the chats where it left something on its way."""
        self._lives.append(unsettled)
        for call in calls:
            if call.method == "sendMessage" and call.error is None:
                self._sent(_look(call), call.chat_id or 0)

    def _sent(self, look: str, chat_id: int) -> None:
        life = len(self._lives) - 1
        before = self._last.get(look)
        self._last[look] = life
        if before is not None and before < life and all(chat_id in left for left in self._lives[before:life]):
            self.extra += 1
        elif before is not None:
            self.unasked.append((chat_id, f"sent in life {before} and in life {life}: {look}"))

    def wrong(self, sandbox: Sandbox) -> Sequence[str]:
        """Copies that neither a kill nor the person accounts for."""
        asked_for = Counter(
            update.chat_id for update in sandbox.world.inbox.history.values() if _above(sandbox, update)
        )
        wrong = []
        for chat_id, copy in self.unasked:
            asked_for[chat_id] -= 1
            wrong += [copy] if asked_for[chat_id] < 0 else []
        return wrong


def too_early(calls: Iterable[Record], turns: Mapping[str, int]) -> Iterator[str]:
    """Cards that Telegram was sent before what they show was committed."""
    for call in calls:
        for key, turn in set(CARD.findall(str(call.args.get("reply_markup")))):
            if call.error is None and int(turn) > turns.get(key, -1):
                yield f"sent before the commit: turn {turn} of {key}"


def _above(sandbox: Sandbox, update: Pending) -> bool:
    """Whether a button was pressed that does not stand in the bot's last message."""
    query: Any = update.update.get("callback_query")
    last = sandbox.people[update.chat_id].last
    return bool(query and last and query["message"]["message_id"] < last.message_id)


def _look(call: Record) -> str:
    """What the person sees, and what the buttons carry: another turn of the same words is another message."""
    return json.dumps([call.chat_id, call.args["text"], call.args.get("reply_markup")], default=str)


async def faults(books: Books, sandbox: Sandbox, said: Sequence[Said], events: Sequence[str]) -> Sequence[str]:
    """What was lost or doubled. `said`: person, item, words or score; `events`: those that were acknowledged."""
    ended = [(key, "visit" if key in events else "short", "complete") for key in {key for key, _, _ in said}]
    unhappy = [(key,) for key in low(said)]
    decided = [(key, "drop" if "stranger" in key else "ask") for key in events]
    brought = [(number,) for number in sandbox.world.inbox.history]
    return [
        *differences("answer", [(key, item, str(value)) for key, item, value in said], await books.rows(STANDING)),
        *differences("response", ended, await books.rows(ENDED)),
        *differences("event", [(key,) for key in events], await books.rows(EVENTS)),
        *differences("decision", decided, await books.rows(DECIDED)),
        *differences("case", unhappy, [row for row in await books.rows(CASES) if row in unhappy]),
        *differences("update", brought, await books.rows(SEEN)),
        *(f"set aside: {reason}" for (reason,) in await books.rows(SET_ASIDE)),
    ]


def low(said: Sequence[Said]) -> set[str]:
    """Whoever gave a score that opens a case."""
    return {key for key, item, value in said if isinstance(value, int) and value <= (6 if item == "recommend" else 2)}


def differences(name: str, expected: Iterable[object], found: Iterable[object]) -> Iterator[str]:
    """Each once, as often as it is missing or too much."""
    wanted, there = Counter(expected), Counter(found)
    yield from (f"{name} lost: {one}" for one in (wanted - there).elements())
    yield from (f"{name} too much: {one}" for one in (there - wanted).elements())
