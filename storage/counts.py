"""Counts of answers and of invitations, made by the database: one query for each question."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, FromClause, Select, case, exists, func, select, union
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.judgements import AT_ONCE, JUDGED, Judgement, judged
from storage.scopes import seen
from storage.sql import microseconds, month, quarter
from storage.tables import CONFIDENTIAL, account, answer, interview, invitation, person, project, stakeholder
from surveys.errors import BadQuery
from surveys.interview import Disposition
from surveys.reporting import (
    ANSWERS_ALONE,
    DIMENSIONS,
    Cell,
    CellCount,
    Dimension,
    OutreachCount,
    ReportQuery,
    ScoreCount,
)
from surveys.rules import Scope

Cuts = Mapping[Dimension, ColumnElement[Any]]

OF_ANSWERS: Final[Cuts] = {
    "account": account.c.name,
    "project": project.c.name,
    "division": interview.c.division,
    "product": interview.c.product,
    "role": answer.c.role,
    "stage": interview.c.stage,
    "questionnaire": interview.c.questionnaire,
    "item": answer.c.item,
    "component": answer.c.component,
    "block": answer.c.block,
    "touchpoint": interview.c.touchpoint,
    "channel": interview.c.channel,
    "language": interview.c.language,
    "month": month(answer.c.answered_at),
    "quarter": quarter(answer.c.answered_at),
    "wave": interview.c.wave,
}
BEGUN: Final = interview.c.id.is_not(None)
# Before an interview begins, things are as the directory has them now.
OF_INVITATIONS: Final[Cuts] = {
    "account": account.c.name,
    "project": project.c.name,
    "division": case((BEGUN, interview.c.division), else_=project.c.division),
    "product": case((BEGUN, interview.c.product), else_=project.c.product),
    "stage": case((BEGUN, interview.c.stage), else_=project.c.stage),
    "language": case((BEGUN, interview.c.language), else_=func.coalesce(person.c.chosen_language, person.c.language)),
    "questionnaire": invitation.c.questionnaire,
    "touchpoint": invitation.c.touchpoint,
    "channel": invitation.c.channel,
    "wave": invitation.c.wave,
    "month": month(invitation.c.created_at),
    "quarter": quarter(invitation.c.created_at),
}
INVITED: Final = (
    invitation.join(project, project.c.id == invitation.c.project_id)
    .join(account, account.c.id == project.c.account_id)
    .join(person, person.c.id == invitation.c.person_id)
    .outerjoin(interview, interview.c.invitation_id == invitation.c.id)
)
ANSWERED: Final = (
    answer.join(interview, interview.c.id == answer.c.interview_id)
    .join(account, account.c.id == interview.c.account_id)
    .join(project, project.c.id == interview.c.project_id)
)
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
COMPLETE: Final = interview.c.disposition == Disposition.COMPLETE
OUTCOMES: Final[Mapping[str, ColumnElement[int]]] = {
    "invited": func.count(),
    "delivered": func.count().filter(invitation.c.state == "delivered"),
    "started": func.count().filter(interview.c.consented_at.is_not(None)),
    "completed": func.count().filter(COMPLETE),
    "partial": func.count().filter(interview.c.disposition == Disposition.PARTIAL),
    "refused": func.count().filter(interview.c.disposition.in_([Disposition.REFUSED, Disposition.BREAK_OFF])),
    "undeliverable": func.count().filter(invitation.c.state == "undeliverable"),
    "unreached": func.count().filter(
        func.coalesce(interview.c.disposition, invitation.c.disposition) == Disposition.UNREACHED,
        invitation.c.state != "undeliverable",
    ),
}
TOOK: Final[ColumnElement[str]] = func.aggregate_strings(
    case((COMPLETE, microseconds(interview.c.consented_at, interview.c.closed_at))), ","
)


class StoredCounts:
    """The port surveys.reporting.Counts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def scores(self, query: ReportQuery, scales: Sequence[str]) -> Sequence[ScoreCount]:
        """Projects of one name at several accounts are one group: keys are names."""
        keys = [answer.c.scale, answer.c.role, answer.c.score]
        rows = await self._connection.execute(_standing(query, scales, [*keys, func.count()], keys))
        return [ScoreCount(row[0] if query.by else None, *row[-4:]) for row in rows]

    async def respondents(self, query: ReportQuery, scales: Sequence[str]) -> Mapping[str | None, int]:
        """One person in several interviews is one respondent."""
        people = func.count(interview.c.person_id.distinct())
        rows = await self._connection.execute(_standing(query, scales, [people], []))
        return {row[0] if query.by else None: row[-1] for row in rows if row[-1]}

    async def cells(self, query: ReportQuery, across: Dimension, scales: Sequence[str]) -> Sequence[CellCount]:
        """As `scores`, with a second group before the other keys."""
        keys = [OF_ANSWERS[across], answer.c.scale, answer.c.role, answer.c.score]
        rows = await self._connection.execute(_standing(query, scales, [*keys, func.count()], keys, across))
        return [CellCount((row[0], row[1]), *row[-4:]) for row in rows]

    async def cell_respondents(
        self, query: ReportQuery, across: Dimension, scales: Sequence[str]
    ) -> Mapping[Cell, int]:
        """As `respondents`, with a second group."""
        keys, people = [OF_ANSWERS[across]], func.count(interview.c.person_id.distinct())
        rows = await self._connection.execute(_standing(query, scales, [*keys, people], keys, across))
        return {(row[0], row[1]): row[2] for row in rows}

    async def judgements(self, query: ReportQuery, components: Sequence[str]) -> Sequence[Judgement]:
        """Equal rows are one object: there are far fewer opinions than people."""
        wanted = replace(query, by=None)
        columns = [answer.c.interview_id, answer.c.component, answer.c.scale, answer.c.score]
        statement = _standing(wanted, JUDGED, columns, []).order_by(answer.c.interview_id)
        known: dict[Judgement, Judgement] = {}
        async with self._connection.stream(statement, execution_options={"yield_per": AT_ONCE}) as rows:
            return [known.setdefault(row, row) async for row in judged(rows, components)]

    async def values(self, dimension: Dimension, scope: Scope | None) -> Sequence[str]:
        """Those of the directory, of invitations and, of what only answers have, of answers; in order."""
        places = [(OF_DIRECTORY, LISTED), (OF_INVITATIONS, INVITED)]
        named = [place for place in places if dimension in place[0]]
        if dimension not in OF_INVITATIONS:
            named.append((OF_ANSWERS, ANSWERED))
        parts = [
            select(cuts[dimension]).select_from(source).where(*seen(scope, cuts["division"])) for cuts, source in named
        ]
        return sorted(value for value in await self._connection.scalars(union(*parts)) if value is not None)

    async def confidential(self) -> bool:
        """Whether anybody at all was promised confidentiality."""
        return bool(await self._connection.scalar(select(exists().where(CONFIDENTIAL).select_from(interview))))

    async def outreach(self, query: ReportQuery) -> Sequence[OutreachCount]:
        """Somebody of two roles is in the group of each, so groups by role may add up to more than all.

        A break-off is a refusal, as AAPOR has it. Raises BadQuery for a dimension that only answers have.
        """
        for dimension in (query.by, *query.where):
            if dimension in ANSWERS_ALONE:
                allowed = tuple(each for each in DIMENSIONS if each not in ANSWERS_ALONE)
                raise BadQuery(reason="not_for_metric", word=dimension, allowed=allowed, nearest=None)
        counted = (
            _cut(OF_INVITATIONS, query, [invitation.c.roles, *OUTCOMES.values(), TOOK], [invitation.c.roles])
            .select_from(INVITED)
            .where(*_within(invitation.c.created_at, query.since, query.until))
            .where(*_filters(OF_INVITATIONS, query), *seen(query.scope, OF_INVITATIONS["division"]))
        )
        return _by_group(query, (await self._connection.execute(counted)).all())


