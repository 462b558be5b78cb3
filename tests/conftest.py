"""Databases for tests: a test that asks for `database` runs on SQLite and on a real PostgreSQL.

There is one server for each test process. What takes long is begun first, so that none is left with it in the end.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from storage.database import Database, open_database
from tests.postgres import Postgres, served

settings.register_profile("patient", deadline=None)  # how long something takes tells of the machine
settings.load_profile("patient")

LONG = ("tests/chaos/", "tests/soak/", "tests/e2e/", "tests/drill/", "tests/benchmarks/", "tests/sandbox/browser/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Processes beside each other begin with equal parts of one row: long tests are dealt to the heads of these."""
    hands = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if hands > 1:
        long = sorted(filter(is_long, items), key=room)
        items[:] = dealt(long, [item for item in items if not is_long(item)], hands)


def is_long(item: pytest.Item) -> bool:
    return item.nodeid.startswith(LONG)


def room(item: pytest.Item) -> int:
    return next(number for number, place in enumerate(LONG) if item.nodeid.startswith(place))


def dealt(long: Sequence[pytest.Item], short: Sequence[pytest.Item], hands: int) -> Sequence[pytest.Item]:
    whole, row = len(long) + len(short), list[pytest.Item]()
    for hand in range(hands):
        held = long[hand::hands]
        more = (whole - len(row)) // (hands - hand) - len(held)
        row += [*held, *short[:more]]
        short = short[more:]
    return row


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running server."""
    with served() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of a database with the current schema, to be copied."""
    postgres.sql("CREATE DATABASE template_otklik")
    asyncio.run(_migrate(postgres.url("template_otklik")))
    return "template_otklik"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the current schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "otklik.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


async def _migrate(url: str) -> None:
    async with open_database(url) as database:
        await database.migrate()


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database with the current schema, empty."""
    with postgres.fresh(postgres_template) as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An SQLite database with the current schema, empty."""
    path = shutil.copy(sqlite_template, tmp_path / "otklik.db")
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database with the current schema, empty: once on SQLite, once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it, not even tables."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'bare.db'}"
    else:
        with request.getfixturevalue("postgres").fresh() as url:
            yield url


@pytest.fixture
def keys() -> Sequence[bytes]:
    """With which `database` is sealed: with none, unless a module says otherwise."""
    return ()


@pytest.fixture
async def database(database_url: str, keys: Sequence[bytes]) -> AsyncIterator[Database]:
    """An open database with the current schema, empty: once on SQLite, once on PostgreSQL."""
    async with open_database(database_url, keys=keys, worker="this worker") as opened:
        if keys:
            await opened.reseal(seals=True)
        yield opened
