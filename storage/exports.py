"""Everything recorded, row by row, for spreadsheets and notebooks: read as a stream, in constant memory."""

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, Select, case, literal, null, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from metrics.scales import EVERY_SCALE, score_100
from storage.tables import account, answer, interview, invitation, person, project, questionnaire_version
from surveys.interview import Disposition

Record = dict[str, Any]

AT_ONCE: Final = 1000
# Who was promised confidentiality is named nowhere, whatever is configured now.
WHO: Final = case((interview.c.mode == "confidential", null()), else_=person.c.external_id)
COMPLETE: Final = interview.c.disposition == Disposition.COMPLETE
ABOUT: Final = (
    interview.join(invitation, invitation.c.id == interview.c.invitation_id)
    .join(person, person.c.id == interview.c.person_id)
    .join(account, account.c.id == interview.c.account_id)
    .join(project, project.c.id == interview.c.project_id)
    .join(
        questionnaire_version,
        (questionnaire_version.c.key == interview.c.questionnaire)
        & (questionnaire_version.c.version == interview.c.version),
    )
)
ANSWERS: Final = (
    select(
        answer.c.id.label("answer_id"),
        interview.c.id.label("response_id"),
        interview.c.questionnaire,
        interview.c.version,
        answer.c.item,
        answer.c.component,
        answer.c.block,
        answer.c.scale,
        answer.c.score,
        null().label("score_100"),
        answer.c.choice,
        answer.c.text,
        answer.c.role,
        interview.c.roles,
        WHO.label("person"),
        account.c.name.label("account"),
        project.c.name.label("project"),
        interview.c.division,
        interview.c.product,
        interview.c.stage,
        interview.c.touchpoint,
        interview.c.channel,
        answer.c.language,
        answer.c.answered_at,
    )
    .select_from(answer.join(ABOUT, answer.c.interview_id == interview.c.id))
    .where(answer.c.superseded_at.is_(None))
    .order_by(answer.c.id)
)
RESPONSES: Final = (
    select(
        interview.c.id.label("response_id"),
        interview.c.questionnaire,
        interview.c.version,
        questionnaire_version.c.kind,
        WHO.label("person"),
        account.c.name.label("account"),
        project.c.name.label("project"),
        interview.c.roles,
        interview.c.channel,
        interview.c.disposition,
        invitation.c.created_at.label("invited_at"),
        interview.c.consented_at.label("started_at"),
        case((COMPLETE, interview.c.closed_at)).label("completed_at"),
        null().label("seconds"),
    )
    .select_from(ABOUT)
    .where(or_(interview.c.consented_at.is_not(None), interview.c.disposition.is_not(None)))
    .order_by(interview.c.created_at, interview.c.id)
)
INVITATIONS: Final = (
    select(
        invitation.c.id.label("invitation_id"),
        invitation.c.questionnaire,
        WHO.label("person"),
        account.c.name.label("account"),
        project.c.name.label("project"),
        invitation.c.roles,
        invitation.c.channel,
        invitation.c.wave,
        invitation.c.created_at,
        invitation.c.expires_at,
        invitation.c.opened_at,
        case(
            (invitation.c.state == "undeliverable", invitation.c.state),
            (interview.c.disposition.is_not(None), interview.c.disposition),
            (invitation.c.disposition.is_not(None), invitation.c.disposition),
            (interview.c.consented_at.is_not(None), literal("started")),
            (invitation.c.opened_at.is_not(None), literal("opened")),
            else_=invitation.c.state,
        ).label("state"),
    )
    .select_from(
        invitation.join(person, person.c.id == invitation.c.person_id)
        .join(project, project.c.id == invitation.c.project_id)
        .join(account, account.c.id == project.c.account_id)
        .outerjoin(interview, interview.c.invitation_id == invitation.c.id)
    )
    .order_by(invitation.c.id)
)
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "answers": tuple(ANSWERS.selected_columns.keys()),
    "responses": tuple(RESPONSES.selected_columns.keys()),
    "invitations": tuple(INVITATIONS.selected_columns.keys()),
}


class Exports:
    """Records hold `COLUMNS` in their order: moments aware, roles joined with |.

    `since` is included, `until` is not; both aware. With `confidential` nobody is named.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    def answers(
        self, *, since: datetime | None = None, until: datetime | None = None, confidential: bool = False
    ) -> AsyncGenerator[Record, None]:
        """The answers that stand now, given in the period, oldest first."""
        query = _within(ANSWERS, answer.c.answered_at, since, until)
        return self._stream(query, _with_score_100, confidential)

    def responses(
        self, *, since: datetime | None = None, until: datetime | None = None, confidential: bool = False
    ) -> AsyncGenerator[Record, None]:
        """Interviews begun in the period that were agreed to or refused, oldest first. `seconds`: from begin to end."""
        query = _within(RESPONSES, interview.c.created_at, since, until)
        return self._stream(query, _with_seconds, confidential)

    def invitations(
        self, *, since: datetime | None = None, until: datetime | None = None, confidential: bool = False
    ) -> AsyncGenerator[Record, None]:
        """Invitations made in the period, oldest first.

        `state`: pending, delivered or undeliverable; then opened, started, and how it ended: unreached
        where nobody opened it.
        """
        query = _within(INVITATIONS, invitation.c.created_at, since, until)
        return self._stream(query, lambda record: record, confidential)

    async def _stream(
        self, query: Select[Any], finish: Callable[[Record], Record], confidential: bool
    ) -> AsyncGenerator[Record, None]:
        hidden = {"person": None} if confidential else {}
        async with self._connection.stream(query, execution_options={"yield_per": AT_ONCE}) as rows:
            async for row in rows.mappings():
                yield finish({**row, "roles": "|".join(row["roles"]), **hidden})


def _within(query: Select[Any], moment: Column[Any], since: datetime | None, until: datetime | None) -> Select[Any]:
    if since is not None:
        query = query.where(moment >= since)
    return query if until is None else query.where(moment < until)


def _with_score_100(record: Record) -> Record:
    return {**record, "score_100": _score_100(record["scale"], record["score"])}


@lru_cache
def _score_100(scale: str | None, score: int | None) -> float | None:
    known = EVERY_SCALE.get(scale or "")
    return None if known is None or score is None else score_100(score, known)


def _with_seconds(record: Record) -> Record:
    started, completed = record["started_at"], record["completed_at"]
    return {**record, "seconds": (completed - started).total_seconds() if completed and started else None}
