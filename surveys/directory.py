"""The vendor's clients: accounts, their projects, the people in them and the roles they hold."""

from dataclasses import dataclass
from datetime import datetime

from surveys.questionnaire import Language, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A client company. `manager`: Telegram id of the account manager.

    `revenue`: what they bring in a year, in any one currency.
    `on_hold`: nobody there is to be asked for now. `no_foreign_messenger`: they may not be written to in Telegram.
    None: nobody said.
    """

    id: int
    name: str
    industry: str | None = None
    segment: str | None = None
    manager: int | None = None
    revenue: float | None = None
    on_hold: bool | None = None
    no_foreign_messenger: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One implementation at an account. `adoption`: share of functionality in use, 0-1."""

    id: int
    account_id: int
    name: str
    division: str | None = None
    product: str | None = None
    stage: str | None = None
    adoption: float | None = None
    manager: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on the client's side.

    `telegram_id` is set when they first open an invitation. `language`: None until the directory or they name one.
    """

    id: int
    external_id: str
    name: str
    language: Language | None = None
    timezone: str | None = None
    email: str | None = None
    telegram_id: int | None = None
    opted_out_at: datetime | None = None
    unreachable_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRow:
    """One person in one project, as a directory file has it. `roles`: at least one key of a configured role.

    `revenue`, `on_hold`, `no_foreign_messenger`: of the account; None leaves what is known.
    """

    account: str
    project: str
    person: str
    external_id: str
    roles: tuple[Role, ...]
    industry: str | None = None
    segment: str | None = None
    division: str | None = None
    product: str | None = None
    stage: str | None = None
    adoption: float | None = None
    account_manager: int | None = None
    project_manager: int | None = None
    language: Language | None = None
    timezone: str | None = None
    email: str | None = None
    revenue: float | None = None
    on_hold: bool | None = None
    no_foreign_messenger: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakeholder:
    """A person in a project with the roles they hold there."""

    person: Person
    project: Project
    account: Account
    roles: tuple[Role, ...]
