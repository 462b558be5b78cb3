"""Cases: a client is unhappy, the managers have a card, press its buttons, and the client has the last word."""

from dataclasses import replace

import pytest

from sandbox.people import Person
from sandbox.rooms import Bubble
from storage.database import open_database
from surveys.directory import DirectoryRow
from tests.bot.house import CATALOGUE, FIRST, Guest, House, person_row

ACCOUNT, PROJECT = 2001, 3001


@pytest.fixture
async def house(house: House) -> House:
    house.extra = {"OTKLIK_CATALOGUE": str(CATALOGUE.with_name("catalogue_with_closure"))}
    return house


async def managed(house: House, **changes: object) -> Guest:
    """A client whose project has both managers, with an invitation."""
    row = replace(person_row(0), account_manager=ACCOUNT, project_manager=PROJECT, **changes)  # type: ignore[arg-type]
    return await settled(house, row)


async def settled(house: House, row: DirectoryRow) -> Guest:
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        await uow.directory.upsert([row])
        await uow.commit()
    tokens = await house.invite(row.external_id)
    return Guest(house.sandbox.person(FIRST, row.person, "en"), row.external_id, tokens[row.external_id])


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
