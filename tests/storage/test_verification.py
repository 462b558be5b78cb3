import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from storage.database import Database, open_database
from storage.verification import wrong_counts, wrong_reach, wrong_rows
from surveys.interview import Disposition
from surveys.reporting import ReportQuery
from tests.storage.histories import STEPS, Step, by_hand, counted, live, raw_answers
from tests.storage.samples import ANNA_ROW, BORIS_ROW, GIVEN, close, later, respond


async def wrong(database: Database) -> list[str]:
    async with database.reading() as reading:
        counts = [line async for line in wrong_counts(reading.connection)]
        counts += [line async for line in wrong_reach(reading.connection)]
        return counts + [line async for line in wrong_rows(reading.connection)]


async def spoil(database: Database, statement: str) -> None:
    """What nobody should do to a database."""
    async with database.unit_of_work() as uow:
        if uow._connection.dialect.name == "postgresql":
            await uow._connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            await uow._connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        await uow._connection.execute(text(statement))
        await uow._connection.commit()


@pytest.fixture
async def answered(database: Database) -> Database:
    """Two people have answered; what one did is folded."""
    for number, person in enumerate((ANNA_ROW, BORIS_ROW), 1):
        async with database.unit_of_work() as uow:
            await respond(uow, number, person, *GIVEN.values())
            if number == 1:
                await close(uow, "i1", Disposition.COMPLETE, later(seconds=90))
            await uow.commit()
        if number == 1:
            await database.fold()
            await database.fold_reach()
    return database


async def test_nothing_is_wrong_with_a_database_that_was_left_alone(answered: Database) -> None:
    assert await wrong(answered) == []


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(STEPS)
async def test_counts_are_proved_whatever_happened(sqlite_url: str, history: list[Step]) -> None:
    async with open_database(sqlite_url) as database:
        await live(database, history)
        async with database.reading() as reading:
            assert [line async for line in wrong_counts(reading.connection)] == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE tally SET n4 = n4 + 2 WHERE shape = 1 AND n4 > 0", "-2 of score 4"),
        ("DELETE FROM tally WHERE shape = 5 AND n9 > 0", "+1 of score 9"),
        ("DELETE FROM unfolded WHERE score = 9", "+1 of score 9"),
        ("DELETE FROM voice", "voice_id -1"),
        (
            "UPDATE reach SET invited = 3, completed = 0 WHERE shape = 3",
            "make -2 invited, +1 completed",
        ),
        ("DELETE FROM reach WHERE shape = 4", "+1 invited, +1 delivered, +1 started, +1 completed"),
        ("UPDATE pace SET n = 4", "took 90: the invitations make -3"),
        ("INSERT INTO pace SELECT 2, period, roles, 7, 7, took, n FROM pace WHERE shape = 1", "asking_id 7, took 90: "),
        ("UPDATE counted SET outcome = 0", "counted: invitation 1 is not counted as it is"),
        ("DELETE FROM counted", "counted: invitation 1 is not counted as it is"),
        ("DELETE FROM touched", "counted: invitation 2 is not counted as it is"),
        ("DELETE FROM asking", "counted: invitation 1 is not counted as it is"),
    ],
)
async def test_a_count_that_is_not_true_is_told_and_made_true(answered: Database, statement: str, said: str) -> None:
    await spoil(answered, statement)
    assert any(said in line for line in await wrong(answered))
    assert await answered.count_again() == 4
    assert await wrong(answered) == []
    query = ReportQuery(metric="csat", by="component")
    assert await counted(answered, query) == by_hand(await raw_answers(answered), query)
    async with answered.reading() as reading:
        [found] = await reading.counts.outreach(ReportQuery(metric="response"))
    assert (found.invited, found.completed, found.seconds) == (2, 1, {90: 1})


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE interview SET phase = 'closed' WHERE id = 'i2'", "interview i2: is closed and has no disposition"),
        ("UPDATE interview SET disposition = 'complete'", "interview i2: has a disposition and is not closed"),
        ("UPDATE invitation SET opened_at = NULL", "interview i1: has an invitation that nobody opened"),
        ("UPDATE answer SET score = 7 WHERE scale = 'csat_5'", "7 is no score of the scale csat_5; 2 such answers"),
        ("UPDATE answer SET scale = NULL WHERE scale = 'nps'", "has a score and no scale"),
    ],
)
async def test_a_row_that_cannot_be_is_told(answered: Database, statement: str, said: str) -> None:
    await spoil(answered, statement)
    assert any(said in line for line in await wrong(answered))


async def test_a_row_that_refers_to_nothing_is_told(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database, database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, *GIVEN.values())
        await uow.commit()
    import sqlite3

    with sqlite3.connect(sqlite_url.partition(":///")[2]) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM person")
    async with open_database(sqlite_url) as database:
        assert "interview i1: person 1 does not exist" in await wrong(database)
