"""Otklik that notes how long its loop stands still at most: from SIGUSR1 on, written down on SIGUSR2."""

import asyncio
import json
import signal
from types import FrameType

from benchmarks.loop_stalls import Stalls
from benchmarks.sampled import NOTES
from bot.cli import main

stalls = Stalls()
watching: list[asyncio.Task[None]] = []


def begin(_signal: int, _frame: FrameType | None) -> None:
    """From here on."""
    stalls.longest = 0.0
    loop = asyncio.get_running_loop()
    if not watching:
        loop.call_soon_threadsafe(lambda: watching.append(loop.create_task(stalls.watch())))


def end(_signal: int, _frame: FrameType | None) -> None:
    """Up to here."""
    NOTES.write_text(json.dumps(stalls.longest))


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
    main()
