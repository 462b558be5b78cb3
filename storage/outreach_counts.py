"""What became of invitations, counted by the database in one query."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, case, func, select
from sqlalchemy.engine import Row

from storage.cuts import Cuts, filters, used, within
from storage.scopes import seen
from storage.sql import microseconds, month, quarter
from storage.tables import account, interview, invitation, person, project
from surveys.interview import Disposition
from surveys.reporting import Dimension, OutreachCount, ReportQuery

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
OF_PROJECT: Final = frozenset({"account", "project", "division", "product", "stage"})
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


def invited(spoken: Collection[Dimension], source: FromClause = invitation) -> FromClause:
    """Invitations with what became of them, and with what else is spoken of.

    Every invitation has a project and a person, but only an outer join keeps SQLite from beginning with those: then it
    reads the invitations in the order of their projects or people, here and there in the file.
    """
    if OF_PROJECT & {*spoken}:
        source = source.outerjoin(project, project.c.id == invitation.c.project_id)
    if "account" in spoken:
        source = source.outerjoin(account, account.c.id == project.c.account_id)
    if "language" in spoken:
        source = source.outerjoin(person, person.c.id == invitation.c.person_id)
    return source.outerjoin(interview, interview.c.invitation_id == invitation.c.id)


def outreach_counts(query: ReportQuery) -> Select[Any]:
    """By the roles of each invitation as well, for `by_group` to add up."""
    group = [OF_INVITATIONS[query.by]] if query.by and query.by in OF_INVITATIONS else []
    return (
        select(*group, invitation.c.roles, *OUTCOMES.values(), TOOK)
        .group_by(*group, invitation.c.roles)
        .select_from(invited(used(query)))
        .where(*within(invitation.c.created_at, (query.since, query.until)))
        .where(*filters(OF_INVITATIONS, query), *seen(query.scope, OF_INVITATIONS["division"]))
    )


def by_group(query: ReportQuery, rows: Sequence[Row[Any]]) -> list[OutreachCount]:
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
