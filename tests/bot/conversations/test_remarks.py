"""What people say while nothing is asked is offered to be passed on to whoever is responsible for them."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import Clock
from bot.sweeps import forget_drafts
from sandbox.people import Person
from storage.database import open_database
from storage.remark_tables import remark_draft
from surveys.directory import DirectoryRow
from tests.bot.conversations.test_files import picture
from tests.bot.house import ADMIN, FIRST, Guest, House, labels, person_row

MANAGER, PROJECT_MANAGER = 7001, 7002
QUESTION, THANKS = "Pass this on to your manager?", "Passed on. Thank you"


class LaterClock(Clock):
    """The wall clock, ahead."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def managed(*projects: str, index: int = 0) -> Sequence[DirectoryRow]:
    usual = person_row(index)
    values = {name: getattr(usual, name) for name in DirectoryRow.__dataclass_fields__}
    more = {"account_manager": MANAGER, "project_manager": PROJECT_MANAGER}
    return [DirectoryRow(**values | more | {"project": project}) for project in projects or ("Sample project",)]


async def linked(house: House, *rows: DirectoryRow) -> Guest:
    """Somebody known, with nothing to answer; and the managers, who have met the bot."""
    [guest] = await house.settle(1)
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        if rows:
            await uow.directory.upsert(rows)
        [person] = await uow.people.find("p0")
        await uow.people.bind(person.id, FIRST)
        await uow.commit()
    for telegram_id in (MANAGER, PROJECT_MANAGER, ADMIN):
        await house.sandbox.person(telegram_id, "Manager", "en").send("/help")
    return guest


async def said(house: House) -> list[dict[str, Any]]:
    async with open_database(house.database_url) as database, database.reading() as reading:
        return await every(reading.remarks.remarks())


async def files(house: House) -> list[dict[str, Any]]:
    async with open_database(house.database_url) as database, database.reading() as reading:
        return await every(reading.remarks.attachments())


async def every(rows: AsyncIterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row async for row in rows]


async def drafts(house: House) -> int:
    async with open_database(house.database_url) as database, database.reading() as reading:
        return len((await reading.connection.execute(remark_draft.select())).all())


async def told(house: House, manager: int, words: str) -> str:
    """The letter with these words, once the manager has it: the card of the case is another message."""
    person = house.sandbox.people[manager]
    return await person.wait_for(lambda me: next((text for text in letters(me) if words in text), None))


async def test_words_are_passed_on_to_both_managers_after_a_yes_alone(house: House) -> None:
    guest = await linked(house, *managed())
    async with house.serving():
        question = await guest.after("<b>Reports & {more}</b> please", QUESTION)
        assert [button.text for button in question.buttons] == ["Pass it on", "No"]
        assert await said(house) == []
        await guest.press("Pass it on", THANKS)
        for manager in (MANAGER, PROJECT_MANAGER):
            letter = await told(house, manager, "<b>Reports & {more}</b> please")
            assert "Sample 0 · Key user · Sample · Sample project" in letter
    [row] = await said(house)
    assert (row["person"], row["project"], row["roles"], row["stage"]) == (
        "p0",
        "Sample project",
        "key_user",
        "operation",
    )
    assert (row["text"], row["language"]) == ("<b>Reports & {more}</b> please", "en")
    assert await drafts(house) == 0
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def test_whoever_stands_in_for_an_absent_manager_gets_the_words_instead(house: House) -> None:
    house.extra = {"OTKLIK_LOOP__COLLEAGUES": f'{{"{MANAGER}": {{"deputy": {ADMIN}}}}}'}
    guest = await linked(house, *managed())
    async with house.serving():
        await guest.after("Reports please", QUESTION)
        await guest.press("Pass it on", THANKS)
        for reader in (ADMIN, PROJECT_MANAGER):
            await told(house, reader, "Reports please")
        assert mentions(house.sandbox.people[MANAGER], "Reports please") == []


async def test_a_no_keeps_nothing_and_tells_nobody(house: House) -> None:
    guest = await linked(house, *managed())
    async with house.serving():
        await guest.after("never mind", QUESTION)
        await guest.press("No", "not passed on and not kept")
        await guest.after("/help", "Here Sample Vendor asks")
    assert await said(house) == []
    assert await drafts(house) == 0
    assert mentions(house.sandbox.people[MANAGER], "never mind") == []


async def test_more_messages_before_the_yes_are_added(house: House) -> None:
    guest = await linked(house, *managed())
    async with house.serving():
        first = await guest.after("one", QUESTION)
        await guest.person.send_voice(b"OggS")
        await guest.sees(QUESTION, beyond=first.message_id)
        await guest.after("two", QUESTION)
        await guest.person.press("Pass it on", first.message_id)
        await guest.sees(THANKS)
        assert "one\ntwo" in await told(house, MANAGER, "With it: voice message")
        await house.sandbox.people[MANAGER].wait_for(lambda me: me.last and me.last.file)
    assert [(row["kind"], row["remark_id"]) for row in await files(house)] == [
        ("voice", (await said(house))[0]["remark_id"])
    ]


async def test_a_file_alone_is_passed_on_with_who_sent_it(house: House) -> None:
    guest = await linked(house, *managed())
    async with house.serving():
        for send in (
            guest.person.send_photo(picture()),
            guest.person.send_video(b"mp4"),
            guest.person.send_sticker(),
            guest.person.send_video_note(b"mp4"),
            guest.person.send_audio("a.mp3", b"ID3"),
            guest.person.send_document("a.pdf", b"%PDF"),
        ):
            await send
        await guest.sees(QUESTION)
        await guest.press("Pass it on", THANKS)
        manager = house.sandbox.people[MANAGER]
        await manager.wait_for(lambda me: len([one for one in me.messages if one.file]) == 6)
        captions = {one.text for one in manager.messages if one.file}
    assert captions == {"", "Sample 0 · Key user · Sample · Sample project"}
    assert (await said(house))[0]["text"] is None


