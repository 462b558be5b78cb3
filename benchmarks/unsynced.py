"""Otklik on an SQLite that leaves it to the system when anything reaches the disk."""

from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.cli import main
from storage import engines

prepare = engines._prepare_writer


def unsynced(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """As always, but for the disk."""
    prepare(connection, entry)
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


if __name__ == "__main__":
    engines._prepare_writer = unsynced
    main()
