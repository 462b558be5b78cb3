"""`otklik import`."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.commands.deciding import office
from bot.console import DONE, WITH_PROBLEMS, Trouble, complain, say
from bot.directory_file import read_directory_file
from bot.settings import Settings
from surveys.directory import DirectoryRow
from surveys.erasure import without_erased
from surveys.waves import became_eligible


def import_(settings: Settings, file: Path) -> int:
    """Brings the directory to the good rows of the file; tells of the bad ones."""
    read = read_directory_file(
        file, roles=tuple(settings.roles), stages=tuple(settings.journey), languages=settings.vendor.languages
    )
    if not read.readable:
        raise Trouble(*read.problems)
    changed, erased = asyncio.run(_upsert(settings, read.rows))
    complain(read.problems)
    if erased:
        complain([f"{file}: {erased} rows are of people who asked to be forgotten and stay so"])
    counts = ", ".join(f"{what} {number}" for what, number in changed.items())
    accepted, rejected = len(read.rows) - erased, read.rejected + erased
    say(f"Rows accepted: {accepted}, rejected: {rejected}. Added or changed: {counts}.")
    return WITH_PROBLEMS if rejected or read.problems else DONE


async def _upsert(settings: Settings, rows: Sequence[DirectoryRow]) -> tuple[Mapping[str, int], int]:
    """Where a known project comes to have something to judge, its people are asked, as after an event that says so.

    What changed, and how many rows are of people who were forgotten.
    """
    async with office(settings) as decided_at, decided_at.work(keep=True) as work:
        directory = work.uow.directory
        before = {held.project.id: held.project for held in await directory.stakeholders()}
        kept, erased = await without_erased(work.uow, rows)
        changed = await directory.upsert(kept)
        await became_eligible(work, before)
    return changed, erased
