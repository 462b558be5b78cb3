"""Cases: read and locked, changed by steps."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, Text, bindparam, cast, func, insert, literal, or_, select, update
from sqlalchemy import case as case_when
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.case_tables import NOT_CLOSED, case, case_answer, case_card, case_remark, case_step
from storage.case_views import CaseViews, as_case
from storage.sql import insert_in, insert_into
from storage.tables import STANDING, account, answer, interview, invitation, person, project, setting, stakeholder
from surveys.attachments import Attachment
from surveys.cases.case import Case, Happened
from surveys.cases.ports import CaseCard, CaseMoved, CaseView, Listed, Silent
from surveys.ports import Card
from surveys.questionnaire import Role

LOCKED: Final[Select[Any]] = select(case).with_for_update(of=case)
BY_ID: Final = LOCKED.where(case.c.id == bindparam("which"))
OPEN_OF: Final = LOCKED.where(
    case.c.person_id == bindparam("whose"), case.c.component == bindparam("about"), NOT_CLOSED
)
ASKED_IN: Final = select(case.c.id).where(case.c.check == bindparam("asked_in"))
SAID_IN: Final = select(case_answer.c.case_id).where(case_answer.c.interview_id == bindparam("asked_in"))
OF_CHECK: Final = (
    LOCKED.where(case.c.id.in_(ASKED_IN.union(SAID_IN)))
    .order_by(case.c.merged_into.is_not(None), case.c.id.desc())
    .limit(1)
)
OF_ANSWER: Final = (
    LOCKED.join(case_answer, case_answer.c.case_id == case.c.id)
    .where(case_answer.c.interview_id == bindparam("said_in"), case_answer.c.item == bindparam("said_to"))
    .where(case.c.merged_into.is_(None))
    .order_by(case.c.id.desc())
    .limit(1)
)
DUE: Final = (
    select(case)
    .where(NOT_CLOSED, case.c.due_at <= bindparam("now", type_=case.c.due_at.type))
    .order_by(case.c.due_at, case.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(of=case, skip_locked=True)
)
OPEN: Final = insert(case).returning(case.c.id)
STEP: Final = insert(case_step)
SPEAKS: Final = select(
    select(case_answer.c.item)
    .where(case_answer.c.case_id == bindparam("which"), case_answer.c.interview_id == bindparam("said_in"))
    .exists()
)
NEXT: Final = update(case).where(case.c.id == bindparam("which"), case.c.version == bindparam("seen"))
CHANGE: Final = update(case).where(case.c.id == bindparam("which"))
WITHDRAW: Final = update(case_answer).where(
    case_answer.c.interview_id == bindparam("said_in"), case_answer.c.item == bindparam("said_to")
)
LAST_SCORE: Final = (
    select(answer.c.score)
    .join(interview, interview.c.id == answer.c.interview_id)
    .where(
        interview.c.person_id == bindparam("whose"),
        interview.c.mode == "named",
        interview.c.id != bindparam("elsewhere"),
        answer.c.item == bindparam("said_to"),
        answer.c.score.is_not(None),
        STANDING,
    )
    .order_by(answer.c.answered_at.desc(), answer.c.id.desc())
    .limit(1)
)
CARD: Final = update(case_card).where(case_card.c.case_id == bindparam("which"), case_card.c.chat_id == bindparam("to"))
CARDS: Final = (
    select(
        case_card.c.case_id,
        case_card.c.chat_id,
        case_card.c.message_id,
        case_card.c.shown_version,
        case.c.version,
        setting.c.value.label("language"),
    )
    .join(case, case.c.id == case_card.c.case_id)
    .outerjoin(setting, setting.c.name == literal("language:") + cast(case_card.c.chat_id, Text))
    .where(case_card.c.gone.is_(False))
)
CARDS_OF: Final = CARDS.where(case_card.c.case_id.in_(bindparam("these", expanding=True)))
BEHIND: Final = CARDS.where(case_card.c.shown_version < case.c.version)
CONCERNS: Final = select(
    or_(
        *(
            select(column).where(column == bindparam("who")).exists()
            for column in (account.c.manager, project.c.manager, case_card.c.chat_id)
        )
    )
)
# In the order of cases, so that two replicas that lose the same chat wait for each other instead of locking up.
LOST_IN: Final = (
    select(case_card.c.case_id)
    .where(case_card.c.chat_id == bindparam("to"), case_card.c.message_id.is_(None), case_card.c.gone.is_(False))
    .order_by(case_card.c.case_id)
    .with_for_update()
)


ANSWERED: Final = (
    select(answer.c.id)
    .join(interview, interview.c.id == answer.c.interview_id)
    .where(interview.c.invitation_id == invitation.c.id)
    .exists()
)
HOLDS: Final = (
    select(stakeholder.c.role)
    .where(
        stakeholder.c.person_id == invitation.c.person_id,
        stakeholder.c.project_id == invitation.c.project_id,
        stakeholder.c.role.in_(bindparam("wanted", expanding=True)),
    )
    .exists()
)
SILENCE: Final = (
    select(
        invitation.c.person_id,
        invitation.c.project_id,
        project.c.account_id,
        invitation.c.wave,
        func.max(invitation.c.created_at).label("at"),
        func.max(case_when((ANSWERED, 1), else_=0)).label("answered"),
    )
    .join(project, project.c.id == invitation.c.project_id)
    .join(person, person.c.id == invitation.c.person_id)
    .where(
        invitation.c.wave.is_not(None),
        invitation.c.expires_at <= bindparam("now", type_=invitation.c.expires_at.type),
        invitation.c.state != "undeliverable",
        person.c.opted_out_at.is_(None),
        HOLDS,
    )
    .group_by(invitation.c.person_id, invitation.c.project_id, project.c.account_id, invitation.c.wave)
    .order_by(func.max(invitation.c.created_at).desc())
)


class StoredCases:
    """The port Cases."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._views = CaseViews(connection)

    async def add(self, case_: Case, happened: Happened) -> Case:
        values = {name: value for name, value in _row(case_).items() if name != "id"}
        (number,) = (await self._connection.execute(OPEN, values)).one()
        return await self._stepped(case_, number, happened)

    async def lock(self, case_id: int) -> Case | None:
        return await self._one(BY_ID, which=case_id)

    async def open_of(self, person_id: int, component: str | None) -> Case | None:
        return await self._one(OPEN_OF, whose=person_id, about=component or "")

    async def of_check(self, interview_id: str) -> Case | None:
        return await self._one(OF_CHECK, asked_in=interview_id)

    async def of_answer(self, interview_id: str, item: str) -> Case | None:
        return await self._one(OF_ANSWER, said_in=interview_id, said_to=item)

    async def files(self, case_id: int) -> Mapping[int, Attachment]:
        return await self._views.files(case_id)

    async def speaks_of(self, case_id: int, interview_id: str) -> bool:
        return bool(await self._connection.scalar(SPEAKS, {"which": case_id, "said_in": interview_id}))

    async def save(self, case_: Case, happened: Happened) -> None:
        values = {"which": case_.id, "seen": case_.version - 1}
        row = {name: value for name, value in _row(case_).items() if name != "id"}
        changed = await self._connection.execute(NEXT.values(**row), values)
        if not changed.rowcount:
            raise CaseMoved
        await self._stepped(case_, case_.id, happened)

    async def look_again(self, case_id: int, at: datetime) -> None:
        await self._connection.execute(CHANGE, {"which": case_id, "due_at": at})

    async def link(self, case_id: int, interview_id: str, item: str, rules: Sequence[str], at: datetime) -> None:
        row = {"case_id": case_id, "interview_id": interview_id, "item": item, "rules": "|".join(rules), "at": at}
        await self._connection.execute(_link(self._connection.dialect.name), row | {"withdrawn_at": None})

    async def link_remark(self, case_id: int, remark_id: int, rules: Sequence[str]) -> None:
        row = {"case_id": case_id, "remark_id": remark_id, "rules": "|".join(rules)}
        await self._connection.execute(insert(case_remark), row)

    async def withdraw(self, interview_id: str, item: str, at: datetime) -> None:
        await self._connection.execute(WITHDRAW, {"said_in": interview_id, "said_to": item, "withdrawn_at": at})

    async def move_answers(self, case_id: int, into: int) -> None:
        for said in (case_answer, case_remark):
            theirs = select(said).where(said.c.case_id == case_id)
            rows = [dict(row._mapping) | {"case_id": into} for row in await self._connection.execute(theirs)]
            if rows:
                await self._connection.execute(self._insert(said).on_conflict_do_nothing(), rows)

    async def last_score(self, person_id: int, item: str, without: str) -> int | None:
        values = {"whose": person_id, "said_to": item, "elsewhere": without}
        score: int | None = await self._connection.scalar(LAST_SCORE, values)
        return score

    async def due(self, now: datetime, at_most: int) -> Sequence[Case]:
        rows = await self._connection.execute(DUE, {"now": now, "at_most": at_most})
        return [as_case(row) for row in rows]

    async def silent(self, now: datetime, waves: int, roles: Sequence[Role]) -> Sequence[Silent]:
        rows = await self._connection.execute(SILENCE, {"now": now, "wanted": list(roles)})
        by_place: defaultdict[tuple[int, int, int], list[Any]] = defaultdict(list)
        for row in rows:
            by_place[row.person_id, row.project_id, row.account_id].append(row)
        last = {place: found[:waves] for place, found in by_place.items() if len(found) >= waves}
        return [
            Silent(person_id=place[0], project_id=place[1], account_id=place[2], wave=found[0].wave)
            for place, found in last.items()
            if not any(row.answered for row in found)
        ]

    async def view(self, case_id: int) -> CaseView | None:
        return (await self._views.of([case_id])).get(case_id)

    async def views(self, case_ids: Collection[int]) -> Mapping[int, CaseView]:
        return await self._views.of(case_ids)

    async def others(self, case_: Case) -> Sequence[Listed]:
        return await self._views.others(case_)

    async def hand(self, case_id: int, chat_ids: Collection[int]) -> None:
        rows = [{"case_id": case_id, "chat_id": each, "shown_version": -1, "gone": False} for each in chat_ids]
        if rows:
            await self._connection.execute(self._insert(case_card).on_conflict_do_nothing(), rows)

    async def cards(self, case_ids: Collection[int]) -> Sequence[CaseCard]:
        rows = await self._connection.execute(CARDS_OF, {"these": list(case_ids)})
        return [CaseCard(**row._mapping) for row in rows]

    async def shown(self, cards: Mapping[tuple[int, int], Card]) -> None:
        rows = [
            {
                "which": case_id,
                "to": chat_id,
                "message_id": card.message_id,
                "shown_version": card.shown_turn,
                "gone": False,
            }
            for (case_id, chat_id), card in sorted(cards.items())
        ]
        if rows:
            await self._connection.execute(CARD, rows)

    async def forget_chat(self, chat_id: int) -> Sequence[int]:
        lost = (await self._connection.scalars(LOST_IN, {"to": chat_id})).all()
        if lost:
            rows = [{"which": case_id, "to": chat_id, "gone": True} for case_id in lost]
            await self._connection.execute(CARD, rows)
        had = {card.case_id for card in await self.cards(lost)}
        return [case_id for case_id in lost if case_id not in had]

    async def concerns(self, who: int) -> bool:
        return bool(await self._connection.scalar(CONCERNS, {"who": who}))

    async def behind(self) -> Sequence[CaseCard]:
        return [CaseCard(**row._mapping) for row in await self._connection.execute(BEHIND)]

    async def _one(self, query: Select[Any], **values: object) -> Case | None:
        row = (await self._connection.execute(query, values)).first()
        return None if row is None else as_case(row)

    async def _stepped(self, case_: Case, number: int, happened: Happened) -> Case:
        step = {
            "case_id": number,
            "version": case_.version,
            "at": happened.at,
            "actor": happened.actor,
            "kind": happened.kind,
            "detail": dict(happened.detail),
        }
        await self._connection.execute(STEP, step)
        return replace(case_, id=number)

    def _insert(self, table: Any) -> Any:
        return insert_into(self._connection, table)


@cache
def _link(dialect: str) -> Any:
    """What was said becomes part of a case, once more if it was taken back."""
    added = insert_in(dialect, case_answer)
    again = {"rules": added.excluded.rules, "withdrawn_at": None}
    return added.on_conflict_do_update(index_elements=list(case_answer.primary_key), set_=again)


def _row(case_: Case) -> dict[str, Any]:
    row = {name: getattr(case_, name) for name in Case.__dataclass_fields__}
    return row | {"component": case_.component or ""}
