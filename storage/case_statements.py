"""What is asked and told of cases, each statement made once."""

from typing import Any, Final

from sqlalchemy import Select, Text, bindparam, cast, func, insert, literal, or_, select, update
from sqlalchemy import case as case_when

from storage.case_tables import NOT_CLOSED, case, case_answer, case_card, case_step
from storage.tables import (
    NAMED,
    STANDING,
    account,
    answer,
    interview,
    invitation,
    person,
    project,
    setting,
    stakeholder,
)

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
        NAMED,
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
