"""APScheduler wakes the sweeps; every due time is in the database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.console import place
from bot.meters import SWEEP_FAILURES, SWEEP_SECONDS
from bot.rounds import Rounds
from storage.errors import StorageUnavailable

log = structlog.get_logger()

FIRST_AFTER = timedelta(minutes=1)  # a service that is started every day does what is due once a day as well
APART = timedelta(milliseconds=50)  # of sweeps that come at the same time, whoever answers would wait for all
LATE = 30  # seconds a sweep may start late and still run
END_SECONDS = 1.0
LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Sweep:
    """Work that is done again and again, never twice at once."""

    name: str
    work: Callable[[], Awaitable[None]]
    every: timedelta


@asynccontextmanager
async def scheduling(sweeps: Iterable[Sweep], rounds: Rounds | None = None) -> AsyncIterator[None]:
    """Sweeps as long as the context lasts. One that is under way in the end is given time to finish.

    `rounds` learns how they fare.
    """
    seen = rounds or Rounds()
    scheduler = AsyncIOScheduler(timezone="UTC")
    under_way: set[asyncio.Task[None]] = set()
    now = datetime.now(UTC)
    for number, sweep in enumerate(sweeps):
        first = min(sweep.every, FIRST_AFTER) + number * APART
        seen.begin(sweep.name, sweep.every, first)
        scheduler.add_job(
            partial(_run, sweep, under_way, seen),
            "interval",
            seconds=sweep.every.total_seconds(),
            next_run_time=now + first,
            coalesce=True,
            misfire_grace_time=LATE,
        )
    scheduler.start()
    looking = asyncio.create_task(_follow_the_clock(scheduler))
    try:
        yield
    finally:
        looking.cancel()
        scheduler.shutdown(wait=False)
        await _finish(under_way)


async def _run(sweep: Sweep, under_way: set[asyncio.Task[None]], rounds: Rounds) -> None:
    """Shielded: at its end the scheduler would cut a sweep off in the middle of a transaction."""
    task = asyncio.create_task(_swept(sweep, rounds))
    under_way.add(task)
    task.add_done_callback(under_way.discard)
    with suppress(asyncio.CancelledError):
        await asyncio.shield(task)


async def _swept(sweep: Sweep, rounds: Rounds) -> None:
    try:
        with SWEEP_SECONDS.labels(sweep.name).time():
            await sweep.work()
    except StorageUnavailable as error:
        log.error("database out of reach", error=str(error), sweep=sweep.name)
        SWEEP_FAILURES.labels(sweep.name).inc()
    except Exception as error:
        log.error("sweep failed", sweep=sweep.name, error=type(error).__name__, at=place(error))
        SWEEP_FAILURES.labels(sweep.name).inc()
    else:
        rounds.done(sweep.name)


async def _finish(under_way: set[asyncio.Task[None]]) -> None:
    if under_way:
        await asyncio.wait(under_way, timeout=END_SECONDS)
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


async def _follow_the_clock(scheduler: AsyncIOScheduler) -> None:
    """Somebody may set the clock back; the scheduler alone would then wait until the old time comes again.

    It would do so even where the clock was right again soon: how long it waits, it has reckoned meanwhile.
    """
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        now = datetime.now(UTC)
        for job in scheduler.get_jobs():
            if job.next_run_time > now + job.trigger.interval + timedelta(seconds=LOOK_SECONDS):
                log.warning("the clock was set back", job=job.id)
                job.modify(next_run_time=now)
        scheduler.wakeup()
