"""`otklik audit`: whether the log of looking is as it was written."""

import asyncio
import re

from bot.commands.migrate import current_database
from bot.console import DONE, WITH_PROBLEMS, Trouble, say
from bot.settings import Settings
from storage.audit import BEGINNING, Head, Proof

WRITTEN = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def verify(settings: Settings, after: str | None) -> int:
    """Tells the last row, or the first one that does not follow from the row before it.

    `after`: a last row that was told earlier.
    """
    known = BEGINNING if after is None else _head(after)
    proof = asyncio.run(_proof(settings, known))
    say(_told(proof, known))
    return DONE if proof.broken is None else WITH_PROBLEMS


def _head(written: str) -> Head:
    found = WRITTEN.fullmatch(written.strip())
    if found is None:
        raise Trouble(f"--after: {written!r} is not a row as otklik audit verify tells it, NUMBER:HASH")
    return Head(int(found[1]), found[2])


async def _proof(settings: Settings, after: Head) -> Proof:
    async with current_database(settings) as database, database.reading() as reading:
        return await reading.audit.proof(after)


def _told(proof: Proof, after: Head) -> str:
    if proof.broken is None:
        return (
            f"Intact: {proof.rows} rows; the last is {proof.head}" if proof.rows else "Intact: nothing is written yet."
        )
    if proof.broken == after.id:
        return f"audit {after.id}: it is not there any more, or not as it was when it was told"
    return f"audit {proof.broken}: it, or a row right before it, was changed, removed or put in"
