"""Accounts, projects and stakeholders."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.people import PERSONS
from storage.portions import portions
from storage.scopes import seen
from storage.tables import account, person, project, stakeholder
from surveys.directory import Account, DirectoryRow, Person, Project, Stakeholder
from surveys.questionnaire import Language, Role
from surveys.rules import Scope

Key = tuple[Any, ...]
Facts = dict[Key, dict[str, Any]]

PARTS: Final = {
    "person": PERSONS.selected_columns,
    "project": project.c,
    "account": account.c,
}
HELD: Final = (
    select(
        stakeholder.c.role,
        *(column.label(f"{part}.{name}") for part, columns in PARTS.items() for name, column in columns.items()),
    )
    .select_from(stakeholder)
    .join(person, person.c.id == stakeholder.c.person_id)
    .join(project, project.c.id == stakeholder.c.project_id)
    .join(account, account.c.id == project.c.account_id)
    .order_by(account.c.name, project.c.name, project.c.id, person.c.id, stakeholder.c.role)
)
HELD_THERE: Final = HELD.where(
    stakeholder.c.person_id == bindparam("whose"), stakeholder.c.project_id == bindparam("where")
)
MANAGERS: Final = (
    select(account.c.manager, project.c.manager)
    .select_from(stakeholder)
    .join(project, project.c.id == stakeholder.c.project_id)
    .join(account, account.c.id == project.c.account_id)
    .where(stakeholder.c.person_id == bindparam("whose"), stakeholder.c.project_id == bindparam("where"))
    .limit(1)
)
KEPT: Final = ("revenue", "on_hold", "no_foreign_messenger")
DROP_ROLE: Final = delete(stakeholder).where(
    *(column == bindparam(f"old_{column.name}") for column in stakeholder.primary_key)
)


class StoredDirectory:
    """Reads and brings up to date."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def upsert(self, rows: Iterable[DirectoryRow]) -> Mapping[str, int]:
        """A blank in every row of a thing empties that field of it. Nobody and nothing is removed, roles excepted."""
        given = tuple(rows)
        accounts, changed_accounts = await self._bring(account, ("name",), _accounts(given))
        projects, changed_projects = await self._bring(project, ("account_id", "name"), _projects(given, accounts))
        people, changed_people = await self._bring(person, ("external_id",), _people(given))
        held = {
            (people[row.external_id,], projects[accounts[row.account,], row.project]): set(row.roles) for row in given
        }
        return {
            "accounts": changed_accounts,
            "projects": changed_projects,
            "people": changed_people,
            "stakeholders": await self._bring_roles(held),
        }

    async def stakeholders(
        self,
        *,
        account: str | None = None,
        project: str | None = None,
        role: Role | None = None,
        scope: Scope | None = None,
    ) -> Sequence[Stakeholder]:
        """With `role`: those who hold it, with all the roles they hold. By account, project and name."""
        return await self._read(HELD.where(*_conditions(account, project, role), *seen(scope)))

    async def stakeholder(self, person_id: int, project_id: int) -> Stakeholder | None:
        found = await self._read(HELD_THERE, {"whose": person_id, "where": project_id})
        return found[0] if found else None

    async def managers(self, person_id: int, project_id: int) -> tuple[int | None, int | None]:
        row = (await self._connection.execute(MANAGERS, {"whose": person_id, "where": project_id})).first()
        return (None, None) if row is None else (row[0], row[1])

    async def is_seen(self, scope: Scope, project_id: int) -> bool:
        places = project.join(account, account.c.id == project.c.account_id)
        found = select(project.c.id).select_from(places).where(project.c.id == project_id, *seen(scope))
        return await self._connection.scalar(found) is not None

    async def places(self, person_ids: Sequence[int]) -> Sequence[Stakeholder]:
        found: list[Stakeholder] = []
        for portion in portions(person_ids):
            found += await self._read(HELD.where(person.c.id.in_(portion)))
        return found

    async def project(self, account_name: str | None, project_name: str) -> Project | None:
        at_account = [] if account_name is None else [account.c.name == account_name]
        named = (
            select(project).join(account, account.c.id == project.c.account_id).where(project.c.name == project_name)
        )
        rows = (
            await self._connection.execute(
                named.where(*at_account).limit(2).with_for_update(of=project, key_share=True)
            )
        ).all()
        return Project(**rows[0]._mapping) if len(rows) == 1 else None

    async def sharing(self, names: Collection[str]) -> Mapping[str, Sequence[str]]:
        """Of these names of projects those that several accounts use, with the accounts."""
        named = select(project.c.name, account.c.name).join(account, account.c.id == project.c.account_id)
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, owner in await self._connection.execute(
            named.where(project.c.name.in_(names)).order_by(account.c.name)
        ):
            found[name].append(owner)
        return {name: owners for name, owners in found.items() if len(owners) > 1}

    async def change(self, changed: Project) -> None:
        values = {"stage": changed.stage, "adoption": changed.adoption}
        await self._connection.execute(update(project).where(project.c.id == changed.id).values(**values))

    async def enlist(self, external_id: str, name: str, language: Language, like: Stakeholder) -> int:
        row = {"external_id": external_id, "name": name, "name_folded": name.casefold(), "language": language}
        made = await self._connection.scalars(insert(person).values(**row).returning(person.c.id))
        person_id: int = made.one()
        await self.give_roles(person_id, like)
        return person_id

    async def give_roles(self, person_id: int, like: Stakeholder) -> None:
        held = await self.stakeholder(person_id, like.project.id)
        new = [_role((person_id, like.project.id), role) for role in like.roles if not held or role not in held.roles]
        if new:
            await self._connection.execute(insert(stakeholder), new)

    async def _read(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Stakeholder]:
        """Names may be sealed, and have no order in the database then: people are sorted here, project by project."""
        rows = (await self._connection.execute(query, values)).all()
        found = [_stakeholder(list(group)) for _, group in groupby(rows, _pair)]
        projects = groupby(found, key=lambda one: one.project.id)
        return [one for _, held in projects for one in sorted(held, key=lambda one: (one.person.name, one.person.id))]

    async def _bring(self, table: Table, key: Sequence[str], wanted: Facts) -> tuple[dict[Key, int], int]:
        """Ids of the rows of these keys after adding and changing, and how many were."""
        known = {_key_of(row, key): row for row in await self._connection.execute(select(table))}
        wanted = {names: _keeping(facts, known.get(names)) for names, facts in wanted.items()}
        new = [dict(zip(key, names, strict=True)) | facts for names, facts in wanted.items() if names not in known]
        changed = [
            facts | {"which": known[names].id}
            for names, facts in wanted.items()
            if names in known and any(known[names]._mapping[field] != value for field, value in facts.items())
        ]
        if new:
            await self._connection.execute(insert(table), new)
        if changed:
            await self._connection.execute(update(table).where(table.c.id == bindparam("which")), changed)
        ids = await self._connection.execute(select(table.c.id, *(table.c[name] for name in key)))
        return {_key_of(row, key): row.id for row in ids}, len(new) + len(changed)

    async def _bring_roles(self, wanted: Mapping[tuple[int, int], set[Role]]) -> int:
        known: dict[tuple[int, int], set[Role]] = {pair: set() for pair in wanted}
        for row in await self._connection.execute(select(stakeholder)):
            if (row.person_id, row.project_id) in known:
                known[row.person_id, row.project_id].add(row.role)
        gone = [_role(pair, role, "old_") for pair in wanted for role in known[pair] - wanted[pair]]
        new = [_role(pair, role) for pair in wanted for role in wanted[pair] - known[pair]]
        if gone:
            await self._connection.execute(DROP_ROLE, gone)
        if new:
            await self._connection.execute(insert(stakeholder), new)
        return sum(wanted[pair] != known[pair] for pair in wanted)


