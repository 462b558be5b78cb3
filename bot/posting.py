"""JSON posted over connections that are kept: what a call of the Bot API needs of HTTP, and nothing more."""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from typing import NamedTuple, cast
from urllib.parse import quote, urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

CONNECT_SECONDS = 5.0
KEPT_SECONDS = 15.0  # a connection that has been idle for longer may be about to be closed by the other side
STAGGERED = 0.25  # seconds until another address of the host is tried beside the first
LARGEST_REPLY = 32 * 1024 * 1024  # bytes
IN_A_PATH = "/:@%!$&'()*+,;=~"
FINAL = 200  # what comes with a lower status is no answer yet
MEASURED = frozenset((b"content-length", b"transfer-encoding"))


class Reply(NamedTuple):
    """Whatever came back, from Telegram or from what stands before it."""

    status: int
    body: bytes


class Unsent(Exception):
    """There was no connection: nothing was carried out."""


class Broken(Exception):
    """The connection broke, or what came over it is no answer: it may have been carried out."""


class Poster:
    """Posts to addresses below `base`, over so many connections at most. `close()` it."""

    def __init__(self, base: str, at_most: int) -> None:
        self._base = urlsplit(base)
        self._tls = _tls() if self._base.scheme == "https" else None
        self._free = asyncio.Semaphore(at_most)
        self._idle: deque[_Connection] = deque()
        self._head = cache(self._headers)

    async def post(self, name: str, body: bytes, seconds: float) -> Reply:
        """The answer to JSON. Raises Unsent, Broken, and TimeoutError where there is none after so many seconds."""
        deadline = asyncio.get_running_loop().time() + seconds
        connection = await self._taken(min(seconds, CONNECT_SECONDS))
        try:
            return await connection.exchange(b"%b%d\r\n\r\n%b" % (self._head(name), len(body), body), deadline)
        finally:
            self._give_back(connection)

    async def close(self) -> None:
        """Ends every connection that is idle; the others end with what they are at."""
        while self._idle:
            self._idle.pop().end()
        await asyncio.sleep(0)  # in which they are told

    def _headers(self, name: str) -> bytes:
        path = quote(self._base.path, safe=IN_A_PATH)
        host = self._base.netloc.rpartition("@")[2].encode("idna").decode()
        return (
            f"POST {path}{quote(name)} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: otklik\r\nAccept: */*\r\n"
            "Accept-Encoding: identity\r\nContent-Type: application/json\r\nContent-Length: "
        ).encode()

    async def _taken(self, seconds: float) -> "_Connection":
        """One that is idle, the one used last, or a new one."""
        try:
            async with asyncio.timeout(seconds) if self._free.locked() else nullcontext():
                await self._free.acquire()
        except TimeoutError as error:
            raise Unsent("every connection is taken") from error
        return self._usable() or await self._made(seconds)

    def _usable(self) -> "_Connection | None":
        oldest = asyncio.get_running_loop().time() - KEPT_SECONDS
        while self._idle and (self._idle[0].idle_since or 0.0) < oldest:
            self._idle.popleft().end()
        while self._idle:
            if (found := self._idle.pop()).open:
                return found
            found.end()
        return None

    async def _made(self, seconds: float) -> "_Connection":
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(
                    lambda: _Connection(self._idle.remove),
                    self._base.hostname or "",
                    self._base.port or (443 if self._tls else 80),
                    ssl=self._tls,
                    happy_eyeballs_delay=STAGGERED,
                )
        except (OSError, ValueError) as error:  # ValueError: a name or a port that cannot be one
            self._free.release()
            raise Unsent(type(error).__name__) from error
        except BaseException:
            self._free.release()
            raise
        return connection

    def _give_back(self, connection: "_Connection") -> None:
        self._free.release()
        if connection.kept and connection.open:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            connection.end()


class _Connection(asyncio.Protocol):
    """One exchange at a time. `kept`: whether another may follow. `lost` is told of an idle one that is no more."""

    def __init__(self, lost: Callable[["_Connection"], None]) -> None:
        self._lost = lost
        self._parser = HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._length = 0
        self._answer: asyncio.Future[Reply] | None = None
        self._headed = self._measured = self._keeps = self.kept = False
        self.idle_since: float | None = None

    @property
    def open(self) -> bool:
        return not self._transport.is_closing()

    async def exchange(self, request: bytes, deadline: float) -> Reply:
        loop = asyncio.get_running_loop()
        self.kept, self.idle_since = False, None
        self._answer = loop.create_future()
        late = loop.call_at(deadline, self._fail, TimeoutError())
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            late.cancel()

    def end(self) -> None:
        self.kept, self.idle_since = False, None
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._length += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._give_up("not HTTP")
        if self._length > LARGEST_REPLY:
            self._give_up("too long")

    def on_message_begin(self) -> None:
        """What answers nothing would be taken for the answer to the next request."""
        if self._awaited is None:
            self._give_up("not asked")
        self._headed = self._measured = False
        self._parts.clear()

    def on_header(self, name: bytes, _value: bytes) -> None:
        self._measured = self._measured or name.lower() in MEASURED

    def on_headers_complete(self) -> None:
        self._headed = self._parser.get_status_code() >= FINAL
        self._keeps = self._parser.should_keep_alive()

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        if self._headed:
            self.kept = self._keeps
            self._finish()

    def connection_lost(self, error: Exception | None) -> None:
        if self._headed and not self._measured and error is None:
            self._finish()  # an answer that says nothing of its length ends with the connection
        self._give_up("closed" if error is None else type(error).__name__)
        if self.idle_since is not None:
            self._lost(self)

    @property
    def _awaited(self) -> asyncio.Future[Reply] | None:
        return None if self._answer is None or self._answer.done() else self._answer

    def _finish(self) -> None:
        self._length = 0
        if (awaited := self._awaited) is not None:
            awaited.set_result(Reply(self._parser.get_status_code(), b"".join(self._parts)))

    def _give_up(self, why: str) -> None:
        self.kept = False
        self._fail(Broken(why))
        self._transport.abort()

    def _fail(self, error: Exception) -> None:
        if (awaited := self._awaited) is not None:
            awaited.set_exception(error)


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
