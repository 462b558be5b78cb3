"""What telling other systems needs of storage."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from surveys.outward.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """An event on its way to an endpoint. `name`: the same however often it is sent. `attempts`: this one included."""

    id: int
    name: str
    endpoint: str
    event: Event
    attempts: int


class Outgoing(Protocol):
    """Events that must reach other systems, written in the transaction in which they happen."""

    async def add(self, events: Collection[Event], endpoints: Collection[str]) -> None:
        """To be sent to these endpoints right after the commit."""
        ...
