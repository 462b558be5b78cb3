"""Counts of answers and of invitations: one query for each question."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cuts import Cuts, broken_down, within
from storage.judgements import AT_ONCE, JUDGED, Judgement, judged
from storage.kept import Found, Kept, kept
from storage.outreach_counts import OF_INVITATIONS, invited, outreach_counts
from storage.outreach_sums import Group, by_group
from storage.scopes import seen
from storage.score_counts import score_counts, score_values, standing_answers
from storage.tables import CONFIDENTIAL, account, answer, interview, invitation, project, stakeholder
from surveys.errors import BadQuery
from surveys.reporting import (
    ANSWERS_ALONE,
    OF_INVITING,
    Cell,
    Dimension,
    OutreachCount,
    ReportQuery,
    ScoreCount,
)
from surveys.rules import Scope

if TYPE_CHECKING:
    from storage.audiences import Audiences
    from surveys.audience import Audience

OF_DIRECTORY: Final[Cuts] = {
    "account": account.c.name,
    "project": project.c.name,
    "division": project.c.division,
    "product": project.c.product,
    "stage": project.c.stage,
    "role": stakeholder.c.role,
}
LISTED: Final = account.join(project, project.c.account_id == account.c.id).outerjoin(
    stakeholder, stakeholder.c.project_id == project.c.id
)
REVENUES: Final = select(account.c.name, account.c.revenue).where(account.c.revenue.is_not(None))
LATEST: Final = select(invitation.c.id).order_by(invitation.c.id.desc()).limit(10_000).subquery()

Counted = Mapping[tuple[Any, ...], int]


class StoredCounts:
    """The port surveys.reporting.Counts."""

    def __init__(self, connection: AsyncConnection, audiences: Callable[[], "Audiences"]) -> None:
        self._connection = connection
        self._all_audiences = audiences
        self._kept: Kept | None = None
        self._audiences: dict[object, Audience] = {}

    async def revenues(self) -> Mapping[str, float]:
        """Every account whose revenue somebody named."""
        rows = await self._connection.execute(REVENUES)
        return {row.name: row.revenue for row in rows}

    async def scores(self, query: ReportQuery, scales: Sequence[str]) -> Sequence[ScoreCount]:
        """Projects of one name at several accounts are one group: keys are names."""
        found = await self._scores(query, scales, *broken_down(query))
        return [ScoreCount(key[0] if query.by else None, key[-3], key[-2], key[-1], n) for key, n in found.items()]

    async def cells(
        self, query: ReportQuery, across: Dimension, scales: Sequence[str]
    ) -> Mapping[Cell, Sequence[ScoreCount]]:
        """As `scores`, by a second group as well."""
        found: defaultdict[Cell, list[ScoreCount]] = defaultdict(list)
        counted = await self._scores(query, scales, *broken_down(query), across)
        for (row, column, scale, role, score), n in counted.items():
            found[row, column].append(ScoreCount(None, scale, role, score, n))
        return found

    async def audience(self, query: ReportQuery) -> "Audience":
        """Read once: in one snapshot it stays the same."""
        from storage.audiences import odd_bounds

        asked = query.scope, query.as_of, odd_bounds(query)
        if asked not in self._audiences:
            self._audiences[asked] = await self._all_audiences().audience(self._connection, query)
        return self._audiences[asked]

    async def judgements(self, query: ReportQuery, components: Sequence[str]) -> Sequence[Judgement]:
        """Equal rows are one object: there are far fewer opinions than people."""
        columns = [answer.c.interview_id, answer.c.component, answer.c.scale, answer.c.score]
        every = standing_answers(replace(query, by=None), JUDGED, columns, []).order_by(answer.c.interview_id)
        statement = every.where(*within(answer.c.answered_at, (query.since, query.until)))
        known: dict[Judgement, Judgement] = {}
        async with self._connection.stream(statement, execution_options={"yield_per": AT_ONCE}) as rows:
            return [known.setdefault(row, row) async for row in judged(rows, components)]

    async def values(self, dimension: Dimension, scope: Scope | None) -> Sequence[str]:
        """Those of the directory, of answers, and of the latest invitations, whoever may have answered; in order."""
        latest = invited(OF_INVITATIONS, invitation.join(LATEST, LATEST.c.id == invitation.c.id))
        parts = [
            select(cuts[dimension]).select_from(source).where(*seen(scope, cuts["division"]))
            for cuts, source in ((OF_DIRECTORY, LISTED), (OF_INVITATIONS, latest))
            if dimension in cuts
        ]
        rows = await self._connection.scalars(union(*parts, *score_values(dimension, scope)))
        return sorted(value for value in rows if value is not None)

    async def confidential(self) -> bool:
        """Whether anybody at all was promised confidentiality."""
        return bool(await self._connection.scalar(select(exists().where(CONFIDENTIAL).select_from(interview))))

    async def outreach(self, query: ReportQuery, *, timed: bool = True) -> Sequence[OutreachCount]:
        """Somebody of two roles is in the group of each, so groups by role may add up to more than all.

        A break-off is a refusal, as AAPOR has it. Raises BadQuery for a dimension that only answers have.
        """
        found = await self._outreach(query, *broken_down(query), timed=timed)
        return [replace(count, group=group[0] if group else None) for group, count in found.items()]

    async def outreach_cells(self, query: ReportQuery, across: Dimension) -> Mapping[Cell, OutreachCount]:
        """Raises BadQuery as `outreach` does."""
        found = await self._outreach(query, *broken_down(query), across, timed=False)
        return {(row, column): count for (row, column), count in found.items()}

    async def found(self, query: ReportQuery, scales: Sequence[str], *groups: Dimension) -> Found:
        """How often each score was given, as the database adds it up."""
        return await score_counts(self._connection, await self._read(), query, scales, *groups)

    async def _outreach(self, query: ReportQuery, *groups: Dimension, timed: bool) -> Mapping[Group, OutreachCount]:
        for dimension in (*groups, *query.where):
            if dimension in ANSWERS_ALONE:
                raise BadQuery(reason="not_for_metric", word=dimension, allowed=OF_INVITING, nearest=None)
        statement = outreach_counts(query, groups, timed=timed)
        return by_group(query, groups, (await self._connection.execute(statement)).all())

    async def _scores(self, query: ReportQuery, scales: Sequence[str], *groups: Dimension) -> Counted:
        """Groups, scale, role and score -> how many."""
        return (await self.found(query, scales, *groups)).added_up((await self._read()).voices)

    async def _read(self) -> Kept:
        if self._kept is None:
            self._kept = await kept(self._connection)
        return self._kept
