from collections.abc import Sequence

import pytest

from storage.database import Database
from surveys.directory import DirectoryRow, Stakeholder
from tests.storage.samples import EITHER_WAY, row

pytestmark = EITHER_WAY

ROWS = (
    row(),
    row(external_id="p-2", person="Борис Ёлкин", roles=("key_user", "project_office"), email="b@example.com"),
    row(account="Верфь-Пример", project="Склад", stage="operation", language="uk", timezone="Europe/Kyiv"),
)


async def bring(database: Database, rows: Sequence[DirectoryRow]) -> dict[str, int]:
    async with database.unit_of_work() as uow:
        counts = await uow.directory.upsert(rows)
        await uow.commit()
        return dict(counts)


async def read(database: Database, **filters: str) -> Sequence[Stakeholder]:
    async with database.unit_of_work() as uow:
        return await uow.directory.stakeholders(**filters)


async def test_everything_in_the_rows_comes_back(database: Database) -> None:
    counts = await bring(database, ROWS)
    assert counts == {"accounts": 2, "projects": 2, "people": 2, "stakeholders": 3}
    shipyard, anna, boris = await read(database)
    assert (shipyard.account.name, shipyard.project.name, shipyard.person.external_id) == (
        "Верфь-Пример",
        "Склад",
        "p-1",
    )
    assert (anna.account.industry, anna.account.manager) == ("металлургия", 7001)
    assert (anna.project.division, anna.project.product, anna.project.stage) == ("Восток", "MES", "rollout")
    assert (anna.project.adoption, anna.project.account_id) == (0.8, anna.account.id)
    assert (anna.person.language, anna.person.timezone, anna.person.email) == ("uk", "Europe/Kyiv", None)
    assert (boris.roles, boris.person.email) == (("key_user", "project_office"), "b@example.com")


async def test_the_same_rows_again_change_nothing(database: Database) -> None:
    await bring(database, ROWS)
    before = await read(database)
    assert await bring(database, ROWS) == dict.fromkeys(("accounts", "projects", "people", "stakeholders"), 0)
    assert await read(database) == before


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ({"industry": "химия"}, "accounts"),
        ({"account_manager": None}, "accounts"),
        ({"stage": "operation"}, "projects"),
        ({"adoption": 0.81}, "projects"),
        ({"person": "Анна Белова-Чёрная"}, "people"),
        ({"email": "anna@example.com"}, "people"),
        ({"roles": ("senior_it", "key_user")}, "stakeholders"),
        ({"roles": ("business_owner",)}, "stakeholders"),
    ],
)
async def test_a_change_is_made_and_counted_where_it_belongs(
    database: Database, change: dict[str, object], counted: str
) -> None:
    await bring(database, [row()])
    changed = row(**change)
    expected = {**dict.fromkeys(("accounts", "projects", "people", "stakeholders"), 0), counted: 1}
    assert await bring(database, [changed]) == expected
    [held] = await read(database)
    assert held.account.industry == changed.industry
    assert held.account.manager == changed.account_manager
    assert (held.project.stage, held.project.adoption) == (changed.stage, changed.adoption)
    assert (held.person.name, held.person.email) == (changed.person, changed.email)
    assert set(held.roles) == set(changed.roles)


async def test_people_the_rows_do_not_name_stay(database: Database) -> None:
    await bring(database, ROWS)
    await bring(database, [ROWS[0]])
    assert len(await read(database)) == 3


async def test_a_blank_in_one_row_does_not_empty_what_another_row_says(database: Database) -> None:
    rows = [row(industry="металлургия"), row(external_id="p-2", person="Борис Ёлкин", industry=None)]
    await bring(database, rows)
    assert {held.account.industry for held in await read(database)} == {"металлургия"}
    assert await bring(database, rows[::-1]) == dict.fromkeys(("accounts", "projects", "people", "stakeholders"), 0)


async def test_projects_of_one_name_at_two_accounts_are_two(database: Database) -> None:
    await bring(database, [row(), row(account="Верфь-Пример")])
    assert len({held.project.id for held in await read(database, project="Учёт проката")}) == 2


async def test_stakeholders_can_be_narrowed_down(database: Database) -> None:
    await bring(database, ROWS)
    assert len(await read(database, account="Комбинат-Пример")) == 2
    assert len(await read(database, project="Склад")) == 1
    assert len(await read(database, account="Верфь-Пример", project="Учёт проката")) == 0
    [boris] = await read(database, role="key_user")
    assert boris.roles == ("key_user", "project_office")


async def test_a_stakeholder_is_a_person_in_one_project(database: Database) -> None:
    await bring(database, ROWS)
    shipyard, anna, boris = await read(database)
    async with database.unit_of_work() as uow:
        assert await uow.directory.stakeholder(anna.person.id, anna.project.id) == anna
        assert await uow.directory.stakeholder(boris.person.id, shipyard.project.id) is None


async def test_who_looks_after_a_stakeholder_is_told_of_their_own_project_alone(database: Database) -> None:
    await bring(
        database,
        [
            row(account_manager=11, project_manager=12),
            row(account="Верфь-Пример", external_id="p-2", person="Пётр", account_manager=7001),
        ],
    )
    held, other = sorted(await read(database), key=lambda one: one.account.name == "Верфь-Пример")
    async with database.unit_of_work() as uow:
        assert await uow.directory.managers(held.person.id, held.project.id) == (11, 12)
        assert await uow.directory.managers(other.person.id, other.project.id) == (7001, None)
        assert await uow.directory.managers(other.person.id, held.project.id) == (None, None)


async def test_an_empty_directory_has_no_stakeholders(database: Database) -> None:
    assert await bring(database, []) == dict.fromkeys(("accounts", "projects", "people", "stakeholders"), 0)
    assert not await read(database)


async def test_what_an_account_brings_in_is_kept_until_a_file_says_otherwise(database: Database) -> None:
    for revenue, kept in ((1_250_000.5, 1_250_000.5), (None, 1_250_000.5), (2.0, 2.0)):
        async with database.unit_of_work() as uow:
            await uow.directory.upsert([row(revenue=revenue)])
            await uow.commit()
        async with database.reading() as reading:
            assert await reading.counts.revenues() == {"Комбинат-Пример": kept}
