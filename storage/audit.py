"""The log of looking: who saw named data, or took data away. Rows are only added, each sealed with the one before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit_tables import audit
from storage.chain import LYING, START, seal
from storage.types import json_text, storable
from surveys.audit import Look

AT_ONCE: Final = 1000
TURN: Final = 7_051_193_403
"""Of the lock with which replicas take turns at the end of the log; any number."""
LOG: Final = select(audit.c.at, audit.c.who, audit.c.entrance, audit.c.looked_at, audit.c.rows).order_by(audit.c.id)
COLUMNS: Final = {"audit": tuple(LOG.selected_columns.keys())}
LAST: Final = select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Head:
    """A row of the log, and its seal."""

    id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"


BEGINNING: Final = Head(0, START)


@dataclass(frozen=True, slots=True)
class Proof:
    """How far the log follows from its beginning. `broken`: the first row that does not; None: every row does."""

    rows: int
    head: Head
    broken: int | None = None


class AuditLog:
    """The port surveys.audit.Audit, and its rows for reading."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._looks: list[Look] = []

    async def add(self, look: Look) -> None:
        self._looks.append(look)

    async def flush(self) -> None:
        """Writes what was added, at the end of the log. The last thing before a commit: others wait for that."""
        if not self._looks:
            return
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(select(func.pg_advisory_xact_lock(TURN)))
        head, rows = await self.head(), []
        for look in self._looks:
            row = _row(head.id + 1, look)
            head = Head(row["id"], seal(head.hash, {**row, "looked_at": json_text(row["looked_at"])}))
            rows.append({**row, "hash": head.hash})
        self._looks.clear()
        await self._connection.execute(insert(audit), rows)

    async def head(self) -> Head:
        """The last row there is."""
        row = (await self._connection.execute(LAST)).one_or_none()
        return BEGINNING if row is None else Head(row.id, row.hash)

    async def audit(self, *, confidential: bool = False) -> AsyncIterator[dict[str, Any]]:
        """Every look, the oldest first; nobody on the client's side is in it, whatever the mode."""
        async with self._connection.stream(LOG, execution_options={"yield_per": AT_ONCE}) as rows:
            async for row in rows.mappings():
                yield dict(row)

    async def proof(self, after: Head = BEGINNING) -> Proof:
        """Whether every row follows from the one before it. What came before the row `after` is not looked at.

        That row itself may have been removed with those before it, but not if it was the last one.
        """
        head, rows = after, 0
        query = select(LYING).where(LYING.c.id >= after.id).order_by(LYING.c.id)
        async with self._connection.stream(query, execution_options={"yield_per": AT_ONCE}) as found:
            async for row in found.mappings():
                known = after.hash if row["id"] == after.id else seal(head.hash, dict(row))
                if row["hash"] != known:
                    return Proof(rows, head, row["id"])
                head, rows = Head(row["id"], known), rows + 1
        return Proof(rows, head, None if rows or after == BEGINNING else after.id)


def _row(number: int, look: Look) -> dict[str, Any]:
    return {
        "id": number,
        "at": look.at,
        "who": storable(look.who),
        "entrance": storable(look.entrance),
        "looked_at": dict(look.looked_at),
        "rows": look.rows,
    }
