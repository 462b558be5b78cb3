from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.service import build
from sandbox.server import Sandbox
from storage.database import open_database
from tests.bot.house import TOKEN, House
from tests.handlers.hall import PEOPLE, PRESSES, Hall, gather


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    """A Telegram in which everybody has written to the bot."""
    sandbox = Sandbox(token=TOKEN)
    async with sandbox.running() as address:
        for kind, telegram_id in PEOPLE.items():
            await sandbox.person(telegram_id, kind, "en").send("/start")
        yield House(tmp_path, sandbox, address, sqlite_url)


@pytest.fixture
async def tokens(house: House) -> dict[str, str]:
    guests = await house.settle(len(PRESSES) + 2)
    return {guest.external_id: guest.token for guest in guests}


@pytest.fixture
async def hall(house: House, tokens: dict[str, str]) -> AsyncIterator[Hall]:
    """The parts of the service, wired and not running, and everybody where they are."""
    async with open_database(house.database_url) as database:
        service = await build(house.settings, database, Clock())
        yield await gather(service, tokens)
        await service.telegram.close()
