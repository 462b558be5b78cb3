"""“I am not the right person”, from the tap to the successor's own interview: on either database, over real HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from sandbox.rooms import Bubble
from sandbox.server import Sandbox
from storage.database import open_database
from tests.bot.house import ADMIN, FIRST, TOKEN, Guest, House

OTHER_ADMIN = 1002
NOT_ME = "I’m not the right person"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN, username="otklik_sandbox_bot")
    async with sandbox.running() as address:
        for admin, name in ((ADMIN, "Ada <Admin>"), (OTHER_ADMIN, "Boris Admin")):
            await sandbox.person(admin, name, "en").send("/start")
        admins = {"OTKLIK_ACCESS__ADMINS": f"[{ADMIN}, {OTHER_ADMIN}]"}
        yield House(tmp_path, sandbox, address, database_url, extra=admins)


def staff(house: House, telegram_id: int = ADMIN) -> Guest:
    return Guest(house.sandbox.person(telegram_id, "Admin", "en"), "", "")


async def say_not_me(guest: Guest, words: str | None = "Vera Sample <b>, head of IT") -> None:
    await guest.begin()
    await guest.press(NOT_ME, "Who should we ask instead?")
    if words is None:
        await guest.press("I don’t know", "will not bother you")
    else:
        await guest.after(words, "will not bother you")


async def decisions(house: House) -> list[tuple[str, str]]:
    async with open_database(house.database_url) as database, database.reading() as reading:
        return [(row["person"], row["rule"]) async for row in reading.decisions.decisions()]


async def dispositions(house: House) -> list[tuple[str, str]]:
    async with open_database(house.database_url) as database, database.reading() as reading:
        return [(row["person"], row["disposition"]) async for row in reading.exports.responses()]


def link(seen: Bubble) -> str:
    return seen.text.rpartition("?start=")[2]


async def test_a_successor_is_named_invited_by_an_admin_and_answers(house: House) -> None:
    [guest] = await house.settle(1)
    ada = staff(house)
    async with house.serving():
        await say_not_me(guest)
        card = await ada.sees("Vera Sample")
        assert "Sample 0 (Sample, Sample project, Key user)" in card.text
        assert "“Vera Sample <b>, head of IT”" in card.text
        await ada.press("Invite", "has invited Vera Sample <b>")
        passed_on = await ada.sees("This link is for you alone")
        assert not (await ada.sees("has invited")).keyboard
        vera = Guest(house.sandbox.person(777, "Vera", "en"), "", link(passed_on))
        await vera.begin()
        await vera.press("Agree and start", "Would you recommend us?")
        await vera.press("9", "What should be better?")
    assert ("p0", "wrong_person") in await decisions(house)
    assert ("p0", "refused") in await dispositions(house)
    [(person, item, score)] = await house.answers()
    assert (person.startswith("proposed-"), item, score) == (True, "recommend", 9)
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def test_whoever_is_not_the_right_person_may_still_be_written_to(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving() as service:
        await say_not_me(guest, None)
        async with service.database.unit_of_work() as uow:
            person = await uow.people.by_telegram(guest.id)
    assert person is not None
    assert person.opted_out_at is None


async def test_of_two_admins_the_first_decides_and_the_other_is_told_who_did(house: House) -> None:
    [guest] = await house.settle(1)
    ada, boris = staff(house), staff(house, OTHER_ADMIN)
    async with house.serving():
        await say_not_me(guest)
        first, second = await ada.sees("Vera Sample"), await boris.sees("Vera Sample")
        await ada.person.press_forged(ada.data(first, "Dismiss"), first.message_id)
        await ada.sees("Dismissed by Ada <Admin>")
        await boris.press("Invite", "Dismissed by Ada <Admin>", second.message_id)
        await boris.person.wait_for(lambda one: any("already decided" in (each.text or "") for each in one.answers))
        await ada.person.press_forged(ada.data(first, "Invite"), first.message_id)
        await ada.person.wait_for(lambda one: len(one.answers) == 2)
    assert "This link is for you alone" not in " ".join(
        seen.text for seen in ada.person.messages + boris.person.messages
    )


async def test_nobody_but_an_admin_decides(house: House) -> None:
    guest, other = await house.settle(2)
    ada = staff(house)
    async with house.serving() as service:
        await other.begin()
        await say_not_me(guest)
        card = await ada.sees("Vera Sample")
        await other.person.press_forged(ada.data(card, "Dismiss"), other.cards[-1].message_id)
        await other.person.wait_for(lambda one: any("no longer in use" in (each.text or "") for each in one.answers))
        async with service.database.unit_of_work() as uow:
            assert (await uow.successors.lock(1)).state == "proposed"


async def test_where_nobody_is_named_there_is_nobody_to_invite(house: House) -> None:
    [guest] = await house.settle(1)
    ada = staff(house)
    async with house.serving():
        await say_not_me(guest, None)
        card = await ada.sees("do not know whom to ask")
        assert [button.text for button in card.buttons] == ["Dismiss"]
        await ada.press("Dismiss", "Dismissed by")


async def test_a_colleague_in_telegram_is_asked_as_the_policy_allows_and_needs_no_link(house: House) -> None:
    guest, colleague = await house.settle(2)
    house.extra = {**house.extra, "OTKLIK_RELATIONSHIP__WHEN__ADOPTION_AT_LEAST": "0"}
    ada, clock = staff(house), Clock()
    async with house.serving(clock):
        await colleague.begin()
        await colleague.press("Stop asking me", "will not ask you")
        await colleague.after("/start", "Shall we resume?")
        await colleague.press("Yes, you may write to me", "Short survey")
        await finish(colleague)
        await say_not_me(guest, "sample 1, the head")
        clock.move(timedelta(days=1))
        card = await ada.sees("To be asked instead")
        assert [button.text for button in card.buttons] == ["Ask Sample 1", "Invite as a new person", "Dismiss"]
        shown = await ada.press("Ask Sample 1", "whom the bot can write to")
        assert "resting until" in shown.text
    assert ("p1", "resting") in await decisions(house)


async def finish(guest: Guest) -> None:
    await guest.press("Agree and start", "Would you recommend us?")
    await guest.press("9", "What should be better?")
    await guest.press("Skip", "Is it usable?")
    await guest.press("4", "Thank you!")


async def test_a_colleague_who_is_not_in_telegram_yet_gets_a_link_and_stays_who_they_are(house: House) -> None:
    guest, _ = await house.settle(2)
    ada = staff(house)
    async with house.serving():
        await say_not_me(guest, "Sample 1")
        await ada.sees("To be asked instead")
        await ada.press("Invite as a new person", "has invited Sample 1")
        token = link(await ada.sees("This link is for you alone"))
        await Guest(house.sandbox.person(FIRST + 1, "x", "en"), "p1", token).begin()
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        assert [one.person.external_id for one in await uow.directory.stakeholders()] == ["p0", "p1"]


async def test_the_card_of_the_admins_survives_a_restart(house: House) -> None:
    [guest] = await house.settle(1)
    ada = staff(house)
    async with house.serving():
        await guest.begin()
        await guest.press(NOT_ME, "Who should we ask instead?")
    async with house.serving():
        await guest.after("Vera", "will not bother you")
        card = await ada.sees("Vera")
    async with house.serving():
        await ada.press("Invite", "has invited Vera", card.message_id)
        await ada.sees("This link is for you alone")


async def test_old_buttons_and_words_after_it_get_a_sensible_answer(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        card = await guest.begin()
        redirect, begin = guest.data(card, NOT_ME), guest.data(card, "Agree and start")
        for data in (redirect, redirect, begin):
            await guest.person.press_forged(data, card.message_id)
        await guest.sees("Who should we ask instead?")
        await guest.press("Back", "Agree and start")
        await guest.press(NOT_ME, "Who should we ask instead?")
        await guest.after("/language", "Which language")
        await guest.after(" ", "")
        await guest.after("Vera", "will not bother you")
        await guest.person.press_forged(begin, card.message_id)
        await guest.person.wait_for(lambda one: any("will not bother" in (each.text or "") for each in one.answers))
        await guest.after("and one more thing", "Pass this on to your manager?")


async def test_whoever_opens_the_link_again_can_answer_after_all(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await say_not_me(guest)
        await guest.begin()
        await finish(guest)
    assert await dispositions(house) == [("p0", "complete")]
