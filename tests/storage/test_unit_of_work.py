import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import IntegrityError, ResourceClosedError

from storage.database import Database, open_database
from storage.tables import metadata, setting
from surveys.erasure import KEY
from surveys.ports import Card
from tests.storage.probes import held_up, scratch
from tests.storage.samples import ANNA, BORIS, GIVEN, NOW, answered, asked, begin, invite, row

TABLES = ("account", "person", "invitation", "interview", "answer", "update_seen", "delivery", "setting")


async def counted(url: str) -> dict[str, int]:
    async with scratch(url) as connection:
        return {name: await connection.scalar(count(name)) or 0 for name in TABLES}


def count(table: str) -> Select[int]:
    """How many rows, but for the one that every database is born with."""
    rows = select(func.count()).select_from(metadata.tables[table])
    return rows.where(setting.c.name != KEY) if table == setting.name else rows


async def fill(database: Database, *, commit: bool) -> None:
    async with database.unit_of_work() as uow:
        opened = await begin(uow)
        await uow.interviews.save(opened, answered(opened, GIVEN["nps"]), (GIVEN["nps"],), NOW)
        await uow.inbox.mark(1, NOW)
        await uow.deliveries.add(ANNA, "notice", {}, at=NOW)
        await uow.settings.set("username", "bot")
        if commit:
            await uow.commit()


async def test_everything_lasts_after_the_commit(database: Database, database_url: str) -> None:
    await fill(database, commit=True)
    assert await counted(database_url) == dict.fromkeys(TABLES, 1)


async def test_nothing_lasts_without_a_commit(database: Database, database_url: str) -> None:
    await fill(database, commit=False)
    assert await counted(database_url) == dict.fromkeys(TABLES, 0)


async def test_nothing_lasts_after_an_error(database: Database, database_url: str) -> None:
    async def stumble() -> None:
        async with database.unit_of_work() as uow:
            await begin(uow)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()
    assert await counted(database_url) == dict.fromkeys(TABLES, 0)


async def test_a_statement_that_fails_in_the_commit_takes_the_whole_group_with_it(
    database: Database, database_url: str
) -> None:
    async with database.unit_of_work() as uow:
        await uow.inbox.mark(3, NOW)
        await uow.commit()
    async with database.unit_of_work() as uow:
        opened = await begin(uow)
        await uow.interviews.save(opened, answered(opened, GIVEN["nps"]), (GIVEN["nps"],), NOW)
        await uow.deliveries.add(ANNA, "notice", {}, at=NOW)
        for update_id in range(1, 6):
            await uow.inbox.mark(update_id, NOW)
        with pytest.raises(IntegrityError):
            await uow.commit()
    assert not uow.handed_over
    assert await counted(database_url) == {**dict.fromkeys(TABLES, 0), "update_seen": 1}


