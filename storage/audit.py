"""The log of looking: who saw named data, or took data away. Rows are only added."""

from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit_tables import audit
from surveys.audit import Look

AT_ONCE: Final = 1000
LOG: Final = select(audit.c.at, audit.c.who, audit.c.entrance, audit.c.looked_at, audit.c.rows).order_by(audit.c.id)
COLUMNS: Final = {"audit": tuple(LOG.selected_columns.keys())}


class AuditLog:
    """The port surveys.audit.Audit, and its rows for reading."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, look: Look) -> None:
        row = {name: getattr(look, name) for name in Look.__dataclass_fields__}
        await self._connection.execute(insert(audit), {**row, "looked_at": dict(look.looked_at)})

    async def audit(self, *, confidential: bool = False) -> AsyncIterator[dict[str, Any]]:
        """Every look, the oldest first; nobody on the client's side is in it, whatever the mode."""
        async with self._connection.stream(LOG, execution_options={"yield_per": AT_ONCE}) as rows:
            async for row in rows.mappings():
                yield dict(row)
