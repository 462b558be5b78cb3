"""Cases: a client is unhappy, the managers have a card, press its buttons, and the client has the last word."""

from dataclasses import replace

import pytest

from sandbox.faults import Fault, FaultKind
from sandbox.people import Person
from sandbox.rooms import Bubble
from storage.database import open_database
from surveys.directory import DirectoryRow
from tests.bot.house import ADMIN, CATALOGUE, FIRST, Guest, House, person_row

ACCOUNT, PROJECT = 2001, 3001


@pytest.fixture
async def house(house: House) -> House:
    house.extra = {"OTKLIK_CATALOGUE": str(CATALOGUE.with_name("catalogue_with_closure"))}
    return house


async def managed(house: House, **changes: object) -> Guest:
    """A client whose project has both managers, with an invitation."""
    row = replace(person_row(0), account_manager=ACCOUNT, project_manager=PROJECT, **changes)  # type: ignore[arg-type]
    return await settled(house, row)


async def settled(house: House, row: DirectoryRow, telegram_id: int = FIRST) -> Guest:
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        await uow.directory.upsert([row])
        await uow.commit()
    tokens = await house.invite(row.external_id)
    return Guest(house.sandbox.person(telegram_id, row.person, "en"), row.external_id, tokens[row.external_id])


async def met(house: House, telegram_id: int, name: str, language: str = "en") -> Person:
    """One of the vendor's people, whom the bot may write to."""
    person = house.sandbox.person(telegram_id, name, language)
    await person.send("/start")
    return person


async def sees(person: Person, *expected: str) -> Bubble:
    """The newest message of the bot that shows all of these words."""
    return await person.wait_for(
        lambda person: next(
            (
                seen
                for seen in reversed(person.messages)
                if seen.from_bot and all(words in f"{seen.text} {labels(seen)}" for words in expected)
            ),
            None,
        ),
        20.0,
    )


def labels(seen: Bubble) -> str:
    return " ".join(button.text for button in seen.buttons)


async def unhappy(guest: Guest, score: str = "3") -> None:
    await guest.begin()
    await guest.press("Agree and start", "recommend")
    await guest.press(score, "What should be better?")


async def test_a_low_score_brings_both_managers_a_card_with_everything_they_need_to_act(house: House) -> None:
    guest = await managed(house)
    async with house.serving():
        managers = [await met(house, ACCOUNT, "Olga"), await met(house, PROJECT, "Pavel")]
        await unhappy(guest)
        for manager in managers:
            card = await sees(manager, "Case 1")
            for words in ("Sample 0", "Key user", "Sample project", "Operation", "NPS: 3 out of 10", "low NPS"):
                assert words in card.text, words


async def test_the_client_who_says_no_gets_the_case_opened_again_and_passed_on(house: House) -> None:
    guest = await managed(house)
    async with house.serving():
        account, project = await met(house, ACCOUNT, "Olga"), await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        await guest.person.send("It is slow")
        await sees(project, "It is slow")
        await guest.press("5", "Thank you!")
        card = await sees(project, "Take")
        await project.press("Take", card.message_id)
        await sees(project, "took the case")
        await sees(account, "took the case")
        await project.press("Done", card.message_id)
        await guest.sees("Has the problem been solved?")
        await guest.press("No", "What remains")
        await sees(project, "not solved", "Done")
        await guest.person.send("Still slow")
        reopened = await sees(project, "Still slow")
        assert "overdue" in reopened.text


async def test_words_that_follow_the_score_change_the_card_in_place_and_a_better_score_is_kept_in_its_history(
    house: House,
) -> None:
    guest = await managed(house)
    async with house.serving():
        manager = await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        first = await sees(manager, "NPS: 3 out of 10")
        await guest.press("Back", "recommend")
        await guest.press("9", "What should be better?")
        corrected = await sees(manager, "changed the score from 3 to 9")
        assert corrected.message_id == first.message_id


