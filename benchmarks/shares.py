"""Where the processor time of an answer goes."""

import asyncio
import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from benchmarks.answers import check
from benchmarks.botapi import BotApi
from benchmarks.contenders import Contender, Ground, cpu_seconds, running
from benchmarks.people import answer, begin, crowd
from benchmarks.sampled import NOTES

SAMPLED = Contender("otklik, sampled", "benchmarks.sampled", ("run",))


async def shares(ground: Ground, home: Path, at_once: int) -> Mapping[str, float]:
    """Part of the program -> its share of the processor time of the process, 0-1, the greatest first."""
    ground.copy(home)
    os.mkfifo(home / NOTES)
    api, people = BotApi(), crowd(ground.links, taps=1000)
    async with api.running() as address, running(SAMPLED, home, address) as pid:
        await begin(api, people, at_once)
        os.kill(pid, signal.SIGUSR1)
        whole, main = cpu_seconds(pid), cpu_seconds(pid, thread=pid)
        await answer(api, people, at_once)
        whole, main = cpu_seconds(pid) - whole, cpu_seconds(pid, thread=pid) - main
        os.kill(pid, signal.SIGUSR2)
        spent = json.loads(await asyncio.to_thread((home / NOTES).read_text))
    check(SAMPLED, home, people)
    noted = sum(spent.values())
    found = {part: seconds / noted * main / whole for part, seconds in spent.items()}
    found["database"] = (whole - main) / whole
    return dict(sorted(found.items(), key=lambda one: -one[1]))
