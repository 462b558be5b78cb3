"""Looking at what is said to a database, and at what is in it, past the code under test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage.database import Database


@contextmanager
def listening(hear: Callable[[str, Any], object]) -> Iterator[None]:
    """Tells `hear` of every statement and its values."""

    def listen(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        hear(statement, values)

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", listen)


@asynccontextmanager
async def scratch(url: str) -> AsyncIterator[AsyncConnection]:
    """A plain connection; what is done with it is undone."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def plan_of(url: str, work: Awaitable[object]) -> str:
    """How the database means to carry out the last statement of this work, if there is any way round a full scan."""
    (plan,) = await _plans(url, (await _said(work))[-1:])
    return plan


async def plans_of(url: str, work: Awaitable[object]) -> list[str]:
    """The same for each of its statements."""
    return await _plans(url, await _said(work))


async def _said(work: Awaitable[object]) -> list[tuple[str, Any]]:
    said: list[tuple[str, Any]] = []
    with listening(lambda statement, values: said.append((statement, values))):
        await work
    return said


async def _plans(url: str, said: list[tuple[str, Any]]) -> list[str]:
    async with scratch(url) as connection:
        if connection.dialect.name == "postgresql":  # which looks at its tables by itself, while SQLite never does
            await connection.exec_driver_sql("ANALYZE")
            await connection.exec_driver_sql("SET enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        plans = [await connection.exec_driver_sql(f"{explain} {statement}", values) for statement, values in said]
        return ["\n".join(str(row[-1]) for row in rows) for rows in plans]


async def held_up(task: asyncio.Task[Any], database: Database) -> None:
    """Until the task waits for a lock, or is done for want of one."""
    blocked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    while not task.done():
        async with database.reading() as reading:
            if (await reading.connection.execute(blocked)).scalar_one():
                return
