"""Where in the reports a card stands: what its buttons are about. They are too short to hold filters and a period."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Column, Index, Table, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import metadata
from storage.types import BigInt, Json, Moment, Words

# A card is worthless in another chat. Changes go into a migration as well.
report_place = Table(
    "report_place",
    metadata,
    Column("chat_id", BigInt, primary_key=True, autoincrement=False),
    Column("name", Words, primary_key=True),
    Column("place", Json, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_report_place_expires_at", "expires_at"),
)

CHAT: BindParameter[int] = bindparam("chat")
NAMED = (report_place.c.chat_id == CHAT, report_place.c.name == bindparam("named"))


class ReportPlaces:
    """Places by chat and name, each for a time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, chat_id: int, name: str) -> Mapping[str, Any] | None:
        """What is kept under this name in this chat; None: nothing, or nothing any more."""
        known = {"chat": chat_id, "named": name}
        return await self._connection.scalar(select(report_place.c.place).where(*NAMED), known)

    async def keep(self, chat_id: int, name: str, place: Mapping[str, Any], expires_at: datetime) -> None:
        """Keeps it, or what is there already, until then."""
        known = {"chat": chat_id, "named": name, "until": expires_at}
        later = update(report_place).where(*NAMED).values(expires_at=bindparam("until"))
        if not (await self._connection.execute(later, known)).rowcount:
            row = {"chat_id": chat_id, "name": name, "place": place, "expires_at": expires_at}
            await self._connection.execute(insert(report_place), row)

    async def prune(self, now: datetime) -> None:
        """Forgets what has expired."""
        await self._connection.execute(delete(report_place).where(report_place.c.expires_at <= now))
