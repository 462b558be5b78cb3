"""An event loop in which waiting takes no time: when nobody can go on, the clock jumps to the next deadline."""

import asyncio
import selectors
from collections.abc import Mapping


class QuickSelector(selectors.SelectSelector):
    """Sleeps by moving the clock. With nothing to wait for, the test would hang for ever: it fails instead."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("everybody waits, for nothing that will come")
            self.now += timeout
        return ready


class QuickLoop(asyncio.SelectorEventLoop):
    """For tests without any input or output of their own."""

    def __init__(self) -> None:
        self._quick = QuickSelector()
        super().__init__(self._quick)

    def time(self) -> float:
        return self._quick.now


LOOPS: Mapping[str, type[QuickLoop]] = {"quick": QuickLoop}
