"""Small facts the service keeps about itself, such as whose bot the database belongs to."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sql import insert_into
from storage.tables import setting

NAMED = setting.c.name == bindparam("named")


class Settings:
    """Texts by name."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, name: str) -> str | None:
        """The value of this name, None when there is none."""
        return await self._connection.scalar(select(setting.c.value).where(NAMED), {"named": name})

    async def set(self, name: str, value: str) -> None:
        """Puts the value in the place of an earlier one."""
        written = insert_into(self._connection, setting).values(name=name, value=value)
        await self._connection.execute(
            written.on_conflict_do_update(index_elements=[setting.c.name], set_={"value": value})
        )

    async def drop(self, name: str) -> None:
        """Forgets the value; no error when there is none."""
        await self._connection.execute(delete(setting).where(NAMED), {"named": name})
