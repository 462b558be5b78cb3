"""APScheduler wakes the sweeps; every due time is in the database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.outreach import Outreach
from bot.sender import Sender
from storage.database import Database
from storage.errors import StorageUnavailable

log = structlog.get_logger()

REMEMBER_UPDATES = timedelta(days=7)  # Telegram keeps updates for a day
LOST_AFTER = 20  # seconds a card may be on its way before it is looked for
LATE = 30  # seconds a sweep may start late and still run


@asynccontextmanager
async def scheduling(
    database: Database, sender: Sender, clock: Clock, outreach: Outreach, redraw_lost: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Sweeps as long as the context lasts."""
    await outreach.start_waves()
    scheduler = AsyncIOScheduler(timezone="UTC")
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": LATE}
    scheduler.add_job(send_due, "interval", seconds=1, args=(database, sender, clock), **options)
    scheduler.add_job(outreach.sweep, "interval", seconds=1, **options)
    scheduler.add_job(outreach.forget, "interval", days=1, **options)
    scheduler.add_job(redraw_lost, "interval", seconds=LOST_AFTER, **options)
    scheduler.add_job(forget_updates, "interval", hours=6, args=(database, clock), **options)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def send_due(database: Database, sender: Sender, clock: Clock) -> None:
    """Deliveries that are due, or whose worker died."""
    try:
        room = sender.room
        claimed = await database.outbox.claim(room, clock.now()) if room else ()
    except StorageUnavailable as error:
        log.error("database out of reach", error=str(error))
        return
    for delivery in claimed:
        sender.deliver(delivery)


async def forget_updates(database: Database, clock: Clock) -> None:
    """Marks of updates so old that Telegram cannot bring them again."""
    async with database.unit_of_work() as uow:
        await uow.inbox.prune(clock.now() - REMEMBER_UPDATES)
        await uow.commit()
