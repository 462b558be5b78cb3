"""A replica's standing: what it may still send, and how fast."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.pace import Pace
from bot.standing import Standing
from storage.database import Database, open_database
from tests.storage.probes import scratch


class Sender:
    """Counts how often it was told that nothing in its hands is its own."""

    forgot = 0

    def forget(self) -> None:
        self.forgot += 1


@pytest.fixture
async def first(postgres_url: str) -> AsyncIterator[Database]:
    async with open_database(postgres_url, worker="first") as opened:
        yield opened


@pytest.fixture
async def second(postgres_url: str) -> AsyncIterator[Database]:
    async with open_database(postgres_url, worker="second") as opened:
        yield opened


async def test_replicas_share_the_rate_and_what_telegram_asked_of_one_of_them(
    first: Database, second: Database
) -> None:
    paces, sender = (Pace(30, 1), Pace(30, 1)), Sender()
    one, other = Standing(first, paces[0]), Standing(second, paces[1])
    async with one.kept(sender):
        assert paces[0].per_second == 30
        async with other.kept(sender):
            await one.say(sender)
            assert [pace.per_second for pace in paces] == [15, 15]
            assert paces[1].pause > 0, "the one that comes anew waits until the others know"
            paces[0].rest(50)
            await one.say(sender)
            await other.say(sender)
            assert round(paces[1].pause) == 50
        await one.say(sender)
        assert paces[0].per_second == 30


async def test_before_it_has_joined_a_replica_may_not_send_and_after_a_long_silence_it_begins_anew(
    first: Database, postgres_url: str
) -> None:
    standing, sender = Standing(first, Pace(30, 1)), Sender()
    assert not standing.holds()
    async with standing.kept(sender):
        assert standing.holds()
        async with scratch(postgres_url) as connection:
            await connection.execute(text("UPDATE replica SET until = clock_timestamp() - interval '1 second'"))
            await connection.commit()
        await standing.say(sender)
        assert sender.forgot == 1
        assert standing.holds()


async def test_whatever_was_dropped_while_a_word_to_the_others_took_too_long_is_left_to_them(
    first: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing, sender = Standing(first, Pace(30, 1)), Sender()
    async with standing.kept(sender):
        held = iter([True, False])
        monkeypatch.setattr(standing, "holds", lambda: next(held))
        await standing.say(sender)
        assert sender.forgot == 1


async def test_a_service_on_sqlite_always_has_what_it_took(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        standing = Standing(database, Pace(30, 1))
        assert standing.holds()
        async with standing.kept(Sender()):
            assert standing.holds()
