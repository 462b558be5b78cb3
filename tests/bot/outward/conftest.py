from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database, open_database
from tests.bot.outward.office import Office
from tests.bot.outward.receiver import Receiver, receiving


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    async with open_database(sqlite_url, worker="this worker") as opened:
        yield opened


@pytest.fixture
async def office(database: Database, receiver: Receiver, tmp_path: Path) -> AsyncIterator[Office]:
    async with Office(database, receiver.address, tmp_path).open() as one:
        yield one
