"""Invitation tokens that opened nothing, for as long as they count."""

from datetime import datetime
from typing import Final

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, Table, bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import metadata
from storage.types import Moment, Words

# `who` is a keyed hash of a Telegram id. Changes go into a migration as well.
guess = Table(
    "guess",
    metadata,
    Column("who", Words, nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    PrimaryKeyConstraint("who", "token_hash"),
)
COUNT: Final = select(func.count().filter(guess.c.who == bindparam("sender")), func.count()).where(
    guess.c.at > bindparam("since", type_=Moment())
)
TRIED: Final = select(guess.c.at).where(guess.c.who == bindparam("sender"), guess.c.token_hash == bindparam("hashed"))


class StoredGuesses:
    """The port surveys.guesses.Guesses."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, who: str, since: datetime) -> tuple[int, int]:
        own, every = (await self._connection.execute(COUNT, {"sender": who, "since": since})).one()
        return own, every

    async def add(self, who: str, token_hash: bytes, at: datetime) -> bool:
        if (await self._connection.execute(TRIED, {"sender": who, "hashed": token_hash})).one_or_none() is not None:
            return False
        await self._connection.execute(insert(guess), {"who": who, "token_hash": token_hash, "at": at})
        return True

    async def prune(self, before: datetime) -> None:
        await self._connection.execute(delete(guess).where(guess.c.at < before))
