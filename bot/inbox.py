"""Updates in, commits in groups: nothing is acknowledged, and nothing is sent, before it is committed."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import structlog

from bot import meters
from bot.arrivals import Arrival, RawUpdate, loop_time, tell
from bot.clock import Clock
from bot.console import diagnosis
from bot.outcomes import Outcomes
from bot.sender import Sender
from bot.wire import identifier
from handlers.replies import Replies, Reply, ShowCard, Toast
from storage.database import Database
from storage.errors import StorageUnavailable, whatever_is_written
from storage.unit import StoredUnitOfWork
from surveys.ports import OpenInterview
from surveys.trace import traced

log = structlog.get_logger()

Lose = Callable[[StoredUnitOfWork, int], Awaitable[Replies]]
Handle = Callable[[StoredUnitOfWork, RawUpdate], Awaitable[Replies]]
GoOn = Callable[[Sequence[OpenInterview]], Awaitable[None]]

GROUP = 128
TRIES = 3
FIRST_BACKOFF, LONGEST_BACKOFF = 0.05, 2.0


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something cannot be committed. `of_database`: nothing else could be, either. `said`: without quotations."""

    kind: str
    said: str
    of_database: bool


class Inbox:
    """The one writer. Each group is one transaction: updates in the order they came, and the outcomes of sending."""

    def __init__(
        self,
        database: Database,
        handle: Handle,
        lose: Lose,
        go_on: GoOn,
        sender: Sender,
        clock: Clock,
        outcomes: Outcomes,
    ) -> None:
        self._database = database
        self._go_on = go_on
        self._handle = handle
        self._lose = lose
        self._sender = sender
        self._clock = clock
        self._outcomes = outcomes
        self._waiting: deque[Arrival] = deque()
        self._under_way: Sequence[Arrival] = ()
        self._stopping = False
        self._delay = FIRST_BACKOFF

    @property
    def depth(self) -> int:
        """How many updates wait for a commit."""
        return len(self._waiting)

    @property
    def busy(self) -> bool:
        """Whether anybody waits for an answer to what they said."""
        return bool(self._waiting or self._under_way)

    @property
    def age(self) -> float:
        """For how many seconds the update that has waited longest has waited, those under way included."""
        waiting = (*self._under_way, *islice(self._waiting, 1))
        return max((loop_time() - arrival.since for arrival in waiting), default=0.0)

    async def put(self, update: RawUpdate) -> None:
        """Returns when the update's effect is committed, or when it has been set aside for good.

        Raises ValueError for what has no number and so could not count once.
        """
        update_id = identifier(update.get("update_id"))
        if update_id is None:
            raise ValueError("an update without a number")
        arrival = Arrival(update_id, update)
        self._waiting.append(arrival)
        self._outcomes.news.set()
        await arrival.committed

    async def run(self) -> None:
        """Commits group after group, until `stop`."""
        while not self._stopping:
            await self._outcomes.news.wait()
            await self._group()
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
        if not (arrivals or outcomes):
            return
        self._under_way = arrivals
        try:
            await self._patiently(arrivals, outcomes, self._handle)
        except asyncio.CancelledError:
            self._outcomes.restore(outcomes)
            raise
        except Exception as error:
            log.warning("group rolled back", updates=len(arrivals), error=type(error).__name__)
            meters.COMMIT_FAILURES.labels("rolled back").inc()
            await self._one_by_one(arrivals, outcomes)
        finally:
            self._under_way = ()
            self._outcomes.settled()
        if self._waiting:
            self._outcomes.news.set()

    async def _one_by_one(self, arrivals: Sequence[Arrival], outcomes: Outcomes) -> None:
        """Nothing suffers for another's fault. What is the database's fault is tried until others pass without it."""
        for one in outcomes.apart():
            if (fault := await self._fault((), one, self._handle)) is not None:
                self._drop(one, fault)
        faults = [await self._fault([arrival], Outcomes(), self._handle) for arrival in arrivals]
        passed = any(fault is None for fault in faults)
        for arrival, fault in reversed(list(zip(arrivals, faults, strict=True))):
            if fault is not None:
                arrival.strikes += passed
                await self._judge(arrival, fault)
        await self._rest(passed=passed and not self._outcomes)

    def _drop(self, outcomes: Outcomes, fault: Fault) -> None:
        if fault.of_database:
            self._outcomes.restore(outcomes)
        else:
            log.error("outcome of sending dropped", error=fault.kind)

    async def _judge(self, arrival: Arrival, fault: Fault) -> None:
        if not (fault.of_database and arrival.strikes < TRIES):
            await self._set_aside(arrival, fault)
            return
        log.error("update tried again", update_id=arrival.update_id, error=fault.kind)
        self._waiting.appendleft(arrival)

    async def _rest(self, *, passed: bool) -> None:
        """Where nothing passes, more and more time goes by between tries."""
        if passed or not (self._waiting or self._outcomes):
            self._delay = FIRST_BACKOFF
        else:
            await asyncio.sleep(self._delay)
            self._delay = min(2 * self._delay, LONGEST_BACKOFF)

    async def _set_aside(self, arrival: Arrival, fault: Fault) -> None:
        """Kept with all to replay it; whoever pressed a button stops waiting."""
        log.error("update set aside", update_id=arrival.update_id, error=fault.kind)

        async def keep(uow: StoredUnitOfWork, update: RawUpdate) -> Replies:
            arrival.outcome = "set_aside"
            await uow.inbox.dead_letter("telegram", _written(update), fault.said, TRIES, self._clock.now())
            query = update.get("callback_query")
            pressed = query.get("id") if isinstance(query, Mapping) else None
            return [Toast(pressed)] if isinstance(pressed, str) else []

        second = await self._fault([arrival], Outcomes(), keep)
        if second is not None and second.of_database:
            self._waiting.appendleft(arrival)
        elif second is not None:
            log.error("update lost", update_id=arrival.update_id, error=second.kind)
            meters.UPDATES.labels(meters.kind_of(arrival.update), "lost").inc()
            arrival.settle()

    async def _fault(self, arrivals: Sequence[Arrival], outcomes: Outcomes, handle: Handle) -> Fault | None:
        """Why this cannot be committed, however often it is tried; None: it is."""
        fault = None
        for _ in range(TRIES):
            try:
                await self._patiently(arrivals, outcomes, handle)
            except Exception as error:
                fault = Fault(type(error).__name__, diagnosis(error), of_database=whatever_is_written(error))
            else:
                return None
        return fault

    async def _patiently(self, arrivals: Sequence[Arrival], outcomes: Outcomes, handle: Handle) -> None:
        """Tries again and again while the database is out of reach: that is no fault of the updates."""
        delay = FIRST_BACKOFF
        while True:
            try:
                return await self._commit(arrivals, outcomes, handle)
            except StorageUnavailable as error:
                log.error("database out of reach", error=str(error), updates=len(arrivals))
                meters.COMMIT_FAILURES.labels("database out of reach").inc()
                await asyncio.sleep(delay)
                delay = min(2 * delay, LONGEST_BACKOFF)

    async def _commit(self, arrivals: Sequence[Arrival], outcomes: Outcomes, handle: Handle) -> None:
        replies: list[Reply] = []
        now, began = self._clock.now(), loop_time()
        async with self._database.unit_of_work(brief=True) as uow:
            # People are locked first: what another replica has just done for them is then among what was seen.
            senders = [chat for arrival in arrivals if (chat := sender_of(arrival.update)) is not None]
            await uow.prefetch(senders, outcomes.shown)
            fresh = await uow.inbox.unseen([arrival.update_id for arrival in arrivals])
            replies += await self._remember(uow, outcomes, now)
            for arrival in arrivals:
                arrival.outcome = "committed" if arrival.update_id in fresh else "duplicate"
                if arrival.update_id in fresh:
                    fresh.discard(arrival.update_id)
                    with traced(arrival.trace):
                        replies += await handle(uow, arrival.update)
                    await uow.inbox.mark(arrival.update_id, now)
            replies = await _own(uow, replies)
            await uow.commit()
        tell(arrivals, outcomes, began)
        for arrival in arrivals:
            arrival.settle()
        await self._leave(uow, replies)

    async def _leave(self, uow: StoredUnitOfWork, replies: Replies) -> None:
        for reply in replies:
            self._sender.reply(reply)
        for delivery in uow.handed_over:
            self._sender.deliver(delivery)
        for card in uow.astray:
            self._sender.disarm(card)
        await self._go_on(uow.overtaken)

    async def _remember(self, uow: StoredUnitOfWork, outcomes: Outcomes, now: datetime) -> Replies:
        """Before the updates are handled, so that they meet the cards where they are."""
        await uow.remember(outcomes, now)
        return [reply for chat_id in outcomes.unreachable for reply in await self._lose(uow, chat_id)]


async def _own(uow: StoredUnitOfWork, replies: Replies) -> list[Reply]:
    """Without the cards that another replica is drawing: it draws what comes of this as well."""
    mine = await uow.interviews.draw([reply.interview_id for reply in replies if isinstance(reply, ShowCard)])
    return [reply for reply in replies if not isinstance(reply, ShowCard) or reply.interview_id in mine]


def _written(update: RawUpdate) -> bytes:
    """JSON. In a thread of its own: further in here less is left of the depth to which the body could be read."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(json.dumps, update).result().encode()


def sender_of(update: RawUpdate) -> int | None:
    """Telegram id of the person behind an update, if there is one."""
    for kind in ("callback_query", "message", "edited_message", "my_chat_member"):
        event = update.get(kind)
        author = event.get("from") if isinstance(event, Mapping) else None
        found = identifier(author.get("id")) if isinstance(author, Mapping) else None
        if found is not None:
            return found
    return None
