"""The baseline: APScheduler with a job for each of so many pulses, all due at once. The jobs do nothing at all."""

import asyncio
import sys
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from benchmarks.loop_stalls import Stalls


async def main(number: int) -> None:
    """Prints for how many seconds the loop stood still at most."""
    scheduler, stalls, done = AsyncIOScheduler(timezone="UTC"), Stalls(), asyncio.Semaphore(0)

    async def job() -> None:
        done.release()

    scheduler.start(paused=True)
    now = datetime.now(UTC)
    for _ in range(number):
        scheduler.add_job(job, "date", run_date=now, misfire_grace_time=None)
    watching = asyncio.create_task(stalls.watch())
    await asyncio.sleep(0.1)
    scheduler.resume()
    for _ in range(number):
        await done.acquire()
    await asyncio.sleep(0.1)  # in which the one that watches comes to know of it
    watching.cancel()
    print(stalls.longest)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
