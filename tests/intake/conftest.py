"""The doors on the loopback, with a store and a clock that tests play with."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from intake.doors import Doors
from intake.http import make_app
from intake.signatures import Source
from tests.intake.bench import Clock, Door, Store, sources

Serve = Callable[..., AbstractAsyncContextManager[Door]]


async def all_well() -> Mapping[str, str]:
    return {}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def serve(clock: Clock, store: Store) -> Serve:
    """Opens the doors for these sources."""

    @asynccontextmanager
    async def serving(*those: Source, patience: float = 20.0) -> AsyncIterator[Door]:
        app = make_app(
            ready=all_well, doors=Doors(sources=those or sources(), take=store.take, now=clock, patience=patience)
        )
        runner = web.AppRunner(app, auto_decompress=False)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with aiohttp.ClientSession() as http:
            yield Door(http, f"http://127.0.0.1:{runner.addresses[0][1]}")
        await runner.cleanup()

    return serving


@pytest.fixture
async def door(serve: Serve) -> AsyncIterator[Door]:
    async with serve() as opened:
        yield opened
