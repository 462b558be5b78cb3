"""How fast messages leave, measured in a loop whose clock is exact."""

import asyncio
from itertools import pairwise

import pytest

from bot.pace import Pace
from tests.bot.sending.office import wait


async def leave(pace: Pace, chat_id: int, moments: list[float]) -> None:
    await pace.turn(chat_id)
    moments.append(asyncio.get_running_loop().time())


async def moments_of(pace: Pace, chats: list[int]) -> list[float]:
    moments: list[float] = []
    await asyncio.gather(*(leave(pace, chat, moments) for chat in chats))
    return moments


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(start <= at < start + 1.0 for at in moments) for start in moments)


@pytest.mark.parametrize("per_second", [1, 7, 30])
async def test_no_second_holds_more_than_the_limit_and_hardly_any_of_it_is_wasted(per_second: int) -> None:
    moments = await moments_of(Pace(per_second, 1), list(range(100 * per_second)))
    assert most_in_a_second(moments) == per_second
    seconds = moments[-1] - moments[0]
    assert (len(moments) - per_second) / seconds >= 0.97 * per_second


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
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(busy))


async def test_messages_somebody_waits_for_leave_at_once_and_take_the_place_of_others() -> None:
    pace = Pace(30, 1)
    for chat in range(100, 130):
        pace.count(chat)
    moments: list[float] = []
    await leave(pace, 1, moments)
    assert moments[0] >= 1.0


async def test_a_reply_counts_for_its_chat_as_well() -> None:
    pace = Pace(30, 1)
    pace.count(1)
    moments: list[float] = []
    await leave(pace, 1, moments)
    assert moments[0] >= 1.0


async def test_after_a_429_nothing_that_can_wait_leaves_until_telegram_allows_it() -> None:
    pace = Pace(30, 1)
    pace.heed(wait(7))
    assert min(await moments_of(pace, [1, 2, 3])) >= 7.0


async def test_a_very_long_pause_is_about_one_chat_and_does_not_stop_all() -> None:
    pace = Pace(30, 1)
    pace.heed(wait(3600))
    assert min(await moments_of(pace, [1])) == pytest.approx(60.0)


async def test_those_who_wait_take_turns_in_the_order_they_came() -> None:
    pace = Pace(1, 1)
    order: list[int] = []

    async def take(chat: int) -> None:
        await pace.turn(chat)
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
        pace.count(chat)
        await asyncio.sleep(0.01)
    assert len(pace._sent) <= 102
    assert len(pace._chats) <= 102
