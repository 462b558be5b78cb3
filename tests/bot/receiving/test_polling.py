"""Long polling: the offset moves only over what is committed, and nothing that comes back stops it."""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from bot.inbox import RawUpdate
from bot.telegram import Outcome, Result
from bot.updates import BATCH, insist, poll
from handlers.replies import Call

HANGING = Outcome(Result.DOUBT, None, "TimeoutError")
CONFLICT = Outcome(Result.CONFLICT, None, "Conflict: can't use getUpdates method while webhook is active")
REVOKED = Outcome(Result.RETRY, None, "HTTP 401: Unauthorized")


def batch(*numbers: object) -> Outcome:
    return Outcome(Result.DONE, [{"update_id": number} for number in numbers])


@dataclass(slots=True)
class FakeTelegram:
    """Gives its script away poll by poll, then nothing more; remembers what was asked, and when."""

    script: deque[Outcome]
    polls: list[tuple[float, int]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    async def call(self, call: Call, timeout: float = 10.0) -> Outcome:  # noqa: ASYNC109 - as the real one has it
        if call.method != "getUpdates":
            self.others.append(call.method)
            return Outcome(Result.DONE, True)
        self.polls.append((asyncio.get_running_loop().time(), int(str(call.params["offset"]))))
        if not self.script:
            await asyncio.sleep(10**6)
        await asyncio.sleep(0.01)
        return self.script.popleft()

    @property
    def offsets(self) -> list[int]:
        return [offset for _, offset in self.polls]

    @property
    def gaps(self) -> list[float]:
        times = [at for at, _ in self.polls]
        return [round(later - earlier, 2) for earlier, later in pairwise(times)]


@dataclass(slots=True)
class FakeInbox:
    """`seconds`: how long a commit takes."""

    seconds: float = 0.0
    taken: list[object] = field(default_factory=list)

    async def put(self, update: RawUpdate) -> None:
        self.taken.append(update["update_id"])
        await asyncio.sleep(self.seconds)


@contextmanager
def polling(telegram: FakeTelegram, inbox: FakeInbox, caught_up: list[float] | None = None) -> Iterator[None]:
    async def catch_up() -> None:
        if caught_up is not None:
            caught_up.append(len(inbox.taken))

    task = asyncio.create_task(poll(telegram, inbox, catch_up))
    yield
    assert not task.done()
    task.cancel()


async def polled(*script: Outcome, seconds: float = 1000.0) -> tuple[FakeTelegram, FakeInbox]:
    telegram, inbox = FakeTelegram(deque(script)), FakeInbox()
    with polling(telegram, inbox):
        await asyncio.sleep(seconds)
    return telegram, inbox


async def test_the_offset_is_one_past_the_last_update() -> None:
    telegram, inbox = await polled(batch(5, 6), batch(7))
    assert telegram.offsets == [0, 7, 8]
    assert inbox.taken == [5, 6, 7]
    assert telegram.others == ["deleteWebhook"]


async def test_nothing_is_acknowledged_before_it_is_committed() -> None:
    telegram, inbox = FakeTelegram(deque([batch(5)])), FakeInbox(seconds=60)
    with polling(telegram, inbox):
        await asyncio.sleep(59)
        assert telegram.offsets == [0]
        await asyncio.sleep(2)
        assert telegram.offsets == [0, 6]


async def test_what_had_been_waiting_is_taken_in_before_cards_are_drawn_again() -> None:
    full = batch(*range(1, BATCH + 1))
    telegram, inbox, caught_up = FakeTelegram(deque([full, batch(101, 102), batch(103)])), FakeInbox(), []
    with polling(telegram, inbox, caught_up):
        await asyncio.sleep(100)
    assert caught_up == [102]


@pytest.mark.parametrize("garbage", [None, True, {}, "x", 5, {"update_id": 1}])
async def test_a_result_that_is_no_list_is_asked_for_again_more_and_more_rarely(garbage: object) -> None:
    telegram, inbox = await polled(*[Outcome(Result.DONE, garbage)] * 7, batch(5))
    assert inbox.taken == [5]
    assert telegram.gaps[:7] == [0.51, 1.01, 2.01, 4.01, 5.01, 5.01, 5.01]


@pytest.mark.parametrize("trouble", [HANGING, REVOKED, Outcome(Result.RETRY), Outcome(Result.REFUSED)])
async def test_it_goes_on_when_telegram_is_back(trouble: Outcome) -> None:
    _, inbox = await polled(*[trouble] * 50, batch(5))
    assert inbox.taken == [5]


async def test_a_webhook_somebody_set_meanwhile_is_taken_away() -> None:
    telegram, inbox = await polled(CONFLICT, batch(5))
    assert telegram.others == ["deleteWebhook", "deleteWebhook"]
    assert inbox.taken == [5]


async def test_another_poller_is_waited_for_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    other = Outcome(Result.CONFLICT, None, "HTTP 409: Conflict: terminated by other getUpdates request")
    telegram, inbox = await polled(other, other, batch(5))
    assert telegram.others == ["deleteWebhook"]
    assert telegram.gaps[:2] == [0.51, 1.01]
    assert inbox.taken == [5]
    assert "another process polls with this token" in capsys.readouterr().out


async def test_a_429_is_obeyed_but_never_for_longer_than_a_minute() -> None:
    telegram, inbox = await polled(*(Outcome(Result.WAIT, retry_after=wait) for wait in (33.0, 86_400.0)), batch(5))
    assert telegram.gaps[:2] == [33.01, 60.01]
    assert inbox.taken == [5]


async def test_what_is_no_update_is_passed_over_and_not_asked_for_in_a_rush() -> None:
    garbage = Outcome(Result.DONE, [None, 5, "x", [], {}, {"update_id": "7"}, {"update_id": True}, {"update_id": -3}])
    telegram, inbox = await polled(garbage, garbage, batch(5, 2**70), batch(6))
    assert inbox.taken == [5, 6]
    assert telegram.offsets == [0, 0, 0, 6, 7]
    assert min(telegram.gaps[:2]) >= 0.5


async def test_updates_that_come_again_are_not_asked_for_in_a_rush() -> None:
    telegram, inbox = await polled(batch(5), *[batch(4)] * 20, seconds=8)
    assert len(telegram.polls) < 20
    assert telegram.offsets[:3] == [0, 6, 5]
    assert inbox.taken[0] == 5


async def test_numbers_that_begin_anew_are_followed() -> None:
    telegram, _ = await polled(batch(900), batch(3), batch(4))
    assert telegram.offsets == [0, 901, 4, 5]


async def test_insisting_goes_on_until_the_answer_fits() -> None:
    answers = deque(
        [HANGING, Outcome(Result.DONE, []), Outcome(Result.REFUSED), Outcome(Result.DONE, {"username": "bot"})]
    )

    class Mute:
        async def call(self, call: Call) -> Outcome:
            return answers.popleft()

    outcome = await insist(Mute(), Call("getMe"), lambda outcome: isinstance(outcome.value, Mapping))
    assert outcome.value == {"username": "bot"}
