"""The baseline: APScheduler with a job for each of so many pulses, all due at once. The jobs do nothing at all."""

import asyncio
import sys
from datetime import UTC, datetime

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from benchmarks import jobs
from benchmarks.loop_stalls import Stalls

done = asyncio.Semaphore(0)


async def job() -> None:
    """What a store that outlives the process can find by its name."""
    jobs.done.release()


async def main(number: int, url: str | None) -> None:
    """Prints for how many seconds the loop stood still at most. `url`: the database of the jobs, unless in memory."""
    kept = {"default": SQLAlchemyJobStore(url)} if url else {}
    scheduler, stalls = AsyncIOScheduler(timezone="UTC", jobstores=kept), Stalls()
    scheduler.start(paused=True)
    now = datetime.now(UTC)
    for _ in range(number):
        scheduler.add_job(jobs.job, "date", run_date=now, misfire_grace_time=None)
    watching = asyncio.create_task(stalls.watch())
    await asyncio.sleep(0.1)
    scheduler.resume()
    for _ in range(number):
        await jobs.done.acquire()
    await asyncio.sleep(0.1)  # in which the one that watches comes to know of it
    watching.cancel()
    print(stalls.longest)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), next(iter(sys.argv[2:]), None)))
