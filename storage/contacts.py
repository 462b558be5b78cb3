"""What has been asked of people: read for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.asks import events_of
from storage.contact_tables import SCHEDULED, ask
from storage.portions import portions
from storage.tables import AMENDING, LIVE, interview, invitation, questionnaire_version
from surveys.contact import Busy, Scheduled
from surveys.contact_ports import Past
from surveys.interview import Disposition

PERSONS: Final[BindParameter[int]] = bindparam("ids", expanding=True)
KINDS: Final = select(questionnaire_version.c.key, questionnaire_version.c.kind).distinct().subquery()
LAST: Final = (
    select(
        invitation.c.person_id.label("whose"),
        KINDS.c.kind,
        func.max(func.coalesce(invitation.c.opened_at, invitation.c.created_at)).label("at"),
    )
    .join(KINDS, KINDS.c.key == invitation.c.questionnaire)
    .where(invitation.c.person_id.in_(PERSONS), invitation.c.state != "undeliverable")
    .group_by(invitation.c.person_id, KINDS.c.kind)
)
OPEN: Final = (
    select(
        interview.c.person_id.label("whose"),
        interview.c.questionnaire,
        KINDS.c.kind,
        interview.c.touched_at,
        interview.c.wake_at,
        AMENDING,
    )
    .join(KINDS, KINDS.c.key == interview.c.questionnaire)
    .where(interview.c.person_id.in_(PERSONS), LIVE)
    .order_by(interview.c.touched_at)
)
TO_COME: Final = (
    select(ask.c.person_id.label("whose"), ask.c.id, ask.c.questionnaire, ask.c.kind, ask.c.project_id, ask.c.due_at)
    .where(ask.c.person_id.in_(PERSONS), SCHEDULED)
    .order_by(ask.c.due_at)
)
COSTS_TIME: Final = or_(
    interview.c.disposition.is_(None),
    interview.c.disposition.not_in([Disposition.REFUSED, Disposition.UNREACHED]),
)


def _taken(owner: Any) -> Select[Any]:
    return (
        select(owner.label("whose"), interview.c.questionnaire, interview.c.version, func.count().label("times"))
        .where(
            owner.in_(PERSONS),
            interview.c.created_at >= bindparam("since", type_=interview.c.created_at.type),
            COSTS_TIME,
        )
        .group_by(owner, interview.c.questionnaire, interview.c.version)
    )


TAKEN: Final = _taken(interview.c.person_id)
TAKEN_AT_ACCOUNT: Final = _taken(interview.c.account_id)


class StoredContacts:
    """The port Contacts. Goes by what is written, not by what this unit of work has saved of interviews."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, person_ids: Sequence[int], since: datetime) -> Mapping[int, Past]:
        last = _by_owner(await self._read(LAST, person_ids))
        live = _by_owner(await self._read(OPEN, person_ids))
        to_come = await self._scheduled(person_ids)
        taken = _by_owner(await self._read(TAKEN, person_ids, since=since))
        return {
            each: Past(
                last={row.kind: row.at for row in last[each]},
                open=tuple(_busy(row) for row in live[each]),
                scheduled=tuple(to_come[each]),
                taken={(row.questionnaire, row.version): row.times for row in taken[each]},
            )
            for each in person_ids
        }

    async def of_accounts(
        self, account_ids: Sequence[int], since: datetime
    ) -> Mapping[int, Mapping[tuple[str, int], int]]:
        taken = _by_owner(await self._read(TAKEN_AT_ACCOUNT, account_ids, since=since))
        return {each: {(row.questionnaire, row.version): row.times for row in taken[each]} for each in account_ids}

    async def _scheduled(self, person_ids: Sequence[int]) -> Mapping[int, list[Scheduled]]:
        rows = await self._read(TO_COME, person_ids)
        events = await events_of(self._connection, [row.id for row in rows])
        found: defaultdict[int, list[Scheduled]] = defaultdict(list)
        for row in rows:
            values = {name: row._mapping[name] for name in Scheduled.__dataclass_fields__ if name != "events"}
            found[row.whose].append(Scheduled(**values, events=events.get(row.id, ())))
        return found

    async def _read(self, query: Select[Any], ids: Sequence[int], **values: Any) -> list[Row[Any]]:
        return [
            row
            for portion in portions(ids)
            for row in await self._connection.execute(query, {"ids": portion, **values})
        ]


def _by_owner(rows: Iterable[Row[Any]]) -> Mapping[int, list[Row[Any]]]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.whose].append(row)
    return found


def _busy(row: Row[Any]) -> Busy:
    at = row.touched_at
    return Busy(
        questionnaire=row.questionnaire,
        kind=row.kind,
        since=at,
        until=at,
        amending=row.amending,
        wake_at=row.wake_at,
    )
