"""Counts of invitations against counting them by hand."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from sqlalchemy import Insert, LargeBinary, Update, func, insert, literal, select, update

from storage.count_tables import counted, pace, reach, touched
from storage.database import Database, open_database
from storage.tables import interview, invitation, person
from storage.verification import wrong_reach
from surveys.reporting import Dimension, ReportQuery
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, begin, invite, later
from tests.storage.sendings import (
    CUTS,
    QUESTIONS,
    SHARED,
    STEPS,
    Raw,
    Step,
    by_hand,
    cells_by_hand,
    happen,
    raw_invitations,
)


async def agree(database: Database, history: Sequence[Step], questions: Sequence[tuple[Any, ...]]) -> None:
    """Whatever happened, and wherever the folding is, a report counts what counting by hand does."""
    for step in history:
        await happen(database, step)
    rows = await raw_invitations(database)
    for by, over, since, until, chosen, scope in questions:
        if since and until and since >= until:
            since, until = None, since
        await check(database, rows, asked(rows, by, over, chosen, since=since, until=until, scope=scope))
        across = CUTS[CUTS.index(over) - 1] if over == by else over
        if by:
            query = asked(rows, by, CUTS[chosen], chosen % 2, since=since, until=until, scope=scope)
            await check_pair(database, rows, query, across)
    async with database.reading() as reading:
        assert [line async for line in wrong_reach(reading.connection)] == []


def asked(rows: Sequence[Raw], by: Dimension | None, over: Dimension, chosen: int, **more: Any) -> ReportQuery:
    known = {role for row in rows for role in row["roles"]} if over == "role" else {row[over] for row in rows}
    values = sorted(known - {None}) or ["nobody"]
    where = {over: (values[chosen % len(values)], "nobody")} if chosen else {}
    return ReportQuery(metric="response", by=by, where=where, **more)


async def check(database: Database, rows: Sequence[Raw], query: ReportQuery) -> None:
    async with database.reading() as reading:
        found = await reading.counts.outreach(query)
    assert len({each.group for each in found}) == len(found)
    assert {each.group: each for each in found} == by_hand(rows, query), query


async def check_pair(database: Database, rows: Sequence[Raw], query: ReportQuery, across: Dimension) -> None:
    async with database.reading() as reading:
        found = await reading.counts.outreach_cells(query, across)
    assert found == cells_by_hand(rows, query, across), (query, across)


@settings(max_examples=12, suppress_health_check=SHARED)
@given(STEPS, QUESTIONS)
async def test_invitations_are_counted_as_by_hand_whatever_happened_on_sqlite(
    sqlite_url: str, history: list[Step], questions: list[tuple[Any, ...]]
) -> None:
    async with open_database(sqlite_url) as database:
        await agree(database, history, questions)


@settings(max_examples=3, suppress_health_check=SHARED)
@given(STEPS, QUESTIONS)
async def test_invitations_are_counted_as_by_hand_whatever_happened_on_postgresql(
    postgres_url: str, history: list[Step], questions: list[tuple[Any, ...]]
) -> None:
    async with open_database(postgres_url) as database:
        await agree(database, history, questions)


COMPLETED = update(interview).values(disposition="complete", consented_at=NOW, closed_at=later(seconds=90))


async def rows_in(database: Database, table: Any) -> int:
    async with database.reading() as reading:
        return int(await reading.connection.scalar(select(func.count()).select_from(table)) or 0)


async def test_every_pair_of_dimensions_counts_as_by_hand_and_a_report_reads_no_more_for_more_invitations(
    database: Database,
) -> None:
    read: list[list[int]] = []
    for numbers in (range(1, 3), range(3, 30)):
        async with database.unit_of_work() as uow:
            for number in numbers:
                await begin(uow, 1000 + number, ANNA_ROW, number=number)
                await invite(uow, BORIS_ROW, number=100 + number)
            await uow._connection.execute(COMPLETED)
            await uow.commit()
        while await database.fold_reach(7):
            pass
        assert await rows_in(database, touched) == 0
        read.append([await rows_in(database, table) for table in (reach, pace)])
    assert read[0] == read[1] > [0, 0]
    assert await rows_in(database, counted) == 58
    rows = await raw_invitations(database)
    for by in (None, *CUTS):
        for over in CUTS:
            await check(database, rows, asked(rows, by, over, 1))
            if by and by != over:
                await check_pair(database, rows, asked(rows, by, over, 0), over)


CHOSEN = update(person).values(chosen_language="uk")
QUESTIONS_AT_ONCE = [(by, "channel", None, None, 0, None) for by in (None, "language", "wave", "account")]


async def together(database: Database, *each: Update | Insert) -> None:
    """The one that is said last is committed first, and seen alone by a fold."""
    async with database.unit_of_work() as second, database.unit_of_work() as first:
        await second._connection.execute(each[1])
        await first._connection.execute(each[0])
        await first.commit()
        while await database.fold_reach():
            pass
        await second.commit()


async def test_what_two_change_at_once_is_counted_as_both_left_it(postgres_url: str) -> None:
    async with open_database(postgres_url) as database:
        async with database.unit_of_work() as uow:
            await begin(uow, 1001, ANNA_ROW, number=1)
            await invite(uow, BORIS_ROW, number=2)
            await uow.commit()
        for turn, (one, other) in enumerate(permutations(range(3), 2)):
            to = str(turn)
            changes = (
                COMPLETED.values(language=to),
                CHOSEN.values(chosen_language=to),
                update(invitation).values(wave=to),
            )
            await together(database, changes[one], changes[other])
            await agree(database, (), QUESTIONS_AT_ONCE)


async def test_a_language_chosen_while_an_invitation_is_made_is_counted(postgres_url: str) -> None:
    async with open_database(postgres_url) as database:
        async with database.unit_of_work() as uow:
            await invite(uow, BORIS_ROW, number=1)
            await uow.commit()
        copied = [column for column in invitation.c if column.name not in ("id", "token_hash")]
        another = insert(invitation).from_select(
            ["token_hash", *copied], select(literal(b"another", LargeBinary), *copied)
        )
        await together(database, another, CHOSEN)
        await agree(database, (), QUESTIONS_AT_ONCE)
