"""Messages that must not be lost, as the use cases write them. Implemented by storage."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol


class Later(Exception):
    """Raised where a message that is about to leave may not yet: it is to be tried again at `until`, aware."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Deliveries(Protocol):
    """Outgoing messages that must not be lost."""

    async def add(
        self,
        chat_id: int,
        kind: str,
        payload: Mapping[str, object],
        *,
        at: datetime,
        priority: int = 0,
        alerted_on: str | None = None,
    ) -> None:
        """Adds a message that leaves right after the commit. `alerted_on`: the day whose budget an alert takes from."""
        ...

    async def enqueue(
        self,
        chat_id: int,
        kind: str,
        payload: Mapping[str, object],
        *,
        at: datetime,
        due_at: datetime,
        priority: int = 9,
    ) -> None:
        """Adds a message that leaves at `due_at`."""
        ...

    async def under_way(self, chat_id: int, kind: str) -> Sequence[Mapping[str, object]]:
        """What the messages of this kind that have not reached the chat yet are made from."""
        ...

    async def alerts(self, chat_id: int, day: str) -> int:
        """How many alerts this chat has had on the day."""
        ...

    async def hold(
        self, chat_id: int, kind: str, payload: Mapping[str, object], *, at: datetime, alerted_on: str
    ) -> None:
        """Keeps an alert for the next digest."""
        ...

    async def holds(self, chat_id: int) -> bool:
        """Whether alerts wait for the next digest of this chat."""
        ...


class Facts(Protocol):
    """Small texts by name that belong nowhere else."""

    async def get(self, name: str) -> str | None: ...
    async def set(self, name: str, value: str) -> None: ...
