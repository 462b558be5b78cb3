"""Otklik that notes where the processor time of its main thread goes: from SIGUSR1 on, written down on SIGUSR2."""

import json
import signal
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType

from bot.cli import main

NOTES = Path("samples.json")  # a pipe: whoever reads it waits for the end
INTERVAL = 0.002  # seconds of processor time
PARTS = {
    "/bot/posting.py": "http",
    "/aiohttp/": "http",
    "/yarl/": "http",
    "/pydantic/": "models",
    "/aiogram/types/": "models",
    "/aiogram/methods/": "models",
    "/aiogram/": "dispatcher",
    "/sqlalchemy/": "statements",
    "/aiosqlite/": "statements",
    "/storage/": "statements",
    "/bot/": "own",
    "/handlers/": "own",
    "/surveys/": "own",
    "/metrics/": "own",
}
spent: defaultdict[str, float] = defaultdict(float)
last = 0.0


def part(frame: FrameType | None) -> str:
    """What the innermost frame outside the standard library belongs to; the event loop where there is none."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.endswith("asyncio/runners.py"):
            break
        if found := next((part for path, part in PARTS.items() if path in file), None):
            return found
        frame = frame.f_back
    return "loop"


def note(_signal: int, frame: FrameType | None) -> None:
    """The timer counts the time of all threads, so a sample weighs what this thread has used since the last one."""
    global last
    now = time.thread_time()
    spent[part(frame)] += now - last
    last = now


def begin(_signal: int, _frame: FrameType | None) -> None:
    """From here on."""
    global last
    last = time.thread_time()
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)


def end(_signal: int, _frame: FrameType | None) -> None:
    """Up to here."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    NOTES.write_text(json.dumps(spent))


if __name__ == "__main__":
    signal.signal(signal.SIGPROF, note)
    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
    main()
