"""SQLite through aiosqlite with one hop to its thread for a statement, and none for those of a brief transaction.

SQLAlchemy's own cursor hops four times: to make it, to execute, to fetch and to close. Two threads that wake each
other cost more than most statements here. Whatever may wait for others or for the disk, to begin and to commit, is
done in the thread always.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy
from sqlalchemy import Dialect, event
from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection, AsyncIODBAPIConnection
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util.concurrency import await_

CLOSE_SECONDS: Final = 1.0

Ran = tuple[sqlite3.Cursor, list[Any]]
Run = Callable[[sqlite3.Connection, str, Any], Ran]


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """Has fetched everything, and is closed, when `execute` returns. Streams have a cursor of their own kind."""

    __slots__ = ("_ran",)

    def __init__(self, adapt_connection: AsyncAdapt_dbapi_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._ran: sqlite3.Cursor | None = None

    @property
    def description(self) -> Any:
        return self._ran and self._ran.description

    @property
    def rowcount(self) -> int:
        return -1 if self._ran is None else self._ran.rowcount

    @property
    def lastrowid(self) -> int:
        return (self._ran and self._ran.lastrowid) or 0

    def execute(self, operation: Any, parameters: Any = None) -> None:
        self._hop(_execute, operation, parameters or ())

    def executemany(self, operation: Any, seq_of_parameters: Any) -> None:
        self._hop(_executemany, operation, seq_of_parameters)

    async def _async_soft_close(self) -> None:
        """It is closed already."""

    def close(self) -> None:
        self._rows.clear()

    def _hop(self, run: Run, operation: str, parameters: Any) -> None:
        adapted, driver = self._adapt_connection, self._connection
        brief = isinstance(adapted, Connection) and adapted.brief and driver.in_transaction
        work = _here if brief else driver._execute
        try:
            self._ran, rows = await_(work(run, driver._conn, operation, parameters))
        except Exception as error:
            self._adapt_connection._handle_exception(error)
        self._rows.extend(rows)


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection with such cursors, and without a hop to roll back what has been committed.

    One that is given up is closed by its thread after the statement it is at, which may wait for a lock for long.
    It is told so once: the driver's own `close`, cancelled and told twice, waits for ever for a thread that has ended.

    `brief`: whether the transaction is one that does not hop.
    """

    __slots__ = ("brief",)

    _cursor_cls = Cursor

    def __init__(self, dbapi: Any, connection: AsyncIODBAPIConnection) -> None:
        super().__init__(dbapi, connection)
        self.brief = False

    def rollback(self) -> None:
        if self._connection.in_transaction:
            super().rollback()

    async def _terminate_graceful_close(self) -> None:
        if closed := self._give_up():
            await asyncio.wait([closed], timeout=CLOSE_SECONDS)

    def _terminate_force_close(self) -> None:
        self._give_up()

    def _give_up(self) -> asyncio.Future[object] | None:
        return self._connection.stop() if self._connection._running else None


def hop_once(engine: AsyncEngine) -> None:
    """Lets every connection of this SQLite engine be such a one."""
    event.listen(engine.sync_engine, "do_connect", _connect)
    event.listen(engine.sync_engine, "begin", _heed)


def _connect(dialect: Dialect, _record: object, arguments: Any, options: Any) -> Connection:
    # Two threads use it, never at the same time: whoever asks for something waits for it.
    plain = dialect.connect(*arguments, **{**options, "check_same_thread": False})
    return Connection(plain.dbapi, plain._connection)


def _heed(connection: sqlalchemy.Connection) -> None:
    driver = connection.connection.dbapi_connection
    if isinstance(driver, Connection):
        driver.brief = connection.get_execution_options().get("brief", False)


async def _here(run: Run, connection: sqlite3.Connection, operation: str, parameters: Any) -> Ran:
    return run(connection, operation, parameters)


def _execute(connection: sqlite3.Connection, operation: str, parameters: Any) -> Ran:
    cursor = connection.execute(operation, parameters)
    try:
        return cursor, cursor.fetchall()
    finally:
        cursor.close()


def _executemany(connection: sqlite3.Connection, operation: str, parameters: Any) -> Ran:
    cursor = connection.executemany(operation, parameters)
    cursor.close()
    return cursor, []
