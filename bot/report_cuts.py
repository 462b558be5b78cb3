"""The cut of a report's screen, kept for the buttons under it: a button is too short to hold filters and a period.

The database keeps the words with the day they were said on, under a name made of them and of the chat: a button works
as long as the database lives, means the same day by "today", and is worthless in another chat.
"""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Final

from storage.database import Database
from surveys.errors import BadQuery
from surveys.query import parse_report, split_words
from surveys.reporting import ReportQuery

MARK: Final = "z"
"""No metric begins with it; names fit where a button has the metric."""
LETTERS: Final = 11


def is_kept(words: str) -> bool:
    """Whether the words of a button name a kept cut.

    >>> is_kept("zabcdefghijk by role"), is_kept("nps by role")
    (True, False)
    """
    return words.startswith(MARK)


async def keep(database: Database, chat_id: int, words: str, today: date) -> str:
    """The name the words are kept under."""
    said = f"{today.isoformat()} {words}"
    name = MARK + _letters(f"{chat_id} {said}")
    async with database.unit_of_work() as uow:
        if await uow.settings.get(_place(chat_id, name)) is None:
            await uow.settings.set(_place(chat_id, name), said)
            await uow.commit()
    return name


async def recall(database: Database, chat_id: int, button: str) -> ReportQuery:
    """The query behind a button's words: a name and perhaps `by DIM`. Raises BadQuery where nothing is kept."""
    name, *breakdown = button.split()
    async with database.unit_of_work() as uow:
        said = await uow.settings.get(_place(chat_id, name))
    if said is None:
        raise BadQuery(reason="outdated", word="", allowed=(), nearest=None)
    day, _, words = said.partition(" ")
    today = date.fromisoformat(day)
    return replace(parse_report(split_words(words), today), by=parse_report(breakdown, today).by)


def _place(chat_id: int, name: str) -> str:
    return f"report.{chat_id}.{name}"


def _letters(words: str) -> str:
    number = int.from_bytes(sha256(words.encode()).digest())
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(LETTERS))
