"""The port Voices: what became of everybody who was invited, or decided about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.contact_tables import ask, decision
from storage.scopes import seen
from storage.tables import account, interview, invitation, project
from surveys.contact import Told
from surveys.interview import Disposition
from surveys.rules import Scope
from surveys.voices import HEARD, Contacted, Place, Span

ANSWERED: Final = case((interview.c.disposition.in_(sorted(HEARD)), 1), else_=0)
TOLD: Final = (*(decision.c[name] for name in Told.__dataclass_fields__ if name in decision.c),)


class StoredVoices:
    """One query for each question."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def latest_wave(self, since: datetime, scope: Scope | None) -> str | None:
        begun = [
            _at_project(select(table.c.wave.label("wave"), moment.label("at")), table)
            .where(table.c.wave.is_not(None), moment >= since, *seen(scope))
            .order_by(moment.desc())
            .limit(1)
            for table, moment in ((invitation, invitation.c.created_at), (decision, decision.c.decided_at))
        ]
        found = [row for query in begun for row in await self._connection.execute(query)]
        return max(found, key=lambda row: row.at).wave if found else None

    async def waves(self) -> Sequence[str]:
        begun: dict[str, datetime] = {}
        for table, moment in ((invitation, invitation.c.created_at), (decision, decision.c.decided_at)):
            known = select(table.c.wave, func.max(moment)).where(table.c.wave.is_not(None)).group_by(table.c.wave)
            for wave, at in await self._connection.execute(known):
                begun[wave] = max(at, begun.get(wave, at))
        return sorted(begun, key=begun.__getitem__, reverse=True)

    async def contacted(self, span: Span) -> Sequence[Contacted]:
        last = (
            select(func.max(invitation.c.id).label("id"), func.max(ANSWERED).label("heard"))
            .outerjoin(interview, interview.c.invitation_id == invitation.c.id)
            .where(*_within(span, invitation, invitation.c.created_at))
            .group_by(invitation.c.person_id, invitation.c.project_id)
            .subquery()
        )
        of_last = (
            select(
                invitation.c.person_id,
                invitation.c.project_id,
                last.c.heard,
                invitation.c.state,
                interview.c.consented_at,
                func.coalesce(interview.c.disposition, invitation.c.disposition).label("disposition"),
            )
            .join(last, last.c.id == invitation.c.id)
            .outerjoin(interview, interview.c.invitation_id == invitation.c.id)
        )
        return [_contacted(row) for row in await self._connection.execute(of_last)]

    async def told(self, span: Span) -> Mapping[Place, Told]:
        last = (
            select(func.max(decision.c.id).label("id"))
            .where(
                decision.c.person_id.is_not(None),
                decision.c.project_id.is_not(None),
                *_within(span, decision, decision.c.decided_at),
            )
            .group_by(decision.c.person_id, decision.c.project_id)
            .subquery()
        )
        of_last = (
            select(*TOLD, ask.c.state, ask.c.due_at, ask.c.settled_at, decision.c.person_id, decision.c.project_id)
            .join(last, last.c.id == decision.c.id)
            .outerjoin(ask, ask.c.id == decision.c.ask_id)
        )
        rows = (await self._connection.execute(of_last)).all()
        return {(row.person_id, row.project_id): _told(row) for row in rows}


def _at_project(query: Select[Any], table: Table) -> Select[Any]:
    return query.join(project, project.c.id == table.c.project_id).join(account, account.c.id == project.c.account_id)


def _within(span: Span, table: Table, moment: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    of_wave = [] if span.wave is None else [table.c.wave == span.wave]
    return [*of_wave, *([] if span.since is None else [moment >= span.since])]


def _contacted(row: Any) -> Contacted:
    return Contacted(
        place=(row.person_id, row.project_id),
        heard=bool(row.heard),
        undeliverable=row.state == "undeliverable",
        started=row.consented_at is not None,
        disposition=None if row.disposition is None else Disposition(row.disposition),
    )


def _told(row: Any) -> Told:
    return Told(**{name: row._mapping[name] for name in Told.__dataclass_fields__})