def _accounts(rows: Sequence[DirectoryRow]) -> Facts:
    facts: Facts = {}
    for row in rows:
        _merge(
            facts,
            (row.account,),
            industry=row.industry,
            segment=row.segment,
            manager=row.account_manager,
            revenue=row.revenue,
            on_hold=row.on_hold,
            no_foreign_messenger=row.no_foreign_messenger,
        )
    return facts


def _projects(rows: Sequence[DirectoryRow], accounts: Mapping[Key, int]) -> Facts:
    facts: Facts = {}
    for row in rows:
        _merge(
            facts,
            (accounts[row.account,], row.project),
            division=row.division,
            product=row.product,
            stage=row.stage,
            adoption=row.adoption,
            manager=row.project_manager,
        )
    return facts


def _people(rows: Sequence[DirectoryRow]) -> Facts:
    facts: Facts = {}
    for row in rows:
        _merge(
            facts,
            (row.external_id,),
            name=row.person,
            name_folded=row.person.casefold(),
            language=row.language,
            timezone=row.timezone,
            email=row.email,
        )
    return facts


def _keeping(facts: dict[str, Any], known: Row[Any] | None) -> dict[str, Any]:
    """The facts, with what nobody spoke of as it is: a file without the column takes no account off hold."""
    return facts | {name: known._mapping[name] for name in KEPT if known and name in facts and facts[name] is None}


def _merge(facts: Facts, key: Key, **values: Any) -> None:
    """One row may leave blank what another row says of the same thing."""
    merged = facts.setdefault(key, dict.fromkeys(values))
    merged.update({field: value for field, value in values.items() if value is not None})


def _role(pair: tuple[int, int], role: Role, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}person_id": pair[0], f"{prefix}project_id": pair[1], f"{prefix}role": role}


def _conditions(account_name: str | None, project_name: str | None, role: Role | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if account_name is not None:
        conditions.append(account.c.name == account_name)
    if project_name is not None:
        conditions.append(project.c.name == project_name)
    if role is not None:
        conditions.append(_holds(role))
    return conditions


def _holds(role: Role) -> ColumnElement[bool]:
    other = stakeholder.alias()
    same = and_(other.c.person_id == stakeholder.c.person_id, other.c.project_id == stakeholder.c.project_id)
    return select(other.c.role).where(same, other.c.role == role).exists()


def _key_of(row: Row[Any], key: Sequence[str]) -> Key:
    return tuple(row._mapping[name] for name in key)


def _pair(row: Row[Any]) -> tuple[int, int]:
    return row._mapping["person.id"], row._mapping["project.id"]


def _stakeholder(rows: Sequence[Row[Any]]) -> Stakeholder:
    """From the rows of one person in one project, one for each role."""
    return Stakeholder(
        person=Person(**_part(rows[0], "person")),
        project=Project(**_part(rows[0], "project")),
        account=Account(**_part(rows[0], "account")),
        roles=tuple(row.role for row in rows),
    )


def _part(row: Row[Any], part: str) -> dict[str, Any]:
    return {name: row._mapping[f"{part}.{name}"] for name in PARTS[part].keys()}  # noqa: SIM118
