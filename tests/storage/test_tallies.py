import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from storage.count_tables import tally, unfolded
from storage.database import Database, open_database
from storage.tables import answer
from storage.unit import StoredUnitOfWork
from surveys.reporting import DIMENSIONS, Dimension, ReportQuery
from surveys.rules import Scope
from tests.storage.histories import (
    BOUNDS,
    STEPS,
    Step,
    by_hand,
    counted,
    live,
    raw_answers,
    values_of,
)
from tests.storage.probes import plans_of
from tests.storage.samples import ANNA_ROW, BORIS_ROW, GIVEN, NOW, respond

SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
QUESTIONS = st.lists(
    st.tuples(st.sampled_from(DIMENSIONS), st.sampled_from(DIMENSIONS), BOUNDS, BOUNDS, st.integers(0, 3)), max_size=12
)


async def agree(database: Database, history: list[Step], questions: list[tuple[Any, ...]]) -> None:
    """Whatever happened, and wherever the folding is, a report counts what counting by hand does."""
    await live(database, history)
    rows = await raw_answers(database)
    for by, over, since, until, chosen in questions:
        if since and until and since >= until:
            since, until = None, since
        known = values_of(rows, over) or ["nobody"]
        where = {over: (known[chosen % len(known)], "nobody")} if chosen else {}
        query = ReportQuery(metric="csat", by=by, where=where, since=since, until=until)
        assert await counted(database, query) == by_hand(rows, query), query
        past = replace(query, as_of=until)
        assert await counted(database, past) == by_hand(rows, past), past


@settings(max_examples=30, suppress_health_check=SHARED)
@given(STEPS, QUESTIONS)
async def test_counts_are_true_whatever_happened_on_sqlite(
    sqlite_database: Database, history: list[Step], questions: list[tuple[Any, ...]]
) -> None:
    await agree(sqlite_database, history, questions)


@settings(max_examples=6, suppress_health_check=SHARED)
@given(STEPS, QUESTIONS)
async def test_counts_are_true_whatever_happened_on_postgresql(
    postgres_database: Database, history: list[Step], questions: list[tuple[Any, ...]]
) -> None:
    await agree(postgres_database, history, questions)


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> Any:
    async with open_database(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def postgres_database(postgres_url: str) -> Any:
    async with open_database(postgres_url) as opened:
        yield opened


@pytest.fixture
async def answered(database: Database) -> Database:
    """Two people who answered in two months, half of it folded."""
    async with database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, *GIVEN.values(), wave="2026-2")
        await uow.commit()
    await database.fold()
    async with database.unit_of_work() as uow:
        early = datetime(2026, 3, 1, tzinfo=UTC)
        await respond(uow, 2, BORIS_ROW, *GIVEN.values(), at=early, touchpoint="release")
        await uow.commit()
    return database


async def test_every_dimension_and_every_pair_counts_as_by_hand(answered: Database) -> None:
    rows = await raw_answers(answered)
    for by in (None, *DIMENSIONS):
        for over in DIMENSIONS:
            for value in values_of(rows, over):
                query = ReportQuery(metric="csat", by=by, where={over: (value,)})
                assert await counted(answered, query) == by_hand(rows, query), (by, over)


async def test_three_dimensions_at_once_are_counted_from_the_answers(answered: Database) -> None:
    where: dict[Dimension, tuple[str, ...]] = {"account": ("Комбинат-Пример",), "language": ("ru",)}
    query = ReportQuery(metric="csat", by="component", where=where)
    assert await counted(answered, query) == by_hand(await raw_answers(answered), query) != {}


async def test_a_limited_reader_counts_their_own_by_every_dimension(answered: Database) -> None:
    rows = [row for row in await raw_answers(answered) if row["account"] == "Верфь-Пример"]
    for by in DIMENSIONS:
        query = ReportQuery(metric="csat", by=by, scope=Scope(accounts=("Верфь-Пример",)))
        assert await counted(answered, query) == by_hand(rows, query) != {}, by


async def rows_in(database: Database, table: Any) -> int:
    async with database.reading() as reading:
        return int(await reading.connection.scalar(select(func.count()).select_from(table)) or 0)


async def test_folding_moves_every_answer_once(answered: Database) -> None:
    assert await rows_in(answered, unfolded) == 2
    assert [await answered.fold(1) for _ in range(3)] == [1, 1, 0]
    assert await rows_in(answered, unfolded) == 0


