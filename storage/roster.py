"""Clients, projects and people to pick from, a page at a time."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.scopes import seen
from storage.tables import account, person, project, stakeholder
from surveys.rules import Scope

PAGE: Final = 8
PLACES: Final = (
    stakeholder.join(person, person.c.id == stakeholder.c.person_id)
    .join(project, project.c.id == stakeholder.c.project_id)
    .join(account, account.c.id == project.c.account_id)
)
ACCOUNTS: Final = select(account.c.id, account.c.name).select_from(PLACES).distinct().order_by(account.c.name)
PROJECTS: Final = (
    select(project.c.id, project.c.name).select_from(PLACES).distinct().order_by(project.c.name, project.c.id)
)
PEOPLE: Final = select(person.c.id, person.c.name).select_from(PLACES).distinct()
PLACED: Final = (
    select(person.c.id, person.c.name, project.c.id.label("project_id"), project.c.name.label("project"))
    .select_from(PLACES)
    .distinct()
)
Names = Sequence[tuple[int, str]]


class Roster:
    """Everything a reader of this scope may see; one more than a page tells that there is a next one.

    `scope` None: nothing is hidden. Names of people may be sealed: the database knows neither their order nor their
    parts, so both are found here.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def accounts(self, scope: Scope | None, page: int) -> Names:
        return await self._named(ACCOUNTS.where(*seen(scope)), page)

    async def projects(self, account_id: int, scope: Scope | None, page: int) -> Names:
        return await self._named(PROJECTS.where(account.c.id == account_id, *seen(scope)), page)

    async def people(self, project_id: int, scope: Scope | None, page: int) -> Names:
        rows = await self._connection.execute(PEOPLE.where(project.c.id == project_id, *seen(scope)))
        named = sorted(((row.id, row.name) for row in rows), key=lambda one: (one[1], one[0]))
        return named[PAGE * page : PAGE * (page + 1) + 1]

    async def found(self, words: str, scope: Scope | None) -> Sequence[tuple[int, int, str, str]]:
        """A page of people in whose name these words are: person, project, and how both are called."""
        wanted = words.casefold()
        rows = await self._connection.execute(PLACED.where(*seen(scope)))
        found = [row for row in rows if wanted in row.name.casefold()]
        found.sort(key=lambda row: (row.name, row.project, row.id))
        return [(row.id, row.project_id, row.name, row.project) for row in found[:PAGE]]

    async def _named(self, query: Select[Any], page: int) -> Names:
        rows = await self._connection.execute(query.limit(PAGE + 1).offset(PAGE * page))
        return [(row.id, row.name) for row in rows]
