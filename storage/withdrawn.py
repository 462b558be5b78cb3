"""Talks whose interviewers may not go on with them."""

from collections.abc import Sequence

from sqlalchemy import and_, func, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.scopes import seen
from storage.tables import TALK, account, interview, project
from surveys.rules import Access

PLACES = interview.join(project, project.c.id == interview.c.project_id).join(account)


class WithdrawnTalks:
    """Found at the cost of the talks that are open: a few."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, access: Access) -> Sequence[tuple[str, int]]:
        """Interview and person of every open talk that is outside what these rights allow its interviewer."""
        allowed = [
            and_(interview.c.interviewer == who, *(seen(access.scope(who)) or [true()]))
            for who in sorted({*access.admins, *access.managers})
        ]
        lost = not_(func.coalesce(or_(*allowed), False)) if allowed else true()
        rows = await self._connection.execute(
            select(interview.c.id, interview.c.person_id).select_from(PLACES).where(TALK, lost)
        )
        return [(row.id, row.person_id) for row in rows]
