"""Who wants to know that something changed: the page, and tests that wait."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

Event = dict[str, object]
T = TypeVar("T")


@dataclass(slots=True)
class Feed:
    listeners: list[asyncio.Queue[Event]] = field(default_factory=list)

    def publish(self, kind: str, **details: object) -> None:
        for listener in self.listeners:
            listener.put_nowait({"kind": kind} | details)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Event]]:
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self.listeners.append(queue)
        try:
            yield queue
        finally:
            self.listeners.remove(queue)

    async def events(self) -> AsyncIterator[Event]:
        with self.listening() as queue:
            while True:
                yield await queue.get()

    async def until(self, look: Callable[[], T], seconds: float) -> T:
        """The first true answer of `look`, asked now and after every event. Raises TimeoutError after real seconds."""
        with self.listening() as queue:
            async with asyncio.timeout(seconds):
                while not (answer := look()):
                    await queue.get()
        return answer