async def test_after_the_commit_the_unit_of_work_is_over(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.commit()
        with pytest.raises(ResourceClosedError):
            await uow.settings.set("username", "bot")


async def test_a_snapshot_neither_sees_nor_holds_up_what_is_written_meanwhile(database: Database) -> None:
    async with database.reading() as reading:
        assert await reading.questionnaires.all() == []
        await fill(database, commit=True)
        assert await reading.questionnaires.all() == []
    async with database.reading() as reading:
        assert len(await reading.questionnaires.all()) == 1


async def test_a_snapshot_cannot_write(database: Database, database_url: str) -> None:
    async with database.reading() as reading:
        with pytest.raises(Exception, match=r"readonly|read-only"):
            await reading.connection.execute(text("INSERT INTO setting (name, value) VALUES ('a', 'b')"))
    assert (await counted(database_url))["setting"] == 0


async def test_sqlite_is_set_to_lose_nothing(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database, database.reading() as reading:
        pragmas = {
            name: (await reading.connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_units_of_work_of_one_process_wait_for_each_other_on_sqlite(sqlite_url: str) -> None:
    async def count_up(database: Database) -> None:
        async with database.unit_of_work() as uow:
            number = int(await uow.settings.get("number") or 0)
            await asyncio.sleep(0)
            await uow.settings.set("number", str(number + 1))
            await uow.commit()

    async with open_database(sqlite_url) as one, open_database(sqlite_url) as two:
        await asyncio.gather(*(count_up(each) for each in (one, two) * 10))
        async with one.unit_of_work() as uow:
            assert await uow.settings.get("number") == "20"


@pytest.mark.parametrize("prefetch", [True, False], ids=["prefetched", "read one by one"])
async def test_two_replicas_handle_one_person_one_after_the_other(postgres_url: str, prefetch: bool) -> None:
    async def read_turn(database: Database) -> int:
        async with database.unit_of_work() as uow:
            if prefetch:
                await uow.prefetch([ANNA, BORIS])
            opened = await uow.interviews.get("i1")
            assert opened is not None
            return opened.interview.turn

    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        async with one.unit_of_work() as uow:
            await begin(uow)
            await uow.commit()
        async with one.unit_of_work() as uow:
            opened = await uow.interviews.open_of(ANNA)
            assert opened is not None
            second = asyncio.create_task(read_turn(two))
            await held_up(second, one)
            await uow.interviews.save(opened, asked(opened), (), NOW)
            await uow.commit()
        assert await second == 1


async def test_a_person_is_theirs_who_looked_first_even_without_an_interview(postgres_url: str) -> None:
    async def read_language(database: Database) -> str | None:
        async with database.unit_of_work() as uow:
            person = await uow.people.by_telegram(ANNA)
            assert person is not None
            return person.language

    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        async with one.unit_of_work() as uow:
            new = await invite(uow)
            await uow.people.bind(new.person_id, ANNA)
            await uow.commit()
        async with one.unit_of_work() as uow:
            assert await uow.people.by_telegram(ANNA)
            second = asyncio.create_task(read_language(two))
            await held_up(second, one)
            await uow.people.set_language(new.person_id, "uk")
            await uow.commit()
        assert await second == "uk"


@pytest.mark.parametrize("prefetch", [True, False], ids=["prefetched", "read one by one"])
async def test_a_card_drawn_while_a_turn_is_made_is_not_forgotten(postgres_url: str, prefetch: bool) -> None:
    card = Card(chat_id=ANNA, message_id=77, shown_turn=0)

    async def show(database: Database) -> None:
        async with database.unit_of_work() as uow:
            await uow.interviews.shown({"i1": card})
            await uow.commit()

    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        async with one.unit_of_work() as uow:
            await begin(uow)
            await uow.commit()
        async with two.unit_of_work() as uow:
            assert await uow.interviews.draw(["i1"]) == {"i1"}
            await uow.commit()
        async with one.unit_of_work() as uow:
            opened = await uow.interviews.open_of(ANNA) if prefetch else await uow.interviews.get("i1")
            assert opened is not None
            second = asyncio.create_task(show(two))
            await held_up(second, one)
            await uow.interviews.save(opened, asked(opened), (), NOW)
            await uow.commit()
        await second
        async with one.unit_of_work() as uow:
            assert await uow.interviews.get("i1") == replace(asked(opened), card=card)


async def test_two_replicas_open_one_invitation_one_after_the_other(postgres_url: str) -> None:
    async def open_it(database: Database, telegram_id: int) -> bool:
        async with database.unit_of_work() as uow:
            found = await uow.invitations.by_token((1).to_bytes(32, "big"))
            assert found is not None
            if found.opened_at is not None:
                return False
            await uow.people.bind(found.person_id, telegram_id)
            await uow.invitations.mark_opened(found.id, NOW)
            await uow.commit()
            return True

    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        async with one.unit_of_work() as uow:
            await invite(uow, row())
            await uow.commit()
        opened = await asyncio.gather(open_it(one, ANNA), open_it(two, BORIS))
    assert sorted(opened) == [False, True]


async def test_overlapping_groups_of_two_replicas_do_not_lock_up(postgres_url: str) -> None:
    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        async with one.unit_of_work() as uow:
            for number in range(20):
                await begin(uow, number, row(external_id=f"p-{number}"), number=number + 1)
            await uow.commit()

        async def turn_all(database: Database, order: range) -> None:
            async with database.unit_of_work() as uow:
                await uow.prefetch(order)
                for number in order:
                    opened = await uow.interviews.open_of(number)
                    assert opened is not None
                    await uow.interviews.save(opened, asked(opened), (), NOW)
                await uow.commit()

        await asyncio.gather(
            *(turn_all(one, range(20)) for _ in range(4)), *(turn_all(two, range(19, -1, -1)) for _ in range(4))
        )
        async with one.unit_of_work() as uow:
            turns = [await uow.interviews.get(f"i{number}") for number in range(1, 21)]
    assert {each.interview.turn for each in turns if each} == {8}
