"""Tells other systems of what happened, each at its own pace, again and again until it arrives or is given up."""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Counter

from bot.clock import Clock
from bot.console import place
from bot.outward.mail import Again, Arrived, Mailbox, Never, Outcome
from storage.database import PARCEL_LEASE, Database
from storage.errors import StorageUnavailable
from surveys.outward.ports import Parcel

log = structlog.get_logger()

BACKOFF: Final = (5.0, 60.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 36_000.0)
"""Seconds before the second attempt, the third and so on; with the last of them a day and four hours have gone."""
JITTER: Final = 0.2
"""By which share of itself a pause is longer at most: what failed together is not to come back together."""
END_SECONDS: Final = 1.0
HOLD: Final = PARCEL_LEASE.total_seconds() / 2
CLOSED: Final = "gone:{endpoint}"
"""The fact that an endpoint said it is gone: a hash of the address it had."""

OUTCOMES: Final = Counter("otklik_outgoing", "Attempts to tell other systems.", ["endpoint", "outcome"])


class Postman:
    """`mailboxes`: by endpoint. `holds`: whether what this process has claimed is still its own. `chance`: 0 to 1."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        mailboxes: Mapping[str, Mailbox],
        *,
        chance: Callable[[], float],
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = database
        self._clock = clock
        self._mailboxes = mailboxes
        self._chance = chance
        self._holds = holds
        self._quiet: dict[str, datetime] = {}
        self._under_way: defaultdict[str, set[asyncio.Task[None]]] = defaultdict(set)

    async def sweep(self) -> None:
        """Takes what is due and sends it, without waiting for the answers."""
        now = self._clock.now()
        open_ = {name: box for name, box in self._mailboxes.items() if self._quiet.get(name, now) <= now}
        room = {name: box.at_once - len(self._under_way[name]) for name, box in open_.items()}
        free = [name for name, places in room.items() if places > 0]
        if not free or not self._holds():
            return
        depot = self._database.depot
        for name in await depot.due(free, now):
            began = _now()
            for parcel in await depot.claim(name, room[name], now):
                self._begin(parcel, began)

    @property
    def under_way(self) -> int:
        """How many events are on their way."""
        return sum(map(len, self._under_way.values()))

    async def idle(self) -> None:
        """Waits until nothing is on its way."""
        while tasks := [task for under_way in self._under_way.values() for task in under_way]:
            await asyncio.wait(tasks)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """In the end what is on its way is given a second, then dropped: it is tried again under the same name."""
        try:
            yield
        finally:
            tasks = [task for under_way in self._under_way.values() for task in under_way]
            if tasks:
                await asyncio.wait(tasks, timeout=END_SECONDS)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, parcel: Parcel, began: float) -> None:
        task = asyncio.create_task(self._bring(parcel, began))
        self._under_way[parcel.endpoint].add(task)
        task.add_done_callback(self._under_way[parcel.endpoint].discard)

    async def _bring(self, parcel: Parcel, began: float) -> None:
        try:
            if await self._is_closed(parcel.endpoint):
                await self._settle(parcel, Never("the endpoint said that it is gone"))
            elif self._holds() and _now() < began + HOLD:
                await self._settle(parcel, await self._outcome(parcel))
        except StorageUnavailable as error:  # its lease runs out, and it is tried again
            log.error("database out of reach", error=str(error), doing="telling others")

    async def _outcome(self, parcel: Parcel) -> Outcome:
        try:
            return await self._mailboxes[parcel.endpoint].deliver(parcel)
        except StorageUnavailable:
            raise
        except Exception as error:
            log.error("event cannot be sent", endpoint=parcel.endpoint, error=type(error).__name__, at=place(error))
            return Again(f"cannot be sent: {type(error).__name__}")

    async def _settle(self, parcel: Parcel, outcome: Outcome) -> None:
        now, depot = self._clock.now(), self._database.depot
        OUTCOMES.labels(parcel.endpoint, type(outcome).__name__.lower()).inc()
        match outcome:
            case Arrived():
                await depot.sent(parcel, now)
            case Again(reason, after) if (wait := self._wait(parcel, after)) is not None:
                log.info("event not taken", endpoint=parcel.endpoint, attempt=parcel.attempts, reason=reason)
                await depot.put_off(parcel, now + timedelta(seconds=wait), reason)
                if outcome.asked:
                    self._quiet[parcel.endpoint] = now + timedelta(seconds=after)
            case Again(reason) | Never(reason):
                log.warning("event given up", endpoint=parcel.endpoint, attempts=parcel.attempts, reason=reason)
                if isinstance(outcome, Never) and outcome.closed:
                    await self._close(parcel.endpoint)
                await depot.bury(parcel, reason, now)

    def _wait(self, parcel: Parcel, after: float) -> float | None:
        """Seconds until the next attempt; None: there is none."""
        if parcel.attempts > len(BACKOFF):
            return None
        return max(after, BACKOFF[parcel.attempts - 1]) * (1 + JITTER * self._chance())

    async def _is_closed(self, endpoint: str) -> bool:
        async with self._database.reading() as reading:
            return await reading.settings.get(CLOSED.format(endpoint=endpoint)) == self._mark(endpoint)

    async def _close(self, endpoint: str) -> None:
        async with self._database.unit_of_work() as uow:
            await uow.settings.set(CLOSED.format(endpoint=endpoint), self._mark(endpoint))
            await uow.commit()

    def _mark(self, endpoint: str) -> str:
        return hashlib.sha256(self._mailboxes[endpoint].address.encode()).hexdigest()


def _now() -> float:
    return asyncio.get_running_loop().time()
