from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.bot.house import ADMIN, TOKEN, House


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN, username="otklik_sandbox_bot")
    async with sandbox.running() as address:
        await sandbox.person(ADMIN, "Admin", "en").send("/start")
        yield House(tmp_path, sandbox, address, sqlite_url)
