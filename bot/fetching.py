"""Files people sent, fetched from Telegram into a directory."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bot.file_names import Wanted
from bot.telegram import Outcome, Result, Telegram
from handlers.replies import Call

TRIES: Final = 4
AT_ONCE: Final = 4
AGAIN: Final = {Result.WAIT, Result.RETRY, Result.DOUBT}


async def fetch(telegram: Telegram, wanted: Iterable[Wanted], directory: Path) -> Sequence[str]:
    """Fetches what the directory does not hold yet; what could not be had, a sentence each."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(file: Wanted) -> str | None:
        async with room:
            reason = await _fetch(telegram, file, directory / file.name)
        return reason and f"{file.name}: {reason}"

    missing = [file for file in wanted if not (directory / file.name).exists()]
    return [sentence for sentence in await asyncio.gather(*map(one, missing)) if sentence]


async def _fetch(telegram: Telegram, file: Wanted, target: Path) -> str | None:
    """None, or why there is no file. One that is there is there whole."""
    for attempt in range(TRIES):
        outcome = await _content(telegram, file.file_id)
        if isinstance(outcome.value, bytes):
            part = target.with_name(f".{target.name}.part")
            part.write_bytes(outcome.value)
            part.replace(target)
            return None
        if outcome.result not in AGAIN:
            break
        if attempt + 1 < TRIES:
            await asyncio.sleep(outcome.retry_after or 2**attempt)
    return f"not fetched: {outcome.description}"


async def _content(telegram: Telegram, file_id: str) -> Outcome:
    """Bytes in `value`, where it was fetched."""
    found = await telegram.call(Call("getFile", {"file_id": file_id}))
    if found.result is not Result.DONE:
        return found
    place = found.value.get("file_path") if isinstance(found.value, Mapping) else None
    if not isinstance(place, str):
        return Outcome(Result.REFUSED, description="Telegram does not say where it is")
    return await telegram.download(place)
