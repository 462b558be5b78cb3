"""The database: where units of work, snapshots and the queue of messages come from."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self
from uuid import uuid4

from storage import schema
from storage.audit import AuditLog
from storage.engines import make_engines, snapshots, transaction
from storage.errors import clear_errors, masked
from storage.keys import check, remember
from storage.reading import Reading
from storage.trouble import Trouble
from surveys.audit import Look

if TYPE_CHECKING:
    from storage.audiences import Audiences
    from storage.outbox import Outbox
    from storage.outgoing import Depot
    from storage.replicas import Replicas
    from storage.unit import StoredUnitOfWork

LEASE: Final = timedelta(seconds=20)
PARCEL_LEASE: Final = timedelta(minutes=2)
"""Longer than it takes to tell another system of an event, or to give up."""
FOLDED_AT_ONCE: Final = 20_000
"""Changes a fold moves: the more, the less each costs, but on SQLite nobody else writes meanwhile: half a second."""

RECOUNTED_AT_ONCE: Final = 1_000
"""The same of changes of invitations: each takes longer."""


def open_database(
    url: str,
    *,
    keys: Sequence[bytes] = (),
    worker: str | None = None,
    lease: timedelta = LEASE,
    answers_within: timedelta | None = None,
) -> "Database":
    """The database at `url`: SQLite or PostgreSQL, with the same behaviour.

    `keys`: the first one seals what tells who somebody is, all open it; see `check_keys`.
    `worker` names this process among those that send messages; `lease`: how long it has for a message it has taken.
    `answers_within`: a server that leaves a statement unanswered for longer counts as out of reach; None: never.
    Connects on first use, or on entering `async with`. Raises StorageUnavailable, as does every use of it.
    """
    return Database(url, keys, worker or uuid4().hex, lease, answers_within)


class Database:
    """Made by `open_database`."""

    def __init__(
        self, url: str, keys: Sequence[bytes], worker: str, lease: timedelta, answers_within: timedelta | None
    ) -> None:
        self._writing, self._reading = make_engines(url, answers_within, keys)
        self.trouble = Trouble(self._writing)
        self._folding = snapshots(self._writing)
        self._briefly = self._writing.execution_options(brief=True)
        self.address = masked(url)
        self.keys = keys
        self.worker = worker
        self.lease = lease

    async def __aenter__(self) -> Self:
        async with self.reading():
            return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Gives back every connection."""
        await self._writing.dispose()
        await self._reading.dispose()

    def unit_of_work(self, *, brief: bool = False) -> "StoredUnitOfWork":
        """A transaction that writes. On SQLite there is one at a time: the next one waits.

        `brief`: nothing is asked in it that takes long, so that no thread but the caller's is needed before the commit.
        """
        from storage.unit import StoredUnitOfWork

        writing = self._briefly if brief else self._writing
        return StoredUnitOfWork(writing, self.address, self.worker, self.lease)

    def rehearsal(self) -> "StoredUnitOfWork":
        """A snapshot for use cases that only look: nobody waits for it, and nothing in it can last."""
        from storage.unit import StoredUnitOfWork

        return StoredUnitOfWork(self._reading, self.address, self.worker, self.lease)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """A snapshot: whatever is written meanwhile is neither seen nor held up."""
        async with transaction(self._reading, self.address) as connection:
            yield Reading(connection, lambda: self.audiences)

    @cached_property
    def audiences(self) -> "Audiences":
        """Who answered, for confidential mode."""
        from storage.audiences import Audiences

        return Audiences()

    @property
    def replicas(self) -> "Replicas":
        """This worker among those that share the database."""
        from storage.replicas import Replicas

        return Replicas(self._writing, self.address, self.worker)

    @property
    def outbox(self) -> "Outbox":
        """The queue of messages, as this worker has it."""
        from storage.outbox import Outbox

        return Outbox(self._writing, self.address, self.worker, self.lease)

    @property
    def depot(self) -> "Depot":
        """The queue of events for other systems, as this worker has it."""
        from storage.outgoing import Depot

        return Depot(self._writing, self._reading, self.address, self.worker, PARCEL_LEASE)

    async def note(self, look: Look) -> None:
        """Takes down a look, for good, before what was looked at is shown."""
        async with transaction(self._writing, self.address) as connection:
            log = AuditLog(connection)
            await log.add(look)
            await log.flush()
            await connection.commit()

    async def prepare_folding(self) -> None:
        """What the first folding would put together while others wait to write. Changes nothing."""
        from storage import reach, tallies

        async with transaction(self._folding, self.address) as connection:
            await tallies.prepare(connection)
            await reach.prepare(connection)

    async def fold(self, at_most: int = FOLDED_AT_ONCE) -> int:
        """Folds the oldest answers into the counts that reports read; how many. Reports are exact before and after."""
        from storage.tallies import fold

        async with transaction(self._folding, self.address) as connection:
            folded = await fold(connection, at_most)
            await connection.commit()
            return folded

    async def fold_reach(self, at_most: int = RECOUNTED_AT_ONCE) -> int:
        """The same for invitations that something happened to; how many times it did."""
        from storage.reach import fold

        async with transaction(self._folding, self.address) as connection:
            folded = await fold(connection, at_most)
            await connection.commit()
            return folded

    async def count_again(self) -> int:
        """Makes every count anew from answers and invitations; how many answers. Reports are exact all the while."""
        from storage.verification import count_again

        async with transaction(self._folding, self.address) as connection:
            counted = await count_again(connection)
            await connection.commit()
        while await self.fold() or await self.fold_reach():
            pass
        return counted

    async def needs_migration(self) -> bool:
        """Whether the schema is missing or older than this program."""
        async with transaction(self._reading, self.address) as connection:
            return not await connection.run_sync(schema.is_current)

    async def migrate(self, revision: str = "head") -> None:
        """Brings the schema up to `revision`; does nothing when it is there. What is new is sealed from the start."""
        from storage import migrations  # alembic takes longer to import than all the rest

        async with transaction(self._writing, self.address) as connection:
            new = not await connection.run_sync(schema.exists)
            await connection.run_sync(migrations.upgrade, revision)
            if new:
                await remember(connection)
            await connection.commit()

    async def check_keys(self) -> None:
        """Raises StorageUnavailable, with what to do, unless what is here is sealed with the key that seals."""
        async with transaction(self._reading, self.address) as connection:
            await check(connection)

    async def reseal(self, *, seals: bool) -> int:
        """Seals everything with the first key, or opens it for good; how many values changed. All of it or nothing.

        Raises StorageUnavailable where a service works with the database, or a key is missing.
        """
        from storage.resealing import reseal, sweep

        async with transaction(self._writing, self.address) as connection:
            changed = await reseal(connection, self.keys, seals=seals)
            await connection.commit()
        with clear_errors(self.address):
            await sweep(self._writing)
        return changed
