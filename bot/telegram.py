"""A thin client of the Bot API: one call, one outcome, never an exception, never the token in a message."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import aiohttp

from bot.wire import parse
from handlers.replies import Call


class Result(StrEnum):
    """What became of a call."""

    DONE = "done"
    WAIT = "wait"  # 429: not before `retry_after`
    RETRY = "retry"  # certainly not carried out; later it may be
    DOUBT = "doubt"  # nobody knows whether it was carried out
    GONE = "gone"  # the person blocked the bot, or the account is no more
    MOVED = "moved"  # the chat has another id now
    CONFLICT = "conflict"  # another poller, or a webhook, takes the updates
    REFUSED = "refused"  # Telegram will never accept this call


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value`: what Telegram returned, JSON; `retry_after`: seconds; `moved_to`: chat id."""

    result: Result
    value: object = None
    description: str = ""
    retry_after: float = 0.0
    moved_to: int | None = None

    @property
    def message_id(self) -> int | None:
        """Of the message sent or edited."""
        found = self.value.get("message_id") if isinstance(self.value, Mapping) else None
        return found if isinstance(found, int) else None


TOKEN_TROUBLE = (401, 404)
DONE_ALREADY = ("message is not modified", "query is too old", "query id is invalid", "message to delete not found")


class Telegram:
    """The Bot API at `api_base`. `close()` it."""

    def __init__(self, token: str, api_base: str) -> None:
        self._url = f"{api_base.rstrip('/')}/bot{token}/"
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=256),
            json_serialize=lambda value: json.dumps(value, ensure_ascii=False),
        )

    async def close(self) -> None:
        """Ends every connection."""
        await self._session.close()

    async def call(self, call: Call, timeout: float = 20.0) -> Outcome:  # noqa: ASYNC109 - one of aiohttp's own
        """Carries out one call. `timeout`: seconds until the answer counts as lost."""
        try:
            limit = aiohttp.ClientTimeout(total=timeout, connect=10.0)
            async with self._session.post(self._url + call.method, json=call.params, timeout=limit) as response:
                status, body = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Outcome(Result.RETRY, description=type(error).__name__)
        except (TimeoutError, aiohttp.ClientError, ConnectionError, asyncio.IncompleteReadError) as error:
            return Outcome(Result.DOUBT, description=type(error).__name__)
        return understand(status, body)


def understand(status: int, body: bytes) -> Outcome:
    """Telegram's answer, or a proxy's page in its place.

    >>> understand(429, b'{"ok":false,"error_code":429,"parameters":{"retry_after":3}}').retry_after
    3.0
    >>> understand(502, b"<html>Bad Gateway</html>").result
    <Result.RETRY: 'retry'>
    """
    try:
        reply = parse(body)
    except (ValueError, RecursionError):
        return Outcome(Result.DOUBT if status < 400 else Result.RETRY, description=f"HTTP {status}, not JSON")
    if not isinstance(reply, dict):
        return Outcome(Result.DOUBT if status < 400 else Result.RETRY, description=f"HTTP {status}, not an object")
    if reply.get("ok") is True:
        return Outcome(Result.DONE, reply.get("result"))
    return _refused(reply, status)


def _refused(reply: Mapping[str, object], status: int) -> Outcome:
    code = reply.get("error_code")
    code = code if isinstance(code, int) else status
    description = str(reply.get("description", ""))[:300]
    parameters = reply.get("parameters")
    extra = parameters if isinstance(parameters, dict) else {}
    moved_to, wait = extra.get("migrate_to_chat_id"), extra.get("retry_after")
    if isinstance(moved_to, int):
        return Outcome(Result.MOVED, None, description, moved_to=moved_to)
    if code == 429:
        return Outcome(Result.WAIT, None, description, float(wait) if isinstance(wait, int | float) else 1.0)
    if any(known in description.lower() for known in DONE_ALREADY):
        return Outcome(Result.DONE, None, description)
    return Outcome(_result(code, description), None, description)


def _result(code: int, description: str) -> Result:
    if code == 403 or "user is deactivated" in description or "chat not found" in description:
        return Result.GONE
    if code == 409:
        return Result.CONFLICT
    return Result.RETRY if code >= 500 or code in TOKEN_TROUBLE else Result.REFUSED
