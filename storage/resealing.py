"""Everything that is sealed, sealed anew with another key: in one transaction, a portion at a time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table, bindparam, column, select, table, text, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import unit  # noqa: F401 - with which every table is known
from storage.keys import check_openable, remember, sealer
from storage.replicas import LIVING
from storage.sealing import Ring, SealError
from storage.tables import metadata
from storage.types import Sealed

AT_ONCE: Final = 1000
# Replicas that start wait until this is over, and then see with which key.
ALONE: Final = text("LOCK TABLE replica IN ACCESS EXCLUSIVE MODE")
AT_WORK: Final = "a service works with it: stop every `otklik run` first"
Kinds = Mapping[str, Sealed]


def sealed_columns() -> Mapping[Table, Kinds]:
    """Every table that has sealed columns, and their types."""
    kinds = {
        each: {one.name: one.type for one in each.c if isinstance(one.type, Sealed)} for each in metadata.sorted_tables
    }
    return {each: found for each, found in kinds.items() if found}


async def reseal(connection: AsyncConnection, keys: Sequence[bytes], *, seals: bool) -> int:
    """Seals every value with the first key, or none of them; how many changed. Raises SealError."""
    if connection.dialect.name == "postgresql":
        await connection.execute(ALONE)
        if await connection.scalar(LIVING.limit(1)) is not None:
            raise SealError(AT_WORK)
    await check_openable(connection)
    ring = Ring(keys, seals=seals, doubts=await sealer(connection) is None)
    changed = [await _resealed(connection, ring, each, kinds) for each, kinds in sealed_columns().items()]
    await remember(connection, ring)
    return sum(changed)


async def sweep(engine: AsyncEngine) -> None:
    """Makes the files anew, in which deleted rows and earlier states of others would go on to stand."""
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            for statement in ("ROLLBACK", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                await connection.exec_driver_sql(statement)
        return
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for each in sealed_columns():
            await connection.exec_driver_sql(f"VACUUM FULL {each.name}")


async def _resealed(connection: AsyncConnection, ring: Ring, of: Table, kinds: Kinds) -> int:
    """As the database has them: the types of the columns would open and seal by themselves."""
    [key] = (one.name for one in of.primary_key)
    bare = table(of.name, column(key), *map(column, kinds))
    wanted = select(bare).order_by(bare.c[key]).limit(AT_ONCE)
    anew = update(bare).where(bare.c[key] == bindparam("which")).values({one: bindparam(f"new_{one}") for one in kinds})
    changed, rows = 0, (await connection.execute(wanted)).all()
    while rows:
        fresh = [_fresh(row, ring, kinds, connection) for row in rows]
        differing = [(row, new) for row, new in zip(rows, fresh, strict=True) if tuple(row[1:]) != new]
        if differing:
            await connection.execute(anew, [_values(row, new, kinds) for row, new in differing])
        changed += sum(old != now for row, new in differing for old, now in zip(row[1:], new, strict=True))
        rows = (await connection.execute(wanted.where(bare.c[key] > rows[-1][0]))).all()
    return changed


def _fresh(row: Row[Any], ring: Ring, kinds: Kinds, connection: AsyncConnection) -> tuple[Any, ...]:
    return tuple(
        None if row._mapping[name] is None else kind.reseal(row._mapping[name], ring, connection.dialect)
        for name, kind in kinds.items()
    )


def _values(row: Row[Any], new: tuple[Any, ...], kinds: Kinds) -> dict[str, Any]:
    return {"which": row[0], **{f"new_{name}": value for name, value in zip(kinds, new, strict=True)}}
