"""How long an event loop stands still: nothing else happens in the process meanwhile."""

import asyncio
import time
from typing import NoReturn

EVERY = 0.001  # seconds


class Stalls:
    """`longest`: seconds by which a task that wanted to go on every millisecond was kept waiting at most."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> NoReturn:
        """For ever, in the loop that is meant."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(EVERY)
            self.longest = max(self.longest, time.perf_counter() - before - EVERY)
