"""Updates in, commits in groups: nothing is acknowledged, and nothing is sent, before it is committed."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.outcomes import Outcomes
from bot.sender import Sender
from handlers.replies import Replies, Toast
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.unit import StoredUnitOfWork
from surveys.fieldwork import undelivered

log = structlog.get_logger()

RawUpdate = Mapping[str, object]
Handle = Callable[[StoredUnitOfWork, RawUpdate], Awaitable[Replies]]

GROUP = 128
TRIES = 3
LONGEST_BACKOFF = 2.0


@dataclass(slots=True, eq=False)
class Arrival:
    """An update on its way to the commit; `committed` resolves there."""

    update_id: int
    update: RawUpdate
    committed: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Inbox:
    """The one writer. Each group is one transaction: updates in the order they came, and the outcomes of sending."""

    def __init__(self, database: Database, handle: Handle, sender: Sender, clock: Clock, outcomes: Outcomes) -> None:
        self._database = database
        self._handle = handle
        self._sender = sender
        self._clock = clock
        self._outcomes = outcomes
        self._waiting: deque[Arrival] = deque()
        self._stopping = False

    @property
    def depth(self) -> int:
        """How many updates wait for a commit."""
        return len(self._waiting)

    async def put(self, update: RawUpdate) -> None:
        """Returns when the update's effect is committed, or when it has been set aside for good."""
        update_id = update.get("update_id")
        arrival = Arrival(update_id if isinstance(update_id, int) else -1, update)
        self._waiting.append(arrival)
        self._outcomes.news.set()
        await arrival.committed

    async def run(self) -> None:
        """Commits group after group, until `stop`."""
        while not self._stopping:
            await self._outcomes.news.wait()
            self._outcomes.news.clear()
            await self.settle()

    def stop(self) -> None:
        """Lets `run` end after what is waiting."""
        self._stopping = True
        self._outcomes.news.set()

    async def settle(self) -> None:
        """Commits what is waiting. Never beside `run`: one person's updates must not overtake each other."""
        while self._waiting or self._outcomes:
            await self._group()

    async def _group(self) -> None:
        arrivals = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
        outcomes = self._outcomes.take()
        try:
            await self._patiently(arrivals, outcomes)
        except asyncio.CancelledError:
            self._outcomes.restore(outcomes)
            raise
        except Exception as error:
            self._outcomes.restore(outcomes)
            log.warning("group rolled back", updates=len(arrivals), error=type(error).__name__)
            for arrival in arrivals:
                await self._alone(arrival)

    async def _patiently(self, arrivals: Sequence[Arrival], outcomes: Outcomes) -> None:
        """Tries again and again while the database is out of reach: that is no fault of the updates."""
        delay = 0.05
        while True:
            try:
                return await self._commit(arrivals, outcomes)
            except StorageUnavailable as error:
                log.error("database out of reach", error=str(error), updates=len(arrivals))
                await asyncio.sleep(delay)
                delay = min(2 * delay, LONGEST_BACKOFF)

    async def _commit(self, arrivals: Sequence[Arrival], outcomes: Outcomes) -> None:
        replies: list[Replies] = []
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            fresh = await uow.inbox.unseen([arrival.update_id for arrival in arrivals])
            await uow.prefetch([chat for arrival in arrivals if (chat := sender_of(arrival.update)) is not None])
            await _remember(uow, outcomes, now)
            for arrival in arrivals:
                if arrival.update_id in fresh:
                    fresh.discard(arrival.update_id)
                    replies.append(await self._handle(uow, arrival.update))
                    await uow.inbox.mark(arrival.update_id, now)
            await uow.commit()
        for arrival in arrivals:
            if not arrival.committed.done():
                arrival.committed.set_result(None)
        for reply in (one for group in replies for one in group):
            self._sender.reply(reply)
        for delivery in uow.handed_over:
            self._sender.deliver(delivery)

    async def _alone(self, arrival: Arrival) -> None:
        """An update that may be the one its group failed for: tried alone, then set aside with all to replay it."""
        reason = ""
        for _ in range(TRIES):
            try:
                await self._patiently([arrival], Outcomes())
            except Exception as error:
                reason = f"{type(error).__name__}: {str(error)[:500]}"
            else:
                return
        await self._set_aside(arrival, reason)

    async def _set_aside(self, arrival: Arrival, reason: str) -> None:
        log.error("update set aside", update_id=arrival.update_id, error=reason.partition(":")[0])
        body = json.dumps(arrival.update).encode()
        async with self._database.unit_of_work() as uow:
            await uow.inbox.dead_letter("telegram", body, reason, TRIES, self._clock.now())
            await uow.inbox.mark(arrival.update_id, self._clock.now())
            await uow.commit()
        arrival.committed.set_result(None)
        query = arrival.update.get("callback_query")
        if isinstance(query, Mapping) and isinstance(query.get("id"), str):
            self._sender.reply(Toast(str(query["id"])))


async def _remember(uow: StoredUnitOfWork, outcomes: Outcomes, now: datetime) -> None:
    """Before the updates are handled, so that they meet the cards where they are."""
    await uow.interviews.shown(outcomes.shown)
    await uow.queue.sent(outcomes.sent, now)
    for delivery_id, (until, reason) in outcomes.put_off.items():
        await uow.queue.put_off(delivery_id, until, reason)
    for delivery_id, reason in outcomes.failed.items():
        await uow.queue.failed(delivery_id, reason)
    for chat_id in outcomes.unreachable:
        await uow.people.set_unreachable(chat_id, now)
        await undelivered(uow, chat_id, now)


def sender_of(update: RawUpdate) -> int | None:
    """Telegram id of the person behind an update, if there is one."""
    for kind in ("callback_query", "message", "my_chat_member"):
        event = update.get(kind)
        author = event.get("from") if isinstance(event, Mapping) else None
        found = author.get("id") if isinstance(author, Mapping) else None
        if isinstance(found, int):
            return found
    return None
