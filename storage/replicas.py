"""Service processes that share a database, without a leader: each says again and again that it lives."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engines import transaction
from storage.keys import check
from storage.sql import clock
from storage.tables import replica

ALIVE: Final = timedelta(seconds=10)
"""How long a replica counts as alive after its last word."""

ME: Final[BindParameter[str]] = bindparam("me")
LIVING: Final = select(replica.c.worker).where(replica.c.until > clock())
PROLONG: Final = text(
    "UPDATE replica SET until = clock_timestamp() + :alive,"
    " paused_until = greatest(paused_until, clock_timestamp() + :pause)"
    " WHERE worker = :me AND until > clock_timestamp() RETURNING worker"
)
JOIN: Final = text(
    "INSERT INTO replica (worker, until, paused_until)"
    " VALUES (:me, clock_timestamp() + :alive, clock_timestamp() + :pause)"
    " ON CONFLICT (worker) DO UPDATE SET until = excluded.until, paused_until = excluded.paused_until"
)
BURY: Final = text("DELETE FROM replica WHERE until < clock_timestamp() - interval '1 day'")
AROUND: Final = text(
    "SELECT count(*) AS living, extract(epoch FROM max(paused_until) - clock_timestamp()) AS paused"
    " FROM replica WHERE until > clock_timestamp()"
)
LET_GO: Final = (
    text("UPDATE interview SET drawer = NULL WHERE drawer = :me AND shown_turn < turn"),
    text(
        "UPDATE delivery SET state = 'ready', worker = NULL, free_at = due_at WHERE worker = :me AND state = 'sending'"
    ),
)
LEAVE: Final = text("DELETE FROM replica WHERE worker = :me")


def free(owner: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Nobody's, or that of a replica that is no more. On SQLite there is one service: whoever else was, is no more."""
    return or_(owner.is_(None), and_(owner != ME, owner.not_in(LIVING)))


@dataclass(frozen=True, slots=True)
class Around:
    """How many replicas live, this one included, and for how many seconds Telegram wants none of them to send."""

    living: int = 1
    paused: float = 0.0


class Replicas:
    """This process among the others. On SQLite it is alone, and none of this takes any time."""

    def __init__(self, engine: AsyncEngine, address: str, worker: str) -> None:
        self._engine = engine
        self._address = address
        self._worker = worker

    @property
    def possible(self) -> bool:
        """Whether there can be others at all."""
        return self._engine.dialect.name == "postgresql"

    async def stay(self, paused: float) -> Around | None:
        """Says that this one lives, and for how many seconds Telegram wants nothing. None: it counts as dead."""
        if not self.possible:
            return Around()
        async with transaction(self._engine, self._address) as connection:
            if await connection.scalar(PROLONG, self._values(paused)) is None:
                return None
            await connection.commit()
            return await _around(connection)

    async def join(self, paused: float) -> Around:
        """Begins to live; whatever it had before is nobody's. Refused where the keys were changed meanwhile."""
        if not self.possible:
            return Around()
        async with transaction(self._engine, self._address) as connection:
            await check(connection)
            await self._let_go(connection)
            await connection.execute(BURY)
            await connection.execute(JOIN, self._values(paused))
            await connection.commit()
            return await _around(connection)

    async def leave(self) -> None:
        """Lives no more: what it was doing is anybody's at once."""
        if not self.possible:
            return
        async with transaction(self._engine, self._address) as connection:
            await self._let_go(connection)
            await connection.execute(LEAVE, {"me": self._worker})
            await connection.commit()

    async def _let_go(self, connection: AsyncConnection) -> None:
        for statement in LET_GO:
            await connection.execute(statement, {"me": self._worker})

    def _values(self, paused: float) -> dict[str, object]:
        return {"me": self._worker, "alive": ALIVE, "pause": timedelta(seconds=paused)}


async def _around(connection: AsyncConnection) -> Around:
    """After the commit: what others have said by now is seen."""
    row = (await connection.execute(AROUND)).one()
    return Around(living=row.living, paused=max(0.0, float(row.paused)))
