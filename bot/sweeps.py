"""What is done again and again while the service runs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.loop import Loop
from bot.outreach import Outreach
from bot.outward.office import Office
from bot.recurring import RecurringDesk
from bot.scheduler import Sweep
from bot.sender import Sender
from storage.database import FOLDED_AT_ONCE, RECOUNTED_AT_ONCE, Database
from storage.retention import PARTS, Kept, Retention, What
from surveys.guesses import WINDOW

log = structlog.get_logger()

REMEMBER_UPDATES = timedelta(days=7)  # Telegram keeps updates for a day
LOST_AFTER = timedelta(seconds=10)  # a card that was behind at the look before, and is not on its way, is lost
FOLD_EVERY = timedelta(seconds=10)  # reports are exact without it; it keeps their cost from growing
PORTION = 100  # messages claimed at once: reading them must not keep anybody waiting
FORGOTTEN_AT_ONCE = 1000
OFTEN, SOON = timedelta(seconds=1), timedelta(seconds=3)
HOURLY, SOMETIMES, RARELY = timedelta(hours=1), timedelta(hours=6), timedelta(days=1)


def sweeps(
    database: Database,
    sender: Sender,
    clock: Clock,
    outreach: Outreach,
    loop: Loop,
    recurring: RecurringDesk,
    office: Office,
    *,
    keep_messages: timedelta,
    keep: Mapping[Kept, timedelta | None],
    take_over: Callable[[], Awaitable[None]],
    redraw_lost: Callable[[], Awaitable[None]],
    tell_tombstones: Callable[[], Awaitable[None]],
) -> Sequence[Sweep]:
    """Every sweep of the service."""
    return (
        Sweep("send_due", lambda: send_due(database, sender, clock), OFTEN),
        Sweep("outreach", outreach.sweep, OFTEN),
        Sweep("withdraw_talks", outreach.withdraw, SOON),
        Sweep("take_over", take_over, SOON),
        Sweep("loop", loop.sweep, OFTEN),
        Sweep("tell_others", office.postman.sweep, OFTEN),
        *([Sweep("ask_jira", office.poll.sweep, OFTEN)] if office.poll else []),
        Sweep("reports", recurring.sweep, SOON),
        Sweep("silence", loop.notice_silence, SOMETIMES),
        Sweep("redraw_lost_cases", loop.redraw_lost, LOST_AFTER),
        Sweep("redraw_lost", redraw_lost, LOST_AFTER),
        Sweep("tell_tombstones", tell_tombstones, SOON),
        Sweep("fold", lambda: fold(database), FOLD_EVERY),
        Sweep("forget_updates", lambda: forget_updates(database, clock), SOMETIMES),
        Sweep("forget_drafts", lambda: forget_drafts(database, clock), HOURLY),
        Sweep("forget_places", lambda: forget_places(database, clock), RARELY),
        Sweep("forget_messages", lambda: forget_messages(database, clock, keep_messages), RARELY),
        Sweep("forget_events", outreach.forget, RARELY),
        Sweep("forget_old", lambda: forget_old(database, clock, keep), RARELY),
        Sweep("tell_audit_head", lambda: tell_audit_head(database), RARELY),
    )


async def send_due(database: Database, sender: Sender, clock: Clock) -> None:
    """Deliveries that are due, or whose worker died, as many as the sender takes; replies leave in between."""
    while room := min(PORTION, sender.room):
        due = await database.outbox.claim(room, clock.now())
        for delivery in due:
            sender.deliver(delivery)
        if len(due) < room:
            return


async def fold(database: Database) -> None:
    """Whatever has been sent and answered since, portion by portion, others writing in between.

    Who answers meanwhile is counted the next time: else it would never end while people answer.
    """
    while await database.fold() == FOLDED_AT_ONCE:
        pass
    while await database.fold_reach() == RECOUNTED_AT_ONCE:
        pass


async def forget_updates(database: Database, clock: Clock) -> None:
    """Marks of updates so old that Telegram cannot bring them again."""
    async with database.unit_of_work() as uow:
        await uow.inbox.prune(clock.now() - REMEMBER_UPDATES)
        await uow.commit()


async def forget_drafts(database: Database, clock: Clock) -> None:
    """Messages nobody agreed to pass on in time, and links tried so long ago that they do not count any more."""
    async with database.unit_of_work() as uow:
        await uow.remarks.prune(clock.now())
        await uow.guesses.prune(clock.now() - WINDOW)
        await uow.commit()


async def forget_messages(database: Database, clock: Clock, keep: timedelta) -> None:
    """Messages that were sent, or never will be, so long ago that nobody asks about them."""
    removed = FORGOTTEN_AT_ONCE
    while removed == FORGOTTEN_AT_ONCE:
        async with database.unit_of_work() as uow:
            removed = await uow.queue.prune(clock.now() - keep, FORGOTTEN_AT_ONCE)
            removed = max(removed, await uow.parcels.prune(clock.now() - keep, FORGOTTEN_AT_ONCE))
            await uow.commit()


async def forget_old(database: Database, clock: Clock, keep: Mapping[Kept, timedelta | None]) -> None:
    """What is to be kept for a time alone, once that is over. Looking for it keeps nobody from writing."""
    ages = [(what, age) for kind, age in keep.items() if age is not None for what in PARTS[kind]]
    for what, age in ages:
        while old := await _older(database, what, clock.now() - age):
            async with database.unit_of_work() as uow:
                await uow.retention.forget(what, old)
                await uow.commit()


async def _older(database: Database, what: What, before: datetime) -> Sequence[int | str]:
    async with database.reading() as reading:
        return await Retention(reading.connection).old(what, before, FORGOTTEN_AT_ONCE)


async def forget_places(database: Database, clock: Clock) -> None:
    """Where report cards stood that nobody has touched for long."""
    async with database.unit_of_work() as uow:
        await uow.report_places.prune(clock.now())
        await uow.commit()


async def tell_audit_head(database: Database) -> None:
    """The last row of the log of looking, where whoever has the database alone cannot take it back."""
    async with database.reading() as reading:
        log.info("audit head", head=str(await reading.audit.head()))
