"""“Not now”, and two questionnaires at once: one conversation at a time, over real HTTP."""

from datetime import timedelta

import pytest

from bot.clock import Clock
from sandbox.rooms import Bubble
from tests.bot.house import Guest, House, labels

INTRODUCED = "Agree and start"
GREETING = "Is it a good time now?"


@pytest.fixture
async def house(house: House) -> House:
    """Whatever the time of day, a week later is before the end."""
    house.extra = {"OTKLIK_CONTACT__EXPIRE_AFTER": "14d"}
    return house


async def alone(guest: Guest, card: Bubble) -> None:
    """The card before it loses its buttons."""
    await guest.person.wait_for(lambda _: [seen.message_id for seen in guest.cards] == [card.message_id])


async def put_off(guest: Guest, when: str = "In an hour", promised: str = "I will come back in an hour") -> int:
    """From the introduction to the promise; the message it stands in."""
    card = await guest.begin()
    asked = await guest.press("Not now", "When shall I come back?", card.message_id)
    assert labels(asked).endswith("In a week Back")
    promise = await guest.press(when, promised, card.message_id)
    assert (promise.message_id, labels(promise)) == (card.message_id, "Answer now")
    return card.message_id


async def test_what_is_put_off_comes_back_at_the_time_even_after_a_restart(house: House) -> None:
    [guest] = await house.settle(1)
    clock = Clock()
    async with house.serving(clock):
        promise = await put_off(guest)
    async with house.serving(clock):
        clock.move(timedelta(hours=1))
        back = await guest.sees(GREETING, beyond=promise)
        assert labels(back).startswith(INTRODUCED)
        await alone(guest, back)
        await guest.press(INTRODUCED, "Would you recommend us?")
        await guest.press("9", "What should be better?")
    assert not any(GREETING in seen.text for seen in guest.person.messages), "the card goes on in its place"
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def test_the_one_button_of_the_promise_answers_at_once(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        card = await put_off(guest)
        assert (await guest.press("Answer now", INTRODUCED)).message_id == card


async def test_start_and_words_bring_the_question_back_before_its_time(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await put_off(guest)
        await guest.after("/start", INTRODUCED)
        asked = await guest.press("Not now", "When shall I come back?")
        await guest.press("In a week", "I will come back in a week", asked.message_id)
        back = await guest.after("9", INTRODUCED)
        await alone(guest, back)
    assert await house.answers() == []


async def test_an_old_button_brings_the_question_back_and_a_second_tap_on_the_time_does_not(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        first = await guest.begin()
        second = await guest.after("/start", INTRODUCED)
        asked = await guest.press("Not now", "When shall I come back?", second.message_id)
        hour = guest.data(asked, "In an hour")
        await guest.press("In an hour", "I will come back", second.message_id)
        answered = len(guest.person.answers)
        await guest.person.press_forged(hour, second.message_id)
        await guest.person.wait_for(lambda person: len(person.answers) > answered)
        assert labels(guest.person.messages[-1]) == "Answer now"
        await guest.person.press_forged(guest.data(first, INTRODUCED), first.message_id)
        await guest.sees(INTRODUCED, beyond=second.message_id)


async def test_when_one_questionnaire_ends_the_other_one_comes_down(house: House) -> None:
    [guest] = await house.settle(1)
    other = (await house.invite("p0"))["p0"]
    async with house.serving():
        await guest.begin()
        card = await guest.begin(other)
        await guest.press(INTRODUCED, "Would you recommend us?", card.message_id)
        await guest.press("9", "What should be better?", card.message_id)
        await guest.press("Skip", "Is it usable?", card.message_id)
        await guest.press("4", "Thank you!", card.message_id)
        down = await guest.sees(INTRODUCED, beyond=card.message_id)
        await guest.press(INTRODUCED, "Would you recommend us?", down.message_id)


async def test_what_was_put_off_keeps_its_time_when_another_one_ends(house: House) -> None:
    [guest] = await house.settle(1)
    other = (await house.invite("p0"))["p0"]
    async with house.serving():
        await put_off(guest)
        card = await guest.begin(other)
        await guest.press(INTRODUCED, "Would you recommend us?", card.message_id)
        await guest.press("9", "What should be better?", card.message_id)
        await guest.press("Skip", "Is it usable?", card.message_id)
        await guest.press("4", "Thank you!", card.message_id)
        await guest.after("/help", "asks for your opinion")
    assert not any(INTRODUCED in labels(seen) for seen in guest.cards)


async def test_in_the_middle_it_is_put_off_with_one_tap_and_comes_back_at_the_same_question(house: House) -> None:
    [guest] = await house.settle(1)
    clock = Clock()
    async with house.serving(clock):
        await guest.begin()
        await guest.press(INTRODUCED, "Would you recommend us?")
        card = await guest.press("9", "What should be better?")
        await guest.press("Not now", "When shall I come back?", card.message_id)
        await guest.press("In an hour", "I will come back in an hour", card.message_id)
        clock.move(timedelta(hours=1))
        back = await guest.sees(GREETING, beyond=card.message_id)
        assert "What should be better?" in back.text
        await guest.press("Stop asking me", "we will not ask you", back.message_id)
    assert await house.answers() == [("p0", "recommend", 9)]
