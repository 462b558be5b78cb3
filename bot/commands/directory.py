"""`otklik import`."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.commands.migrate import current_database
from bot.console import DONE, WITH_PROBLEMS, Trouble, complain, say
from bot.directory_file import read_directory_file
from bot.settings import Settings
from surveys.directory import DirectoryRow


def import_(settings: Settings, file: Path) -> int:
    """Brings the directory to the good rows of the file; tells of the bad ones."""
    read = read_directory_file(
        file, roles=tuple(settings.roles), stages=tuple(settings.journey), languages=settings.vendor.languages
    )
    if not read.readable:
        raise Trouble(*read.problems)
    changed = asyncio.run(_upsert(settings, read.rows))
    complain(read.problems)
    counts = ", ".join(f"{what} {number}" for what, number in changed.items())
    say(f"Rows read: {len(read.rows)}. Rows rejected: {read.rejected}. Added or changed: {counts}.")
    return WITH_PROBLEMS if read.problems else DONE


async def _upsert(settings: Settings, rows: Sequence[DirectoryRow]) -> Mapping[str, int]:
    async with current_database(settings) as database, database.unit_of_work() as uow:
        changed = await uow.directory.upsert(rows)
        await uow.commit()
    return changed
