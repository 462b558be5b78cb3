"""The name of what is being dealt with, an update or an event, on every line of the log from intake to sending."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Final

TRACE: Final[ContextVar[str | None]] = ContextVar("trace", default=None)
DIGITS: Final = 12


@contextmanager
def traced(name: str | None) -> Iterator[None]:
    """Everything in the block, and every task begun in it, is about this."""
    token = TRACE.set(name)
    try:
        yield
    finally:
        TRACE.reset(token)


def update_trace(update_id: int) -> str:
    """Of an update of Telegram: its own number, the same each time it is brought.

    >>> update_trace(7)
    'update-7'
    """
    return f"update-{update_id}"


def event_trace(source: str, event_id: str) -> str:
    """Of an event: a hash, as its source may have put anything into the id; the same each time it is brought.

    >>> event_trace("helpdesk", "HD-1") == event_trace("helpdesk", "HD-1") != event_trace("crm", "HD-1")
    True
    """
    return f"event-{sha256(chr(0).join((source, event_id)).encode()).hexdigest()[:DIGITS]}"
