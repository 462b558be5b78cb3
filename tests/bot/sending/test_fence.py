"""A replica that was silent for too long sends nothing more of what it had."""

import asyncio

from bot.telegram import Outcome, Result
from surveys.ports import Card
from tests.bot.sending.office import RETRY, Office, card, delivery, wait


async def test_what_is_no_longer_its_own_does_not_leave(office: Office) -> None:
    office.holds = False
    office.sender.card(card(1, at=50))
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    assert office.done == []
    assert not office.outcomes


async def test_a_call_under_way_is_the_last_one_of_its_card_and_of_its_message(office: Office) -> None:
    office.telegram.will(RETRY, RETRY)
    office.sender.card(card(1, at=50))
    office.sender.deliver(delivery(1, chat=8))
    await asyncio.sleep(0.05)
    office.sender.forget()
    await office.sender.idle()
    assert sorted(office.done) == [("edit", 50), ("send", "notice 1")]


async def test_a_card_that_was_with_another_replica_comes_where_storage_has_it_or_anew(office: Office) -> None:
    office.sender.card(card(1))
    await office.sender.idle()
    office.sender.unlearn("i1")
    office.sender.card(card(2))
    await office.sender.idle()
    assert office.done == [("send", "turn 1"), ("send", "turn 2")]


async def test_what_it_takes_anew_it_sends_once_behind_what_it_had(office: Office) -> None:
    office.telegram.will(wait(3), Outcome(Result.DONE, True))
    office.sender.card(card(1, at=50))
    await asyncio.sleep(1)
    office.sender.forget()
    office.sender.card(card(2, at=50))
    await office.sender.idle()
    assert office.done == [("edit", 50), ("edit", 50)]
    assert office.telegram.calls[-1].call.params["text"] == "turn 2"


async def test_a_copy_that_is_disarmed_keeps_its_words_and_stays_where_it_is(office: Office) -> None:
    for astray in (Card(chat_id=7, message_id=50, shown_turn=1), Card(chat_id=7)):
        office.sender.disarm(astray)
    await office.sender.idle()
    assert office.done == [("strip", 50)]
