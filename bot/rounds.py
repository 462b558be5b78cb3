"""The sweeps as seen from outside: when each last came to its end, and how far behind its time it is."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

STUCK: Final = timedelta(minutes=2)
"""A sweep that is so far behind its time does not work; the longest of them take seconds."""


@dataclass(slots=True)
class Rounds:
    """By monotonic time: a clock that is set forward or back is no delay."""

    _every: dict[str, float] = field(default_factory=dict)
    _done: dict[str, float] = field(default_factory=dict)

    def begin(self, name: str, every: timedelta, first: timedelta) -> None:
        """A sweep that is to come `every` so often, for the first time after `first`."""
        self._every[name] = every.total_seconds()
        self._done[name] = _now() + first.total_seconds() - self._every[name]

    def done(self, name: str) -> None:
        """It has come to its end without a fault."""
        self._done[name] = _now()

    def lags(self) -> Mapping[str, float]:
        """Sweep -> for how many seconds it should have ended again."""
        now = _now()
        return {name: max(0.0, now - done - self._every[name]) for name, done in self._done.items()}

    def stuck(self) -> Mapping[str, float]:
        """Those that are too far behind."""
        return {name: lag for name, lag in self.lags().items() if lag > STUCK.total_seconds()}


def _now() -> float:
    return asyncio.get_running_loop().time()
