"""What the use cases need of the directory and of the people in it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from surveys.directory import DirectoryRow, Person, Project, Stakeholder
from surveys.questionnaire import Language, Role
from surveys.rules import Scope


class People(Protocol):
    """Persons and their place in the directory."""

    async def by_telegram(self, telegram_id: int) -> Person | None: ...
    async def get(self, person_id: int) -> Person: ...
    async def find(self, words: str) -> Sequence[Person]:
        """Persons whose external id equals `words`, or whose name does, ignoring case."""
        ...

    async def lock(self, person_ids: Sequence[int]) -> Mapping[int, Person]:
        """These persons, theirs alone who asked until the unit of work ends."""
        ...

    async def lock_named(self, external_ids: Sequence[str]) -> Mapping[str, Person]:
        """The same by external id; without those nobody has."""
        ...

    async def bind(self, person_id: int, telegram_id: int) -> None: ...
    async def set_language(self, person_id: int, language: Language) -> None: ...
    async def set_opted_out(self, person_id: int, at: datetime | None) -> None: ...
    async def set_unreachable(self, telegram_id: int, at: datetime | None) -> None: ...


class Directory(Protocol):
    """Accounts, projects and stakeholders."""

    async def upsert(self, rows: Iterable[DirectoryRow]) -> Mapping[str, int]:
        """Brings the directory to `rows`, which are consistent with one another.

        Returns how many "accounts", "projects", "people", "stakeholders" were added or changed: zeros the second time.
        """
        ...

    async def stakeholders(
        self,
        *,
        account: str | None = None,
        project: str | None = None,
        role: Role | None = None,
        scope: Scope | None = None,
    ) -> Sequence[Stakeholder]: ...

    async def stakeholder(self, person_id: int, project_id: int) -> Stakeholder | None: ...

    async def managers(self, person_id: int, project_id: int) -> tuple[int | None, int | None]:
        """Who looks after the account and the project, by Telegram id; nobody where the person takes no part in it."""
        ...

    async def is_seen(self, scope: Scope, project_id: int) -> bool:
        """Whether the project is one of those in this scope."""
        ...

    async def places(self, person_ids: Sequence[int]) -> Sequence[Stakeholder]:
        """Every project these persons take part in."""
        ...

    async def project(self, account_name: str | None, project_name: str) -> Project | None:
        """The project of this name; None as well where several accounts have one and none is named."""
        ...

    async def change(self, changed: Project) -> None:
        """Writes the stage and the adoption."""
        ...

    async def enlist(self, external_id: str, name: str, language: Language, like: Stakeholder) -> int:
        """A new person with the same project and roles; their id."""
        ...

    async def give_roles(self, person_id: int, like: Stakeholder) -> None:
        """The same roles in the same project."""
        ...
