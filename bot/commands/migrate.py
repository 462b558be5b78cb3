"""`otklik migrate`, and the database as every other command opens it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.console import DONE, Trouble, say
from bot.settings import Settings
from storage.database import Database, open_database


def migrate(settings: Settings) -> int:
    """Brings the database to the current schema."""
    say(asyncio.run(_migrate(settings)))
    return DONE


async def _migrate(settings: Settings) -> str:
    async with open_database(settings.database_url, keys=settings.keys) as database:
        if not await database.needs_migration():
            return f"{database.address}: the schema is current."
        await database.migrate()
        return f"{database.address}: the schema has been brought up to date."


@asynccontextmanager
async def current_database(settings: Settings, answers_within: timedelta | None = None) -> AsyncIterator[Database]:
    """The database with the current schema, sealed with the key that seals. Raises StorageUnavailable and Trouble."""
    url, keys = settings.database_url, settings.keys
    async with open_database(url, keys=keys, answers_within=answers_within) as database:
        await bring_up_to_date(settings, database)
        await database.check_keys()
        yield database


async def bring_up_to_date(settings: Settings, database: Database) -> None:
    """SQLite brings itself to the current schema; elsewhere that is somebody's decision."""
    if await database.needs_migration():
        if not settings.database_url.startswith("sqlite"):
            raise Trouble(f"database.url: {database.address}: the schema is not current; run: otklik migrate")
        await database.migrate()
