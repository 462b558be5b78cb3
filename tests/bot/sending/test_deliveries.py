"""Deliveries: each leaves once, at its pace, or goes back to storage with a reason."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.outcomes import Outcomes
from bot.telegram import Outcome, Result
from handlers.replies import Acting, Toast
from storage.errors import StorageUnavailable
from surveys.delivery_ports import Later
from surveys.ports import Card
from surveys.trace import traced
from tests.bot.sending.office import (
    BLOCKED,
    BROKEN,
    DOUBT,
    HOLD,
    REFUSED,
    RETRY,
    SENT,
    START,
    Office,
    card,
    delivery,
    wait,
)


async def test_a_delivery_that_arrived_is_told(office: Office) -> None:
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    assert office.done == [("send", "notice 1")]
    assert office.outcomes.sent == {1}
    assert office.outcomes.news.is_set()


async def test_deliveries_of_a_chat_arrive_in_order_behind_its_cards(office: Office) -> None:
    office.sender.card(card(0))
    office.sender.deliver(delivery(1, priority=0))
    office.sender.deliver(delivery(2, priority=0))
    await office.sender.idle()
    assert office.done == [("send", "turn 0"), ("send", "notice 1"), ("send", "notice 2")]


async def test_every_call_is_made_in_the_name_of_what_brought_it_about(office: Office) -> None:
    with traced("update-1"):
        shown = card(0)
    office.sender.card(shown)
    office.sender.deliver(replace(delivery(1, priority=0), trace="event-2"))
    office.sender.deliver(delivery(2, priority=0))
    await office.sender.idle()
    assert [sent.trace for sent in office.telegram.calls] == ["update-1", "event-2", None]


async def test_a_delivery_claimed_again_while_it_waits_here_is_sent_once(office: Office) -> None:
    office.telegram.will(wait(40))
    office.sender.card(card(1, at=50))
    office.sender.deliver(delivery(1, priority=0))
    await asyncio.sleep(35)
    office.sender.deliver(delivery(1, priority=0, attempts=2))
    await office.sender.idle()
    assert office.done == [("edit", 50), ("edit", 50), ("send", "notice 1")]


@pytest.mark.parametrize("answer", [SENT, BLOCKED, DOUBT], ids=lambda answer: answer.result.value)
async def test_a_delivery_claimed_again_before_storage_knows_what_became_of_it_is_not_sent_again(
    office: Office, answer: Outcome
) -> None:
    office.telegram.will(answer)
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    for settling in (False, True):
        taken = office.outcomes.take() if settling else Outcomes()
        office.sender.deliver(delivery(1, attempts=2))
        await office.sender.idle()
        office.outcomes.restore(taken)
    assert office.done == [("send", "notice 1")]
    office.store()
    office.sender.deliver(delivery(1, attempts=3))
    await office.sender.idle()
    assert office.done == 2 * [("send", "notice 1")]


async def test_a_delivery_whose_lane_waited_too_long_is_left_to_whoever_claims_it_next(office: Office) -> None:
    office.telegram.will(wait(HOLD + 1))
    office.sender.card(card(1, at=50))
    office.sender.deliver(delivery(1))
    office.sender.deliver(delivery(2, priority=0))
    await office.sender.idle()
    assert office.done == [("edit", 50), ("edit", 50)]
    assert office.outcomes.sent == set()
    assert office.outcomes.put_off == {}
    assert office.sender.room == 90


async def test_there_is_room_for_some_seconds_of_work_and_it_comes_back(office: Office) -> None:
    room = office.sender.room
    assert room == 90
    for number in range(room):
        office.sender.deliver(delivery(number, chat=number))
    assert office.sender.room == 0
    await office.sender.idle()
    assert office.sender.room == room
    assert len(office.outcomes.sent) == room


async def test_one_chat_does_not_take_the_room_of_all(office: Office) -> None:
    for number in range(10):
        office.sender.deliver(delivery(number))
    assert sorted(office.outcomes.put_off) == [3, 4, 5, 6, 7, 8, 9]
    assert office.put_off_for(3) == 3.0
    await office.sender.idle()
    assert office.outcomes.sent == {0, 1, 2}


async def test_replies_hardly_wait_while_thousands_of_deliveries_wait(office: Office) -> None:
    for number in range(10_000):
        office.sender.deliver(delivery(number, chat=number))
    await asyncio.sleep(2)
    office.sender.card(card(0, chat=50_000))
    await asyncio.sleep(0.3)
    assert office.outcomes.shown["i1"].message_id is not None
    await office.sender.close()


async def test_a_short_429_is_waited_for_and_a_long_one_goes_back_to_storage(office: Office) -> None:
    office.telegram.will(wait(3))
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    assert office.times == [0, 3.1]
    office.telegram.will(wait(300))
    office.sender.deliver(delivery(2))
    await office.sender.idle()
    assert office.outcomes.sent == {1}
    assert office.put_off_for(2) == 300


@pytest.mark.parametrize("place", [None, 50], ids=["a new card", "a card that stands"])
async def test_after_a_long_429_a_card_that_is_waited_for_leaves_its_chat_alone_as_well(
    office: Office, place: int | None
) -> None:
    office.telegram.will(wait(30))
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    office.sender.card(card(0, at=place))
    office.sender.card(card(0, interview="i2", chat=8))
    await office.sender.idle()
    assert [sent.call.params["chat_id"] for sent in office.telegram.calls] == [7, 8, 7]
    assert office.times[-1] >= 30


async def test_after_a_long_429_what_may_be_missed_leaves_its_chat_alone_as_well(office: Office) -> None:
    office.telegram.will(wait(30))
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    office.sender.disarm(Card(chat_id=7, message_id=50, shown_turn=0))
    office.sender.reply(Acting(7, "upload_photo"))
    office.sender.reply(Toast("q1"))
    await office.sender.idle()
    assert [sent.call.method for sent in office.telegram.calls[1:2]] == ["answerCallbackQuery"]
    assert min(office.times[2:]) >= 30


async def test_a_429_about_what_may_be_missed_is_obeyed_by_all_that_goes_to_the_chat(office: Office) -> None:
    office.telegram.will(wait(30))
    office.sender.disarm(Card(chat_id=7, message_id=50, shown_turn=0))
    await office.sender.idle()
    office.sender.card(card(0))
    await office.sender.idle()
    assert office.times[-1] >= 30


@pytest.mark.parametrize("failure", [RETRY, BROKEN])
async def test_an_outage_puts_a_delivery_off_for_longer_each_time(office: Office, failure: Outcome) -> None:
    waits = []
    for attempts in (1, 4, 7, 5000):
        office.telegram.will(*[failure] * 9)
        office.sender.deliver(delivery(attempts, chat=attempts, attempts=attempts))
        await office.sender.idle()
        waits.append(office.put_off_for(attempts))
        office.telegram.script.clear()
    assert waits == [8, 16, 128, 300]


async def test_a_delivery_whose_call_is_never_answered_is_sent_once_more_at_most(office: Office) -> None:
    office.telegram.will(DOUBT, DOUBT)
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    assert office.done == [("send", "notice 1")]
    assert office.store().put_off[1][1:] == ("in doubt: TimeoutError", True)
    office.sender.deliver(delivery(1, attempts=2, in_doubt=True))
    await office.sender.idle()
    assert office.done == [("send", "notice 1")] * 2
    assert office.outcomes.failed == {1: "in doubt: TimeoutError"}


async def test_a_broken_connection_is_no_reason_to_give_up_a_delivery_in_doubt(office: Office) -> None:
    office.telegram.will(BROKEN, RETRY, BROKEN)
    office.sender.deliver(delivery(1, attempts=2, in_doubt=True))
    await office.sender.idle()
    assert office.done == [("send", "notice 1")] * 4
    assert office.outcomes.sent == {1}


async def test_a_delivery_to_somebody_who_blocked_the_bot_fails_and_they_are_out_of_reach(office: Office) -> None:
    office.telegram.will(BLOCKED)
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    assert office.outcomes.failed == {1: "Forbidden: bot was blocked by the user"}
    assert office.outcomes.unreachable == {7}


async def test_a_delivery_that_telegram_refuses_fails_with_its_words(office: Office) -> None:
    office.telegram.will(REFUSED)
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    assert office.outcomes.failed == {1: REFUSED.description}


async def test_a_screen_whose_message_is_gone_comes_as_a_new_one(office: Office) -> None:
    office.telegram.will(REFUSED)
    office.sender.deliver(delivery(1, message_id=50))
    await office.sender.idle()
    assert office.done == [("edit", 50), ("send", "notice 1")]
    assert office.outcomes.sent == {1}


async def test_a_chat_that_moved_is_followed_once(office: Office) -> None:
    office.telegram.will(Outcome(Result.MOVED, moved_to=-1007))
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    assert [sent.call.params["chat_id"] for sent in office.telegram.calls] == [7, -1007]
    office.telegram.will(Outcome(Result.MOVED, moved_to=-1), Outcome(Result.MOVED, moved_to=-2))
    office.sender.deliver(delivery(2))
    await office.sender.idle()
    assert set(office.outcomes.failed) == {2}


@pytest.mark.parametrize("error", [KeyError("nosuch"), ValueError(), RuntimeError()])
async def test_what_cannot_be_rendered_fails_and_the_lane_goes_on(office: Office, error: Exception) -> None:
    office.unrenderable = {"notice": error}
    office.sender.deliver(delivery(1))
    office.sender.card(card(0))
    await office.sender.idle()
    assert office.outcomes.failed == {1: f"cannot be rendered: {type(error).__name__}"}
    assert office.done == [("send", "turn 0")]


async def test_what_cannot_be_rendered_without_the_database_waits_for_it(office: Office) -> None:
    office.unrenderable = {"notice": StorageUnavailable("sqlite", "another program holds the file")}
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    assert not office.outcomes.failed
    assert office.put_off_for(1) == 5.0


async def test_what_may_not_leave_at_this_hour_is_due_again_when_it_may(office: Office) -> None:
    office.unrenderable = {"notice": Later(START + timedelta(hours=9))}
    office.sender.deliver(delivery(1))
    await office.sender.idle()
    assert office.done == []
    assert not office.outcomes.failed
    assert office.put_off_for(1) == timedelta(hours=9).total_seconds()
    assert office.sender.room == 90


async def test_two_hundred_leave_at_the_full_pace_and_none_twice(office: Office) -> None:
    waiting = [delivery(number, chat=number) for number in range(200)]
    while waiting or office.sender.busy:
        room = office.sender.room
        for each in waiting[:room]:
            office.sender.deliver(each)
        waiting = waiting[room:]
        await asyncio.sleep(1)
    assert [number for number, _ in enumerate(office.telegram.calls)] == list(range(200))
    assert office.outcomes.sent == set(range(200))
    assert office.times[-1] <= 200 / 30 / 0.97


async def test_with_429_on_every_other_call_all_arrives_once_and_nothing_comes_again_before_it_may(
    office: Office,
) -> None:
    office.telegram.will(*(wait(2), Outcome(Result.DONE, {"message_id": 1})) * 200)
    while waiting := set(range(40)) - office.outcomes.sent:
        for number in waiting:
            office.sender.deliver(delivery(number, chat=number))
        await office.sender.idle()
    tries: dict[object, list[float]] = {}
    for sent in office.telegram.calls:
        tries.setdefault(sent.call.params["chat_id"], []).append(sent.at)
    assert all(later - earlier >= 2 for at in tries.values() for earlier, later in pairwise(at))
    carried_out = [sent.call.params["chat_id"] for sent in office.telegram.calls[1::2]]
    assert sorted(carried_out, key=str) == sorted(range(40), key=str)


def test_what_could_not_be_committed_is_kept_beside_what_is_newer() -> None:
    outcomes = Outcomes(sent={1}, failed={3: "old"}, put_off={5: (START, "a", False)}, unreachable={7})
    taken = outcomes.take()
    assert not outcomes
    outcomes.sent.add(2)
    outcomes.failed[3] = "new"
    outcomes.restore(taken)
    assert (outcomes.sent, outcomes.failed, outcomes.unreachable) == ({1, 2}, {3: "new"}, {7})
    assert len(list(outcomes.apart())) == 5
