"""With keys nothing in the database's own files says who somebody is; people and staff notice nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.commands.directory import import_
from bot.commands.erase import erase
from bot.commands.export import export
from bot.commands.verbatims import verbatims
from bot.commands.why import why
from bot.console import DONE
from sandbox.server import Sandbox
from storage.database import open_database
from storage.tables import metadata
from tests.bot.conversations.test_cases import sees
from tests.bot.conversations.test_forgetting import (
    EMAIL,
    ID,
    KEY,
    NAME,
    TELEGRAM,
    UNASKED,
    WORDS,
    document,
    event,
    everything,
    known,
    unhappy,
)
from tests.bot.conversations.test_remarks import MANAGER
from tests.bot.house import ADMIN, TOKEN, Guest, House
from tests.storage.probes import scratch

USERNAME, STRANGER = "vera_of_sample", 871_234_567
SECRET = NAME, NAME.casefold(), NAME.split()[1], EMAIL, str(TELEGRAM)
LETTER = json.dumps({"update_id": 7, "message": {"from": {"id": TELEGRAM, "first_name": NAME, "username": USERNAME}}})
DIRECTORY = f"""account,account_manager,project,person,external_id,roles,email
Sample,{MANAGER},Sample project,{NAME},{ID},key_user,{EMAIL}
"""


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN)
    async with open_database(database_url, keys=[KEY]) as database:
        await database.reseal(seals=True)
    async with sandbox.running() as address:
        for one in (ADMIN, MANAGER):
            await sandbox.person(one, "Staff", "en").send("/help")
        extra = {"OTKLIK_PULSES": '{"ticket.resolved": {"questionnaire": "short", "delay": "2h"}}'}
        yield House(tmp_path, sandbox, address, database_url, extra=extra, keys=[KEY])


def files(directory: Path) -> bytes:
    """The database's own, its log among them."""
    return b"".join(one.read_bytes() for one in directory.glob("otklik.db*"))


async def kept(house: House) -> bytes:
    """All that the database has, as whoever steals it would find it."""
    if house.database_url.startswith("sqlite"):
        return await asyncio.to_thread(files, house.home)
    async with scratch(house.database_url) as connection:
        queries = [text(f'SELECT CAST(t AS text) FROM "{one.name}" t') for one in metadata.sorted_tables]  # noqa: S608
        rows = [row for query in queries for row in await connection.scalars(query)]
        letters = await connection.scalars(text("SELECT body FROM dead_letter"))
        return b"\n".join([*(row.encode() for row in rows), *letters])


async def settled(house: House) -> Guest:
    """Somebody who came with the directory, has an account, and wrote something that could not be handled."""
    guest = await known(house)
    directory = house.home / "directory.csv"
    directory.write_text(DIRECTORY, encoding="utf-8")
    assert await asyncio.to_thread(import_, house.settings, directory) == DONE
    async with open_database(house.database_url, keys=house.keys) as database, database.unit_of_work() as uow:
        await uow.inbox.dead_letter("telegram", LETTER.encode(), "sample", 3, datetime.now(UTC))
        await uow.commit()
    return guest


async def test_whoever_steals_the_database_learns_nobodys_name_address_or_account(house: House) -> None:
    guest = await settled(house)
    async with house.serving() as service:
        await unhappy(guest)
        await service.outreach.take(event(1, ID, opened_at="2026-11-01T08:00:00Z"))
        stranger = Guest(house.sandbox.person(STRANGER, "Stranger", "en"), "", "")
        await stranger.after("/start guessed-guessed-guessed", "This link does not work")
        await stranger.after("/language", "")
        await guest.after("/language", "Which language do you prefer?")
        await guest.person.send("/mydata")
        await document(guest, "mydata.json")
        card = await sees(house.sandbox.people[MANAGER], NAME, "Take")
        assert "Sample project" in card.text
        at_work = await kept(house)
    stopped, opened = await kept(house), await everything(house)
    assert [one for one in (*SECRET, USERNAME) if one not in opened and one not in LETTER] == []
    for stolen in (at_work, stopped):
        assert [one for one in (*SECRET, USERNAME, str(STRANGER)) if one.encode() in stolen] == []
        assert [one for one in (WORDS, UNASKED, ID, "Sample project") if one.encode() not in stolen] == []


async def test_people_are_found_told_of_and_forgotten_as_if_nothing_were_sealed(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    guest, settings = await settled(house), house.settings
    admin = house.sandbox.people[ADMIN]
    async with house.serving() as service:
        await service.outreach.take(event(1, ID))
        await guest.begin()
        await guest.press("Agree and start", "Would you recommend us?")
        await guest.press("9", "What should be better?")
        await guest.after(WORDS, "Is it usable?")
        await admin.send("/interview CANAR")
        await sees(admin, NAME)
        await guest.person.send("/mydata")
        [person] = json.loads(await document(guest, "mydata.json"))["person"]
        assert [person[one] for one in ("name", "email", "telegram_id")] == [NAME, EMAIL, TELEGRAM]
    for command in (
        lambda: why(settings, NAME, "en", "text"),
        lambda: verbatims(settings, {"where": []}, "text", "en", None),
        lambda: export(settings, "invitations", "csv", house.home / "invitations.csv"),
        lambda: erase(settings, NAME.upper(), answers=False),
    ):
        assert await asyncio.to_thread(command) == DONE
    said = capsys.readouterr().out
    assert (WORDS in said, ID in said) == (True, True)
    assert [one for one in SECRET if one in await everything(house)] == []
