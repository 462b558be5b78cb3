"""Several service processes behind one address, as a reverse proxy has them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from signal import SIGKILL

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.e2e.otklik import Otklik

PASSED_ON = ("X-Telegram-Bot-Api-Secret-Token", "Content-Type")
PATIENCE = ClientTimeout(total=3.0)


@dataclass(slots=True)
class Proxy:
    """Hands updates round; one that a replica does not take in time goes to the next."""

    ports: Sequence[int]
    session: ClientSession
    turns: "count[int]" = field(default_factory=count)

    @asynccontextmanager
    async def running(self, port: int) -> AsyncIterator[None]:
        async with self.session:
            app = web.Application()
            app.router.add_post("/telegram", self._pass_on)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            try:
                yield
            finally:
                await runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body, first = await request.read(), next(self.turns)
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        for offset in range(len(self.ports)):
            port = self.ports[(first + offset) % len(self.ports)]
            try:
                async with self.session.post(f"http://127.0.0.1:{port}/telegram", data=body, headers=headers) as taken:
                    return web.Response(status=taken.status)
            except (ClientError, TimeoutError):
                continue
        return web.Response(status=502)


@asynccontextmanager
async def replicas(otklik: Otklik, ports: Sequence[int], proxy: int) -> AsyncIterator[list[Otklik]]:
    """As many replicas as ports, on one database and behind one address."""
    address = {"OTKLIK_TELEGRAM__WEBHOOK__URL": f"http://127.0.0.1:{proxy}"}
    many = [replace(otklik, mode="webhook", http_port=port, extra={**otklik.extra, **address}) for port in ports]
    async with Proxy(ports, ClientSession(timeout=PATIENCE)).running(proxy):
        try:
            await asyncio.gather(*(one.start() for one in many))
            yield many
        finally:
            for one in many:
                if one.process is not None:
                    await one.end(SIGKILL)
