"""Where a report card stands, kept for its buttons under a name made of it and of the chat."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from storage.database import Database
from surveys.places import Place, dumped, loaded

LETTERS: Final = 11
KEPT: Final = timedelta(days=90)
"""A card whose buttons nobody has pressed for so long asks for a new report."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`keys`: of the rows the card shows."""

    place: Place
    keys: tuple[str, ...]


async def keep(database: Database, chat_id: int, place: Place, keys: Sequence[str], now: datetime) -> str:
    """The name it is kept under."""
    kept = {"place": dumped(place), "keys": list(keys)}
    name = _letters(json.dumps([chat_id, kept], sort_keys=True))
    async with database.unit_of_work() as uow:
        await uow.report_places.keep(chat_id, name, kept, now + KEPT)
        await uow.commit()
    return name


async def recall(database: Database, chat_id: int, name: str) -> Kept | None:
    """What is kept under the name in this chat, if anything still is."""
    async with database.unit_of_work() as uow:
        kept = await uow.report_places.get(chat_id, name)
    return None if kept is None else Kept(loaded(kept["place"]), tuple(kept["keys"]))


def _letters(words: str) -> str:
    number = int.from_bytes(sha256(words.encode()).digest())
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(LETTERS))
