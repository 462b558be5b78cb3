"""People who tap twice, go back, press what is not theirs, delete, block and come back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from unittest.mock import patch

import pytest

from bot.clock import Clock
from bot.service import Service
from sandbox.faults import Fault, FaultKind
from sandbox.rooms import Bubble
from storage.database import Database
from surveys.interview import Phase
from tests.bot.house import FIRST, Guest, House, stored


async def unreachable(database: Database) -> bool:
    async with database.unit_of_work() as uow:
        person = await uow.people.by_telegram(FIRST)
    return person is not None and person.unreachable_at is not None


async def test_a_whole_interview_stores_what_was_said(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await guest.begin()
        await guest.press("Agree and start", "Would you recommend us?")
        await guest.press("9", "What should be better?")
        await guest.after("the manuals", "Is it usable?")
        await guest.press("4", "Thank you!")
        await guest.press("Change my answers", "Check your answers")
        await guest.press("Is it usable", "Is it usable?")
        await guest.press("5", "Check your answers")
        await guest.press("Done", "Thank you!")
    assert await house.answers() == [("p0", "recommend", 9), ("p0", "usable", 5), ("p0", "words", "the manuals")]


async def test_every_call_is_one_that_telegram_accepts(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await guest.begin()
        await guest.press("Agree and start", "Would you recommend us?")
        await guest.after("splendid", "Keep these words as a comment?")
        await guest.after("11", "from 0 to 10")
        await guest.after("9", "What should be better?")
        await guest.after("<b>& {vendor}", "Is it usable?")
        await guest.press("Back", "<b>& {vendor}")
        for command in ("/help", "/privacy", "/language", "/nosuch", "/stop", "/start"):
            await guest.after(command, "")
    assert [call.error for call in house.sandbox.calls if call.error] == []


async def test_a_double_tap_counts_once_and_leaves_one_card(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await guest.begin()
        card = await guest.press("Agree and start", "Would you recommend us?")
        nine, three = guest.data(card, "9"), guest.data(card, "3")
        for data in (nine, nine, three):
            await guest.person.press_forged(data, card.message_id)
        await guest.person.wait_for(lambda person: len(person.answers) == 4)
        await guest.sees("What should be better?")
        assert [seen.message_id for seen in guest.cards] == [card.message_id]
    assert await house.answers() == [("p0", "recommend", 9)]


async def test_two_updates_of_one_person_in_one_batch_are_taken_in_their_order(house: House) -> None:
    [guest] = await house.settle(1)
    await guest.person.send(f"/start {guest.token}")
    await guest.person.send("/language")
    async with house.serving():
        await guest.sees("Agree and start")
        await guest.sees("Which language do you prefer?")
        card = await guest.press("Agree and start", "Would you recommend us?")
        await guest.person.press_forged(guest.data(card, "9"), card.message_id)
        await guest.person.send("the manuals")
        await guest.sees("Is it usable?")
    assert await house.answers() == [("p0", "recommend", 9), ("p0", "words", "the manuals")]


async def test_an_old_button_answers_with_one_line_and_brings_the_card_down(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        first = await guest.begin()
        card = await guest.press("Agree and start", "Would you recommend us?")
        await guest.press("9", "What should be better?")
        below = await guest.after("the manuals", "Is it usable?")
        await guest.person.press_forged(guest.data(first, "Agree and start"), card.message_id)
        down = await guest.sees("Is it usable?", beyond=below.message_id)
        await guest.person.wait_for(lambda person: person.answers[-1].text.startswith("That question is behind you"))
        await guest.person.wait_for(lambda person: [seen.message_id for seen in guest.cards] == [down.message_id])


async def test_the_buttons_of_somebody_else_do_nothing(house: House) -> None:
    owner, thief = await house.settle(2)
    async with house.serving():
        await owner.begin()
        own = await thief.begin()
        card = await owner.press("Agree and start", "Would you recommend us?")
        before = thief.person.messages
        for button in card.buttons:
            await thief.person.press_forged(button.callback_data or "", own.message_id)
        await thief.person.wait_for(lambda person: len(person.answers) == len(card.buttons))
        assert {answer.text for answer in thief.person.answers} == {"This button is no longer in use."}
        assert [seen.text for seen in thief.person.messages] == [seen.text for seen in before]
        await owner.press("9", "What should be better?")
    assert await house.answers() == [("p0", "recommend", 9)]


@pytest.mark.parametrize(
    "data", ["", "x", "i.", "i.x.1.score9", "r.nps.role", "resume", "i" * 64, "и.1", "i.1.99999999.back"]
)
async def test_made_up_buttons_get_an_answer_and_do_nothing(house: House, data: str) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        card = await guest.begin()
        await guest.person.press_forged(data, card.message_id)
        await guest.person.wait_for(lambda person: person.answers)
        await guest.press("Agree and start", "Would you recommend us?")


async def test_a_card_that_was_deleted_comes_back_as_a_new_message(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await guest.begin()
        card = await guest.press("Agree and start", "Would you recommend us?")
        await guest.person.press("9")
        house.sandbox.world.remove(guest.person.room, guest.person.room.posts[card.message_id])
        back = await guest.sees("What should be better?")
        assert back.message_id != card.message_id


async def test_two_invitations_of_one_person_are_two_interviews(house: House) -> None:
    [guest] = await house.settle(1)
    again = (await house.invite("p0"))["p0"]
    async with house.serving():
        one = await guest.begin()
        other = await guest.begin(again)
        await guest.press("Agree and start", "Would you recommend us?", one.message_id)
        await guest.press("9", "What should be better?", one.message_id)
        await guest.press("Agree and start", "Would you recommend us?", other.message_id)
        await guest.press("2", "2", other.message_id)
        await guest.person.wait_for(
            lambda person: (
                [seen.message_id for seen in guest.cards if "better" in seen.text] == [one.message_id, other.message_id]
            )
        )
    assert await house.answers() == [("p0", "recommend", 2), ("p0", "recommend", 9)]


async def test_stop_ends_all_that_is_open(house: House) -> None:
    [guest] = await house.settle(1)
    again = (await house.invite("p0"))["p0"]
    async with house.serving() as service:
        await guest.begin()
        await guest.begin(again)
        await guest.after("/stop", "we will not ask you")
        assert await stored(service.database, FIRST) is None
        await guest.person.wait_for(lambda person: not guest.cards)


async def test_the_button_that_stops_asking_is_obeyed_after_answers_as_well(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving() as service:
        await guest.begin()
        await guest.press("Agree and start", "Would you recommend us?")
        await guest.press("9", "What should be better?")
        await guest.press("Stop asking me", "we will not ask you")
        async with service.database.unit_of_work() as uow:
            person = await uow.people.by_telegram(FIRST)
        assert person is not None
        assert person.opted_out_at is not None


async def test_somebody_who_blocked_the_bot_is_out_of_reach_until_they_come_back(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving() as service:
        await guest.begin()
        house.sandbox.faults.add(Fault(FaultKind.BLOCKED, "edit*"))
        await guest.person.press("Agree and start")
        await happens(lambda: unreachable(service.database))
        await guest.after("/start", "Would you recommend us?")
        assert not await unreachable(service.database)
        await guest.person.block()
        await happens(lambda: unreachable(service.database))
        await guest.person.unblock()
        await guest.press("9", "What should be better?")
        assert not await unreachable(service.database)


OVER = {
    "ru": "Время для ответов на эти вопросы истекло.",
    "en": "The time for these questions is over.",
    "uk": "Час для відповідей на ці запитання минув.",
}


@pytest.mark.parametrize("language", OVER)
async def test_what_ended_while_the_bot_was_blocked_says_so_where_it_is(house: House, language: str) -> None:
    [guest] = await house.settle(1, language)
    clock = Clock()
    async with house.serving(clock) as service:
        card = await missed(guest, service, clock)
        assert guest.cards == [card]
        before = len(house.sandbox.calls)
        await guest.person.unblock()
        await guest.sees(OVER[language])
        await settled(service)
        assert guest.person.messages[-1].message_id == card.message_id
        assert [call.method for call in house.sandbox.calls[before:]] == ["editMessageText"]
        await guest.person.block()
        await guest.person.unblock()
        await happens(lambda: reachable(service.database))
        await settled(service)
        assert len(house.sandbox.calls) == before + 1
    assert guest.cards == []


async def test_what_ended_unseen_says_so_once_the_person_says_something_though_nobody_told_of_their_return(
    house: House,
) -> None:
    [guest] = await house.settle(1)
    clock = Clock()
    async with house.serving(clock) as service:
        card = await invited(guest)
        house.sandbox.faults.add(Fault(FaultKind.BLOCKED, "edit*", times=None))
        await over(service, clock)
        await happens(lambda: unreachable(service.database))
        house.sandbox.faults.clear()
        await guest.after("/privacy", "Your answers are read by")
        assert (await guest.sees(OVER["en"])).message_id == card.message_id
    assert guest.cards == []


@pytest.mark.parametrize("there", [True, False], ids=["the card is there", "the card was deleted"])
async def test_what_ended_unseen_says_so_in_place_even_after_a_crash(house: House, there: bool) -> None:
    [guest] = await house.settle(1)
    clock = Clock()
    async with house.serving(clock) as service:
        card = await missed(guest, service, clock)
        with patch.object(service.sender, "card"):  # committed, and not yet on its way
            await guest.person.unblock()
            await happens(lambda: reachable(service.database))
            await settled(service)
    if not there:
        house.sandbox.faults.add(Fault(FaultKind.SERVER_ERROR, "edit*", status=400))
    async with house.serving(clock) as service:
        await happens(lambda: all_said(service))
    assert [seen.message_id for seen in guest.person.messages if seen.from_bot] == [card.message_id]
    assert bool(guest.cards) != there


async def invited(guest: Guest) -> Bubble:
    """The card of their invitation."""
    await guest.person.send(f"/start {guest.token}")
    return await guest.person.wait_for(lambda _: guest.cards[0] if guest.cards else None)


async def missed(guest: Guest, service: Service, clock: Clock) -> Bubble:
    """The card of an invitation that ended while they had blocked the bot."""
    card = await invited(guest)
    await guest.person.block()
    await happens(lambda: unreachable(service.database))
    await over(service, clock)
    return card


async def over(service: Service, clock: Clock) -> None:
    """So long ago that whatever was asked is over, and its end is on no card."""
    clock.move(timedelta(days=90))
    await happens(lambda: behind(service))
    await settled(service)


async def behind(service: Service) -> bool:
    async with service.database.unit_of_work() as uow:
        cards = await uow.interviews.unshown()
    return bool(cards) and all(one.interview.phase is Phase.CLOSED for one in cards)


async def all_said(service: Service) -> bool:
    async with service.database.unit_of_work() as uow:
        return not await uow.interviews.ended_unseen(FIRST)


async def settled(service: Service) -> None:
    """Nothing is on its way, and what came of it is written down."""

    async def at_rest() -> bool:
        return not (service.outcomes or service.inbox.depth or service.sender.busy)

    await happens(at_rest)


async def reachable(database: Database) -> bool:
    return not await unreachable(database)


async def test_any_word_of_somebody_shows_that_they_can_be_reached(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving() as service:
        await guest.begin()
        house.sandbox.faults.add(Fault(FaultKind.BLOCKED, "edit*"))
        await guest.person.press("Agree and start")
        await happens(lambda: unreachable(service.database))
        await guest.press("Agree and start", "Would you recommend us?")
        assert not await unreachable(service.database)


async def test_updates_that_come_again_change_nothing(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await guest.begin()
        await guest.press("Agree and start", "Would you recommend us?")
        await guest.press("9", "What should be better?")
        before = [(seen.message_id, seen.text) for seen in guest.person.messages]
        for update_id in list(house.sandbox.world.inbox.history):
            house.sandbox.redeliver(update_id)
        await guest.after("/help", "Here Sample Vendor asks")
        assert [(seen.message_id, seen.text) for seen in guest.person.messages][:-2] == before
    assert await house.answers() == [("p0", "recommend", 9)]


async def happens(true: Callable[[], Awaitable[bool]]) -> None:
    """Looks again and again until it is so."""
    so = False
    async with asyncio.timeout(60):
        while not so:
            await asyncio.sleep(0.05)
            so = await true()
