"""SQLite through aiosqlite with one hop to its thread for a statement.

SQLAlchemy's own cursor hops four times: to make it, to execute, to fetch and to close. Two threads that wake each
other cost more than most statements here.
"""

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, event
from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util.concurrency import await_

Ran = tuple[sqlite3.Cursor, list[Any]]


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

    def _hop(self, run: Callable[[sqlite3.Connection, str, Any], Ran], operation: str, parameters: Any) -> None:
        driver = self._connection
        try:
            self._ran, rows = await_(driver._execute(run, driver._conn, operation, parameters))
        except Exception as error:
            self._adapt_connection._handle_exception(error)
        self._rows.extend(rows)


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection with such cursors, and without a hop to roll back what has been committed."""

    __slots__ = ()

    _cursor_cls = Cursor

    def rollback(self) -> None:
        if self._connection.in_transaction:
            super().rollback()


def hop_once(engine: AsyncEngine) -> None:
    """Lets every connection of this SQLite engine be such a one."""
    event.listen(engine.sync_engine, "do_connect", _connect)


def _connect(dialect: Dialect, _record: object, arguments: Any, options: Any) -> Connection:
    plain = dialect.connect(*arguments, **options)
    return Connection(plain.dbapi, plain._connection)


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
