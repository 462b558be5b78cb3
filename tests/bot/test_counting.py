"""What people have answered moves into the counts beside them."""

from itertools import count

import pytest

from bot.sweeps import fold
from storage.database import FOLDED_AT_ONCE, Database
from tests.storage.samples import ANNA_ROW, GIVEN, respond

FOLD = Database.fold


async def test_counting_comes_to_its_end_although_people_go_on_answering(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count(1)

    async def answered_meanwhile(database: Database, at_most: int = FOLDED_AT_ONCE) -> int:
        number = next(numbers)
        assert number < 5, "it goes on and on"
        async with database.unit_of_work() as uow:
            await respond(uow, number, ANNA_ROW, *GIVEN.values())
            await uow.commit()
        return await FOLD(database, at_most)

    monkeypatch.setattr(Database, "fold", answered_meanwhile)
    await fold(database)
    assert next(numbers) == 2
    assert await FOLD(database) == 0
    assert await database.fold_reach() == 0
