"""This process among the replicas: whether it may still send, and how much of what Telegram takes is its share."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from bot.pace import Pace
from bot.sender import Sender
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.replicas import ALIVE, Around

log = structlog.get_logger()

EVERY = 1.0  # seconds between words; what others heard from Telegram is known to all as soon
SETTLING = 2.0  # seconds in which the others come to know of one more, and send less
LEAVING = 1.0


class Standing:
    """A replica that was paused for too long is dead to the others: what it had is theirs, and it begins anew."""

    def __init__(self, database: Database, pace: Pace) -> None:
        self._replicas = database.replicas
        self._pace = pace
        self._until = 0.0 if self._replicas.possible else math.inf

    def holds(self) -> bool:
        """Whether what this process has taken is still its own. Asked right before every call."""
        return _now() < self._until

    @asynccontextmanager
    async def kept(self, sender: Sender) -> AsyncIterator[None]:
        """Alive in the eyes of the others as long as the context lasts. Raises StorageUnavailable at the beginning."""
        await self._join()
        if not self._replicas.possible:
            yield
            return
        task = asyncio.create_task(self._keep(sender))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            with suppress(TimeoutError, StorageUnavailable):
                async with asyncio.timeout(LEAVING):
                    await self._replicas.leave()

    async def _keep(self, sender: Sender) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.say(sender)
            except StorageUnavailable as error:
                log.error("database out of reach", error=str(error), doing="staying a replica")

    async def say(self, sender: Sender) -> None:
        """One word to the others. Whoever was silent for too long drops what it had and joins anew."""
        began = _now()
        around = await self._replicas.stay(self._pace.pause) if self.holds() else None
        if around is not None and self.holds():  # what should have left while it did not hold has been dropped
            self._heard(around, began)
        else:
            log.warning("silent for too long: what this replica had in hand is left to the others")
            sender.forget()
            await self._join()

    async def _join(self) -> None:
        began = _now()
        around = await self._replicas.join(self._pace.pause)
        if around.living > 1:
            self._pace.rest(SETTLING)
        self._heard(around, began)

    def _heard(self, around: Around, began: float) -> None:
        if self._replicas.possible:
            self._until = began + ALIVE.total_seconds()
        self._pace.share(around.living)
        self._pace.rest(around.paused)


def _now() -> float:
    return asyncio.get_running_loop().time()
