"""The restore drill: people answer, a machine is lost in the middle of it, and what is put back has every answer.

`make restore-drill` runs it with more people.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from benchmarks.botapi import BotApi
from benchmarks.people import Person, answer, begin, crowd
from tests.e2e.conftest import free_port
from tests.e2e.otklik import Otklik
from tests.postgres import Postgres, served

PEOPLE = int(os.environ.get("DRILL_PEOPLE", "8"))
AT_ONCE = 8
FIRST_ID = 700_000
LEAVER = "p0"
"""Somebody who has answered, and asks to be forgotten after the backup."""
PATIENCE = 300.0

Given = Counter[str]


@asynccontextmanager
async def product(tmp_path: Path, database_url: str) -> AsyncIterator[tuple[Otklik, BotApi]]:
    """Otklik, not started, and a Telegram of its own."""
    api = BotApi()
    async with api.running() as address:
        home = tmp_path / "first"
        home.mkdir()
        made = Otklik(home, address, database_url, http_port=free_port(), extra={"OTKLIK_LOG__LEVEL": "warning"})
        made.prepare()
        yield made, api
        if made.process is not None:
            await made.end(signal.SIGKILL)


async def invited(otklik: Otklik) -> Sequence[Person]:
    """Everybody's link."""
    await otklik.import_directory([_row(number) for number in range(PEOPLE + 1)])
    tokens = await otklik.tokens()
    return crowd({FIRST_ID + number: tokens[f"p{number}"] for number in range(PEOPLE + 1)}, taps=1000)


def _row(number: int) -> dict[str, str]:
    return {
        "account": f"Sample {number % 3}",
        "project": f"Sample project {number % 3}",
        "stage": "operation",
        "person": f"Sample Person {number}",
        "external_id": f"p{number}",
        "roles": "key_user",
        "language": "ru",
    }


def given(people: Sequence[Person]) -> Given:
    """Scores that were shown as taken: external id -> how many."""
    return Counter({f"p{person.id - FIRST_ID}": person.scores for person in people})


async def stored(otklik: Otklik) -> Given:
    """Scores that stand in the database."""
    rows = await otklik.rows("export", "answers", "-o", str(otklik.home / "answers.csv"))
    return Counter(row["person"] for row in rows if row["score"])


async def until(people: Sequence[Person], scores: int) -> None:
    """Until so many scores have been shown as taken."""
    async with asyncio.timeout(PATIENCE):
        while given(people).total() < scores:  # noqa: ASYNC110 - people count what they gave and tell nobody
            await asyncio.sleep(0.01)


async def answering(api: BotApi, people: Sequence[Person], meanwhile: Awaitable[None]) -> None:
    """These answer to the end, whatever happens to the service meanwhile."""
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(answer(api, people, AT_ONCE))
        group.create_task(_done(meanwhile))


async def _done(work: Awaitable[None]) -> None:
    await work


