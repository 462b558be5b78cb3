"""The inbox: commits in groups, nothing acknowledged or sent before, nobody harmed by another's update."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.inbox import GROUP
from bot.outcomes import LINGER
from handlers.replies import ShowCard, Toast
from surveys.ports import Card, Delivery
from tests.bot.receiving.desk import Office, update


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    made = Office()
    running = asyncio.create_task(made.inbox.run())
    yield made
    assert not running.done(), running.exception()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_what_waits_is_committed_together_in_the_order_it_came(office: Office) -> None:
    first = await office.put(1)
    await asyncio.sleep(0.001)
    rest = await office.put(*range(2, 51))
    await asyncio.gather(*first, *rest)
    assert office.database.groups == [[1], list(range(2, 51))]


async def test_a_group_has_a_limit(office: Office) -> None:
    await asyncio.gather(*await office.put(*range(1, 301)))
    assert [len(group) for group in office.database.groups] == [GROUP, GROUP, 300 - 2 * GROUP]


async def test_nothing_is_acknowledged_and_nothing_leaves_before_the_commit(office: Office) -> None:
    office.database.seconds = 5
    (put,) = await office.put(1)
    await asyncio.sleep(4.9)
    assert not put.done()
    assert not office.sender.left
    await asyncio.sleep(0.2)
    assert put.done()
    assert [type(each) for each in office.sender.left] == [Toast, Delivery]
    assert not office.sender.too_early


async def test_an_update_counts_once_within_a_group_and_ever_after(office: Office) -> None:
    await asyncio.gather(*await office.put(1, 1, 2, 1))
    await asyncio.gather(*await office.put(2, 1))
    assert office.database.handled == [1, 2]


async def test_while_the_database_is_out_of_reach_nothing_is_acknowledged_and_nothing_lost(office: Office) -> None:
    office.database.unavailable = 200
    puts = await office.put(1, 2)
    await asyncio.sleep(60)
    assert not any(put.done() for put in puts)
    assert not office.sender.left
    await asyncio.gather(*puts)
    assert office.database.handled == [1, 2]
    assert not office.database.dead


async def test_a_database_that_was_gone_for_a_minute_is_asked_in_measure_and_found_again_soon(office: Office) -> None:
    office.database.unavailable = 10_000
    puts = await office.put(1)
    await asyncio.sleep(60)
    assert 10_000 - office.database.unavailable < 60
    office.database.unavailable = 0
    async with asyncio.timeout(5):
        await asyncio.gather(*puts)
    assert office.database.handled == [1]


async def test_a_poisoned_update_is_set_aside_after_three_tries_and_holds_up_nobody(office: Office) -> None:
    office.poison = {3: -1}
    await asyncio.gather(*await office.put(1, 2, 3, 4, 5))
    assert office.database.handled == [1, 2, 4, 5]
    assert office.tries.count(3) == 4  # with the group, and three times alone
    [(body, reason, attempts)] = office.database.dead
    assert json.loads(body) == update(3)
    assert (reason.partition(":")[0], "poison" in reason, attempts) == ("ValueError at desk.py", False, 3)
    await asyncio.gather(*await office.put(3))
    assert office.tries.count(3) == 4


async def test_an_update_that_fails_by_chance_is_tried_again_and_counts(office: Office) -> None:
    office.poison = {2: 2}
    await asyncio.gather(*await office.put(1, 2, 3))
    assert office.database.handled == [1, 2, 3]
    assert not office.database.dead


async def test_a_poisoned_press_still_stops_waiting(office: Office) -> None:
    office.poison = {9: -1}
    await office.inbox.put(update(9, "callback_query"))
    assert office.sender.left == [Toast("9")]


async def test_a_database_that_breaks_while_an_update_is_set_aside_is_waited_for(office: Office) -> None:
    office.poison = {1: -1}
    office.database.unavailable = 30
    await asyncio.gather(*await office.put(1, 2))
    assert len(office.database.dead) == 1
    assert office.database.handled == [2]


async def test_what_the_database_does_to_everybody_is_no_fault_of_anybody(office: Office) -> None:
    office.broken = dict.fromkeys((1, 2, 3), 40)
    await asyncio.gather(*await office.put(1, 2, 3))
    assert sorted(office.database.handled) == [1, 2, 3]
    assert not office.database.dead


async def test_what_the_database_does_to_one_alone_is_set_aside_once_others_have_passed(office: Office) -> None:
    office.broken = {1: -1}
    [broken] = await office.put(1)
    for number in (2, 3, 4):
        assert not broken.done()
        await asyncio.gather(*await office.put(number))
    await broken
    assert office.database.handled == [2, 3, 4]
    assert [json.loads(body)["update_id"] for body, _, _ in office.database.dead] == [1]


async def test_a_card_that_another_replica_draws_is_left_to_it(office: Office) -> None:
    card = ShowCard(interview_id="i1", turn=1, chat_id=7, message_id=None, text="?")
    office.database.drawn_elsewhere.add("i1")
    office.cards = {1: card, 2: replace(card, interview_id="i2")}
    await asyncio.gather(*await office.put(1, 2))
    shown = [reply.interview_id for reply in office.sender.left if isinstance(reply, ShowCard)]
    assert shown == ["i2"]


async def test_a_copy_of_a_card_that_stands_elsewhere_loses_its_buttons(office: Office) -> None:
    copy, card = Card(chat_id=7, message_id=50, shown_turn=1), Card(chat_id=8, message_id=60, shown_turn=1)
    office.database.drawn_elsewhere.add("i1")
    office.outcomes.shown |= {"i1": copy, "i2": card}
    await asyncio.gather(*await office.put(1))
    assert office.sender.disarmed == [copy]


async def test_an_update_that_cannot_even_be_kept_stops_nobody(office: Office) -> None:
    office.poison = {1: -1}
    office.database.unkeepable = True
    await asyncio.gather(*await office.put(1, 2))
    assert office.database.handled == [2]


async def test_outcomes_of_sending_are_committed_without_any_update(office: Office) -> None:
    office.outcomes.sent.add(11)
    office.outcomes.news.set()
    await asyncio.sleep(1)
    assert office.database.sent == {11}
    assert not office.outcomes


async def test_until_an_outcome_is_stored_it_is_known_here(office: Office) -> None:
    office.database.unavailable = 20
    office.outcomes.sent.add(11)
    office.outcomes.news.set()
    for _ in range(20):
        assert office.outcomes.tells_of(11)
        await asyncio.sleep(1)
    await asyncio.sleep(60)
    assert office.database.sent == {11}
    assert not office.outcomes.tells_of(11)


async def test_an_outcome_that_can_wait_goes_with_the_next_commit(office: Office) -> None:
    office.outcomes.sent.add(11)
    office.outcomes.linger()
    await asyncio.sleep(LINGER / 2)
    assert office.database.sent == set()
    await asyncio.gather(*await office.put(1))
    assert office.database.sent == {11}
    assert office.database.groups == [[1]]


async def test_an_outcome_that_can_wait_does_not_wait_for_long(office: Office) -> None:
    office.outcomes.sent.add(11)
    office.outcomes.linger()
    await asyncio.sleep(2 * LINGER)
    assert office.database.sent == {11}


async def test_an_outcome_that_cannot_be_committed_takes_no_other_with_it(office: Office) -> None:
    office.database.poisoned_outcome = 12
    office.outcomes.sent |= {11, 12, 13}
    await asyncio.gather(*await office.put(1))
    await asyncio.sleep(1)
    assert office.database.sent == {11, 13}
    assert office.database.handled == [1]
    assert not office.outcomes


@pytest.mark.parametrize("number", [None, "1", True, 0, -1, 2**63, 1.5, []])
async def test_what_has_no_number_cannot_count_once_and_is_refused(office: Office, number: object) -> None:
    with pytest.raises(ValueError, match="without a number"):
        await office.inbox.put(update(number))


@pytest.mark.parametrize("sender", [None, True, "7", 2**70, [], {}])
async def test_a_sender_of_any_shape_harms_nobody(office: Office, sender: object) -> None:
    await office.inbox.put({"update_id": 1, "message": {"from": {"id": sender}}})
    await office.inbox.put({"update_id": 2, "message": sender})
    assert office.database.handled == [1, 2]


async def test_somebody_who_stopped_waiting_does_not_stop_the_commit(office: Office) -> None:
    office.database.seconds = 5
    (put,) = await office.put(1)
    await asyncio.sleep(1)
    put.cancel()
    await asyncio.sleep(10)
    assert office.database.handled == [1]


async def test_stopping_commits_what_waits_and_then_ends() -> None:
    office = Office()
    puts = await office.put(*range(1, 300))
    running = asyncio.create_task(office.inbox.run())
    await asyncio.sleep(0)
    office.inbox.stop()
    await running
    assert len(office.database.handled) == 299
    await asyncio.gather(*puts)


async def test_what_is_interrupted_in_the_middle_keeps_its_outcomes() -> None:
    office = Office()
    office.database.seconds = 5
    office.outcomes.sent.add(11)
    office.outcomes.news.set()
    running = asyncio.create_task(office.inbox.run())
    await asyncio.sleep(1)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert office.outcomes.sent == {11}
    await office.inbox.settle()
    assert office.database.sent == {11}
