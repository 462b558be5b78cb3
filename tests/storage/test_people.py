import pytest

from storage.database import Database
from surveys.errors import InvitationForeign
from tests.storage.samples import ANNA, BORIS, EITHER_WAY, NOW, row

pytestmark = EITHER_WAY


async def add(database: Database, *people: dict[str, str]) -> list[int]:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([row(**each) for each in people])
        found = [(await uow.people.find(each["external_id"]))[0].id for each in people]
        await uow.commit()
        return found


ANNA_ROW = {"external_id": "p-1", "person": "Анна Белова"}
BORIS_ROW = {"external_id": "p-2", "person": "Борис Ёлкин"}


async def test_a_person_is_found_by_telegram_only_after_binding(database: Database) -> None:
    [anna] = await add(database, ANNA_ROW)
    async with database.unit_of_work() as uow:
        assert await uow.people.by_telegram(ANNA) is None
        await uow.people.bind(anna, ANNA)
        bound = await uow.people.by_telegram(ANNA)
        assert bound is not None
        assert (bound.id, bound.telegram_id, bound.name) == (anna, ANNA, "Анна Белова")
        assert (await uow.people.get(anna)).telegram_id == ANNA
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.people.by_telegram(ANNA) == bound


async def test_a_person_once_bound_stays_with_their_telegram_account(database: Database) -> None:
    [anna] = await add(database, ANNA_ROW)
    async with database.unit_of_work() as uow:
        await uow.people.bind(anna, ANNA)
        with pytest.raises(InvitationForeign):
            await uow.people.bind(anna, BORIS)


async def test_find_takes_an_external_id_exactly_and_a_name_in_any_case(database: Database) -> None:
    await add(database, ANNA_ROW, BORIS_ROW)
    async with database.unit_of_work() as uow:
        assert [each.external_id for each in await uow.people.find("p-2")] == ["p-2"]
        assert [each.external_id for each in await uow.people.find("  борис ЁЛКИН ")] == ["p-2"]
        assert not await uow.people.find("P-2")
        assert not await uow.people.find("Борис")
        assert not await uow.people.find("%")


@pytest.mark.parametrize("words", ["p-1\x00", "\ud800", "'; DROP TABLE person; --", "", "x" * 100_000])
async def test_odd_words_find_nobody(database: Database, words: str) -> None:
    await add(database, ANNA_ROW)
    async with database.unit_of_work() as uow:
        assert not await uow.people.find(words)
        assert await uow.people.find("p-1")


async def test_an_unknown_id_is_a_key_error(database: Database) -> None:
    async with database.unit_of_work() as uow:
        with pytest.raises(KeyError):
            await uow.people.get(404)


async def test_changes_are_seen_at_once_and_later(database: Database) -> None:
    [anna] = await add(database, ANNA_ROW)
    async with database.unit_of_work() as uow:
        await uow.people.bind(anna, ANNA)
        await uow.people.by_telegram(ANNA)
        await uow.people.set_language(anna, "uk")
        await uow.people.set_opted_out(anna, NOW)
        await uow.people.set_unreachable(ANNA, NOW)
        changed = await uow.people.by_telegram(ANNA)
        assert changed is not None
        assert (changed.language, changed.opted_out_at, changed.unreachable_at) == ("uk", NOW, NOW)
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.people.get(anna) == changed
        await uow.people.set_opted_out(anna, None)
        await uow.people.set_unreachable(ANNA, None)
        await uow.commit()
    async with database.unit_of_work() as uow:
        back = await uow.people.get(anna)
        assert (back.opted_out_at, back.unreachable_at) == (None, None)


async def test_a_chat_of_nobody_in_the_directory_can_be_unreachable(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.people.set_unreachable(9999, NOW)
        await uow.commit()


async def test_the_language_a_person_chose_outlives_the_next_import(database: Database) -> None:
    [anna] = await add(database, {**ANNA_ROW, "language": "ru"})
    async with database.unit_of_work() as uow:
        await uow.people.set_language(anna, "en")
        await uow.commit()
    await add(database, {**ANNA_ROW, "language": "uk"})
    async with database.unit_of_work() as uow:
        assert (await uow.people.get(anna)).language == "en"
