"""How fast messages leave, measured in a loop whose clock is exact."""

import asyncio
import random
from itertools import pairwise

import pytest

from bot.pace import Pace
from bot.telegram import Outcome, Result
from tests.bot.sending.office import wait


@pytest.fixture
def rng() -> random.Random:
    return random.Random(7)


DONE = Outcome(Result.DONE, {"message_id": 1})


async def leave(pace: Pace, chat_id: int, moments: list[float]) -> None:
    await pace.turn(chat_id)
    moments.append(now())
    pace.over(chat_id, DONE)


async def travel(pace: Pace, chat_id: int, arrived: list[float], there: float, back: float) -> None:
    """Telegram counts a message when it arrives: some time after it left, some time before its answer is here."""
    await pace.turn(chat_id)
    await arrive(pace, chat_id, arrived, there, back)


async def arrive(pace: Pace, chat_id: int, arrived: list[float], there: float, back: float) -> None:
    await asyncio.sleep(there)
    arrived.append(now())
    await asyncio.sleep(back)
    pace.over(chat_id, DONE)


async def hurry(pace: Pace, chat_id: int, moments: list[float]) -> None:
    await pace.soon(chat_id)
    moments.append(now())
    pace.over(chat_id, DONE)


def now() -> float:
    return asyncio.get_running_loop().time()


async def moments_of(pace: Pace, chats: list[int]) -> list[float]:
    moments: list[float] = []
    await asyncio.gather(*(leave(pace, chat, moments) for chat in chats))
    return moments


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(start <= at <= start + 1.0 for at in moments) for start in moments)


@pytest.mark.parametrize("per_second", [1, 7, 30])
async def test_no_second_holds_more_than_the_limit_and_hardly_any_of_it_is_wasted(per_second: int) -> None:
    moments = await moments_of(Pace(per_second, 1), list(range(100 * per_second)))
    assert most_in_a_second(moments) == per_second
    seconds = moments[-1] - moments[0]
    assert (len(moments) - per_second) / seconds >= 0.97 * per_second


@pytest.mark.parametrize("per_second", [30, 200])
async def test_the_window_is_kept_however_unevenly_messages_travel(per_second: int, rng: random.Random) -> None:
    pace, arrived = Pace(per_second, 1), list[float]()
    delays = [(rng.choice([0.001, 0.01, 0.3]), rng.choice([0.001, 0.05])) for _ in range(20 * per_second)]
    await asyncio.gather(*(travel(pace, chat, arrived, *delay) for chat, delay in enumerate(delays)))
    assert most_in_a_second(sorted(arrived)) <= per_second


async def test_a_slow_way_to_telegram_costs_hardly_any_of_the_rate() -> None:
    pace, arrived = Pace(30, 1), list[float]()
    await asyncio.gather(*(travel(pace, chat, arrived, 0.02, 0.02) for chat in range(900)))
    assert (900 - 1) / (arrived[-1] - arrived[0]) >= 0.97 * 30


async def test_a_message_nobody_answers_takes_its_place_for_a_few_seconds_only() -> None:
    pace, moments = Pace(1, 1), list[float]()
    await pace.turn(1)
    await leave(pace, 2, moments)
    assert 3.0 <= moments[0] <= 3.1


async def test_messages_to_one_chat_arrive_a_second_apart_however_unevenly_they_travel() -> None:
    pace, arrived = Pace(30, 1), list[float]()
    for there in (0.4, 0.001, 0.2, 0.001):
        await travel(pace, 1, arrived, there, 0.001)
    assert all(later - earlier > 1.0 for earlier, later in pairwise(arrived))


async def test_a_limit_below_one_a_second_stretches_the_window() -> None:
    moments = await moments_of(Pace(0.5, 1), list(range(10)))
    assert all(later - earlier >= 2.0 for earlier, later in pairwise(moments))


async def test_a_chat_gets_one_a_second_and_holds_up_nobody_else() -> None:
    pace = Pace(30, 1)
    busy, other = [], []
    crowded = asyncio.gather(*(leave(pace, 1, busy) for _ in range(5)))
    await leave(pace, 2, other)
    await crowded
    assert other == [0.0]
    assert [round(at) for at in busy] == [0, 1, 2, 3, 4]
    assert all(later - earlier > 1.0 for earlier, later in pairwise(busy))


