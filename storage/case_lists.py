"""Lists of cases, a page at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import case as case_when
from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.case_tables import NOT_CLOSED, case
from storage.case_views import LISTED, listed, overdue, within
from surveys.cases.ports import Listed, Which
from surveys.cases.signals import GRADES
from surveys.rules import Scope

GRAVITY: Final = case_when({grade: place for place, grade in enumerate(GRADES)}, value=case.c.severity)


class CaseLists:
    """Open cases: the overdue first, then the gravest, then the oldest."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(
        self, which: Which, viewer: int, scope: Scope | None, now: datetime, *, size: int, page: int
    ) -> Sequence[Listed]:
        """One line more than `size` where more follow. `scope` None: nothing is hidden from this viewer."""
        query = LISTED.where(NOT_CLOSED)
        if scope is not None:
            query = query.where(within(scope, viewer))
        if which == "mine":
            query = query.where(or_(case.c.responsible == viewer, case.c.responsible.is_(None)))
        if which == "overdue":
            query = query.where(overdue(now))
        late = case_when((overdue(now), 0), else_=1)
        own = case_when((case.c.responsible == viewer, 0), else_=1)
        ordered = query.order_by(own, late, GRAVITY.desc(), case.c.due_at.is_(None), case.c.due_at, case.c.id)
        rows = await self._connection.execute(ordered.offset(size * page).limit(size + 1))
        return [listed(row) for row in rows]
