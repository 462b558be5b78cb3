"""A manager's rights mean the same wherever rows are read: a name that two projects share opens neither."""

import pytest

from storage.database import Database
from surveys.rules import Scope
from tests.storage.samples import NOW, row
from tests.storage.test_cases import kept

OWN = row()
TWIN = row(account="Верфь-Пример", external_id="p-9", division="Запад")
BOTH, FIRST, NONE = ["Верфь-Пример", "Комбинат-Пример"], ["Комбинат-Пример"], list[str]()


@pytest.mark.parametrize(
    ("scope", "mine"),
    [
        (Scope(accounts=("Комбинат-Пример",)), FIRST),
        (Scope(divisions=("Восток",)), FIRST),
        (Scope(projects=("Комбинат-Пример / Учёт проката",)), FIRST),
        (Scope(projects=("Учёт проката",)), NONE),
        (Scope(divisions=("Восток", "Запад")), BOTH),
        (Scope(), NONE),
    ],
)
async def test_lists_checks_and_cases_agree_on_what_is_in_scope(
    database: Database, scope: Scope, mine: list[str]
) -> None:
    case = await kept(database)
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([TWIN])
        await uow.commit()
    async with database.reading() as reading:
        accounts = [name for _, name in await reading.roster.accounts(scope, 0)]
        held = [one.account.name for one in await reading.directory.stakeholders(scope=scope)]
        cases = [one.account for one in await reading.cases.page("all", 5, scope, NOW, size=8, page=0)]
        seen = await reading.directory.is_seen(scope, case.project_id)
    assert (accounts, held) == (mine, mine)
    assert cases == [name for name in mine if name == OWN.account]
    assert seen == (OWN.account in mine)
