"""Random histories of answers, and counting them by hand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from storage.cuts import OF_ANSWERS, answers_with
from storage.database import Database
from storage.tables import answer, interview
from surveys.directory import DirectoryRow
from surveys.events import AnswerGiven, AnswerWithdrawn
from surveys.interview import Answer
from surveys.reporting import DIMENSIONS, Dimension, ReportQuery, ScoreCount
from tests.storage.samples import ANNA_ROW, BORIS_ROW, answered, moved, respond

SCALES = ("nps", "csat_5")
NUMBERS = count(1)
MOMENTS = [
    datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2025, 1, 1, tzinfo=UTC),
    datetime(2025, 12, 31, 23, 0, tzinfo=UTC),
    datetime(2026, 6, 15, 12, 0, tzinfo=UTC),
    datetime(2026, 7, 1, tzinfo=UTC),
]
BOUNDS = st.none() | st.sampled_from(
    [*MOMENTS, datetime(2026, 1, 1, tzinfo=UTC), datetime(2024, 3, 10, tzinfo=UTC), datetime(2026, 6, 15, tzinfo=UTC)]
)
GIVEN = st.builds(
    lambda item, score, role: AnswerGiven(
        Answer(item, score=score), role, *{"nps": ("nps", None, None)}.get(item, ("csat_5", item, "product"))
    ),
    st.sampled_from(["nps", "usability", "stability"]),
    st.integers(1, 5),
    st.sampled_from(["senior_it", "key_user"]),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. `chosen`: which of the interviews there are."""

    kind: str
    person: DirectoryRow
    given: Sequence[AnswerGiven]
    at: datetime
    language: str
    wave: str | None
    chosen: int


def _row(person: DirectoryRow, division: str | None, stage: str, project: str) -> DirectoryRow:
    return replace(person, division=division, stage=stage, project=project)


PEOPLE = st.builds(
    _row,
    st.sampled_from([ANNA_ROW, BORIS_ROW]),
    st.sampled_from(["Восток", "Запад", None]),
    st.sampled_from(["rollout", "operation"]),
    st.sampled_from(["Склад", "Учёт"]),
)
STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["answer", "answer", "correct", "withdraw", "erase", "move", "rescore", "fold", "fold all"]),
        PEOPLE,
        st.lists(GIVEN, max_size=3, unique_by=lambda one: one.answer.item),
        st.sampled_from(MOMENTS),
        st.sampled_from(["ru", "en"]),
        st.sampled_from([None, "2026-1"]),
        st.integers(0, 5),
    ),
    max_size=8,
)


async def live(database: Database, history: Sequence[Step]) -> None:
    """Everything of the history, one commit after the other."""
    for step in history:
        await HAPPENINGS[step.kind](database, step)


async def _answer(database: Database, step: Step) -> None:
    async with database.unit_of_work() as uow:
        await respond(uow, next(NUMBERS), step.person, *step.given, at=step.at, wave=step.wave)
        await uow.commit()


async def _correct(database: Database, step: Step) -> None:
    await _again(database, step, list(step.given))


async def _withdraw(database: Database, step: Step) -> None:
    await _again(database, step, [AnswerWithdrawn(one.answer.item) for one in step.given])


async def _again(database: Database, step: Step, events: Sequence[Any]) -> None:
    async with database.unit_of_work() as uow:
        if (which := await _chosen(uow._connection, step)) is None:
            return
        opened = await uow.interviews.get(which)
        assert opened is not None
        given = [event for event in events if isinstance(event, AnswerGiven)]
        after = moved(answered(opened, *given), language=step.language)
        await uow.interviews.save(opened, after, events, step.at + timedelta(days=3))
        await uow.commit()


async def _erase(database: Database, step: Step) -> None:
    async with database.unit_of_work() as uow:
        which = await _chosen(uow._connection, step)
        await uow._connection.execute(delete(answer).where(answer.c.interview_id == which))
        await uow.commit()


async def _rescore(database: Database, step: Step) -> None:
    """What no use case does, but somebody with a database client may."""
    async with database.unit_of_work() as uow:
        which = await _chosen(uow._connection, step)
        changed = update(answer).where(answer.c.interview_id == which, answer.c.score.is_not(None))
        await uow._connection.execute(changed.values(score=None if step.wave else 3, role="senior_it"))
        await uow.commit()


async def _move(database: Database, step: Step) -> None:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([step.person])
        await uow.commit()


async def _chosen(connection: Any, step: Step) -> str | None:
    found = list(await connection.scalars(select(interview.c.id).order_by(interview.c.created_at, interview.c.id)))
    return found[step.chosen % len(found)] if found else None


async def _fold(database: Database, _step: Step) -> None:
    await database.fold(2)


async def _fold_all(database: Database, _step: Step) -> None:
    while await database.fold():
        pass


HAPPENINGS = {
    "answer": _answer,
    "correct": _correct,
    "withdraw": _withdraw,
    "erase": _erase,
    "rescore": _rescore,
    "move": _move,
    "fold": _fold,
    "fold all": _fold_all,
}

Raw = dict[str, Any]


async def raw_answers(database: Database) -> list[Raw]:
    """Every answer there ever was, with all its dimensions."""
    columns = [column.label(dimension) for dimension, column in OF_ANSWERS.items()]
    extra = [answer.c.scale, answer.c.score, answer.c.answered_at, answer.c.superseded_at]
    query = select(*columns, *extra).select_from(answers_with(DIMENSIONS))
    async with database.reading() as reading:
        return [dict(row._mapping) for row in await reading.connection.execute(query)]


def by_hand(rows: Sequence[Raw], query: ReportQuery) -> dict[tuple[Any, ...], int]:
    """What a report must count."""
    found: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        if _counts(row, query):
            found[row[query.by] if query.by else None, row["scale"], row["role"], row["score"]] += 1
    return dict(found)


def _counts(row: Raw, query: ReportQuery) -> bool:
    at, ended = row["answered_at"], row["superseded_at"]
    stands = ended is None if query.as_of is None else at <= query.as_of and (ended is None or ended > query.as_of)
    within = (query.since is None or at >= query.since) and (query.until is None or at < query.until)
    meant = all(row[dimension] in values for dimension, values in query.where.items())
    return stands and within and meant and row["score"] is not None and row["scale"] in SCALES


async def counted(database: Database, query: ReportQuery) -> dict[tuple[Any, ...], int]:
    """What it does count."""
    async with database.reading() as reading:
        found: Sequence[ScoreCount] = await reading.counts.scores(query, SCALES)
    assert len({(one.group, one.scale, one.role, one.score) for one in found}) == len(found)
    return {(one.group, one.scale, one.role, one.score): one.n for one in found}


def values_of(rows: Sequence[Raw], dimension: Dimension) -> list[str]:
    """The values answers have in this dimension."""
    return sorted({row[dimension] for row in rows if row[dimension] is not None})
