"""Engines for a database URL: one to write with, one to read a snapshot with."""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import StorageUnavailable, clear_errors, masked
from storage.sealing import equip

DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
ALLOWED: Final = "sqlite+aiosqlite:///PATH or postgresql+asyncpg://USER:PASSWORD@HOST/NAME is allowed"
WAIT_SECONDS: Final = 10
READERS: Final = 4
CONNECTIONS: Final = 10
# 16 MB: what most answers need of a large file stays at hand.
CACHE: Final = "cache_size = -16384"
# A machine that is gone is noticed within half a minute, whoever waits for it.
SESSION: Final = {
    "application_name": "otklik",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
# A replica that is paused in a transaction holds up nobody for longer: the server ends it.
WRITER: Final = {"idle_in_transaction_session_timeout": "10000"}
# Nor do its other transactions, each of which would otherwise have its turn at a lock, and again hold it for so long.
IMPATIENT: Final = {"lock_timeout": "5000"}
NOTHING_MORE: Final[Mapping[str, str]] = {}


def make_engines(
    url: str, answers_within: timedelta | None = None, keys: Sequence[bytes] = ()
) -> tuple[AsyncEngine, AsyncEngine]:
    """The writing and the reading engine. Nothing is connected yet. Raises StorageUnavailable.

    `answers_within`: a statement that a PostgreSQL server has not answered by then counts as lost.
    `keys`: the first one seals what tells who somebody is, all open it.
    """
    engines = _engines(_parse(url), answers_within)
    for engine in engines:
        equip(engine.dialect, keys)
    return engines


def _engines(parsed: URL, answers_within: timedelta | None) -> tuple[AsyncEngine, AsyncEngine]:
    if parsed.get_backend_name() == "sqlite":
        _make_file(parsed)
        return _sqlite(parsed, writing=True), _sqlite(parsed, writing=False)
    reading = snapshots(_postgresql(parsed, answers_within)).execution_options(postgresql_readonly=True)
    impatient = IMPATIENT if answers_within else NOTHING_MORE
    return _postgresql(parsed, answers_within, {**WRITER, **impatient}), reading


def snapshots(engine: AsyncEngine) -> AsyncEngine:
    """The same engine, whose transactions keep to what there was at their first look. On SQLite they all do."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StorageUnavailable(masked(url), ALLOWED) from None
    driver = DRIVERS.get(parsed.drivername)
    if driver is None:
        raise StorageUnavailable(masked(url), f"{parsed.drivername!r} is not supported: {ALLOWED}")
    return parsed.set(drivername=driver)


def _postgresql(url: URL, answers_within: timedelta | None, more: Mapping[str, str] = NOTHING_MORE) -> AsyncEngine:
    if not url.database:
        raise StorageUnavailable(masked(str(url)), f"the name of the database is missing: {ALLOWED}")
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        connect_args={
            "timeout": WAIT_SECONDS,
            "command_timeout": answers_within and answers_within.total_seconds(),
            "server_settings": {**SESSION, **more},
        },
    )


def _make_file(url: URL) -> None:
    """Opened once here, to fail at once: inside the asynchronous driver a thread would report the failure as well."""
    address = masked(str(url))
    if not url.database or url.database.startswith((":", "file:")):
        raise StorageUnavailable(address, f"the database must be a file that stays: {ALLOWED}")
    directory = Path(url.database).parent
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(address, f"the directory {directory} cannot be made: {error.strerror}") from error
    with clear_errors(address, connecting=True):
        with suppress(OSError):  # which the next line puts into words
            Path(url.database).touch(mode=0o600, exist_ok=False)  # what people said is for nobody else on the machine
        sqlite3.connect(url.database).close()


def _sqlite(url: URL, *, writing: bool) -> AsyncEngine:
    from storage.hops import hop_once  # and with it the driver, which no other database needs

    # One connection to write with: SQLite has one writer anyway, and the pool's queue is fair where its lock is not.
    size = 1 if writing else READERS
    engine = create_async_engine(url, hide_parameters=True, pool_size=size, max_overflow=0)
    hop_once(engine)
    event.listen(engine.sync_engine, "connect", _prepare_writer if writing else _prepare_reader)
    event.listen(engine.sync_engine, "begin", _begin_immediate if writing else _begin)
    return engine


def _prepare_writer(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    _prepare(connection, (CACHE,))


def _prepare_reader(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    _prepare(connection, ("query_only = ON",))


def _prepare(connection: DBAPIConnection, pragmas: tuple[str, ...]) -> None:
    # The driver would begin on its own, DEFERRED and only before a change; `begin` does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    waits = f"busy_timeout = {WAIT_SECONDS * 1000}"
    for pragma in (waits, "journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL", *pragmas):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


@asynccontextmanager
async def transaction(engine: AsyncEngine, address: str) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction that is rolled back unless committed. Raises StorageUnavailable."""
    async with AsyncExitStack() as stack:
        with clear_errors(address, connecting=True):
            connection = await stack.enter_async_context(engine.connect())
            await connection.begin()
        with clear_errors(address):
            try:
                yield connection
            except TimeoutError:
                # Whatever else is asked of a server that hangs would wait as well: its connection is left behind.
                await connection.invalidate()
                raise
