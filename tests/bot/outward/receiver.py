"""A system that is told: it keeps what it gets, and answers as it is told to."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook

SECRET = "whsec_c2FtcGxlIHNlY3JldCBvZiBhIHJlY2VpdmVy"
OLD_SECRET = "whsec_dGhlIHNlY3JldCBpdCBoYWQgYmVmb3JlIHRoYXQ="


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came."""

    headers: Mapping[str, str]
    body: bytes
    path: str

    @property
    def name(self) -> str:
        return self.headers["webhook-id"]

    def read(self, secret: str = SECRET) -> Any:
        """What it says, if whoever has the secret signed it."""
        return Webhook(secret).verify(self.body, dict(self.headers))


@dataclass(slots=True)
class Receiver:
    """`script`: the next answers; then it takes everything. `held`: it answers when this is set."""

    address: str = ""
    script: deque[web.Response] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    came: asyncio.Queue[Call] = field(default_factory=asyncio.Queue)
    held: asyncio.Event | None = None

    def will(self, *statuses: int, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.script.extend(web.Response(status=status, headers=named, text="no" * 100_000) for status in statuses)

    @property
    def names(self) -> list[str]:
        return [call.name for call in self.calls]

    @property
    def types(self) -> list[str]:
        return [call.read()["type"] for call in self.calls]

    async def take(self, request: web.Request) -> web.Response:
        self.calls.append(call := Call(dict(request.headers), await request.read(), request.path_qs))
        self.came.put_nowait(call)
        if self.held is not None:
            await self.held.wait()
        return self.script.popleft() if self.script else web.Response(status=204)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver at an address of its own."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.address = f"http://localhost:{runner.addresses[0][1]}/hook?of=otklik"
    try:
        yield receiver
    finally:
        await runner.cleanup()
