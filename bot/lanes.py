"""Work in order for each chat, for many chats at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine

import structlog

log = structlog.get_logger()

Job = Callable[[], Awaitable[None]]


class Lanes:
    """One lane for each chat that has something on its way; a lane that is empty is gone."""

    def __init__(self) -> None:
        self._lanes: dict[int, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> int:
        """How many chats have something on its way."""
        return len(self._lanes)

    def waiting(self, chat_id: int) -> int:
        """How much of a chat's work has not begun."""
        return len(self._lanes.get(chat_id, ()))

    def add(self, chat_id: int, job: Job) -> None:
        """Behind what this chat is already waiting for."""
        lane = self._lanes.get(chat_id)
        if lane is not None:
            lane.append(job)
            return
        self._lanes[chat_id] = deque([job])
        self.aside(self._run(chat_id))

    def aside(self, work: Coroutine[object, object, None]) -> None:
        """Beside every lane."""
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Waits until nothing is on its way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Drops what is still on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        try:
            while lane:
                await _finished(lane.popleft())
        finally:
            del self._lanes[chat_id]


async def _finished(job: Job) -> None:
    """A job's own mistake must not hold up the rest of its lane."""
    try:
        await job()
    except Exception as error:
        log.error("sending failed", error=type(error).__name__)
