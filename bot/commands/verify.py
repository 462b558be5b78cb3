"""`otklik verify`."""

import asyncio

from bot.commands.migrate import current_database
from bot.console import DONE, WITH_PROBLEMS, say
from bot.settings import Settings
from storage.database import Database
from storage.verification import wrong_counts, wrong_reach, wrong_rows


def verify(settings: Settings, *, repair: bool) -> int:
    """Tells all that is wrong, one line each. With `repair` the counts are made anew where they are not true."""
    return asyncio.run(_verify(settings, repair=repair))


async def _verify(settings: Settings, *, repair: bool) -> int:
    async with current_database(settings) as database:
        counts, rows = await _tell(database)
        if counts and repair:
            answers = await database.count_again()
            say(f"Repaired: {answers} answers have been counted again.")
            counts = 0
    if not counts and not rows and not repair:
        say("Every count is what the answers and invitations make of it; every row is in its place.")
    return WITH_PROBLEMS if counts or rows else DONE


async def _tell(database: Database) -> tuple[int, int]:
    """Prints what is wrong; how many counts and how many rows."""
    counts = rows = 0
    async with database.reading() as reading:
        async for line in wrong_counts(reading.connection):
            say(line)
            counts += 1
        async for line in wrong_reach(reading.connection):
            say(line)
            counts += 1
        async for line in wrong_rows(reading.connection):
            say(line)
            rows += 1
    return counts, rows
