"""`otklik why`."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.commands.deciding import COLUMNS, row, spoken
from bot.commands.migrate import current_database
from bot.commands.rows import print_rows
from bot.console import DONE, WITH_PROBLEMS, complain, say
from bot.settings import Settings
from bot.why import Explained, explain, look
from handlers.reasons import line
from surveys.audit import CLI


def why(settings: Settings, person: str, lang: str | None, format_: str) -> int:
    """Tells of the latest decisions about a person, the newest first."""
    language, zone = spoken(settings, lang), ZoneInfo(settings.vendor.timezone)
    found = asyncio.run(_explain(settings, person))
    told = [one for explained in found for one in explained.decisions]
    if format_ != "text":
        print_rows(COLUMNS, [row(one, language, zone) for one in told], format_)
    for explained in found if format_ == "text" else ():
        for one in explained.decisions:
            say(f"{explained.name}: {line(one, language, zone)}")
    if not told:
        known = "nothing has been decided about" if found else "nobody in the directory or in an event is called"
        complain([f"otklik why: {known} {person!r}"])
    return DONE if told else WITH_PROBLEMS


async def _explain(settings: Settings, person: str) -> Sequence[Explained]:
    async with current_database(settings) as database:
        found = await explain(database, person)
        if any(one.decisions for one in found):
            await database.note(look(found, CLI, datetime.now(UTC)))
        return found
