"""What has come in: updates that count once, and those that could not be handled."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import dead_letter, update_seen

SEEN: Final = select(update_seen.c.update_id).where(
    update_seen.c.update_id.in_(bindparam("update_ids", expanding=True))
)
LETTERS: Final = select(
    dead_letter.c.id, dead_letter.c.at, dead_letter.c.source, dead_letter.c.attempts, dead_letter.c.reason
).order_by(dead_letter.c.id)


class Inbox:
    """Marks are written with the commit, so an update and what it did are remembered together or not at all."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._marked: dict[int, datetime] = {}

    async def unseen(self, update_ids: Collection[int]) -> set[int]:
        """Those of the updates that have not been marked yet."""
        if not update_ids:
            return set()
        seen = await self._connection.scalars(SEEN, {"update_ids": list(update_ids)})
        return set(update_ids) - set(seen) - self._marked.keys()

    async def mark(self, update_id: int, at: datetime) -> None:
        """The update counts. Where another replica was faster, the commit fails."""
        self._marked[update_id] = at

    async def prune(self, before: datetime) -> int:
        """Forgets marks older than `before`; gives their number."""
        gone = await self._connection.execute(delete(update_seen).where(update_seen.c.seen_at < before))
        return gone.rowcount

    async def dead_letter(self, source: str, body: bytes, reason: str, attempts: int, at: datetime) -> None:
        """Puts aside what could not be handled, for somebody to look at."""
        row: dict[str, Any] = {"source": source, "body": body, "reason": reason, "attempts": attempts, "at": at}
        await self._connection.execute(insert(dead_letter), row)

    async def dead_letters(self) -> Sequence[Mapping[str, Any]]:
        """All that was put aside, the oldest first, without what is in it."""
        return [dict(row._mapping) for row in await self._connection.execute(LETTERS)]

    async def body(self, letter_id: int) -> bytes | None:
        """What was put aside under this number, if anything was."""
        found: bytes | None = await self._connection.scalar(
            select(dead_letter.c.body).where(dead_letter.c.id == letter_id)
        )
        return found

    async def discard(self, letter_id: int) -> bool:
        """Whether there was one to be thrown away."""
        gone = await self._connection.execute(delete(dead_letter).where(dead_letter.c.id == letter_id))
        return gone.rowcount == 1

    async def flush(self) -> None:
        if self._marked:
            rows = [{"update_id": update_id, "seen_at": at} for update_id, at in self._marked.items()]
            await self._connection.execute(insert(update_seen), rows)
