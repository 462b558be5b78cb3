"""Killed at every commit and every edge of HTTP, the service loses nothing, doubles nothing, gets stuck nowhere."""

import os
import random
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from sandbox.server import Sandbox
from tests.bot.house import TOKEN, House
from tests.chaos.life import EXTRA
from tests.chaos.model import Books
from tests.chaos.siege import Siege
from tests.e2e.conftest import free_port
from tests.e2e.otklik import ADMIN

SUITE = 300
KILLS = int(os.environ.get("CHAOS_KILLS", SUITE))
WAYS = {"polling": "опрос", "webhook": "вебхук"}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PLACES = len(WAYS) * len(DATABASES)
LONGEST_SIEGE = 125  # kills; then everything is looked at
PARTS = -(-KILLS // PLACES // LONGEST_SIEGE)


@pytest.mark.parametrize("mode", WAYS)
@pytest.mark.parametrize("part", range(PARTS))
async def test_killed_again_and_again_it_loses_and_doubles_nothing_and_gets_stuck_nowhere(
    mode: str, part: int, database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """At most one copy too many comes of a message that a kill met on its way."""
    rng = random.Random(f"{mode} {part}" if KILLS == SUITE else None)
    sandbox = Sandbox(token=TOKEN, webhook_retry=0.05)
    async with sandbox.running() as address:
        await sandbox.person(ADMIN, "Admin", "en").send("/help")
        house = House(tmp_path, sandbox, address, database_url, EXTRA)
        books = Books(create_async_engine(database_url, poolclass=NullPool))
        toll = await Siege(house, books, rng, mode, free_port()).laid(KILLS // PLACES // PARTS)
    place = f"{DATABASES[books.engine.dialect.name]}, {WAYS[mode]}"
    record_property("toll", {**asdict(toll), "place": place, "faults": len(toll.found)})
    assert not toll.found