async def test_messages_somebody_waits_for_leave_at_once_where_nothing_else_leaves() -> None:
    pace, moments = Pace(30, 1), list[float]()
    await asyncio.gather(*(hurry(pace, chat, moments) for chat in range(100)))
    assert set(moments) == {0.0}


async def test_messages_somebody_waits_for_go_before_all_that_can_wait_and_no_second_holds_too_many() -> None:
    pace, moments = Pace(30, 1), list[float]()
    crowd = asyncio.gather(*(leave(pace, chat, moments) for chat in range(300)))
    waited = []
    for chat in range(1000, 1020):
        await asyncio.sleep(0.3)
        asked = now()
        await hurry(pace, chat, moments)
        waited.append(now() - asked)
    await crowd
    assert max(waited) <= 0.25
    assert most_in_a_second(moments) == 30


async def test_what_can_wait_lets_those_be_answered_first_who_have_just_said_something_but_not_for_ever() -> None:
    pace, looks = Pace(1000, 1), iter([True, True, False])
    pace.answering = lambda: next(looks)
    await pace.turn(1)
    assert list(looks) == []
    pace.answering = lambda: True
    async with asyncio.timeout(1):
        await pace.turn(2)


@pytest.mark.parametrize("answered_for", [0.02, 0.04, 0.05])
async def test_letting_people_be_answered_first_costs_hardly_any_of_the_rate(answered_for: float) -> None:
    """Twenty times a second somebody is being answered for so many seconds."""
    pace = Pace(1000, 1)
    pace.answering = lambda: now() % 0.05 < answered_for
    moments = await moments_of(pace, list(range(3000)))
    assert most_in_a_second(moments) <= 1000
    assert 3000 / (moments[-1] - moments[0]) >= 0.97 * 1000


async def test_nobody_waits_for_a_crowd_that_makes_up_for_time_in_which_nothing_was_to_be_sent() -> None:
    pace, moments = Pace(1000, 1), list[float]()
    await leave(pace, 1, moments)
    await asyncio.sleep(10)
    moments = await moments_of(pace, list(range(100)))
    assert sum(at == moments[0] for at in moments) <= 15


async def test_a_reply_counts_for_its_chat_as_well() -> None:
    pace, moments = Pace(30, 1), list[float]()
    await hurry(pace, 1, [])
    await leave(pace, 1, moments)
    assert moments[0] > 1.0


async def test_after_a_429_nothing_that_can_wait_leaves_until_telegram_allows_it() -> None:
    pace = Pace(30, 1)
    pace.heed(wait(7))
    assert min(await moments_of(pace, [1, 2, 3])) >= 7.0


async def test_a_very_long_pause_is_about_one_chat_and_does_not_stop_all() -> None:
    pace = Pace(30, 1)
    pace.heed(wait(3600))
    assert min(await moments_of(pace, [1])) == pytest.approx(60.0)


async def test_a_chat_that_telegram_asked_to_leave_alone_is_left_alone_by_everybody_and_no_other_is() -> None:
    pace = Pace(30, 1)
    pace.over(1, wait(120))
    for hasten in (pace.soon, pace.turn, pace.rested):
        before = now()
        await pace.soon(2)
        assert now() < before + 1.0
        pace.over(2, DONE)
        await hasten(1)
        assert now() >= 120.0
        pace.over(1, DONE)


async def test_a_second_429_makes_those_wait_longer_who_wait_for_the_first_to_be_over() -> None:
    pace = Pace(1000, 1000)
    pace.over(7, wait(10))
    waiting = asyncio.create_task(pace.rested(7))
    await asyncio.sleep(5)
    pace.over(7, wait(10))
    await waiting
    assert now() >= 15.0


async def test_those_who_wait_take_turns_in_the_order_they_came() -> None:
    pace = Pace(1, 1)
    order: list[int] = []

    async def take(chat: int) -> None:
        await leave(pace, chat, [])
        order.append(chat)

    tasks = [asyncio.create_task(take(chat)) for chat in range(5)]
    await asyncio.sleep(0.5)
    assert pace.waiting == 4
    await asyncio.gather(*tasks)
    assert order == [0, 1, 2, 3, 4]
    assert pace.waiting == 0


async def test_nothing_is_kept_of_what_limits_nothing_any_more() -> None:
    pace = Pace(30, 1)
    for chat in range(10_000):
        await hurry(pace, chat, [])
        await asyncio.sleep(0.01)
    assert len(pace._taken) <= 102
    assert len(pace._chats) <= 102
    assert not pace._under_way
