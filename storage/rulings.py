"""The vendor's decisions about the index, as they held at any time: whatever a past report needs beside answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.count_tables import ruling


class Rulings:
    """JSON values by the moment from which they hold."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def held(self, at: datetime) -> Mapping[str, Any] | None:
        """What held then; before the first ruling, that one. None where there is none yet."""
        newest_first = select(ruling.c.decided).order_by(ruling.c.since.desc(), ruling.c.id.desc()).limit(1)
        first = select(ruling.c.decided).order_by(ruling.c.since, ruling.c.id).limit(1)
        known: Mapping[str, Any] | None = await self._connection.scalar(newest_first.where(ruling.c.since <= at))
        return known if known is not None else await self._connection.scalar(first)

    async def hold(self, decided: Mapping[str, Any], since: datetime) -> None:
        """From now on this holds; nothing is written where it does already."""
        if await self.held(since) != decided:
            await self._connection.execute(insert(ruling), {"since": since, "decided": decided})
