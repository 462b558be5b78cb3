"""Whether the database keeps what it says it keeps, asked of the database itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

SQLITE: Final = {"journal_mode": {"wal"}, "synchronous": {"2", "3"}}
POSTGRESQL: Final = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply", "remote_write"},
    "in_recovery": {"off"},
}
SETTINGS: Final = text(
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
    " UNION ALL SELECT 'in_recovery', CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END"
)
CLOCK: Final = text("SELECT clock_timestamp(), current_setting('server_version')")


@dataclass(frozen=True, slots=True)
class Soundness:
    """`now`: the clock of a server. `wrong`: settings under which what is committed may be lost, with their values."""

    program: str
    now: datetime | None
    wrong: Mapping[str, str]


async def soundness(connection: AsyncConnection) -> Soundness:
    """Of the database behind this connection, as the service has it."""
    return await (_sqlite if connection.dialect.name == "sqlite" else _postgresql)(connection)


async def _sqlite(connection: AsyncConnection) -> Soundness:
    found = {name: str(await connection.scalar(text(f"PRAGMA {name}"))) for name in SQLITE}
    version = await connection.scalar(text("SELECT sqlite_version()"))
    return Soundness(f"SQLite {version}", None, _wrong(found, SQLITE))


async def _postgresql(connection: AsyncConnection) -> Soundness:
    found = {row.name: row.setting for row in await connection.execute(SETTINGS)}
    now, version = (await connection.execute(CLOCK)).one()
    return Soundness(f"PostgreSQL {version}", now, _wrong(found, POSTGRESQL))


def _wrong(found: Mapping[str, str], wanted: Mapping[str, set[str]]) -> Mapping[str, str]:
    return {name: value for name, value in found.items() if value not in wanted[name]}
