"""Cases of a period, and the scores before and after them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from metrics.scales import EVERY_SCALE, score_100
from storage.case_tables import case, case_answer
from storage.case_views import LISTED, as_case, listed, within
from storage.cuts import Cuts, filters
from storage.cuts import within as opened_in
from storage.sql import month, quarter
from storage.tables import account, answer, interview, project
from surveys.cases.case import Case
from surveys.cases.ports import Listed
from surveys.cases.reporting import Pair
from surveys.reporting import ReportQuery

NOBODY: Final = 0
BEFORE: Final = answer.alias("before")
AFTER: Final = answer.alias("after")
EARLIER: Final = interview.alias("earlier")
LATER: Final = interview.alias("later")
PLACE: Final = (
    func.row_number().over(
        partition_by=(case.c.id, EARLIER.c.person_id, BEFORE.c.item), order_by=(AFTER.c.answered_at, AFTER.c.id)
    )
).label("place")
PAIRS: Final[Select[Any]] = (
    select(case.c.id, BEFORE.c.score.label("was"), AFTER.c.score.label("became"), BEFORE.c.scale.label("on"), PLACE)
    .join(case_answer, case_answer.c.case_id == case.c.id)
    .join(account, account.c.id == case.c.account_id)
    .join(project, project.c.id == case.c.project_id)
    .join(
        BEFORE,
        and_(
            BEFORE.c.interview_id == case_answer.c.interview_id,
            BEFORE.c.item == case_answer.c.item,
            BEFORE.c.superseded_at.is_(None),
        ),
    )
    .join(EARLIER, EARLIER.c.id == BEFORE.c.interview_id)
    .join(LATER, and_(LATER.c.person_id == EARLIER.c.person_id, LATER.c.id != EARLIER.c.id))
    .join(
        AFTER,
        and_(
            AFTER.c.interview_id == LATER.c.id,
            AFTER.c.item == BEFORE.c.item,
            AFTER.c.scale == BEFORE.c.scale,
            AFTER.c.superseded_at.is_(None),
        ),
    )
    .where(
        LATER.c.mode == "named",
        case_answer.c.rules != "",
        case.c.merged_into.is_(None),
        BEFORE.c.score.is_not(None),
        AFTER.c.score.is_not(None),
        AFTER.c.answered_at > BEFORE.c.answered_at,
    )
)


CUTS: Final[Cuts] = {
    "account": account.c.name,
    "project": project.c.name,
    "division": project.c.division,
    "product": project.c.product,
    "component": func.coalesce(case.c.cause_component, func.nullif(case.c.component, "")),
    "stage": func.coalesce(case.c.cause_stage, project.c.stage),
    "month": month(case.c.opened_at),
    "quarter": quarter(case.c.opened_at),
}


class CaseFigures:
    """The port LoopCases. `viewer`: one of the vendor's people, who sees their own cases besides those in scope."""

    def __init__(self, connection: AsyncConnection, viewer: int = NOBODY) -> None:
        self._connection = connection
        self._viewer = viewer

    async def keyed(self, query: ReportQuery) -> Sequence[tuple[str | None, Case]]:
        rows = await self._connection.execute(self._seen(LISTED.add_columns(_key(query)), query))
        return [(row.group_key, as_case(row)) for row in rows]

    async def listed(self, query: ReportQuery) -> Sequence[Listed]:
        """The same with names, the oldest first."""
        rows = await self._connection.execute(self._seen(LISTED, query).order_by(case.c.id))
        return [listed(row) for row in rows]

    async def pairs(self, query: ReportQuery) -> Sequence[Pair]:
        found = self._seen(PAIRS.add_columns(_key(query)), query).subquery()
        rows = await self._connection.execute(select(found).where(found.c.place == 1).order_by(found.c.id))
        scales = [(row, EVERY_SCALE[row.on]) for row in rows]
        return [(row.group_key, score_100(row.was, on), score_100(row.became, on)) for row, on in scales]

    def _seen(self, chosen: Select[Any], query: ReportQuery) -> Select[Any]:
        hidden = [] if query.scope is None else [within(query.scope, self._viewer)]
        opened = opened_in(case.c.opened_at, (query.since, query.until))
        return chosen.where(*opened, *filters(CUTS, query), *hidden)


def _key(query: ReportQuery) -> ColumnElement[str | None]:
    by: ColumnElement[Any] = null() if query.by is None else CUTS[query.by]
    return by.label("group_key")
