"""Looking at what is said to a database, and at what is in it, past the code under test."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine


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
