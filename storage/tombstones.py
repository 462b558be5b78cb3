"""Who was forgotten, as far as anybody may know."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.erasures import erasure
from storage.settings import Settings
from surveys.erasure import KEY, Tombstone


class StoredTombstones:
    """To be told to a file outside the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def key(self) -> str | None:
        """With which the marks were made."""
        return await Settings(self._connection).get(KEY)

    async def all(self) -> Sequence[Tombstone]:
        """Every one, the oldest first."""
        rows = await self._connection.execute(select(erasure).order_by(erasure.c.at, erasure.c.mark))
        return [Tombstone(row.mark, row.at, row.answers) for row in rows]
