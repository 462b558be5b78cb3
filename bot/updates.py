"""Where updates come from: long polling, or Telegram's webhook. Both wait for the commit before they acknowledge."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.inbox import Inbox, RawUpdate
from bot.telegram import Outcome, Result, Telegram
from handlers.replies import Call
from handlers.router import ALLOWED_UPDATES

log = structlog.get_logger()

LONG_POLL = 25  # seconds
LONGEST_BACKOFF = 10.0


async def poll(telegram: Telegram, inbox: Inbox, caught_up: Callable[[], Awaitable[None]]) -> None:
    """Fetches updates for ever; an offset moves on only over what is committed.

    `caught_up` is awaited once, when the updates that had been waiting are committed.
    """
    await insist(telegram, Call("deleteWebhook", {"drop_pending_updates": False}))
    offset = await _take(telegram, inbox, 0, wait=0)
    await caught_up()
    while True:
        offset = await _take(telegram, inbox, offset, wait=LONG_POLL)


async def _take(telegram: Telegram, inbox: Inbox, offset: int, wait: int) -> int:
    """One batch, committed; the offset after it."""
    delay = 0.5
    call = Call("getUpdates", {"offset": offset, "timeout": wait, "allowed_updates": ALLOWED_UPDATES})
    while True:
        outcome = await telegram.call(call, timeout=wait + 15)
        if outcome.result is Result.DONE and isinstance(outcome.value, list):
            break
        log.warning("no updates", result=outcome.result.value, reason=outcome.description)
        await asyncio.sleep(outcome.retry_after or delay)
        delay = min(2 * delay, LONGEST_BACKOFF)
    updates: list[RawUpdate] = [update for update in outcome.value if isinstance(update, dict)]
    await asyncio.gather(*(inbox.put(update) for update in updates))
    return max([offset, *(known + 1 for update in updates if isinstance(known := update.get("update_id"), int))])


async def set_webhook(telegram: Telegram, url: str, secret: str) -> None:
    """Asks Telegram to bring the updates, with the secret in a header."""
    call = Call("setWebhook", {"url": url, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES})
    await insist(telegram, call)


async def insist(telegram: Telegram, call: Call) -> Outcome:
    """Calls until Telegram answers for good. Only for calls that may be repeated."""
    delay = 0.5
    while True:
        outcome = await telegram.call(call)
        if outcome.result in {Result.DONE, Result.REFUSED, Result.GONE}:
            return outcome
        log.warning("Telegram does not answer", method=call.method, reason=outcome.description)
        await asyncio.sleep(outcome.retry_after or delay)
        delay = min(2 * delay, LONGEST_BACKOFF)