def _cut(
    cuts: Cuts, query: ReportQuery, columns: Sequence[ColumnElement[Any]], keys: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    """`columns` counted by `keys` and, in front of them, by the dimension of the breakdown."""
    group = [] if query.by is None or query.by not in cuts else [cuts[query.by]]
    return select(*group, *columns).group_by(*group, *keys)


def _standing(
    query: ReportQuery,
    scales: Sequence[str],
    columns: Sequence[ColumnElement[Any]],
    keys: Sequence[ColumnElement[Any]],
    across: Dimension | None = None,
) -> Select[Any]:
    """`_cut` of the answers that stand. `across`: what else the columns speak of."""
    return (
        _cut(OF_ANSWERS, query, columns, keys)
        .select_from(_answers(query, across))
        .where(answer.c.superseded_at.is_(None), answer.c.scale.in_(scales))
        .where(*_within(answer.c.answered_at, query.since, query.until))
        .where(*_filters(OF_ANSWERS, query), *seen(query.scope, OF_ANSWERS["division"]))
    )


def _answers(query: ReportQuery, across: Dimension | None) -> FromClause:
    """Answers with their interviews, and with what else the query speaks of."""
    used = {query.by, across, *query.where, *(("account", "project") if query.scope else ())}
    source = answer.join(interview, interview.c.id == answer.c.interview_id)
    if "account" in used:
        source = source.join(account, account.c.id == interview.c.account_id)
    if "project" in used:
        source = source.join(project, project.c.id == interview.c.project_id)
    return source


def _within(moment: Column[Any], since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    lower = [moment >= since] if since else []
    upper = [moment < until] if until else []
    return [*lower, *upper]


def _filters(cuts: Cuts, query: ReportQuery) -> list[ColumnElement[bool]]:
    return [cuts[dimension].in_(values) for dimension, values in query.where.items() if dimension in cuts]


def _by_group(query: ReportQuery, rows: Sequence[Row[Any]]) -> list[OutreachCount]:
    """Adds up rows that are counted by the roles of each invitation as well."""
    wanted = query.where.get("role")
    found: defaultdict[str | None, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        roles = [role for role in row.roles if wanted is None or role in wanted]
        if query.by == "role":
            for role in roles:
                found[role].append(row)
        elif roles:
            found[row[0] if query.by else None].append(row)
    return [_outreach(group, members) for group, members in found.items()]


def _outreach(group: str | None, rows: Sequence[Row[Any]]) -> OutreachCount:
    width = len(OUTCOMES)
    totals = [sum(numbers) for numbers in zip(*(row[-width - 1 : -1] for row in rows), strict=True)]
    took = tuple(int(each) / 1_000_000 for row in rows if row[-1] for each in row[-1].split(","))
    return OutreachCount(group=group, **dict(zip(OUTCOMES, totals, strict=True)), seconds=took)
