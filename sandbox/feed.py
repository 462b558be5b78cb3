"""Who wants to know that something changed: the page, and tests that wait."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

Event = dict[str, object]
T = TypeVar("T")


@dataclass(slots=True)
class Feed:
    """Listeners to everything are under None, those to one chat under its id: a crowd that waits costs little."""

    listeners: defaultdict[int | None, list[asyncio.Queue[Event]]] = field(default_factory=lambda: defaultdict(list))

    def publish(self, kind: str, *, chat_id: int | None = None, **details: object) -> None:
        event = {"kind": kind, **({} if chat_id is None else {"chat_id": chat_id}), **details}
        concerned = [None, chat_id] if chat_id is not None else list(self.listeners)
        for listener in [queue for key in concerned for queue in self.listeners.get(key, ())]:
            listener.put_nowait(event)

    @contextmanager
    def listening(self, chat_id: int | None = None) -> Iterator[asyncio.Queue[Event]]:
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self.listeners[chat_id].append(queue)
        try:
            yield queue
        finally:
            self.listeners[chat_id].remove(queue)

    async def events(self) -> AsyncIterator[Event]:
        with self.listening() as queue:
            while True:
                yield await queue.get()

    async def until(self, look: Callable[[], T | None], seconds: float, chat_id: int | None = None) -> T:
        """The first true answer of `look`, asked now and after every event, of one chat or of all.

        Raises TimeoutError after real seconds.
        """
        with self.listening(chat_id) as queue:
            async with asyncio.timeout(seconds):
                while not (answer := look()):
                    await queue.get()
                    while not queue.empty():
                        queue.get_nowait()
        return answer
