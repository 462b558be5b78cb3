"""A service that is told to stop while its database does not answer ends all the same, and leaves nothing running."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from bot import running
from bot.clock import Clock
from bot.service import Service, build
from sandbox.server import Sandbox
from storage.database import Database, open_database
from storage.errors import StorageUnavailable
from tests.bot.house import TOKEN, House
from tests.e2e.test_faults import becomes
from tests.limits import TEN_SECONDS, within


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN, username="otklik_sandbox_bot")
    async with sandbox.running() as address:
        yield House(tmp_path, sandbox, address, sqlite_url)


async def test_receiving_has_ended_before_anything_it_needs_is_closed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def greet(_: Service) -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:  # as where a connection has to be given up
            await asyncio.sleep(0.1)
            ended.set()

    async def introduce(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(running, "_greet", greet)
    monkeypatch.setattr(running, "introduce", introduce)
    async with open_database(house.database_url) as database:
        service = await build(house.settings, database, Clock())
        async with running._receiving(service):
            await began.wait()
        await service.telegram.close()
        assert ended.is_set()


async def test_a_database_that_fails_at_every_call_holds_up_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> NoReturn:
        raise StorageUnavailable("sqlite", "the disk fails to read or write")

    [guest] = await house.settle(1)
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(house.serving())
        await guest.begin()
        await becomes(partial(caught_up, service))
        for way_in in ("reading", "unit_of_work", "rehearsal", "note", "fold"):
            monkeypatch.setattr(Database, way_in, gone)
        for queue in ("outbox", "depot", "replicas"):
            monkeypatch.setattr(Database, queue, property(gone))
        await guest.person.press("Agree and start")
        await becomes(partial(waiting, service))
        await within(TEN_SECONDS, stack.aclose())


async def caught_up(service: Service) -> bool:
    return service.waits is None


async def waiting(service: Service) -> bool:
    return service.inbox.age > 0
