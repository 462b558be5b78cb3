"""Answers in words, with the scores they explain."""

from collections.abc import AsyncGenerator, Collection, Mapping
from typing import Any, Final

from sqlalchemy import Select, bindparam, case, null, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cuts import OF_ANSWERS, answers_with, filters, within
from storage.scopes import seen
from storage.tables import account, answer, interview, person, project
from surveys.reporting import ReportQuery
from surveys.verbatims import Explained, Verbatim

AT_ONCE: Final = 500
SAID: Final = (
    select(
        answer.c.id,
        answer.c.interview_id,
        answer.c.answered_at,
        answer.c.text,
        answer.c.item,
        answer.c.component,
        answer.c.block,
        answer.c.scale,
        answer.c.score,
        answer.c.role,
        interview.c.questionnaire,
        interview.c.version,
        interview.c.stage,
        account.c.name.label("account"),
        project.c.name.label("project"),
        case((interview.c.mode == "confidential", null()), else_=person.c.external_id).label("person"),
    )
    .select_from(answers_with(("account", "project")).join(person, person.c.id == interview.c.person_id))
    .where(answer.c.superseded_at.is_(None), answer.c.text.is_not(None), answer.c.text != "")
    # Ids only grow: the newest first without sorting.
    .order_by(answer.c.id.desc())
)
SCORED: Final = select(answer.c.interview_id, answer.c.item, answer.c.scale, answer.c.score).where(
    answer.c.interview_id.in_(bindparam("which", expanding=True)),
    answer.c.superseded_at.is_(None),
    answer.c.score.is_not(None),
)
CALLED: Final = select(person.c.external_id, person.c.name).where(
    person.c.external_id.in_(bindparam("which", expanding=True))
)

Scores = Mapping[tuple[str, str], tuple[str | None, int]]


class StoredWords:
    """The port surveys.verbatims.Words."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def verbatims(self, query: ReportQuery, explained: Explained) -> AsyncGenerator[Verbatim, None]:
        """Scores are looked up for many answers at once."""
        async with self._connection.stream(_said(query), execution_options={"yield_per": AT_ONCE}) as rows:
            async for part in rows.partitions():
                scores = await self._scores({row.interview_id for row in part})
                for row in part:
                    yield _verbatim(row, scores, explained)

    async def names(self, external_ids: Collection[str]) -> Mapping[str, str]:
        """What these people are called."""
        rows = await self._connection.execute(CALLED, {"which": sorted(external_ids)})
        return {row.external_id: row.name for row in rows}

    async def _scores(self, interviews: set[str]) -> Scores:
        rows = await self._connection.execute(SCORED, {"which": sorted(interviews)})
        return {(row.interview_id, row.item): (row.scale, row.score) for row in rows}


def _said(query: ReportQuery) -> Select[Any]:
    chosen = SAID.where(*seen(query.scope, interview.c.division))
    return chosen.where(*filters(OF_ANSWERS, query), *within(answer.c.answered_at, (query.since, query.until)))


def _verbatim(row: Row[Any], scores: Scores, explained: Explained) -> Verbatim:
    about = explained.get((row.questionnaire, row.version, row.item), row.item)
    scale, score = scores.get((row.interview_id, about), (None, None))
    return Verbatim(
        answer_id=row.id,
        at=row.answered_at,
        text=row.text,
        item=about,
        questionnaire=row.questionnaire,
        component=row.component,
        block=row.block,
        score=score,
        scale=scale,
        role=row.role,
        account=row.account,
        project=row.project,
        stage=row.stage,
        person=row.person,
    )