async def test_a_note_a_cause_and_an_action_with_its_day_end_up_on_the_card(house: House) -> None:
    guest = await managed(house)
    async with house.serving():
        manager = await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        card = await sees(manager, "Take")
        for button in ("Cause", "Usability", "Operation", "Техническая поддержка", "A partner’s part"):
            await manager.press(button, card.message_id)
            await manager.wait_for(lambda seen, pressed=button: pressed not in labels(at(seen, card.message_id)), 20.0)
        await sees(manager, "Cause: Usability · Operation · Техническая поддержка · a partner’s part")
        await manager.press("Note", card.message_id)
        await sees(manager, "Write the note in a message.")
        await manager.send("They <b>prefer</b> calls")
        noted = await sees(manager, "note: They <b>prefer</b> calls")
        await manager.press("Action", noted.message_id)
        await sees(manager, "Write in a message what will be done.")
        await manager.send("Train the night shift")
        asked = await sees(manager, "Until when?", "In a week")
        await manager.press("In a week", asked.message_id)
        await sees(manager, "Action: Train the night shift", "First contact by", "Due by", "due date:")


async def through(person: Person, card: Bubble, *buttons: str) -> None:
    """The buttons of one card, one after the other, each once it is there."""
    for button in buttons:
        await person.wait_for(lambda seen, wanted=button: wanted in labels(at(seen, card.message_id)), 20.0)
        await person.press(button, card.message_id)


async def test_a_case_is_handed_over_put_off_with_a_reason_and_another_is_merged_into_it(house: House) -> None:
    guest = await managed(house)
    row = replace(person_row(1), account_manager=ACCOUNT, project_manager=PROJECT)
    colleague = await settled(house, row, FIRST + 1)
    async with house.serving():
        account, project = await met(house, ACCOUNT, "Olga"), await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        await through(project, await sees(project, "Case 1", "Take"), "More", "Hand over", "Olga")
        mine = await sees(account, "Case 1", "handed it over to Olga", "Responsible: Olga", "More")
        await through(account, mine, "More", "Put off", "In a week")
        await sees(account, "Write in a message why it is put off.")
        await account.send("They are on holiday")
        await sees(account, "Case 1", "They are on holiday", "Put off until")
        await unhappy(colleague, "2")
        await through(project, await sees(project, "Case 2", "Take"), "More", "Merge", "1 · Sample 0 · new")
        await sees(project, "Case 2", "merged into case 1")
        whole = await sees(account, "Case 1", "took in case 2", "NPS: 2 out of 10")
        assert "Sample 1\nNPS: 2 out of 10" in whole.text, "whose mark it is"


async def test_what_a_client_says_unasked_opens_a_case_and_more_of_it_joins_that_case(house: House) -> None:
    guest = await managed(house)
    await linked(house, guest)
    async with house.serving():
        manager = await met(house, PROJECT, "Pavel")
        await unasked(guest, "The <b>export</b> is slow")
        card = await sees(manager, "Case 1", "a remark in free words", "The <b>export</b> is slow", "Take")
        assert "critical" not in card.text
        await manager.press("Take", card.message_id)
        await unasked(guest, "We are going to sue you")
        joined = await sees(manager, "Case 1", "critical", "export", "We are going to sue you")
        assert joined.message_id > card.message_id, "what has become critical is noticed"
        assert [seen.text for seen in manager.messages if "Case 2" in seen.text] == []


async def test_a_voice_message_that_gives_the_reason_is_heard_from_the_card(house: House) -> None:
    guest = await managed(house)
    async with house.serving():
        manager = await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        first = await sees(manager, "Case 1", "Take")
        assert "Files" not in labels(first)
        await guest.person.send_voice(b"OggS")
        card = await sees(manager, "1 file attached", "Files")
        await manager.press("Files", card.message_id)
        heard = await manager.wait_for(lambda person: next((seen for seen in person.messages if seen.file), None), 20.0)
        assert heard.text.startswith("Sample 0 · Key user · ")
        await manager.press("Files", card.message_id)
        await manager.press("More", card.message_id)
        await sees(manager, "Merge")
        assert sum(bool(seen.file) for seen in manager.messages) == 1, "pressed twice, brought once"


async def test_remarks_open_nothing_where_the_rule_is_off_unless_they_are_alarming(house: House) -> None:
    house.extra = {**house.extra, "OTKLIK_LOOP__SIGNALS__REMARK": "false"}
    guest = await managed(house)
    await linked(house, guest)
    async with house.serving():
        manager = await met(house, PROJECT, "Pavel")
        await unasked(guest, "All is well")
        await sees(manager, "All is well")
        await unasked(guest, "We are going to sue you")
        card = await sees(manager, "Case 1", "critical")
        assert "All is well" not in card.text


