"""A backup is one moment of a database in use; what is restored from it has everything but whoever was forgotten."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands.backup import backup, restore
from bot.commands.erase import erase
from bot.console import DONE, Trouble
from bot.sole import sole_service
from bot.tombstones import read
from sandbox.server import Sandbox
from storage.database import open_database
from tests.bot.house import TOKEN, House


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN, username="otklik_sandbox_bot")
    async with sandbox.running() as address:
        yield House(tmp_path, sandbox, address, sqlite_url)


async def answered(house: House) -> None:
    """Two people have answered."""
    guests = await house.settle(2)
    async with house.serving():
        for guest in guests:
            await guest.begin()
            await guest.press("Agree and start", "Would you recommend us?")
            await guest.person.press("9")
            await guest.sees("What should be better?")


async def names(house: House) -> set[str]:
    async with open_database(house.database_url) as database, database.reading() as reading:
        return {one.person.name for one in await reading.directory.stakeholders()}


async def scores(house: House) -> int:
    return sum(isinstance(said, int) for _, _, said in await house.answers())


async def test_whoever_was_forgotten_after_a_backup_stays_forgotten_when_it_is_restored(house: House) -> None:
    await answered(house)
    before = await names(house)
    copy = house.home / "copy.db"
    assert await asyncio.to_thread(backup, house.settings, copy) == DONE
    await asyncio.to_thread(erase, house.settings, "p0", answers=True)
    assert await asyncio.to_thread(restore, house.settings, copy, []) == DONE
    assert await names(house) == before - {"Sample 0"}
    assert await scores(house) == 1, "their answers went with them, those of the other are there"
    [kept] = house.home.glob("otklik.db.before-*Z")
    assert kept.stat().st_mode & 0o077 == 0


async def test_a_backup_put_back_by_hand_is_obeyed_when_the_service_starts(house: House) -> None:
    await answered(house)
    file, copy = house.home / "otklik.db", house.home / "copy.db"
    await asyncio.to_thread(backup, house.settings, copy)
    await asyncio.to_thread(erase, house.settings, "p1", answers=False)
    copy.replace(file)
    assert "Sample 1" in await names(house)
    async with house.serving():
        assert await names(house) == {"Sample 0"}
    assert await scores(house) == 2


async def test_what_is_forgotten_in_the_chat_is_told_to_the_file_as_well(house: House) -> None:
    [guest] = await house.settle(1)
    tombstones = house.home / "tombstones"
    async with house.serving() as service:
        await guest.begin()
        await guest.person.send("/forget")
        card = await guest.sees("forget")
        await guest.person.press(card.buttons[0], card.message_id)
        await guest.person.wait_for(lambda person: person.answers or None)
        await service.tombstones.tell()
        await service.tombstones.tell()
    [line] = tombstones.read_text().splitlines()
    assert guest.external_id not in line
    assert tombstones.stat().st_mode & 0o077 == 0


async def test_a_line_that_was_cut_off_is_written_anew_and_one_that_is_broken_is_named(house: House) -> None:
    await house.settle(2)
    tombstones = house.home / "tombstones"
    await asyncio.to_thread(erase, house.settings, "p0", answers=False)
    whole = tombstones.read_bytes()
    tombstones.write_bytes(whole + b'{"installation": "ab')
    await asyncio.to_thread(erase, house.settings, "p1", answers=False)
    lines = tombstones.read_bytes().splitlines()
    assert (len(lines), lines[0] + b"\n") == (2, whole)
    tombstones.write_bytes(whole + b"broken\n")
    with pytest.raises(Trouble, match=r"tombstones:2: is not a tombstone"):
        async with house.serving():
            pass


def test_tombstones_of_another_installation_are_counted_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "tombstones"
    file.write_text('{"installation": "theirs", "mark": "m", "at": "2026-03-02T09:00:00+00:00", "answers": true}\n')
    assert read([file], "ours") == ([], 1)
    assert [one.mark for one in read([file], "theirs")[0]] == ["m"]


async def test_nothing_is_put_in_the_place_of_a_database_that_is_in_use_or_with_what_is_none(house: House) -> None:
    other = house.home / "other.db"
    sqlite3.connect(other).close()
    with pytest.raises(Trouble, match="not a sound database"):
        await asyncio.to_thread(restore, house.settings, other, [])
    with sole_service(house.database_url), pytest.raises(Trouble, match="another otklik run"):
        await asyncio.to_thread(restore, house.settings, house.home / "otklik.db", [])
    with pytest.raises(Trouble, match="exists already"):
        await asyncio.to_thread(backup, house.settings, house.home / "otklik.db")
    assert await names(house) == set()
