"""Cases as people see them: who, where, what was said, what was done. A fixed number of queries for any number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, null, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from metrics.scales import NPS
from storage.case_tables import case, case_answer, case_remark, case_step
from storage.directory import StoredDirectory
from storage.remark_tables import attachment, remark
from storage.remarks import as_attachment
from storage.scopes import seen
from storage.tables import NAMED, STANDING, account, answer, interview, person, project, setting
from surveys.attachments import Attachment
from surveys.cases.case import OPEN, Case, Happened
from surveys.cases.ports import CaseView, Listed, Voice
from surveys.cases.rules import Managers
from surveys.directory import Stakeholder
from surveys.rules import Scope

OTHERS: Final = 6
MARKS: Final = 6
STAFF: Final = "staff:"
RECOMMENDING: Final = ""
"""In the place of an item: whatever was given on the scale of NPS."""
FILES: Final = (
    select(func.count(attachment.c.id))
    .where(
        attachment.c.interview_id == case_answer.c.interview_id,
        attachment.c.item == case_answer.c.item,
        attachment.c.superseded_at.is_(None),
    )
    .scalar_subquery()
)
SAID: Final[Select[Any]] = (
    select(
        case_answer.c.case_id,
        case_answer.c.item,
        case_answer.c.rules,
        case_answer.c.at,
        case_answer.c.withdrawn_at,
        interview.c.person_id,
        person.c.name.label("person"),
        answer.c.score,
        answer.c.scale,
        answer.c.text,
        answer.c.component,
        FILES.label("files"),
        interview.c.stage,
        interview.c.touchpoint,
        interview.c.language,
    )
    .join(interview, interview.c.id == case_answer.c.interview_id)
    .join(person, person.c.id == interview.c.person_id)
    .outerjoin(
        answer,
        and_(
            answer.c.interview_id == case_answer.c.interview_id,
            answer.c.item == case_answer.c.item,
            answer.c.superseded_at.is_(None),
        ),
    )
    .order_by(case_answer.c.at, case_answer.c.item)
)
REMARKED: Final[Select[Any]] = (
    select(
        case_remark.c.case_id,
        null().label("item"),
        case_remark.c.rules,
        remark.c.at,
        null().label("withdrawn_at"),
        remark.c.person_id,
        person.c.name.label("person"),
        null().label("score"),
        null().label("scale"),
        remark.c.text,
        null().label("component"),
        select(func.count(attachment.c.id))
        .where(attachment.c.remark_id == remark.c.id)
        .scalar_subquery()
        .label("files"),
        remark.c.stage,
        null().label("touchpoint"),
        remark.c.language,
    )
    .join(remark, remark.c.id == case_remark.c.remark_id)
    .join(person, person.c.id == remark.c.person_id)
    .order_by(remark.c.at, remark.c.id)
)
GIVEN: Final = (
    select(interview.c.person_id, answer.c.item, answer.c.score, answer.c.scale)
    .join(interview, interview.c.id == answer.c.interview_id)
    .where(NAMED, answer.c.score.is_not(None), STANDING)
    .order_by(answer.c.answered_at, answer.c.id)
)
WITH_ANSWERS: Final = (
    select(case_answer.c.case_id)
    .where(
        case_answer.c.interview_id == attachment.c.interview_id,
        case_answer.c.item == attachment.c.item,
        case_answer.c.withdrawn_at.is_(None),
        case_answer.c.case_id == bindparam("which"),
    )
    .exists()
)
WITH_REMARKS: Final = (
    select(case_remark.c.case_id)
    .where(case_remark.c.remark_id == attachment.c.remark_id, case_remark.c.case_id == bindparam("which"))
    .exists()
)
ENCLOSED: Final = (
    select(attachment)
    .where(attachment.c.superseded_at.is_(None), or_(WITH_ANSWERS, WITH_REMARKS))
    .order_by(attachment.c.id)
)
STEPS: Final = select(case_step).order_by(case_step.c.case_id, case_step.c.version)
LISTED: Final[Select[Any]] = (
    select(
        case,
        person.c.name.label("person"),
        account.c.name.label("account"),
        project.c.name.label("project"),
        project.c.division.label("division"),
        account.c.manager.label("account_manager"),
        project.c.manager.label("project_manager"),
    )
    .join(person, person.c.id == case.c.person_id)
    .join(account, account.c.id == case.c.account_id)
    .join(project, project.c.id == case.c.project_id)
)


class CaseViews:
    """Reads alone."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._directory = StoredDirectory(connection)

    async def of(self, case_ids: Collection[int], *, whole: bool = True) -> Mapping[int, CaseView]:
        """By case. Without `whole` what was said alone: neither history nor earlier marks."""
        rows = await self._connection.execute(select(case).where(case.c.id.in_(case_ids)))
        found = {row.id: as_case(row) for row in rows}
        if not found:
            return {}
        places = await self._directory.places(sorted({one.person_id for one in found.values()}))
        held = {(one.person.id, one.project.id): one for one in places}
        voices, past = await self._voices(found), found if whole else {}
        marks, steps = (await self._marks(past), await self._steps(past)) if past else ({}, {})
        names = await self._names(steps, places) if past else {}
        return {
            key: CaseView(
                case=one,
                held=held[one.person_id, one.project_id],
                voices=tuple(voices[key]),
                marks=_marks_of(one, voices[key], marks),
                steps=tuple(steps.get(key, ())),
                names=names,
            )
            for key, one in found.items()
            if (one.person_id, one.project_id) in held
        }

    async def others(self, case_: Case) -> Sequence[Listed]:
        same = case.c.account_id == case_.account_id, case.c.id != case_.id, case.c.status.in_(OPEN)
        rows = await self._connection.execute(LISTED.where(*same).order_by(case.c.id.desc()).limit(OTHERS))
        return [listed(row) for row in rows]

    async def files(self, case_id: int) -> Mapping[int, Attachment]:
        rows = await self._connection.execute(ENCLOSED, {"which": case_id})
        return {row.id: as_attachment(row._mapping) for row in rows}

    async def _voices(self, found: Mapping[int, Case]) -> Mapping[int, list[Voice]]:
        voices: defaultdict[int, list[Voice]] = defaultdict(list)
        for row in await self._connection.execute(SAID.where(case_answer.c.case_id.in_(found))):
            voices[row.case_id].append(_voice(row))
        for row in await self._connection.execute(REMARKED.where(case_remark.c.case_id.in_(found))):
            voices[row.case_id].append(_voice(row))
        return {key: sorted(voices[key], key=lambda voice: voice.at) for key in found}

    async def _marks(self, found: Mapping[int, Case]) -> Mapping[tuple[int, str], list[int]]:
        people = {one.person_id for one in found.values()}
        marks: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        for row in await self._connection.execute(GIVEN.where(interview.c.person_id.in_(people))):
            marks[row.person_id, row.item].append(row.score)
            if row.scale == NPS.key:
                marks[row.person_id, RECOMMENDING].append(row.score)
        return marks

    async def _steps(self, found: Mapping[int, Case]) -> Mapping[int, list[Happened]]:
        steps: defaultdict[int, list[Happened]] = defaultdict(list)
        for row in await self._connection.execute(STEPS.where(case_step.c.case_id.in_(found))):
            steps[row.case_id].append(Happened(kind=row.kind, at=row.at, actor=row.actor, detail=row.detail))
        return steps

    async def _names(self, steps: Mapping[int, Sequence[Happened]], held: Iterable[Stakeholder]) -> Mapping[int, str]:
        """How the vendor's people call themselves in Telegram, as far as they have said anything."""
        managers = {each for one in held for each in (one.account.manager, one.project.manager)}
        concerned = managers | {one.actor for told in steps.values() for one in told}
        keys = {f"{STAFF}{each}": each for each in concerned if each is not None}
        rows = await self._connection.execute(select(setting).where(setting.c.name.in_(keys)))
        return {keys[row.name]: row.value for row in rows}


