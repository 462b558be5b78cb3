import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.tables import dead_letter
from tests.storage.samples import NOW, later


async def test_an_update_is_new_until_it_is_marked(database: Database) -> None:
    async with database.unit_of_work() as uow:
        assert await uow.inbox.unseen([1, 2, 3]) == {1, 2, 3}
        await uow.inbox.mark(2, NOW)
        assert await uow.inbox.unseen([1, 2, 3]) == {1, 3}
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.inbox.unseen([1, 2, 3]) == {1, 3}
        assert await uow.inbox.unseen([]) == set()


async def test_a_mark_without_a_commit_is_none(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.inbox.mark(2, NOW)
    async with database.unit_of_work() as uow:
        assert await uow.inbox.unseen([2]) == {2}


async def test_an_update_cannot_count_twice(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.inbox.mark(2, NOW)
        await uow.commit()
    async with database.unit_of_work() as uow:
        await uow.inbox.mark(2, NOW)
        with pytest.raises(IntegrityError):
            await uow.commit()


async def test_old_marks_are_forgotten(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.inbox.mark(1, NOW)
        await uow.inbox.mark(2**33, later(hours=1))
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.inbox.prune(later(hours=1)) == 1
        assert await uow.inbox.unseen([1, 2**33]) == {1}


async def test_what_cannot_be_handled_is_put_aside_whole(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.inbox.dead_letter("telegram", b"\x00\xff{}", "KeyError: 'chat\x00'", 3, NOW)
        await uow.commit()
    async with database.reading() as reading:
        kept = (await reading.connection.execute(select(dead_letter))).one()
    assert (kept.source, kept.body, kept.reason) == ("telegram", b"\x00\xff{}", "KeyError: 'chat\ufffd'")
    assert (kept.attempts, kept.at) == (3, NOW)
