"""Whatever is wrong with a database is told in one sentence that holds no password."""

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database, open_database
from storage.engines import make_engines
from storage.errors import StorageUnavailable
from tests.postgres import Postgres
from tests.storage.probes import scratch

SECRET = "hunter2"


async def told(url: str) -> str:
    """The sentence one gets when trying to use the database."""
    with pytest.raises(StorageUnavailable) as caught:
        await use(url)
    sentence = str(caught.value)
    assert SECRET not in sentence
    assert "\n" not in sentence
    return sentence


async def use(url: str) -> None:
    async with open_database(url) as database:
        await database.migrate()
        async with database.unit_of_work() as uow:
            await uow.settings.set("username", "bot")
            await uow.commit()


@pytest.mark.parametrize(
    "url",
    [
        "",
        SECRET,
        f"mysql://bot:{SECRET}@host/name",
        f"postgresql+psycopg://bot:{SECRET}@host/name",
        f"postgresql+asyncpg://bot:{SECRET}@host:port/name",
        f"postgresql+asyncpg://bot:{SECRET}@host",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
    ],
)
async def test_a_url_that_names_no_database_of_ours(url: str) -> None:
    sentence = await told(url)
    assert sentence.startswith("database.url: ")
    assert "sqlite+aiosqlite:///PATH or postgresql+asyncpg://USER:PASSWORD@HOST/NAME" in sentence


async def test_the_usual_short_forms_of_urls_are_understood(tmp_path: Path) -> None:
    await use(f"sqlite:///{tmp_path / 'otklik.db'}")
    assert [engine.driver for engine in make_engines("postgres://bot@host/name")] == ["asyncpg", "asyncpg"]


async def test_the_directory_of_the_file_is_made(tmp_path: Path) -> None:
    await use(f"sqlite+aiosqlite:///{tmp_path}/var/deep/otklik.db")
    assert (tmp_path / "var" / "deep" / "otklik.db").is_file()


async def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be made" in await told(f"sqlite+aiosqlite:///{tmp_path}/file/otklik.db")


async def test_a_directory_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert "the file cannot be opened" in await told(f"sqlite+aiosqlite:///{tmp_path}")


async def test_a_file_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "otklik.db").write_text("account,industry\n" * 200, encoding="utf-8")
    assert "not an SQLite database" in await told(f"sqlite+aiosqlite:///{tmp_path}/otklik.db")


async def test_a_file_that_another_program_holds(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engines.WAIT_SECONDS", 0)
    holder = sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert "another program holds the file" in await told(sqlite_url)
    holder.close()


async def test_a_database_without_tables(bare_url: str) -> None:
    async def ask(database: Database) -> None:
        async with database.unit_of_work() as uow:
            await uow.settings.get("username")

    async with open_database(bare_url) as database:
        with pytest.raises(StorageUnavailable, match="run `otklik migrate`"):
            await ask(database)


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port nobody answers on: taken, so that nobody else takes it, and not listening."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def test_a_server_that_does_not_answer(deaf_port: int) -> None:
    sentence = await told(f"postgresql+asyncpg://bot:{SECRET}@127.0.0.1:{deaf_port}/otklik")
    assert f"postgresql+asyncpg://bot:***@127.0.0.1:{deaf_port}/otklik: no connection" in sentence


async def test_a_wrong_password(postgres: Postgres, postgres_url: str) -> None:
    name = postgres_url.partition("@/")[2].partition("?")[0]
    guarded = postgres.url(name, user=f"guarded:{SECRET}")
    postgres.sql("DROP ROLE IF EXISTS guarded")
    postgres.sql("CREATE ROLE guarded LOGIN PASSWORD 'another'")
    assert "does not accept this user and password" in await told(guarded)


async def test_a_database_the_server_does_not_have(postgres: Postgres) -> None:
    assert "there is no database of this name" in await told(postgres.url("nowhere"))


async def test_a_connection_that_breaks_in_the_middle(postgres_url: str) -> None:
    async with open_database(postgres_url) as database:

        async def lose() -> None:
            async with database.unit_of_work() as uow:
                await uow.settings.set("username", "bot")
                async with scratch(postgres_url) as connection:
                    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                    await connection.execute(text(others + "AND datname = current_database()"))
                await uow.settings.get("username")

        with pytest.raises(StorageUnavailable):
            await lose()
        async with database.unit_of_work() as uow:
            assert await uow.settings.get("username") is None
