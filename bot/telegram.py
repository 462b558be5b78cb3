"""A thin client of the Bot API: one call, one outcome, never an exception, never the token in a message."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import quote

import aiohttp
import structlog

from bot import meters
from bot.posting import CONNECT_SECONDS, Broken, Poster, Unsent
from bot.wire import identifier, parse
from handlers.replies import Call
from surveys.attachments import LARGEST

log = structlog.get_logger()


class Result(StrEnum):
    """What became of a call."""

    DONE = "done"
    WAIT = "wait"  # 429: not before `retry_after`
    RETRY = "retry"  # certainly not carried out; later it may be
    BROKEN = "broken"  # it may have been carried out before the connection broke; it is repeated all the same
    DOUBT = "doubt"  # no answer in time: nobody knows whether it was carried out
    GONE = "gone"  # the person blocked the bot, or the account is no more
    MOVED = "moved"  # the chat has another id now
    CONFLICT = "conflict"  # another poller, or a webhook, takes the updates
    REFUSED = "refused"  # Telegram will never accept this call


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value`: what Telegram returned, JSON; `retry_after`: seconds; `moved_to`: chat id.

    `code`: of a refusal, whose `description` is the server's and may quote what was sent.
    """

    result: Result
    value: object = None
    description: str = ""
    retry_after: float = 0.0
    moved_to: int | None = None
    code: int | None = None

    @property
    def reason(self) -> str:
        """The description as far as a log may hold it: of a refusal only words that Telegram is known to use.

        >>> understand(400, b'{"ok":false,"error_code":400,"description":"Bad Request: PEER_ID_INVALID <p>"}').reason
        'HTTP 400'
        """
        if self.code is None:
            return self.description
        known = (words for words in FAMILIAR if words.lower() in self.description.lower())
        return ": ".join([f"HTTP {self.code}", *known])

    @property
    def message_id(self) -> int | None:
        """Of the message sent or edited."""
        return identifier(self.value.get("message_id")) if isinstance(self.value, Mapping) else None


FAMILIAR = (
    *("Unauthorized", "Forbidden", "Not Found", "Conflict", "Too Many Requests", "Internal Server Error"),
    *("bot was blocked by the user", "user is deactivated", "chat not found", "bot can't initiate conversation"),
    *("can't parse entities", "message is too long", "message text is empty", "message is not modified"),
    *("message to edit not found", "message can't be edited", "query is too old", "query ID is invalid"),
    *("BUTTON_DATA_INVALID", "PHOTO_INVALID_DIMENSIONS", "wrong file identifier", "file is too big"),
    *("bad webhook", "webhook is active", "terminated by other getUpdates request", "group chat was upgraded"),
)
CALL_SECONDS = 10.0
UPLOAD_SECONDS = 60.0
CONNECTIONS = 256
FILE_SECONDS = 120.0
LONGEST_PAGE = 65_536  # bytes of a refusal
LONGEST_WAIT = 86_400.0  # seconds; Telegram asks for a day at most
UNCARRIED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
GATEWAY_TIMEOUT = 504  # a proxy has passed the call on and lost sight of it
UNSURE = {Result.BROKEN, Result.DOUBT}
TOKEN_TROUBLE = (401, 404)
DONE_ALREADY = ("message is not modified", "query is too old", "query id is invalid")
OUT_OF_REACH = {Result.RETRY, Result.BROKEN, Result.DOUBT}
ILL_AFTER = 3  # calls in a row


class Telegram:
    """The Bot API at `api_base`. `close()` it."""

    def __init__(self, token: str, api_base: str) -> None:
        self._url = f"{api_base.rstrip('/')}/bot{token}/"
        self._poster = Poster(self._url, CONNECTIONS)
        self._files = f"{api_base.rstrip('/')}/file/bot{token}/"
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._failures = 0
        self._reason = ""

    async def close(self) -> None:
        """Ends every connection."""
        await self._poster.close()
        await self._session.close()

    @property
    def trouble(self) -> str | None:
        """Why Telegram has not answered for some calls in a row; None: it answers."""
        return self._reason if self._failures >= ILL_AFTER else None

    async def call(self, call: Call, timeout: float = CALL_SECONDS) -> Outcome:  # noqa: ASYNC109 - aiohttp has its own
        """Carries out one call. `timeout`: seconds until the answer counts as lost."""
        began = time.monotonic()
        outcome = _checked(call, await self._exchange(call, timeout))
        _tell(call.method, outcome, time.monotonic() - began)
        lost = outcome.result in OUT_OF_REACH
        self._failures, self._reason = (self._failures + 1 if lost else 0), outcome.reason
        return outcome

    async def download(self, place: str) -> Outcome:
        """The file that stands at `place`, as getFile tells it: bytes in `value`."""
        limit = aiohttp.ClientTimeout(total=FILE_SECONDS, connect=CONNECT_SECONDS)
        try:
            async with self._session.get(self._files + quote(place), timeout=limit, allow_redirects=False) as response:
                if response.status != 200:
                    return understand(response.status, await response.content.read(LONGEST_PAGE))
                return await _whole(response.content)
        except Exception as error:  # its words may hold the address, and that the token
            return Outcome(Result.RETRY, description=type(error).__name__)

    async def _exchange(self, call: Call, seconds: float) -> Outcome:
        if call.files:
            return await self._upload(call, max(seconds, UPLOAD_SECONDS))
        try:
            reply = await self._poster.post(call.method, _body(call), seconds)
            return understand(reply.status, reply.body)
        except Unsent as error:
            return Outcome(Result.RETRY, description=str(error))
        except Broken as error:
            return Outcome(Result.BROKEN, description=str(error))
        except Exception as error:  # a library's own mistakes included: they must not end a chat's lane
            return Outcome(Result.DOUBT, description=type(error).__name__)

    async def _upload(self, call: Call, seconds: float) -> Outcome:
        limit = aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS)
        try:
            async with self._session.post(
                self._url + call.method, data=_form(call), timeout=limit, allow_redirects=False
            ) as response:
                return understand(response.status, await response.read())
        except UNCARRIED as error:
            return Outcome(Result.RETRY, description=type(error).__name__)
        except aiohttp.ClientError as error:
            late = isinstance(error, TimeoutError)
            return Outcome(Result.DOUBT if late else Result.BROKEN, description=type(error).__name__)
        except Exception as error:
            return Outcome(Result.DOUBT, description=type(error).__name__)


