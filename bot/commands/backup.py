"""`otklik backup` and `otklik restore`: an SQLite database copied while it is in use, and put back."""

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.console import DONE, Trouble, say
from bot.settings import Settings
from bot.sole import sole_service
from bot.tombstones import Tombstones
from storage.database import open_database
from storage.errors import StorageUnavailable

MODE: Final = 0o600
PAGES: Final = 1000  # copied at a time; the service writes in between
BESIDE: Final = ("-wal", "-shm")
ELSEWHERE: Final = "is for SQLite; PostgreSQL has pg_dump, pg_basebackup and its archive of WAL: docs/deployment.md"


def backup(settings: Settings, to: Path) -> int:
    """Copies the database as of one moment, the service at work or not; checked before it gets its name."""
    source = _file(settings, "backup")
    if not source.exists():
        raise Trouble(f"otklik backup: {source}: there is no database yet")
    if to.exists():
        raise Trouble(f"otklik backup: {to}: exists already; name a new file")
    part = to.with_name(f"{to.name}.part")
    _copy(source, part)
    _check(part, "otklik backup")
    part.replace(to)
    _settle(to.parent)
    say(f"{to}: a backup of {to.stat().st_size} bytes, checked.")
    return DONE


def restore(settings: Settings, source: Path, tombstones: Sequence[Path]) -> int:
    """Puts a backup in the place of the database. Whoever was forgotten since is forgotten in it again, before that."""
    file = _file(settings, "restore")
    for one in (source, *tombstones):
        if not one.is_file():
            raise Trouble(f"otklik restore: {one}: there is no such file")
    with sole_service(settings.database_url):
        part = file.with_name(f"{file.name}.restoring")
        for name in (part, *_beside(part)):
            name.unlink(missing_ok=True)
        _copy(source, part)
        _check(part, "otklik restore")
        try:
            again = asyncio.run(_obeying(settings, part, tombstones))
        except StorageUnavailable as error:
            for name in (part, *_beside(part)):
                name.unlink(missing_ok=True)
            raise Trouble(f"otklik restore: {source}: {error.reason}") from error
        kept = _swap(file, part)
    say(f"{file}: restored from {source}. People forgotten since, and now again: {again}.")
    if kept is not None:
        say(f"{kept}: what was there before; remove it once it is not needed.")
    return DONE


def _file(settings: Settings, command: str) -> Path:
    if settings.sqlite_file is None:
        raise Trouble(f"otklik {command}: {ELSEWHERE}")
    return settings.sqlite_file


def _copy(source: Path, to: Path) -> None:
    """By SQLite's own means: one moment of the database, what stands in its log included."""
    to.unlink(missing_ok=True)
    to.touch(mode=MODE)
    address = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as there, closing(sqlite3.connect(to)) as here:
            there.backup(here, pages=PAGES)
    except sqlite3.Error as error:
        to.unlink(missing_ok=True)
        raise Trouble(f"{source}: cannot be copied: {error}") from error
    with to.open("rb") as written:
        os.fsync(written.fileno())


def _check(file: Path, command: str) -> None:
    """Raises Trouble for what is damaged, or no database of the service."""
    try:
        with closing(sqlite3.connect(file)) as database:
            [whole] = database.execute("PRAGMA integrity_check(1)").fetchone()
            database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        whole = str(error)
    if whole != "ok":
        file.unlink()
        raise Trouble(f"{command}: the copy is not a sound database of Otklik: {whole}")


async def _obeying(settings: Settings, part: Path, tombstones: Sequence[Path]) -> int:
    """A backup from before the keys were changed is sealed as the database is to be."""
    async with open_database(f"sqlite+aiosqlite:///{part}", keys=settings.keys) as database:
        if await database.needs_migration():
            await database.migrate()
        if settings.keys:
            await database.reseal(seals=True)
        await database.check_keys()
        return await Tombstones(database, settings.tombstones_file, Clock()).obey(*tombstones)


def _swap(file: Path, part: Path) -> Path | None:
    """The copy takes the name; what had it is kept, with its log."""
    with closing(sqlite3.connect(part)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = file.with_name(f"{file.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}") if file.exists() else None
    if kept is not None:
        for old, new in zip((file, *_beside(file)), (kept, *_beside(kept)), strict=True):
            if old.exists():
                old.replace(new)
    part.replace(file)
    for name in _beside(part):
        name.unlink(missing_ok=True)
    _settle(file.parent)
    return kept


def _beside(file: Path) -> Sequence[Path]:
    return [file.with_name(file.name + end) for end in BESIDE]


def _settle(directory: Path) -> None:
    """Makes the names in it last."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
