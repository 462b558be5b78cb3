"""What every life would have to do anew is done once, in the process that they are forked from.

Imported by that process, and nowhere else: importing it is work.
"""

import asyncio
import gc
import random
import ssl
import tempfile
from functools import cache
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs

from sandbox.server import Sandbox
from storage.tables import metadata
from surveys.locales import translations
from tests.bot.house import ADMIN, TOKEN, House
from tests.chaos import life
from tests.e2e.respondents import Respondent

LANGUAGES = ("ru", "en", "uk")


async def rehearse(home: Path) -> None:
    """One person answers once, unhappy, and somebody is told."""
    house = House(home, Sandbox(token=TOKEN), "", f"sqlite+aiosqlite:///{home / 'otklik.db'}", life.EXTRA)
    engine = create_async_engine(house.database_url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    async with house.sandbox.running() as house.address:
        admin = house.sandbox.person(ADMIN, "Admin", "en")
        await admin.send("/help")
        (guest,) = await house.settle(1)
        async with house.serving():
            await Respondent(guest.person, "key_user", random.Random(UNHAPPY)).answer(guest.token)
            await admin.wait_for(lambda person: len(person.messages) > 2)


ssl.create_default_context = cache(ssl.create_default_context)
UNHAPPY = 1
IMPORTED = (pytest, asyncpg, life)
SPOKEN = [translations("bot", language) for language in LANGUAGES]

with tempfile.TemporaryDirectory() as name, capture_logs():
    asyncio.run(rehearse(Path(name)))

gc.collect()
gc.freeze()
