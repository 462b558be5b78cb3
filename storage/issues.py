"""Issues of cases and improvements in a tracker."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.outgoing_tables import issue
from storage.sql import insert_into
from surveys.outward.events import Subject
from surveys.outward.tracker import Issue

MINE: Final = (issue.c.subject == bindparam("what")) & (issue.c.subject_id == bindparam("which"))
ONE: Final = select(issue).where(MINE)
NAMES: Final = tuple(Issue.__dataclass_fields__)


class StoredIssues:
    """The port surveys.outward.tracker.Issues."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, subject: Subject, subject_id: int) -> Issue | None:
        return await self._one(ONE, subject, subject_id)

    async def lock(self, subject: Subject, subject_id: int) -> Issue | None:
        return await self._one(ONE.with_for_update(), subject, subject_id)

    async def save(self, changed: Issue) -> None:
        row = {name: getattr(changed, name) for name in NAMES}
        written = insert_into(self._connection, issue).values(**row)
        known = {name: value for name, value in row.items() if name not in ("subject", "subject_id")}
        await self._connection.execute(
            written.on_conflict_do_update(index_elements=list(issue.primary_key), set_=known)
        )

    async def drop(self, gone: Issue) -> None:
        await self._connection.execute(delete(issue).where(MINE), {"what": gone.subject, "which": gone.subject_id})

    async def named(self, keys: Collection[str]) -> Collection[Issue]:
        rows = await self._connection.execute(select(issue).where(issue.c.key.in_(keys)))
        return [Issue(**row._mapping) for row in rows]

    async def _one(self, query: Select[Any], subject: Subject, subject_id: int) -> Issue | None:
        row = (await self._connection.execute(query, {"what": subject, "which": subject_id})).first()
        return Issue(**row._mapping) if row else None
