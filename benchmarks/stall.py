"""Many short surveys due at once: how long nothing else happens in the process, against a scheduler's jobs."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.botapi import BotApi
from benchmarks.burst import FIRST, PATIENCE, PULSES, RATE, Burst, lay
from benchmarks.contenders import ROOT, Contender, Ground, running
from benchmarks.figures import Figure, ratios
from benchmarks.page import grouped
from benchmarks.sampled import NOTES

STALLING = Contender("otklik, its loop watched", "benchmarks.stalling", ("run",))
FULL = Burst(what="коротких опросов", laid=PULSES, due=5_000, per_second=1000, rounds=3, taps=0)


async def measure(ground: Ground, work: Path, burst: Burst) -> Sequence[Figure]:
    """The longest stall of the loop, against APScheduler with as many jobs: kept on the same disk, and in memory."""
    kept = [await of_jobs(burst.due, f"sqlite:///{work}-jobs-{number}.db") for number in range(burst.rounds)]
    held = [await of_jobs(burst.due) for _ in range(burst.rounds)]
    stalls = await of_otklik(ground, work, burst)
    return [
        Figure(
            what=f"Самая долгая остановка цикла событий; {grouped(burst.due)} {burst.what}, которым пора разом",
            baseline=f"APScheduler, {grouped(burst.due)} пустых заданий на один миг, {where}",
            ratios=ratios(stalls, found),
            more_is_better=False,
        )
        for where, found in (("они в SQLite, как и опросы", kept), ("они в памяти и пропадут с процессом", held))
    ]


async def of_jobs(number: int, *stores: str) -> float:
    """Seconds. `stores`: the URL of a database, for jobs that outlive the process."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.jobs", str(number), *stores), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return float(out)


async def of_otklik(ground: Ground, home: Path, burst: Burst) -> Sequence[float]:
    """Seconds, each round of surveys from when they are due to when the last has left."""
    ground.copy(home)
    os.mkfifo(home / NOTES)
    with (home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(RATE.format(per_second=burst.per_second))
    api, found = BotApi(), []
    async with api.running() as address, running(STALLING, home, address) as pid:
        await api.polled.wait()
        for number in range(burst.rounds):
            os.kill(pid, signal.SIGUSR1)
            surveys = asyncio.create_task(api.unasked(burst.due))
            lay(home, burst, FIRST + number * burst.due)
            await asyncio.wait_for(surveys, PATIENCE)
            os.kill(pid, signal.SIGUSR2)
            found.append(json.loads(await asyncio.to_thread((home / NOTES).read_text)))
    return found
