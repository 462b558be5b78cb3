import asyncio
import pkgutil
import sys
from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

import storage
from storage import migrations, schema
from storage.database import open_database
from storage.tables import metadata
from tests.storage.probes import scratch


@pytest.fixture(autouse=True, scope="module")
def tables_are_known() -> None:
    """Each table says what it is in a module of its room: all of them are imported, whatever else runs beside."""
    for module in pkgutil.iter_modules(storage.__path__):
        import_module(f"storage.{module.name}")


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


async def test_a_new_database_needs_a_migration_and_then_no_more(bare_url: str) -> None:
    async with open_database(bare_url) as database:
        assert await database.needs_migration()
        await database.migrate()
        assert not await database.needs_migration()
        await database.migrate()
        assert not await database.needs_migration()


async def test_the_migrations_make_exactly_the_tables_the_program_works_with(database_url: str) -> None:
    async with scratch(database_url) as connection:
        assert await connection.run_sync(differences) == []


async def test_partial_indexes_are_partial(database_url: str) -> None:
    async with scratch(database_url) as connection:
        catalogue = (
            "SELECT sql FROM sqlite_master WHERE type = 'index'"
            if connection.dialect.name == "sqlite"
            else "SELECT indexdef FROM pg_indexes"
        )
        said = "\n".join(str(each) for each in await connection.scalars(text(catalogue)))
    for name, condition in {
        "uq_answer_standing": "superseded_at is null",
        "ix_delivery_free_at": "free_at is not null",
        "ix_interview_unshown": "shown_turn < turn",
    }.items():
        [definition] = [line for line in said.splitlines() if name in line]
        assert condition in definition.lower()


async def test_every_step_can_be_taken_back_and_again(bare_url: str) -> None:
    async with scratch(bare_url) as connection:
        before = "base"
        for revision in migrations.revisions():
            await connection.run_sync(migrations.upgrade, revision)
            reached = await connection.run_sync(tables)
            await connection.run_sync(migrations.downgrade, before)
            await connection.run_sync(migrations.upgrade, revision)
            assert await connection.run_sync(tables) == reached
            before = revision
        assert await connection.run_sync(tables) == set(metadata.tables)
        await connection.run_sync(migrations.downgrade, "base")
        assert await connection.run_sync(tables) == set()


def test_the_newest_step_is_known_without_alembic() -> None:
    assert schema.newest() == migrations.revisions()[-1]


START = """
import asyncio, sys
from storage.database import open_database

async def migrate():
    async with open_database(sys.argv[1]) as database:
        await database.migrate()

asyncio.run(migrate())
"""


async def test_replicas_that_start_together_migrate_once(bare_url: str) -> None:
    replicas = [await asyncio.create_subprocess_exec(sys.executable, "-c", START, bare_url) for _ in range(2)]
    assert [await replica.wait() for replica in replicas] == [0, 0]
    async with open_database(bare_url) as database:
        assert not await database.needs_migration()
