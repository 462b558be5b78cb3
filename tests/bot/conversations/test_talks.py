"""Talks, from `/interview` to the answers in the export: on either database, over real HTTP."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.clock import Clock
from sandbox.people import Person
from sandbox.rooms import Bubble
from sandbox.server import Sandbox
from storage.database import open_database
from tests.bot.house import ADMIN, TOKEN, Guest, House, labels, person_row

MANAGER, OUTSIDER, SECOND = 1005, 1006, 1002


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN, username="otklik_sandbox_bot")
    async with sandbox.running() as address:
        for one in (ADMIN, SECOND, MANAGER, OUTSIDER):
            await sandbox.person(one, "Staff", "en").send("/start")
        managers = {str(MANAGER): {"accounts": ["Sample"]}, str(OUTSIDER): {"accounts": ["X"]}}
        access = {
            "OTKLIK_ACCESS__ADMINS": f"[{ADMIN}, {SECOND}]",
            "OTKLIK_ACCESS__MANAGERS": json.dumps(managers),
        }
        yield House(tmp_path, sandbox, address, database_url, extra=access)


def staff(house: House, telegram_id: int = ADMIN) -> Guest:
    return Guest(house.sandbox.person(telegram_id, "Staff", "en"), "", "")


async def pick(interviewer: Guest, words: str = "sample 0") -> Bubble:
    """To the script of a talk with whoever is called so."""
    await interviewer.after("/interview", "Whom are you going to talk with?")
    await interviewer.after(words, "Sample 0 ·")
    return await interviewer.press("Sample 0 · Sample project", "Begin the talk")


async def begin(interviewer: Guest) -> Bubble:
    await pick(interviewer)
    return await interviewer.press("Begin the talk", "go on only if they agree")


async def exported(house: House, what: str) -> list[dict[str, object]]:
    async with open_database(house.database_url) as database, database.reading() as reading:
        return [dict(row) async for row in getattr(reading.exports, what)()]


async def test_a_talk_is_read_out_written_down_and_kept_with_its_channel(house: House) -> None:
    [guest] = await house.settle(1)
    ada = staff(house)
    async with house.serving() as service:
        script = await pick(ada)
        assert "Sample 0, Sample, Sample project" in script.text
        assert "Promise no dates" in script.text
        card = await ada.press("Begin the talk", "go on only if they agree")
        assert "The team sees the answers." in card.text
        card = await ada.press("They agree, begin", "Would you recommend us?")
        assert "Explain the scale: 0 – no; 10 – yes." in card.text
        await ada.press("9", "What should be better?")
        await ada.after("“The manuals”, he said", "Is it usable?")
        await ada.press("4", "The talk is complete")
        async with service.database.unit_of_work() as uow:
            assert [one async for one in _no_messages(guest)] == []
            assert (await uow.people.find("p0"))[0].telegram_id is None
    assert await house.answers() == [
        ("p0", "recommend", 9),
        ("p0", "usable", 4),
        ("p0", "words", "“The manuals”, he said"),
    ]
    assert {row["channel"] for row in await exported(house, "answers")} == {"interview"}
    [response] = await exported(house, "responses")
    assert (response["channel"], response["disposition"]) == ("interview", "complete")
    [talk] = [row for row in await exported(house, "invitations") if row["channel"] == "interview"]
    assert talk["state"] == "complete"
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def _no_messages(guest: Guest) -> AsyncIterator[Bubble]:
    for seen in guest.person.messages:
        if seen.from_bot:
            yield seen


async def test_the_lists_lead_to_everybody_and_a_language_can_be_chosen(house: House) -> None:
    await house.settle(11)
    ada = staff(house)
    async with house.serving():
        await ada.after("/interview", "Whom are you going to talk with?")
        await ada.press("Sample", "Sample project")
        people = await ada.press("Sample project", "Sample 10")
        assert "Sample 7" not in labels(people)
        assert len(people.buttons) == 8 + 3
        await ada.press("Further", "Sample 7")
        await ada.press("Sample 9", "Begin the talk")
        script = await ada.press("Русский", "Начать разговор")
        assert "Не обещайте сроков" in script.text
        card = await ada.press("Начать разговор", "Прочитайте вслух")
        assert "Ответы увидит команда." in card.text
        assert "Закончить разговор" in labels(card)


async def test_to_everybody_else_the_command_is_unknown_and_its_buttons_are_worthless(house: House) -> None:
    [guest] = await house.settle(1)
    ada = staff(house)
    async with house.serving():
        await guest.begin()
        await guest.after("/interview", "I do not know this command")
        script = await pick(ada)
        await guest.person.press_forged(ada.data(script, "Begin the talk"), guest.cards[-1].message_id)
        await guest.person.wait_for(lambda one: any("no longer in use" in (each.text or "") for each in one.answers))
        card = await ada.press("Begin the talk", "Telegram. Shall it go on")
        await guest.person.press_forged(ada.data(card, "Go on in the talk"), guest.cards[-1].message_id)
        await guest.person.wait_for(lambda one: len(one.answers) == 2)
    assert await house.answers() == []


async def test_a_manager_talks_in_their_own_scope_alone(house: House) -> None:
    await house.settle(1)
    manager, outsider, ada = staff(house, MANAGER), staff(house, OUTSIDER), staff(house)
    async with house.serving():
        script = await pick(manager)
        await outsider.after("/interview", "Whom are you going to talk with?")
        await outsider.after("sample", "Nobody of this name")
        place = outsider.person.messages[-1].message_id
        await outsider.person.press_forged(manager.data(script, "Begin the talk"), place)
        await outsider.person.wait_for(lambda one: any("no longer" in (each.text or "") for each in one.answers))
        await manager.press("Begin the talk", "go on only if they agree")
        await pick(ada)
        await ada.person.press("Begin the talk")
        await ada.person.wait_for(lambda one: any("Somebody else is talking" in (a.text or "") for a in one.answers))


async def test_a_talk_goes_on_where_it_was_after_a_restart_and_can_be_stopped(house: House) -> None:
    await house.settle(1)
    ada = staff(house)
    async with house.serving():
        await begin(ada)
        await ada.press("They agree, begin", "Would you recommend us?")
        await ada.press("9", "What should be better?")
    async with house.serving():
        card = await ada.after("/interview", "What should be better?")
        await ada.press("Stop the talk", "What was said is kept")
        await ada.person.press_forged(ada.data(card, "Skip"), card.message_id)
        await ada.person.wait_for(lambda one: any("This talk is over" in (each.text or "") for each in one.answers))
        await ada.after("/interview", "Whom are you going to talk with?")
    [response] = await exported(house, "responses")
    assert response["disposition"] == "partial"


async def test_whoever_declines_may_still_be_written_to_and_rests(house: House) -> None:
    await house.settle(1)
    ada = staff(house)
    async with house.serving() as service:
        await begin(ada)
        await ada.press("They decline", "Thank them for their time")
        async with service.database.unit_of_work() as uow:
            [person] = await uow.people.find("p0")
            past = await uow.contacts.of([person.id], service.clock.now() - timedelta(days=1))
    assert person.opted_out_at is None
    assert set(past[person.id].last) == {"relationship"}
    [response] = await exported(house, "responses")
    assert response["disposition"] == "refused"


async def test_what_is_open_in_telegram_goes_on_in_the_talk_if_the_interviewer_says_so(house: House) -> None:
    [guest] = await house.settle(1)
    ada = staff(house)
    async with house.serving():
        await guest.begin()
        await guest.press("Agree and start", "Would you recommend us?")
        card = await guest.press("9", "What should be better?")
        await pick(ada)
        await ada.press("Begin the talk", "open in Telegram")
        await ada.press("Go on in the talk", "Write the answer down")
        await guest.sees("in a talk with us")
        await guest.person.press_forged(guest.data(card, "Skip"), card.message_id)
        await guest.person.wait_for(lambda one: any("no longer in use" in (each.text or "") for each in one.answers))
        await guest.after(f"/start {guest.token}", "in a talk with us")
        await ada.after("Everything", "Is it usable?")
        await ada.press("4", "The talk is complete")
    assert await house.answers() == [("p0", "recommend", 9), ("p0", "usable", 4), ("p0", "words", "Everything")]
    [response] = await exported(house, "responses")
    assert (response["channel"], response["disposition"]) == ("interview", "complete")
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def test_nobody_is_reminded_of_a_talk_and_it_ends_by_itself(house: House) -> None:
    await house.settle(1)
    ada, clock = staff(house), Clock()
    async with house.serving(clock):
        await begin(ada)
        await ada.press("They agree, begin", "Would you recommend us?")
        await ada.press("9", "What should be better?")
        clock.move(timedelta(days=3))
        await ada.after("/interview", "What should be better?")
        assert "gentle reminder" not in " ".join(seen.text for seen in ada.person.messages)
        clock.move(timedelta(days=8))
        await ada.sees("What was said is kept")
    [response] = await exported(house, "responses")
    assert response["disposition"] == "partial"


LOST = "You may no longer hold this talk. What was said is kept."


async def test_a_talk_ends_when_its_interviewer_is_no_longer_one_and_what_was_said_stays(house: House) -> None:
    await house.settle(1)
    manager = staff(house, MANAGER)
    async with house.serving():
        await begin(manager)
        await manager.press("They agree, begin", "Would you recommend us?")
        card = await manager.press("9", "What should be better?")
        await manager.after("The manuals", "Is it usable?")
        said = next(seen for seen in manager.person.messages if seen.text == "The manuals")
    house.extra = {**house.extra, "OTKLIK_ACCESS__MANAGERS": "{}"}
    async with house.serving():
        withdrawn = await manager.sees(LOST)
        assert (withdrawn.text, withdrawn.buttons) == (LOST, ())
        await manager.person.press_forged(manager.data(card, "Skip"), withdrawn.message_id)
        await manager.person.wait_for(lambda one: any(LOST in (each.text or "") for each in one.answers))
        await manager.person.edit(said.message_id, "Nothing")
        await manager.sees(LOST, beyond=withdrawn.message_id)
        await manager.after("/interview", "I do not know this command")
    assert await house.answers() == [("p0", "recommend", 9), ("p0", "words", "The manuals")]
    [response] = await exported(house, "responses")
    assert (response["channel"], response["disposition"]) == ("interview", "partial")


async def test_a_manager_goes_on_with_no_talk_whose_project_has_moved(house: House) -> None:
    await house.settle(1)
    manager = staff(house, MANAGER)
    house.extra = {**house.extra, "OTKLIK_ACCESS__MANAGERS": json.dumps({str(MANAGER): {"divisions": ["East"]}})}
    async with house.serving():
        for goes_on in ("9", "/interview", "button"):
            await _move(house, "East")
            await begin(manager)
            card = await manager.press("They agree, begin", "Would you recommend us?")
            await _move(house, "West")
            await (manager.person.press("9") if goes_on == "button" else manager.person.send(goes_on))
            over = await manager.sees(LOST, beyond=card.message_id - 1)
            assert over.buttons == ()
            await manager.person.wait_for(partial(_shows, place=card.message_id, words=LOST))
    assert await house.answers() == []
    assert [row["disposition"] for row in await exported(house, "responses")] == ["break-off"] * 3


def _shows(person: Person, place: int, words: str) -> bool:
    return any(seen.message_id == place and seen.text == words for seen in person.messages)


async def _move(house: House, division: str) -> None:
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        await uow.directory.upsert([replace(person_row(0), division=division)])
        await uow.commit()


async def test_words_while_nothing_is_picked_are_no_search(house: House) -> None:
    await house.settle(1)
    ada = staff(house)
    async with house.serving():
        await ada.after("sample", "/report")
        await ada.after("/interview sample", "Sample 0 · Sample project")
        await ada.press("Close", "All right")
        await ada.after("sample", "/report")
