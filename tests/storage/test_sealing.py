import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from storage.database import Database, open_database
from storage.errors import StorageUnavailable
from storage.keys import ANOTHER, NO_KEY, NOT_YET, OLDER
from storage.resealing import AT_ONCE, AT_WORK, sealed_columns
from storage.sealing import Ring, SealError
from surveys.directory import DirectoryRow
from tests.storage.probes import scratch

ONE, OTHER = bytes(range(64)), bytes(range(1, 65))
NAME, EMAIL, ACCOUNT = "Мария Образцова", "maria@sample.example", 700_000_000_123
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def person(index: int = 0, name: str = NAME, email: str = EMAIL) -> DirectoryRow:
    return DirectoryRow(
        account="Sample",
        project="Sample project",
        person=name,
        external_id=f"p{index}",
        roles=("key_user",),
        email=email,
    )


async def settle(database: Database, people: Sequence[DirectoryRow] = (person(),)) -> None:
    """People in the directory, the first of them with an account and a message on its way."""
    async with database.unit_of_work() as uow:
        await uow.directory.upsert(people)
        [first] = await uow.people.find("p0")
        await uow.people.bind(first.id, ACCOUNT)
        await uow.deliveries.add(ACCOUNT, "text", {"name": NAME}, at=NOW)
        await uow.inbox.dead_letter("telegram", f'{{"id": {ACCOUNT}, "name": "{NAME}"}}'.encode(), "sample", 3, NOW)
        await uow.commit()


async def told(database: Database) -> object:
    """All that the rows of `settle` say."""
    async with database.unit_of_work() as uow:
        found = await uow.people.by_telegram(ACCOUNT)
        [again] = await uow.people.find(NAME.upper())
        assert found == again
        return found, await uow.deliveries.under_way(ACCOUNT, "text"), await uow.inbox.body(1)


async def kept(url: str) -> str:
    """Every sealed column, as the database has it."""
    async with scratch(url) as connection:
        said = [
            str(tuple(row))
            for table, kinds in sealed_columns().items()
            for row in await connection.execute(text(f"SELECT {', '.join(kinds)} FROM {table.name}"))  # noqa: S608
        ]
    return "\n".join(said)


@given(st.text(), st.binary())
def test_what_is_sealed_is_alike_every_time_and_opens_again(words: str, data: bytes) -> None:
    ring, words = Ring([ONE]), words.encode("utf-8", "replace").decode()
    sealed, closed = ring.seal(words, "name"), ring.seal_bytes(data, "body")
    assert (ring.open(sealed, "name"), ring.open_bytes(closed, "body")) == (words, data)
    assert (ring.seal(words, "name"), ring.seal_bytes(data, "body")) == (sealed, closed)
    assert Ring([OTHER, ONE]).open(sealed, "name") == words
    assert Ring([OTHER, ONE]).seal(words, "name") != sealed


