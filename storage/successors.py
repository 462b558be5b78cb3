"""People to be asked instead of others, as proposed and as decided."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import successor
from surveys.contact_ports import Proposed

ONE: Final = select(*(successor.c[name] for name in Proposed.__dataclass_fields__)).where(
    successor.c.id == bindparam("which")
)
# Locked, so that of two admins one decides and the other is told.
LOCKED: Final = ONE.with_for_update()


class StoredSuccessors:
    """The port Successors."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, interview_id: str, words: str | None, at: datetime) -> int:
        row = {"interview_id": interview_id, "words": words, "created_at": at, "state": "proposed"}
        made: int = (await self._connection.scalars(insert(successor).values(**row).returning(successor.c.id))).one()
        return made

    async def lock(self, successor_id: int) -> Proposed | None:
        row = (await self._connection.execute(LOCKED, {"which": successor_id})).one_or_none()
        return None if row is None else Proposed(**row._mapping)

    async def decide(self, decided: Proposed) -> None:
        values = asdict(decided)
        changed = update(successor).where(successor.c.id == values.pop("id"))
        await self._connection.execute(changed.values(**values))
