"""Why nothing can be written, though it can be read: a full disk is one such fault."""

import time
from typing import Final

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.errors import reason_of

FRESH: Final = 30.0
"""Seconds after which a failure is no news: where nobody writes, nobody would learn that it is over."""
IN_THE_WAY: Final = ("25", "40", "55")
"""SQLSTATE: what others do at the same time, or a replica that was paused; it passes."""


class Trouble:
    """Of the last thing that was to be written."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._reason: str | None = None
        self._at = 0.0
        event.listen(engine.sync_engine, "handle_error", self._failed)
        event.listen(engine.sync_engine, "commit", self._wrote)

    @property
    def reason(self) -> str | None:
        """In words that name no values; None where it went well, or long ago."""
        return self._reason if time.monotonic() - self._at < FRESH else None

    def _failed(self, context: ExceptionContext) -> None:
        error = context.original_exception
        state = getattr(error, "sqlstate", None) or ""
        if (reason := reason_of(error)) is not None and not state.startswith(IN_THE_WAY):
            self._reason, self._at = reason, time.monotonic()

    def _wrote(self, _connection: Connection) -> None:
        # Told right before the commit: one that fails is a failure once more.
        self._reason = None
