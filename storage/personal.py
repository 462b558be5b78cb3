"""All that is held of one person, section by section."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, null, or_, select
from sqlalchemy import case as whether
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.case_tables import case, opportunity
from storage.contact_tables import ask, decision, interaction
from storage.improvement_tables import improvement, improvement_note
from storage.remark_tables import attachment, remark, remark_draft
from storage.tables import (
    account,
    answer,
    delivery,
    interview,
    invitation,
    person,
    project,
    stakeholder,
    successor,
)
from storage.types import BigInt
from surveys.interview import Phase

WHO: Final = bindparam("who", type_=BigInt)
CALLED: Final = select(person.c.external_id).where(person.c.id == WHO).scalar_subquery()
OF_PROJECT: Final = project.c.name.label("project")
SECTIONS: Final[Mapping[str, Select[Any]]] = {
    "person": select(
        person.c.name,
        person.c.external_id,
        person.c.email,
        person.c.language,
        person.c.chosen_language,
        person.c.timezone,
        person.c.telegram_id,
        person.c.opted_out_at,
        person.c.unreachable_at,
    ).where(person.c.id == WHO),
    "projects": select(account.c.name.label("account"), OF_PROJECT, stakeholder.c.role)
    .select_from(stakeholder.join(project).join(account, account.c.id == project.c.account_id))
    .where(stakeholder.c.person_id == WHO)
    .order_by(account.c.name, project.c.name, stakeholder.c.role),
    "invitations": select(
        invitation.c.created_at,
        invitation.c.questionnaire,
        OF_PROJECT,
        invitation.c.expires_at,
        invitation.c.opened_at,
        invitation.c.disposition,
    )
    .select_from(invitation.join(project))
    .where(invitation.c.person_id == WHO)
    .order_by(invitation.c.id),
    "responses": select(
        interview.c.created_at,
        interview.c.questionnaire,
        interview.c.version,
        OF_PROJECT,
        interview.c.roles,
        interview.c.language,
        interview.c.mode,
        interview.c.channel,
        interview.c.consented_at,
        interview.c.consent,
        interview.c.disposition,
        interview.c.closed_at,
        interview.c.extra,
        whether((interview.c.phase != Phase.CLOSED, interview.c.state), else_=null()).label("in_progress"),
    )
    .select_from(interview.join(project))
    .where(interview.c.person_id == WHO)
    .order_by(interview.c.created_at, interview.c.id),
    "answers": select(
        answer.c.answered_at,
        interview.c.questionnaire,
        answer.c.item,
        answer.c.score,
        answer.c.choice,
        answer.c.text,
        answer.c.superseded_at,
    )
    .select_from(answer.join(interview))
    .where(interview.c.person_id == WHO)
    .order_by(answer.c.id),
    "remarks": select(remark.c.at, OF_PROJECT, remark.c.text)
    .select_from(remark.outerjoin(project))
    .where(remark.c.person_id == WHO)
    .order_by(remark.c.id),
    "draft": select(remark_draft.c.text, remark_draft.c.files, remark_draft.c.expires_at).where(
        remark_draft.c.person_id == WHO
    ),
    "files": select(attachment.c.at, attachment.c.kind, attachment.c.name, attachment.c.size)
    .select_from(
        attachment.outerjoin(interview, interview.c.id == attachment.c.interview_id).outerjoin(
            remark, remark.c.id == attachment.c.remark_id
        )
    )
    .where(or_(interview.c.person_id == WHO, remark.c.person_id == WHO))
    .order_by(attachment.c.id),
    "successors": select(successor.c.created_at, successor.c.words, successor.c.state)
    .select_from(successor.join(interview))
    .where(interview.c.person_id == WHO)
    .order_by(successor.c.id),
    "asks": select(ask.c.due_at, ask.c.questionnaire, OF_PROJECT)
    .select_from(ask.join(project))
    .where(ask.c.person_id == WHO, ask.c.state == "scheduled")
    .order_by(ask.c.due_at),
    "decisions": select(
        decision.c.decided_at, decision.c.questionnaire, decision.c.decision, decision.c.rule, decision.c.detail
    )
    .where(or_(decision.c.person_id == WHO, and_(decision.c.person_id.is_(None), decision.c.person == CALLED)))
    .order_by(decision.c.id),
    "events": select(
        interaction.c.occurred_at, interaction.c.type, interaction.c.account, interaction.c.project, interaction.c.data
    )
    .where(interaction.c.person == CALLED)
    .order_by(interaction.c.id),
    "cases": select(case.c.opened_at, OF_PROJECT, case.c.component, case.c.status, case.c.outcome, case.c.closed_at)
    .select_from(case.join(project))
    .where(case.c.person_id == WHO)
    .order_by(case.c.id),
    "opportunities": select(opportunity.c.asked_at, opportunity.c.answer, opportunity.c.answered_at)
    .where(opportunity.c.person_id == WHO)
    .order_by(opportunity.c.id),
    "told": select(improvement_note.c.at, improvement.c.told)
    .select_from(improvement_note.join(improvement))
    .where(improvement_note.c.person_id == WHO, improvement_note.c.state == "sent")
    .order_by(improvement_note.c.id),
    "messages": select(delivery.c.due_at.label("queued_at"), delivery.c.kind.label("what"), delivery.c.state)
    .where(delivery.c.chat_id == select(person.c.telegram_id).where(person.c.id == WHO).scalar_subquery())
    .order_by(delivery.c.id),
}
"""Every section with its rows, in the order of time. Of a person there are few of each."""

Held = Mapping[str, list[dict[str, Any]]]


async def held_of(connection: AsyncConnection, person_id: int) -> Held:
    """Everything about the person: section -> rows."""
    return {
        name: [dict(row._mapping) for row in await connection.execute(query, {"who": person_id})]
        for name, query in SECTIONS.items()
    }
