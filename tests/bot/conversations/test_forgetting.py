"""Whoever asks to be forgotten is: nothing in the database says any more who it was."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands.directory import import_
from bot.commands.erase import erase
from bot.commands.verify import verify
from bot.console import DONE, WITH_PROBLEMS, Trouble
from sandbox.server import Sandbox
from storage.database import open_database
from storage.tables import metadata
from surveys.contact_ports import NewAsk
from surveys.interactions import Interaction
from tests.bot.conversations.test_cases import sees
from tests.bot.conversations.test_files import picture
from tests.bot.conversations.test_remarks import MANAGER, PROJECT_MANAGER
from tests.bot.conversations.test_successors import say_not_me
from tests.bot.house import ADMIN, TOKEN, Guest, House, person_row
from tests.bot.outward.receiver import SECRET

NAME, ID, EMAIL, TELEGRAM = "Vera Canary", "canary-7", "vera@canary.example", 987_654_321
KEY = bytes(range(64))
IDENTITY = NAME, NAME.casefold(), ID, EMAIL, str(TELEGRAM)
WORDS, UNASKED = "Everything is late here", "Nobody answers the phone"
UNDECIDED = "The training helped"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    """On SQLite as it comes, on PostgreSQL sealed: whoever is asked notices nothing of it."""
    sandbox, keys = Sandbox(token=TOKEN), [KEY] if database_url.startswith("postgresql") else []
    async with open_database(database_url, keys=keys) as database:
        if keys:
            await database.reseal(seals=True)
    async with sandbox.running() as address:
        for one in (ADMIN, MANAGER, PROJECT_MANAGER):
            await sandbox.person(one, "Staff", "en").send("/help")
        extra = {
            "OTKLIK_PULSES": '{"ticket.resolved": {"questionnaire": "short", "delay": "2h"}}',
            "OTKLIK_WEBHOOKS": '{"deaf": {"url": "http://127.0.0.1:9/", "words": true, "internal": true}}',
            "OTKLIK_WEBHOOKS__DEAF__SECRET": SECRET,
        }
        yield House(tmp_path, sandbox, address, database_url, extra=extra, keys=keys)


async def known(house: House) -> Guest:
    """Somebody in the directory, with an invitation; and a colleague."""
    row = replace(person_row(0), person=NAME, external_id=ID, email=EMAIL, account_manager=MANAGER)
    async with open_database(house.database_url, keys=house.keys) as database, database.unit_of_work() as uow:
        await uow.directory.upsert([row, replace(row, person="Other", external_id="p1", email=None)])
        await uow.commit()
    return Guest(house.sandbox.person(TELEGRAM, NAME, "en"), ID, (await house.invite(ID))[ID])


async def unhappy(guest: Guest) -> None:
    """A low mark and words, which make a case; words nobody asked for, with a picture; and a question left open."""
    await guest.begin()
    await guest.press("Agree and start", "Would you recommend us?")
    await guest.press("3", "What should be better?")
    await guest.after(WORDS, "Is it usable?")
    await guest.press("4", "Thank you!")
    await guest.after(UNASKED, "Pass this on")
    await guest.person.send_photo(picture())
    await guest.press("Pass it on", "Passed on")


def event(number: int, person: str, **data: object) -> Interaction:
    return Interaction(
        source="desk",
        id=f"e-{number}",
        type="ticket.resolved",
        occurred_at=datetime.now(UTC),
        account="Sample",
        project="Sample project",
        person=person,
        data={"ticket": f"T-{number}", "priority": "high", **data},
    )


async def noted(house: House) -> None:
    """The manager writes of them by name, as a note and as what is to be done."""
    manager = house.sandbox.people[MANAGER]
    card = await sees(manager, "Take")
    await manager.press("Note", card.message_id)
    await sees(manager, "Write the note in a message.")
    await manager.send(f"Spoke with {NAME}")
    card = await sees(manager, f"note: Spoke with {NAME}")
    await manager.press("Action", card.message_id)
    await sees(manager, "Write in a message what will be done.")
    await manager.send(f"Call {NAME}")
    asked = await sees(manager, "Until when?", "In a week")
    await manager.press("In a week", asked.message_id)
    await sees(manager, f"Action: Call {NAME}", "due date:")


async def named_by_others(house: House) -> None:
    """An admin asks why they were not asked, and a colleague says that they are the one to ask."""
    admin = house.sandbox.people[ADMIN]
    await admin.send(f"/why {NAME}")
    await sees(admin, "not asked")
    [token] = (await house.invite("p1")).values()
    colleague = house.sandbox.person(TELEGRAM + 1, "Other", "en")
    await say_not_me(Guest(colleague, "p1", token), f"{NAME}, the head of it")


async def everything(house: House) -> str:
    """All that stands in the database."""
    async with open_database(house.database_url, keys=house.keys) as database, database.reading() as reading:
        rows = [
            str(row._mapping)
            for table in metadata.sorted_tables
            for row in await reading.connection.execute(select(table))
        ]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("button", "words_stay"), [("Forget me, keep my answers", True), ("Forget me and my answers", False)]
)
async def test_nothing_says_any_more_who_it_was_and_the_counts_stay_true(
    house: House, button: str, words_stay: bool
) -> None:
    async with house.serving() as service:
        await service.outreach.take(event(0, ID))  # before the directory knows them
        guest = await known(house)
        await unhappy(guest)
        await service.outreach.take(event(1, ID, participants=[ID], opened_at="2026-11-01T08:00:00Z"))
        await service.outreach.take(event(2, "p1", participants=[ID, "p1"]))
        await noted(house)
        await named_by_others(house)
        await soon_asked(house)
        before = await everything(house)
        assert [each for each in (*IDENTITY, WORDS, UNASKED) if each not in before] == []
        asked = await guest.after("/forget", "Shall we forget you?")
        assert [one.text for one in asked.buttons] == [
            "Forget me, keep my answers",
            "Forget me and my answers",
            "No, keep everything",
        ]
        await guest.press(button, "Done. Your data")
        await service.outreach.take(event(3, ID, participants=[ID, "p1"], subject=f"{NAME} writes"))
    after = await everything(house)
    [farewell] = [line for line in after.splitlines() if "forgotten_" in line]
    after = after.replace(farewell, "")
    async with house.serving():
        await guest.after("/start", "This bot asks clients")
        await guest.after(f"/start {guest.token}", "This link does not work")
        await guest.after("/forget", "We hold no data about you")
    assert [line for line in after.splitlines() if any(each in line for each in IDENTITY)] == []
    assert [each in after for each in (WORDS, UNASKED)] == [words_stay, words_stay]
    assert ("T-1" in after, "2026-11-01T08:00:00Z" in after, "p1" in after, "T-3" in after) == (True, True, True, True)
    assert "'state': 'scheduled'" not in after
    assert len(await house.answers()) == (3 if words_stay else 0)
    assert await asyncio.to_thread(verify, house.settings, repair=False) == DONE
    async with open_database(house.database_url, keys=house.keys) as database, database.reading() as reading:
        proof = await reading.audit.proof()
    assert (proof.rows > 0, proof.broken) == (True, None)


async def test_the_command_forgets_by_name_or_id_and_the_directory_brings_nobody_back(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await known(house)
    for words, said in (("Nobody", "nobody in the directory is called 'Nobody'"), ("", "nobody")):
        with pytest.raises(Trouble, match=said):
            await asyncio.to_thread(erase, house.settings, words, answers=False)
    assert await asyncio.to_thread(erase, house.settings, ID, answers=True) == DONE
    text = await everything(house)
    assert [each for each in IDENTITY if each in text] == []
    again = tmp_path / "directory.csv"
    row = f"Sample,Sample project,{NAME},{ID},key_user\n"
    again.write_text(f"account,project,person,external_id,roles\n{row}{row.replace(ID, 'p2')}", encoding="utf-8")
    capsys.readouterr()
    assert await asyncio.to_thread(import_, house.settings, again) == WITH_PROBLEMS
    said = capsys.readouterr()
    assert "1 rows are of people who asked to be forgotten" in said.err
    assert said.out.startswith("Rows accepted: 1, rejected: 1.")
    assert ID not in await everything(house)


async def test_of_namesakes_none_is_forgotten_before_one_is_named(house: House) -> None:
    await known(house)
    async with open_database(house.database_url, keys=house.keys) as database, database.unit_of_work() as uow:
        await uow.directory.upsert([replace(person_row(0), person=NAME, external_id="p9")])
        await uow.commit()
    with pytest.raises(Trouble, match=f"2 people are called .* external id: {ID}, p9"):
        await asyncio.to_thread(erase, house.settings, NAME, answers=False)
    assert NAME in await everything(house)


async def test_a_no_and_somebody_unknown_lose_nothing(house: House) -> None:
    guest = await known(house)
    async with house.serving():
        await guest.begin()
        await guest.after("/forget", "Shall we forget you?")
        await guest.press("No, keep everything", "nothing was deleted")
        await guest.after("/start", "asks about")
        stranger = Guest(house.sandbox.person(55, "Stranger", "uk"), "", "")
        await stranger.after("/forget", "У нас немає даних про вас.")
    assert NAME in await everything(house)


async def test_everything_that_is_held_is_given_to_whoever_it_is_about_and_to_nobody_else(house: House) -> None:
    guest = await known(house)
    async with house.serving() as service:
        await unhappy(guest)
        await service.outreach.take(event(1, ID, opened_at="2026-11-01T08:00:00Z"))
        await service.outreach.take(event(2, "p1"))
        await guest.after(UNDECIDED, "Pass this on")
        await soon_asked(house)
        await guest.person.send("/mydata")
        text, data = [await document(guest, name) for name in ("mydata.txt", "mydata.json")]
    held = json.loads(data)
    [person] = held["person"]
    assert [person[name] for name in ("name", "external_id", "email", "telegram_id")] == [NAME, ID, EMAIL, TELEGRAM]
    assert [(row["item"], row["score"], row["text"]) for row in held["answers"]] == [
        ("recommend", 3, None),
        ("words", None, WORDS),
        ("usable", 4, None),
    ]
    assert [row["data"]["ticket"] for row in held["events"]] == ["T-1"]
    for name in ("projects", "invitations", "remarks", "files", "draft", "asks"):
        assert len(held[name]) == 1, name
    assert {"notice", "remark_said"} & {row["what"] for row in held["messages"]}
    for expected in (
        NAME,
        UNDECIDED,
        "What you will be asked",
        "Not passed on yet",
        "Key user",
        "Would you recommend us? · 3",
        WORDS,
        UNASKED,
        "photo",
        "Sample project",
    ):
        assert expected in text
    assert "p1" not in data + text


async def soon_asked(house: House) -> None:
    now = datetime.now(UTC)
    async with open_database(house.database_url, keys=house.keys) as database, database.unit_of_work() as uow:
        [person] = (await uow.people.lock_named([ID])).values()
        [held] = await uow.directory.places([person.id])
        asked = NewAsk(
            person_id=person.id,
            project_id=held.project.id,
            questionnaire="short",
            kind="pulse",
            due_at=now + timedelta(days=1),
            created_at=now,
        )
        await uow.asks.add([asked])
        await uow.commit()


async def document(guest: Guest, name: str) -> str:
    """What stands in the file of this name that the bot has sent."""
    seen = await guest.person.wait_for(
        lambda one: next((each for each in one.messages if each.file and each.file.name == name), None), 20.0
    )
    assert seen.file
    return seen.file.data.decode()
