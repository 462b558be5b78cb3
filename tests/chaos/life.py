"""One life of the service, in a process of its own: as `otklik run` runs it, until a failpoint is reached.

The points are put around seams that are there anyway; the product knows nothing of them.
"""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import library, running
from bot.commands.run import run
from bot.posting import Poster, Reply
from bot.settings import Settings
from intake import http
from surveys.authoring.document import Document
from tests.e2e.test_events import SECRETS

LOG = "run.log"
EXTRA = {
    **SECRETS,
    "OTKLIK_CATALOGUE": str(Path(__file__).with_name("catalogue")),
    "OTKLIK_PULSES": '{"ticket.resolved": {"questionnaire": "visit", "delay": "0s"}}',
}
Catalogue = tuple[Mapping[str, Document], tuple[str, ...]]
CATCHES_UP = 0.1  # seconds instead of one: a life in here is short


@dataclass(slots=True)
class Death:
    """At the `nth` time that a point like `where` is reached. `told` is sent the name of the point."""

    where: str
    nth: int
    told: "Connection[Any, Any]"

    def reach(self, point: str) -> None:
        if fnmatch(point, self.where):
            self.nth -= 1
            if self.nth == 0:
                self.told.send(point)
                os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Birth:
    """What every life begins with, read once: its settings and the questionnaires. `home`: where its log is."""

    home: Path
    settings: Settings
    catalogue: Catalogue


def live(birth: Birth, death: Death | None) -> None:
    """Runs the service until it dies, or is killed."""
    with (birth.home / LOG).open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    running.WEBHOOK_CATCHES_UP = CATCHES_UP
    library.read_catalogue = lambda settings: birth.catalogue
    if death is not None:
        _around_commits(death)
        _around_calls(death)
        _around_acknowledgements(death)
    os._exit(run(birth.settings))


def _around_commits(death: Death) -> None:
    commit = AsyncConnection.commit

    async def mortal(self: AsyncConnection) -> None:
        death.reach("commit:before")
        await commit(self)
        death.reach("commit:after")

    AsyncConnection.commit = mortal


def _around_calls(death: Death) -> None:
    """After: Telegram has carried the call out, and its answer is here; the service has not seen it yet."""
    traced, made = aiohttp.TraceConfig(), aiohttp.ClientSession

    async def start(session: aiohttp.ClientSession, context: SimpleNamespace, call: Any) -> None:
        death.reach(f"{call.url.name}:before")

    async def end(session: aiohttp.ClientSession, context: SimpleNamespace, call: Any) -> None:
        death.reach(f"{call.url.name}:after")

    traced.on_request_start.append(start)
    traced.on_request_end.append(end)
    aiohttp.ClientSession = lambda **options: made(**options, trace_configs=[traced])
    post = Poster.post

    async def mortal(self: Poster, name: str, body: bytes, seconds: float) -> Reply:
        death.reach(f"{name}:before")
        reply = await post(self, name, body, seconds)
        death.reach(f"{name}:after")
        return reply

    Poster.post = mortal


def _around_acknowledgements(death: Death) -> None:
    make_app, write_eof = http.make_app, web.Response.write_eof

    async def before(request: web.Request, response: web.StreamResponse) -> None:
        response["path"] = request.path
        death.reach(f"{request.path}:before")

    async def mortal(self: web.Response, data: bytes = b"") -> None:
        await write_eof(self, data)
        death.reach(f"{self['path']}:after")

    def make(**parts: Any) -> web.Application:
        app = make_app(**parts)
        app.on_response_prepare.append(before)
        return app

    running.make_app = make
    web.Response.write_eof = mortal
