import asyncio

from storage.database import Database, open_database
from storage.questionnaires import Published
from tests.storage.probes import held_up
from tests.storage.samples import DOCUMENT, NOW

PULSE = {**DOCUMENT, "key": "support_pulse", "kind": "pulse"}


async def test_a_changed_document_is_a_new_version_and_the_old_one_stays(database: Database) -> None:
    changed = {**DOCUMENT, "title": {"ru": "Иначе"}}
    async with database.unit_of_work() as uow:
        assert await uow.questionnaires.publish(DOCUMENT, "first", NOW) == 1
        assert await uow.questionnaires.publish(PULSE, "first", NOW) == 1
        assert await uow.questionnaires.publish(changed, "second", NOW) == 2
        await uow.commit()
    async with database.reading() as reading:
        assert await reading.questionnaires.get("relationship", 1) == Published("relationship", 1, DOCUMENT)
        assert await reading.questionnaires.all() == [
            Published("relationship", 1, DOCUMENT),
            Published("relationship", 2, changed),
            Published("support_pulse", 1, PULSE),
        ]


async def test_the_same_document_again_keeps_its_version(database: Database) -> None:
    async with database.unit_of_work() as uow:
        await uow.questionnaires.publish(DOCUMENT, "first", NOW)
        await uow.questionnaires.publish(DOCUMENT, "second", NOW)
        assert await uow.questionnaires.publish(DOCUMENT, "first", NOW) == 1
        assert len(await uow.questionnaires.all()) == 2


async def test_a_version_that_was_never_published_is_not_there(database: Database) -> None:
    async with database.reading() as reading:
        assert await reading.questionnaires.get("relationship", 1) is None
        assert await reading.questionnaires.all() == []


async def test_two_replicas_that_start_together_publish_one_version(postgres_url: str) -> None:
    async def publish(database: Database) -> int:
        async with database.unit_of_work() as uow:
            version = await uow.questionnaires.publish(DOCUMENT, "first", NOW)
            await uow.commit()
            return version

    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        async with one.unit_of_work() as uow:
            assert await uow.questionnaires.publish(DOCUMENT, "first", NOW) == 1
            second = asyncio.create_task(publish(two))
            await held_up(second, one)
            await uow.commit()
        assert await second == 1