@pytest.mark.parametrize("ring", [Ring([OTHER]), Ring([ONE])])
def test_what_was_sealed_with_another_key_for_another_column_or_changed_since_does_not_open(ring: Ring) -> None:
    sealed = Ring([ONE]).seal(NAME, "person.name")
    with pytest.raises(SealError):
        ring.open(sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB"), "person.name")
    with pytest.raises(SealError):
        ring.open(sealed, "person.email")


def test_without_keys_everything_stays_as_it_is() -> None:
    assert Ring(()).seal(NAME, "name") == NAME == Ring(()).open(NAME, "name")


async def test_a_new_database_is_sealed_from_the_start(bare_url: str) -> None:
    async with open_database(bare_url, keys=[ONE]) as database:
        await database.migrate()
        await database.check_keys()
        await settle(database)
        found, payloads, body = await told(database)  # type: ignore[misc]
    assert (found.name, found.email, found.telegram_id) == (NAME, EMAIL, ACCOUNT)
    assert (payloads, NAME.encode() in body) == ([{"name": NAME}], True)
    said = await kept(bare_url)
    assert not [one for one in (NAME, NAME.casefold(), EMAIL, str(ACCOUNT)) if one in said]


@pytest.mark.parametrize(
    ("first", "then", "seals"),
    [([], [ONE], True), ([ONE], [OTHER, ONE], True), ([ONE], [ONE], False)],
    ids=["plain to sealed", "one key to another", "sealed to plain"],
)
async def test_everything_is_sealed_anew(database_url: str, first: list[bytes], then: list[bytes], seals: bool) -> None:
    async with open_database(database_url, keys=first) as database:
        if first:
            await database.reseal(seals=True)
        await settle(database, [person(index, f"Sample {index}") for index in range(1, AT_ONCE + 5)] + [person()])
        before, stood = await told(database), await kept(database_url)
    async with open_database(database_url, keys=then) as database:
        assert await database.reseal(seals=seals) > 2 * AT_ONCE
        assert await database.reseal(seals=seals) == 0
    async with open_database(database_url, keys=then[:1] if seals else []) as database:
        await database.check_keys()
        assert await told(database) == before
    said = await kept(database_url)
    assert (NAME in said, str(ACCOUNT) in said) == (not seals, not seals)
    assert not set(stood.splitlines()) & set(said.splitlines()) - {"()"}


@pytest.mark.parametrize(
    ("sealed", "keys", "sentence"),
    [
        ([], [ONE], NOT_YET),
        ([ONE], [], NO_KEY),
        ([ONE], [OTHER], ANOTHER),
        ([ONE], [OTHER, ONE], OLDER),
    ],
)
async def test_keys_that_do_not_fit_are_refused_with_what_to_do(
    sqlite_url: str, sealed: list[bytes], keys: list[bytes], sentence: str
) -> None:
    async with open_database(sqlite_url, keys=sealed) as database:
        if sealed:
            await database.reseal(seals=True)
    async with open_database(sqlite_url, keys=keys) as database:
        with pytest.raises(StorageUnavailable) as refused:
            await database.check_keys()
    assert refused.value.reason == sentence


async def test_without_the_key_that_sealed_nothing_is_sealed_anew(database_url: str) -> None:
    async with open_database(database_url, keys=[ONE]) as database:
        await database.reseal(seals=True)
        await settle(database)
        stood = await kept(database_url)
    async with open_database(database_url, keys=[OTHER]) as database:
        with pytest.raises(StorageUnavailable, match="put it there"):
            await database.reseal(seals=True)
        with pytest.raises(StorageUnavailable, match="a key that is not in"):
            async with database.unit_of_work() as uow:
                await uow.people.find("p0")
    assert await kept(database_url) == stood


async def test_nothing_is_sealed_anew_while_a_replica_lives(postgres_url: str) -> None:
    async with open_database(postgres_url, keys=[ONE], worker="lives") as database:
        await database.reseal(seals=True)
        await database.replicas.join(0.0)
        async with open_database(postgres_url, keys=[OTHER, ONE]) as other:
            with pytest.raises(StorageUnavailable, match=AT_WORK):
                await other.reseal(seals=True)
            await database.replicas.leave()
            await other.reseal(seals=True)
        with pytest.raises(StorageUnavailable, match="a key that is not in"):
            await database.replicas.join(0.0)


async def test_services_of_one_process_have_keys_of_their_own(sqlite_url: str, tmp_path: Path) -> None:
    elsewhere = f"sqlite+aiosqlite:///{tmp_path / 'another.db'}"
    async with open_database(sqlite_url) as plain, open_database(elsewhere, keys=[ONE]) as sealed:
        await sealed.migrate()
        for each in (plain, sealed):
            await settle(each)
        assert await told(plain) == await told(sealed)
    assert (NAME in await kept(sqlite_url), NAME in await kept(elsewhere)) == (True, False)


KILLED = """
import asyncio, os, signal, sys
from storage import resealing
from storage.database import open_database

remembered = resealing.remember

async def killed(*given):
    await remembered(*given)
    os.kill(os.getpid(), signal.SIGKILL)

async def rotate():
    resealing.remember = killed
    async with open_database(sys.argv[1], keys=[bytes(range(1, 65)), bytes(range(64))]) as database:
        await database.reseal(seals=True)

asyncio.run(rotate())
"""


async def test_a_rotation_killed_before_its_end_has_changed_nothing(database_url: str) -> None:
    async with open_database(database_url, keys=[ONE]) as database:
        await database.reseal(seals=True)
        await settle(database)
        before, stood = await told(database), await kept(database_url)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, database_url)
    assert await process.wait() == -9
    assert await kept(database_url) == stood
    async with open_database(database_url, keys=[OTHER, ONE]) as database:
        await database.reseal(seals=True)
        assert await told(database) == before


async def test_words_written_as_if_they_were_sealed_hinder_nobody(sqlite_url: str) -> None:
    odd = "~0123ab" + "A" * 24
    async with open_database(sqlite_url) as database, database.unit_of_work() as uow:
        await uow.directory.upsert([person(0, odd)])
        await uow.inbox.dead_letter("telegram", odd.encode(), "sample", 3, NOW)
        await uow.commit()
    for keys in ([ONE], [OTHER, ONE]):
        async with open_database(sqlite_url, keys=keys) as database:
            await database.reseal(seals=True)
            async with database.unit_of_work() as uow:
                assert [one.external_id for one in await uow.people.find(odd)] == ["p0"]
                assert await uow.inbox.body(1) == odd.encode()


def written(directory: Path) -> bytes:
    return b"".join(one.read_bytes() for one in directory.glob("otklik.db*"))


async def test_no_trace_of_what_was_not_sealed_is_left_in_the_files(sqlite_url: str, tmp_path: Path) -> None:
    async with open_database(sqlite_url) as database:
        await settle(database)
    async with open_database(sqlite_url, keys=[ONE]) as database:
        await database.reseal(seals=True)
        left = await asyncio.to_thread(written, tmp_path)
    assert not [one for one in (NAME, NAME.casefold(), EMAIL, str(ACCOUNT)) if one.encode() in left]