def as_case(row: Row[Any]) -> Case:
    """The case of a row of the table."""
    return Case(
        **{name: row._mapping[name] for name in Case.__dataclass_fields__} | {"component": row.component or None}
    )


def listed(row: Row[Any]) -> Listed:
    """A line of a list."""
    managers = Managers(account=row.account_manager, project=row.project_manager)
    return Listed(
        case=as_case(row),
        person=row.person,
        account=row.account,
        project=row.project,
        division=row.division,
        managers=managers,
    )


def overdue(now: datetime) -> ColumnElement[bool]:
    """Whether somebody should have done something by now."""
    late = or_(case.c.level > 0, case.c.due_at <= now)
    return and_(case.c.status.in_(OPEN), case.c.snoozed_until.is_(None), late)


def within(scope: Scope, viewer: int) -> ColumnElement[bool]:
    """What is in a manager's charge: by their rights, by the directory, or because they took it."""
    return or_(
        *seen(scope),
        case.c.responsible == viewer,
        account.c.manager == viewer,
        project.c.manager == viewer,
    )


def _voice(row: Row[Any]) -> Voice:
    return Voice(
        person_id=row.person_id,
        person=row.person,
        item=row.item,
        rules=tuple(filter(None, row.rules.split("|"))),
        score=row.score,
        scale=row.scale,
        text=row.text,
        files=row.files,
        component=row.component,
        stage=row.stage,
        touchpoint=row.touchpoint,
        language=row.language,
        at=row.at,
        withdrawn=row.withdrawn_at is not None,
    )


def _marks_of(case_: Case, voices: Sequence[Voice], marks: Mapping[tuple[int, str], list[int]]) -> tuple[int, ...]:
    own = (voice for voice in voices if voice.person_id == case_.person_id)
    scored = next((voice.item for voice in own if voice.score is not None), None)
    return tuple(marks.get((case_.person_id, scored or RECOMMENDING), ())[-MARKS:])