async def _whole(content: aiohttp.StreamReader) -> Outcome:
    body = bytearray()
    async for part in content.iter_any():
        body += part
        if len(body) > LARGEST:
            return Outcome(Result.REFUSED, description="more than Telegram lets a bot fetch")
    return Outcome(Result.DONE, bytes(body))


def _body(call: Call) -> bytes:
    return WRITTEN(call.params).encode("utf-8", "replace")


def _form(call: Call) -> aiohttp.FormData:
    """Fields hold JSON wherever they are no plain words."""
    form = aiohttp.FormData()
    for name, value in call.params.items():
        words = value if isinstance(value, str) else WRITTEN(value)
        form.add_field(name, words.encode("utf-8", "replace").decode())
    for name, file in call.files.items():
        form.add_field(name, file.data, filename=file.name, content_type=file.kind)
    return form


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
        return _garbage(status, "not JSON")
    if not isinstance(reply, dict):
        return _garbage(status, "not an object")
    if reply.get("ok") is True:
        value = reply.get("result")
        return _garbage(status, "no result") if value is None else Outcome(Result.DONE, value)
    return _refused(reply, status)


def _garbage(status: int, reason: str) -> Outcome:
    description = f"HTTP {status}, {reason}"
    if status == 429:
        return Outcome(Result.WAIT, None, description, 1.0)
    unsure = 200 <= status < 300 or status == GATEWAY_TIMEOUT
    return Outcome(Result.BROKEN if unsure else Result.RETRY, None, description)


def _refused(reply: Mapping[str, object], status: int) -> Outcome:
    code = identifier(reply.get("error_code")) or status
    if code < 400:
        return _garbage(status, "neither a result nor a refusal")
    description = str(reply.get("description", ""))[:300]
    parameters = reply.get("parameters")
    extra = parameters if isinstance(parameters, dict) else {}
    moved_to = extra.get("migrate_to_chat_id")
    if isinstance(moved_to, int):
        return Outcome(Result.MOVED, None, description, moved_to=moved_to, code=code)
    if code == 429:
        return Outcome(Result.WAIT, None, description, _seconds(extra.get("retry_after")), code=code)
    if any(known in description.lower() for known in DONE_ALREADY):
        return Outcome(Result.DONE, True, description, code=code)
    return Outcome(_result(code, description), None, f"HTTP {code}: {description}", code=code)


def _seconds(given: object) -> float:
    """How long to wait, whatever stands there.

    >>> [_seconds(given) for given in (3, 0.5, -5, 10**400, None, "7")]
    [3.0, 0.5, 1.0, 86400.0, 1.0, 1.0]
    """
    if isinstance(given, int | float) and given > 0:  # NaN is not
        return float(min(given, LONGEST_WAIT))
    return 1.0


def _result(code: int, description: str) -> Result:
    if code == 403 or "user is deactivated" in description or "chat not found" in description:
        return Result.GONE
    if code == 409:
        return Result.CONFLICT
    if code == GATEWAY_TIMEOUT:
        return Result.BROKEN
    return Result.RETRY if code >= 500 or code in TOKEN_TROUBLE else Result.REFUSED


def _checked(call: Call, outcome: Outcome) -> Outcome:
    """A message that was sent has an id; where there is none, something else answered in Telegram's place."""
    sent = outcome.result is Result.DONE and call.method in SENDING
    if sent and outcome.message_id is None:
        return replace(outcome, result=Result.DOUBT, description="no message in the result")
    return outcome


def _tell(method: str, outcome: Outcome, seconds: float) -> None:
    """Counts a call and puts it down in the log; one that only waits for updates is no news."""
    meters.CALLS.labels(method, outcome.result.value).inc()
    if outcome.result is Result.WAIT:
        meters.TOO_MANY.inc()
    if method != POLL:
        meters.CALL_SECONDS.observe(seconds)
        say = log.debug if method in ASIDE else log.info
        say("call", method=method, result=outcome.result.value, seconds=round(seconds, 4))


WRITTEN = json.JSONEncoder(ensure_ascii=False).encode
POLL = "getUpdates"
ASIDE = frozenset(("answerCallbackQuery", "sendChatAction"))
"""Nothing of it stays in the chat."""

SENDING = frozenset(
    ("sendMessage", "sendPhoto", "sendDocument", "sendVoice", "sendVideo", "sendAudio", "sendVideoNote", "sendSticker")
)
