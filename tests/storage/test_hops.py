import asyncio
import sqlite3
import threading
from contextlib import closing
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import insert, make_url, select, text
from sqlalchemy.exc import IntegrityError

from storage.database import open_database
from storage.engines import make_engines, transaction
from storage.tables import setting

OURS = setting.c.name.startswith("name ")
ROWS = [{"name": f"name {number}", "value": str(number)} for number in range(3)]


@pytest.fixture
def hops(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was passed to the driver's thread, from here on."""
    passed: list[str] = []
    usual = aiosqlite.Connection._execute

    async def counted(self: aiosqlite.Connection, run: Any, *arguments: Any, **options: Any) -> Any:
        passed.append(run.__name__)
        return await usual(self, run, *arguments, **options)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return passed


async def test_every_statement_takes_one_hop_to_the_drivers_thread(sqlite_url: str, hops: list[str]) -> None:
    writing, _ = make_engines(sqlite_url)
    async with transaction(writing, sqlite_url) as connection:
        hops.clear()
        await connection.execute(insert(setting), ROWS)
        found = (await connection.execute(select(setting.c.value).where(OURS).order_by(setting.c.name))).scalars().all()
        changed = await connection.execute(text("UPDATE setting SET value = 'x' WHERE name IN ('name 1', 'name 2')"))
        assert (found, changed.rowcount) == (["0", "1", "2"], 2)
        await connection.commit()
        await connection.close()
        assert len(hops) == 4
    await writing.dispose()


async def test_what_fails_leaves_nothing_behind_and_the_connection_goes_on(sqlite_url: str) -> None:
    writing, reading = make_engines(sqlite_url)

    async def stumble() -> None:
        async with transaction(writing, sqlite_url) as connection:
            await connection.execute(insert(setting), ROWS)
            await connection.execute(insert(setting), ROWS[0])

    with pytest.raises(IntegrityError):
        await stumble()
    async with transaction(writing, sqlite_url) as connection:
        await connection.execute(insert(setting), ROWS[0])
        await connection.commit()
    async with transaction(reading, sqlite_url) as connection:
        assert (await connection.execute(select(setting.c.name).where(OURS))).scalars().all() == ["name 0"]
    await writing.dispose()
    await reading.dispose()


async def test_a_brief_transaction_takes_a_hop_to_begin_and_one_to_commit(sqlite_url: str, hops: list[str]) -> None:
    async with open_database(sqlite_url) as database:
        for brief, statements in ((True, 0), (False, 2), (True, 0)):
            async with database.unit_of_work(brief=brief) as uow:
                assert hops[-1] == "_execute"
                hops.clear()
                await uow.settings.set("name 0", "x")
                assert await uow.settings.get("name 0") == "x"
                assert len(hops) == statements
                await uow.commit()
                assert hops[-1] == "commit"


async def test_a_connection_given_up_twice_holds_up_nobody(sqlite_url: str, hops: list[str]) -> None:
    writing, _ = make_engines(sqlite_url)
    before, threads = asyncio.all_tasks(), threading.enumerate()

    async def write() -> None:
        async with transaction(writing, sqlite_url):
            pass

    with closing(sqlite3.connect(make_url(sqlite_url).database or "", isolation_level=None)) as other_program:
        await write()
        other_program.execute("BEGIN IMMEDIATE")
        hops.clear()
        writer = asyncio.create_task(write())
        await asyncio.sleep(0)
        assert hops
        for _again in range(2):
            writer.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        at_it = asyncio.all_tasks() - before
        for task in at_it:
            task.cancel()
    _, left = await asyncio.wait({writer, *at_it}, timeout=60)
    assert not left
    await writing.dispose()
    for thread in set(threading.enumerate()).difference(threads):
        await asyncio.to_thread(thread.join)
