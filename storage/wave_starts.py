"""When each wave starts next."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.contact_tables import wave_start
from storage.sql import insert_into

NAMED: Final = wave_start.c.key == bindparam("named")
# Not skipped where another replica holds it: that one may be starting this very wave.
HELD: Final = select(wave_start.c.schedule, wave_start.c.due_at).where(NAMED).with_for_update()


class WaveStarts:
    """The port WaveStarts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def due(self, key: str, schedule: str, now: datetime) -> bool | None:
        found = (await self._connection.execute(HELD, {"named": key})).one_or_none()
        if found is None or found.schedule != schedule:
            return None
        return found.due_at is not None and found.due_at <= now

    async def set(self, key: str, schedule: str, due_at: datetime | None) -> None:
        values = {"named": key, "schedule": schedule, "due_at": due_at}
        changed = await self._connection.execute(update(wave_start).where(NAMED), values)
        if not changed.rowcount:
            add = insert_into(self._connection, wave_start)
            row = {"key": key, "schedule": schedule, "due_at": due_at}
            await self._connection.execute(add.on_conflict_do_nothing(), row)