async def test_an_album_is_asked_about_once(house: House) -> None:
    guest = await linked(house)
    async with house.serving():
        await guest.person.send_album(*(picture(width) for width in (40, 50, 60)), caption="three")
        await guest.after("/help", "Here Sample Vendor asks")
        assert len(mentions(guest.person, QUESTION)) == 1
        await guest.press("Pass it on", THANKS)
    assert len(await files(house)) == 3


async def test_of_several_projects_one_is_named(house: House) -> None:
    guest = await linked(house, *managed("Alpha", "Beta"))
    async with house.serving():
        await guest.after("about the second", QUESTION)
        choice = await guest.press("Pass it on", "Which project is it about?")
        assert [button.text for button in choice.buttons] == ["Alpha", "Beta", "Sample project", "No"]
        await guest.press("Beta", THANKS)
        assert "Beta" in await told(house, MANAGER, "about the second")
    assert [row["project"] for row in await said(house)] == ["Beta"]


async def test_where_no_manager_is_named_the_admins_are_told(house: House) -> None:
    guest = await linked(house)
    async with house.serving():
        await guest.after("anybody there?", QUESTION)
        await guest.press("Pass it on", THANKS)
        await told(house, ADMIN, "anybody there?")


async def test_what_waits_survives_a_restart_and_a_second_tap_does_nothing(house: House) -> None:
    guest = await linked(house, *managed())
    async with house.serving():
        question = await guest.after("still here", QUESTION)
    async with house.serving():
        yes = guest.data(question, "Pass it on")
        await guest.press("Pass it on", THANKS)
        await guest.person.press_forged(yes, question.message_id)
        await guest.person.wait_for(lambda person: person.answers[-1].text.startswith("This has been settled"))
        await told(house, MANAGER, "still here")
        await guest.after("/help", "Here Sample Vendor asks")
    assert len(await said(house)) == 1
    assert len(mentions(house.sandbox.people[MANAGER], "still here")) == 1


async def test_what_nobody_agreed_to_in_a_day_is_forgotten(house: House) -> None:
    guest = await linked(house, *managed())
    clock = LaterClock()
    async with house.serving(clock) as service:
        await guest.after("old words", QUESTION)
        clock.ahead = timedelta(days=1, seconds=1)
        await guest.person.press("Pass it on")
        await guest.person.wait_for(lambda person: person.answers)
        assert guest.person.answers[-1].text.startswith("This has been settled")
        await guest.after("new words", QUESTION)
        clock.ahead = timedelta(days=3)
        await forget_drafts(service.database, clock)
    assert await said(house) == []
    assert await drafts(house) == 0


async def test_somebody_elses_button_passes_nothing_on(house: House) -> None:
    guest = await linked(house, *managed())
    async with house.serving():
        question = await guest.after("mine", QUESTION)
        thief = house.sandbox.people[MANAGER]
        own = thief.messages[-1].message_id
        for button in question.buttons:
            await thief.press_forged(button.callback_data or "", own)
        await thief.wait_for(lambda person: len(person.answers) == 2)
        assert {answer.text for answer in thief.answers} == {"This button is no longer in use."}
    assert (len(await said(house)), await drafts(house)) == (0, 1)


@pytest.mark.parametrize("words", ["я" * 4096, "🙂" * 2048, "&<" * 2048, "word " * 800])
async def test_words_of_any_length_reach_the_manager_whole(house: House, words: str) -> None:
    guest = await linked(house, *managed())
    words = words.strip()
    async with house.serving():
        await guest.after(words, QUESTION)
        await guest.press("Pass it on", THANKS)
        await told(house, MANAGER, "A client asks to pass this on")
        await guest.after("/help", "Here Sample Vendor asks")
        manager = house.sandbox.people[MANAGER]
        whole = await manager.wait_for(lambda me: len(letters(me)) == 2 and letters(me))
    passed_on = "".join(whole).partition("Sample project")[2]
    assert "".join(passed_on.split()) == "".join(words.split())
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def test_more_than_fits_is_refused_and_what_fits_can_be_passed_on(house: House) -> None:
    guest = await linked(house)
    async with house.serving():
        for _ in range(4):
            await guest.after("я" * 4000, QUESTION)
        full = await guest.after("я" * 4000, "That is all that fits")
        assert labels(full) == "Pass it on No"
        await guest.press("Pass it on", THANKS)
    assert len((await said(house))[0]["text"]) == 4 * 4000 + 3


async def test_a_stranger_and_a_command_are_answered_as_before(house: House) -> None:
    guest = await linked(house)
    stranger = Guest(house.sandbox.person(900, "Stranger", "en"), "", "")
    async with house.serving():
        await stranger.after("hello", "This bot asks clients of Sample Vendor")
        await guest.after("/start", "There is no survey for you right now")
        await guest.person.send_location(1.0, 2.0)
        await guest.person.wait_for(lambda person: len(mentions(person, "There is no survey")) == 2)
    assert await drafts(house) == 0


def letters(person: Person) -> list[str]:
    """What the bot told this person, without help and the cards of cases."""
    told = [seen.text for seen in person.messages if seen.from_bot and not seen.text.startswith("Case ")]
    return [text for text in told if "/stop" not in text and "/report" not in text]


def mentions(person: Person, words: str) -> list[str]:
    return [text for text in letters(person) if words in text]
