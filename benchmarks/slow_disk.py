"""Otklik on a disk that takes three milliseconds longer to put down a commit."""

import sqlite3
import time

import aiosqlite

from bot.cli import main

SLOWER = 0.003  # seconds; SQLite waits for the disk once in a commit, but for a checkpoint now and then


def slow_down() -> None:
    """From here on every commit takes so much longer, in the thread of the database, as a slow fsync would."""

    async def commit(self: aiosqlite.Connection) -> None:
        await self._execute(_commit, self._conn)

    aiosqlite.Connection.commit = commit


def _commit(connection: sqlite3.Connection) -> None:
    time.sleep(SLOWER)
    connection.commit()


if __name__ == "__main__":
    slow_down()
    main()
