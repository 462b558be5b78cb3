"""Otklik with its database off: what is said stays in the memory of one unit of work, and nothing of it is written.

An interview is read once, when its link is opened. What follows, its own state, marks of updates, cases, never reaches
SQL: those who get there find nothing, and what they add is gone.
"""

from collections.abc import Awaitable, Callable, Collection
from types import TracebackType
from typing import Self

from bot.cli import main
from storage.database import Database
from storage.unit import StoredUnitOfWork


class Nothing:
    """A port at which nothing is found; what is added is given back as it came."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        async def nothing(*given: object, **_: object) -> object:
            return given[0] if name == "add" else () if name in {"cards", "heard", "added"} else None

        return nothing


class Unwritten(StoredUnitOfWork):
    """Never ends, so that what it knows is never read again."""

    open = False

    async def __aenter__(self) -> Self:
        if not self.open:
            self.open = True
            await super().__aenter__()
            self.cases = self.opportunities = self.outgoing = self.audit = Nothing()
            self.inbox.unseen = _all_of_them
            self.inbox.mark = Nothing().mark
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is rolled back either."""

    async def commit(self) -> None:
        """Nothing is written."""


async def _all_of_them(update_ids: Collection[int]) -> set[int]:
    return set(update_ids)


def unwritten() -> Callable[..., StoredUnitOfWork]:
    """Everybody shares one unit of work. Sweeps that claim or fold wait in vain for another, and have nothing to do."""
    only: list[StoredUnitOfWork] = []

    def unit_of_work(database: Database, *, brief: bool = False) -> StoredUnitOfWork:
        if not only:
            only.append(Unwritten(database._briefly, database.address, database.worker, database.lease))
        return only[0]

    return unit_of_work


async def _not_at_all(_: Database) -> None:
    """Nothing is ever folded."""


if __name__ == "__main__":
    Database.prepare_folding = _not_at_all
    Database.unit_of_work = unwritten()
    main()