async def test_the_files_of_a_killed_sqlite_have_every_answer_and_a_backup_those_until_then(tmp_path: Path) -> None:
    async with product(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/first/otklik.db") as (otklik, api):
        everybody = await invited(otklik)
        leaver, sooner, later = everybody[0], everybody[1 : 1 + PEOPLE // 2], everybody[1 + PEOPLE // 2 :]
        copy, second, before = tmp_path / "copy.db", tmp_path / "second", Given()

        async def back_up() -> None:
            await until(sooner, 1)
            before.update(given(everybody))
            assert (await otklik.cli("backup", str(copy))).returncode == 0

        async def disaster() -> None:
            await until(later, PEOPLE // 2)
            await otklik.end(signal.SIGKILL)
            otklik.home.rename(second)
            otklik.home, otklik.database_url = second, f"sqlite+aiosqlite:///{second}/otklik.db"
            assert not given(everybody) - await stored(otklik), "an answer that was shown as taken is missing"
            await otklik.start()

        await otklik.start()
        await begin(api, everybody, AT_ONCE)
        await answer(api, [leaver], 1)
        await answering(api, sooner, back_up())
        await answering(api, later, disaster())
        assert await stored(otklik) == given(everybody)
        assert (await otklik.cli("erase", LEAVER, "--answers")).returncode == 0
        await otklik.end()

        done = await otklik.cli("restore", str(copy))
        assert done.returncode == 0, done.stderr
        restored = await stored(otklik)
        assert before[LEAVER] > 0
        del before[LEAVER]
        assert not before - restored
        assert restored[LEAVER] == 0, "somebody who was forgotten is back"
        assert (await otklik.cli("verify")).returncode == 0
        told = f"SQLite: {given(everybody).total()} answers, none missing; as of the backup {restored.total()}"
        sys.stdout.write(f"{told}\n")


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server of its own, that is going to be lost."""
    with served() as made:
        yield made


def _allow_replication(server: Postgres) -> None:
    with Path(server._data, "pg_hba.conf").open("a", encoding="ascii") as rules:
        rules.write("local replication all trust\n")
    server.sql("SELECT pg_reload_conf()")
    asked = [server._programs / "psql", f"host={server._home} user=postgres replication=true", "-c", "IDENTIFY_SYSTEM"]
    ends = time.monotonic() + PATIENCE
    while subprocess.run(asked, capture_output=True, check=False).returncode:  # it reads the rules when it gets to it
        assert time.monotonic() < ends, "the server refuses those who would receive its WAL"


@contextmanager
def shipping(server: Postgres, archive: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Every byte of WAL is on another machine before a commit is answered; what brings it there."""
    archive.mkdir()
    _allow_replication(server)
    where = f"host={server._home} user=postgres application_name=drill"
    receiver = subprocess.Popen(
        [server._programs / "pg_receivewal", "-D", archive, "-d", where, "--synchronous", "--no-loop"],
        stderr=subprocess.DEVNULL,
    )
    try:
        server.sql("ALTER SYSTEM SET synchronous_standby_names = 'drill'")
        server.sql("ALTER DATABASE otklik SET synchronous_commit = on")
        server.sql("SELECT pg_reload_conf()")
        yield receiver
    finally:
        receiver.terminate()
        receiver.wait()


def lose(server: Postgres) -> None:
    """The machine is gone, with its disk."""
    for each in server.processes:
        os.kill(each, signal.SIGKILL)
    shutil.rmtree(server._data)
    for lock in server._home.glob(".s.PGSQL.*"):
        lock.unlink()


def put_back(server: Postgres, base: Path, archive: Path) -> None:
    """The base backup, and the WAL that came after it."""
    data = Path(server._data)
    shutil.copytree(base, data)
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a", encoding="ascii") as settings:
        settings.write(f"restore_command = 'cp {archive}/%f %p || cp {archive}/%f.partial %p'\n")
        settings.write("synchronous_standby_names = ''\n")
    for place in (data, *data.rglob("*"), *archive.iterdir()):
        if server._user:
            shutil.chown(place, server._user)
    data.chmod(0o700)
    server.resume()


async def test_a_lost_postgresql_is_put_back_from_backup_and_wal_with_every_answer(
    tmp_path: Path, server: Postgres
) -> None:
    server.sql("CREATE DATABASE otklik")
    archive, base = server._home / "archive", server._home / "base"
    where = f"host={server._home} user=postgres"
    async with product(tmp_path, server.url("otklik")) as (otklik, api):
        assert (await otklik.cli("migrate")).returncode == 0
        people = await invited(otklik)
        sooner, later = people[: PEOPLE // 2], people[PEOPLE // 2 :]
        with shipping(server, archive) as receiver:
            await otklik.start()  # what connects from now on waits for the other machine
            await begin(api, people, AT_ONCE)

            async def back_up() -> None:
                await until(sooner, 1)
                take = [server._programs / "pg_basebackup", "-D", base, "-d", where, "-X", "none", "-c", "fast"]
                await asyncio.to_thread(subprocess.run, take, check=True, stderr=subprocess.DEVNULL)

            async def disaster() -> None:
                await until(later, PEOPLE // 2)
                lose(server)
                await otklik.end(signal.SIGKILL)
                await asyncio.to_thread(receiver.wait)
                await asyncio.to_thread(put_back, server, base, archive)
                assert not given(people) - await stored(otklik), "an answer that was shown as taken is missing"
                await otklik.start()

            await answering(api, sooner, back_up())
            await answering(api, later, disaster())
        assert await stored(otklik) == given(people)
        assert (await otklik.cli("verify")).returncode == 0
        sys.stdout.write(f"PostgreSQL: {given(people).total()} answers, none missing\n")