async def linked(house: House, guest: Guest) -> None:
    """Known to the bot, with nothing to answer."""
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        [person] = await uow.people.find(guest.external_id)
        await uow.people.bind(person.id, guest.id)
        await uow.commit()


async def unasked(guest: Guest, words: str) -> None:
    await guest.after(words, "Pass this on to your manager?")
    await guest.press("Pass it on", "Passed on. Thank you")


async def test_two_managers_who_press_at_once_never_lose_each_others_step(house: House) -> None:
    guest = await managed(house)
    async with house.serving():
        account, project = await met(house, ACCOUNT, "Olga"), await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        cards = [await sees(account, "Take"), await sees(project, "Take")]
        data = [next(one.callback_data or "" for one in card.buttons if one.text == "Take") for card in cards]
        for person, card, pressed in zip((account, project), cards, data, strict=True):
            await person.press_forged(pressed, card.message_id)
        for person in (account, project):
            final = await sees(person, "took the case")
            assert final.text.count("took the case") == 1
        told = [answer.text for person in (account, project) for answer in person.answers if answer.text]
        assert told == ["Somebody was faster: this is how the case stands now."]


async def test_nobody_else_can_press_the_buttons_of_a_case_or_see_the_list(house: House) -> None:
    guest = await managed(house)
    async with house.serving():
        manager = await met(house, PROJECT, "Pavel")
        stranger = await met(house, 77, "Stranger")
        await unhappy(guest)
        card = await sees(manager, "Take")
        data = next(one.callback_data or "" for one in card.buttons if one.text == "Take")
        seen = await sees(stranger, "by personal invitation")
        await stranger.press_forged(data, seen.message_id)
        await stranger.wait_for(lambda person: person.answers)
        assert stranger.answers[-1].text == "This button is no longer in use."
        await stranger.send("/cases")
        await sees(stranger, "I do not know this command")
        await manager.send("/cases")
        await sees(manager, "My cases", "Sample 0")


async def test_a_manager_with_no_case_of_their_own_sees_those_of_their_clients_and_who_has_them(house: House) -> None:
    guest = await managed(house)
    async with house.serving():
        account, project = await met(house, ACCOUNT, "Olga"), await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        await sees(account, "Responsible: Pavel")
        await project.press("Take", (await sees(project, "Take")).message_id)
        await sees(account, "took the case")
        await account.send("/cases")
        await sees(account, "All open cases", "Sample 0", "Mine")
        await account.press("Mine")
        await sees(account, "You have no open cases.")


async def test_a_manager_who_cannot_be_reached_is_replaced_by_the_admins(house: House) -> None:
    guest = await managed(house)
    async with house.serving():
        await unhappy(guest)
        await sees(house.sandbox.people[ADMIN], "Case 1", "NPS: 3 out of 10")


async def test_words_said_in_confidence_open_nothing(house: House) -> None:
    house.extra = {**house.extra, "OTKLIK_PRIVACY__MODE": "confidential"}
    guest = await managed(house)
    async with house.serving():
        manager = await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        await guest.person.send("I will terminate the contract")
        await guest.sees("Is it usable?")
        await guest.press("5", "Thank you!")
        await manager.send("/cases")
        await sees(manager, "You have no open cases.")


async def test_a_client_who_confirms_closes_the_case_and_the_figures_say_so(house: House) -> None:
    guest = await managed(house)
    async with house.serving():
        manager = await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        await guest.press("Skip", "Is it usable?")
        await guest.press("5", "Thank you!")
        card = await sees(manager, "Take")
        await manager.press("Done", card.message_id)
        await guest.sees("Has the problem been solved?")
        await guest.press("Yes", "Thank you for the word!")
        await sees(manager, "closed, the client confirmed")
        await manager.send("/cases report")
        await sees(manager, "Closed, the client confirmed: 1")


async def test_a_card_that_was_on_its_way_when_the_service_was_stopped_is_drawn_by_the_next_one(house: House) -> None:
    guest = await managed(house)
    house.sandbox.faults.add(Fault(FaultKind.SERVER_ERROR, "sendMessage", PROJECT, times=None))
    manager = await met(house, PROJECT, "Pavel")
    async with house.serving():
        await unhappy(guest)
    house.sandbox.faults.clear()
    async with house.serving():
        await sees(manager, "Case 1", "NPS: 3 out of 10")


def at(person: Person, message_id: int) -> Bubble:
    return next(seen for seen in person.messages if seen.message_id == message_id)