async def test_an_answer_that_commits_late_is_folded_later(postgres_database: Database) -> None:
    """Its number is smaller than that of an answer folded before it, and it is folded by the next sweep."""
    async with postgres_database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW)
        await respond(uow, 2, BORIS_ROW)
        await uow.commit()
    query = ReportQuery(metric="csat", by="account")
    async with postgres_database.unit_of_work() as late:
        await score(late, "i1")
        async with postgres_database.unit_of_work() as early:
            await score(early, "i2")
            await early.commit()
        assert [await postgres_database.fold(), await postgres_database.fold()] == [1, 0]
        assert len(await counted(postgres_database, query)) == 1
        await late.commit()
    expected = by_hand(await raw_answers(postgres_database), query)
    assert len(expected) == 2
    assert await counted(postgres_database, query) == expected
    assert [await postgres_database.fold(), await postgres_database.fold()] == [1, 0]
    assert await counted(postgres_database, query) == expected


async def score(uow: StoredUnitOfWork, interview_id: str) -> None:
    said = {"item": "usability", "scale": "csat_5", "score": 4, "role": "key_user", "answered_at": NOW}
    await uow._connection.execute(insert(answer).values(interview_id=interview_id, **said))


async def test_two_who_fold_at_once_fold_everything_once(postgres_url: str) -> None:
    async with open_database(postgres_url) as one, open_database(postgres_url) as other:
        async with one.unit_of_work() as uow:
            for number in range(1, 8):
                await respond(uow, number, ANNA_ROW, *GIVEN.values())
            await uow.commit()
        folded = [await asyncio.gather(one.fold(3), other.fold(3), return_exceptions=True) for _ in range(14)]
        assert sum(each for pair in folded for each in pair if isinstance(each, int)) == 14
        query = ReportQuery(metric="csat", by="account")
        assert await counted(one, query) == by_hand(await raw_answers(one), query)
        assert await rows_in(one, unfolded) == 0


@pytest.fixture
async def answered_url(database_url: str) -> str:
    """Of a database where somebody's answers are folded, and somebody's are not."""
    async with open_database(database_url) as database:
        for number, person in enumerate((ANNA_ROW, BORIS_ROW), 1):
            await database.fold()
            async with database.unit_of_work() as uow:
                await respond(uow, number, person, *GIVEN.values())
                await uow.commit()
    return database_url


async def test_no_breakdown_looks_at_answers(answered_url: str) -> None:
    for dimension in DIMENSIONS:
        for cut in ({"by": dimension}, {"by": "component", "where": {dimension: ("x", "senior_it", "key_user")}}):
            plan = await planned(answered_url, **cut)
            assert "tally" in plan
            assert "unfolded" in plan
            assert " answer" not in plan.replace("using index ix_answer", "")


async def test_only_the_ends_of_a_period_are_read_from_answers_and_through_an_index(answered_url: str) -> None:
    found = await planned(answered_url, since=datetime(2026, 3, 10, tzinfo=UTC), until=datetime(2026, 9, 1, tzinfo=UTC))
    assert "ix_answer_answered_at" in found
    assert "tally" in found


async def planned(url: str, **query: Any) -> str:
    async with open_database(url) as database, database.reading() as reading:
        work = reading.counts.scores(ReportQuery(metric="csat", **query), ["csat_5"])
        return "\n".join(await plans_of(url, work)).lower()


async def test_a_report_reads_no_more_rows_when_more_people_say_the_same(database: Database) -> None:
    read: list[int] = []
    for numbers in (range(1, 3), range(3, 30)):
        async with database.unit_of_work() as uow:
            for number in numbers:
                await respond(uow, number, ANNA_ROW, *GIVEN.values())
            await uow.commit()
        await database.fold()
        read.append(await rows_in(database, tally) + await rows_in(database, unfolded))
    assert read[0] == read[1] > 0


async def test_what_the_first_folding_needs_can_be_put_together_before(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "sqlalchemy.engine.Engine")
    async with open_database(sqlite_url) as database:
        async with database.unit_of_work() as uow:
            await respond(uow, 1, ANNA_ROW, *GIVEN.values())
            await uow.commit()
        await database.prepare_folding()
        caplog.clear()
        await database.fold()
        await database.fold_reach()
    said = [record.getMessage() for record in caplog.records]
    put_in = [(what, how) for what, how in pairwise(said) if what.startswith("INSERT") and "setting" not in what]
    assert len(put_in) > 10
    assert not [what for what, how in put_in if "generated in" in how]
