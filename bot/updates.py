"""Where updates come from: long polling, or Telegram's webhook. Both wait for the commit before they acknowledge."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.arrivals import RawUpdate
from bot.inbox import Inbox
from bot.telegram import Outcome, Result, Telegram
from bot.wire import identifier
from handlers.replies import Call
from handlers.router import ALLOWED_UPDATES

log = structlog.get_logger()

LONG_POLL = 10  # seconds
ANSWER_SECONDS = 5.0  # over the poll itself; a poll that hangs is given up so soon
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 5.0
LONGEST_REST = 60.0  # whatever Telegram asks for: a call a minute burdens nobody, and a deaf bot loses people
BATCH = 100  # Telegram's largest
NO_WEBHOOK = Call("deleteWebhook", {"drop_pending_updates": False})


async def poll(telegram: Telegram, inbox: Inbox, caught_up: Callable[[], Awaitable[None]]) -> None:
    """Fetches updates for ever; an offset moves on only over what is committed.

    `caught_up` is awaited once, when the updates that had been waiting are committed.
    """
    await insist(telegram, NO_WEBHOOK)
    offset, taken = 0, BATCH
    while taken == BATCH:
        offset, taken = await _take(telegram, inbox, offset, wait=0)
    await caught_up()
    while True:
        offset, _ = await _take(telegram, inbox, offset, wait=LONG_POLL)


async def _take(telegram: Telegram, inbox: Inbox, offset: int, wait: int) -> tuple[int, int]:
    """One batch, committed: the offset after it, and its size."""
    fetched = await _fetch(telegram, offset, wait)
    updates = [update for update in fetched if isinstance(update, dict)]
    numbered = {number: update for update in updates if (number := identifier(update.get("update_id")))}
    await asyncio.gather(*(inbox.put(update) for update in numbered.values()))
    if fetched and max(numbered, default=-1) < offset:
        # Nothing new: whatever brings the same again and again is not asked again at once.
        await asyncio.sleep(FIRST_BACKOFF)
    return max(numbered, default=offset - 1) + 1, len(fetched)


async def _fetch(telegram: Telegram, offset: int, wait: int) -> list[RawUpdate]:
    delay = FIRST_BACKOFF
    call = Call("getUpdates", {"offset": offset, "timeout": wait, "limit": BATCH, "allowed_updates": ALLOWED_UPDATES})
    while True:
        outcome = await telegram.call(call, timeout=wait + ANSWER_SECONDS)
        if outcome.result is Result.DONE and isinstance(outcome.value, list):
            return outcome.value
        log.warning("no updates", result=outcome.result.value, reason=outcome.reason)
        if outcome.result is Result.CONFLICT:
            await _make_room(telegram, outcome)
        await asyncio.sleep(min(outcome.retry_after, LONGEST_REST) or delay)
        delay = min(2 * delay, LONGEST_BACKOFF)


async def _make_room(telegram: Telegram, outcome: Outcome) -> None:
    """A webhook that is still set is in the way and is removed; another poller can only be waited for."""
    if "webhook" in outcome.description.lower():
        await telegram.call(NO_WEBHOOK)
    else:
        log.error(
            "another process polls with this token; of several, run all but one elsewhere or use telegram.mode: webhook"
        )


async def insist(telegram: Telegram, call: Call, fits: Callable[[Outcome], bool] = lambda outcome: True) -> Outcome:
    """Calls until Telegram answers for good, with something that fits. Only for calls that may be repeated."""
    delay = FIRST_BACKOFF
    while True:
        outcome = await telegram.call(call)
        if outcome.result in {Result.DONE, Result.REFUSED, Result.GONE} and fits(outcome):
            return outcome
        log.warning("Telegram does not answer", method=call.method, reason=outcome.reason)
        await asyncio.sleep(min(outcome.retry_after, LONGEST_REST) or delay)
        delay = min(2 * delay, LONGEST_BACKOFF)
