"""How fast messages may leave: within any second no more arrive than may, and none while Telegram asks for a pause."""

import asyncio
import math
from collections import deque
from collections.abc import Callable

from bot.telegram import Outcome, Result

SECOND = 1.005  # seconds; what is over one is for clocks that are not quite alike
PRESUMED = 2.0  # seconds after which a message that nothing has been heard of counts as arrived
PATIENCE = 0.25  # seconds; what somebody waits for waits no longer for what nobody waits for
LOOK_AGAIN = 0.002  # seconds between looks whether Telegram has answered, or somebody has been answered
MADE_UP = 0.05  # seconds; what can wait falls so far behind to let somebody be answered first, and makes up for it
LATE = 0.01  # seconds by which the end of a wait is noticed too late
EVENLY = 0.9  # of the time between messages; they come evenly, and what somebody waits for soon finds a place
AT_ONCE = 128  # messages under way; the other connections are for what somebody waits for
ENOUGH = 30  # exchanges, the fastest of which is taken for as fast as any can be
TRUSTED = 0.75  # of what it took
LONGEST_PAUSE = 60.0  # seconds


class Pace:
    """Messages nobody waits for take what the window leaves, in turn; those somebody waits for go first.

    When a message arrived, only Telegram knows: between its leaving and the answer. So its place is free again a second
    after the answer, less what the road takes at any rate, and the window is kept however unevenly messages travel.
    A chat has one message under way at a time; `over` tells what became of it. A chat that Telegram asked to leave
    alone is left alone by everybody. `answering`: whether the processor is needed for somebody who has just said
    something; what can wait then does not begin.
    """

    def __init__(self, per_second: float, per_chat_per_second: float) -> None:
        self._whole = per_second
        self.share(1)
        self._gap = SECOND / per_chat_per_second
        self._under_way: dict[int, float] = {}
        self._taken: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._resting: dict[int, float] = {}
        self._fastest = math.inf
        self._exchanges = 0
        self._next = self._paused_until = 0.0
        self._hurried = self._in_line = 0
        self.answering: Callable[[], bool] = lambda: False
        self.waiting = 0
        self._turns = asyncio.Lock()

    def share(self, living: int) -> None:
        """Telegram counts all replicas together: each of `living` takes an equal part."""
        self.per_second = self._whole / max(1, living)
        self._limit = max(1, int(self.per_second))
        self._window = SECOND * max(1.0, 1.0 / self.per_second)

    @property
    def pause(self) -> float:
        """For how many seconds nothing that can wait may leave."""
        return max(0.0, self._paused_until - _now())

    def rest(self, seconds: float) -> None:
        """Nothing that can wait leaves for so long."""
        self._paused_until = max(self._paused_until, _now() + min(seconds, LONGEST_PAUSE))

    async def soon(self, chat_id: int) -> None:
        """Counts a message somebody waits for; it waits a moment where those that can wait have taken every place."""
        await self.rested(chat_id)
        until = _now() + PATIENCE
        self._hurried += 1
        try:
            await self._until_free(until)
        finally:
            self._hurried -= 1
        self._leave(chat_id)

    async def rested(self, chat_id: int) -> None:
        """Waits until Telegram, which asked to leave this chat alone, takes its messages again."""
        left = self._rest_of(chat_id)
        while left > 0:
            await asyncio.sleep(left)
            left = self._rest_of(chat_id)
        self._resting.pop(chat_id, None)

    async def turn(self, chat_id: int) -> None:
        """Waits until a message that can wait may leave for this chat, and counts it; `waiting` says how many do."""
        self.waiting += 1
        try:
            left = False
            while not left:
                await self.rested(chat_id)
                await asyncio.sleep(max(0.0, self._chat_delay(chat_id)))
                left = await self._left_in_turn(chat_id)
        finally:
            self.waiting -= 1

    def over(self, chat_id: int, outcome: Outcome) -> None:
        """What became of a message that was counted."""
        if (began := self._under_way.pop(chat_id, None)) is not None:
            if outcome.result is Result.DONE:
                self._fastest = min(self._fastest, _now() - began)
                self._exchanges += 1
            self._arrived(chat_id)
        self.heed(outcome, chat_id)

    def heed(self, outcome: Outcome, chat_id: int | None = None) -> None:
        """After a 429 nothing leaves for this chat, and nothing that can wait for any, before Telegram allows it.

        A long one is about one chat alone.
        """
        if outcome.result is not Result.WAIT:
            return
        self.rest(outcome.retry_after)
        if chat_id is not None:
            self._resting[chat_id] = _now() + outcome.retry_after

    async def _until_free(self, until: float) -> None:
        """Waits for a place as long as those that can wait take them; not when it would be free after `until`."""
        delay = self._full()
        while self.waiting and 0 < delay <= until - _now():
            await asyncio.sleep(delay)
            delay = self._full()

    async def _left_in_turn(self, chat_id: int) -> bool:
        if not self._in_line:
            self._begin_anew()
        self._in_line += 1
        try:
            async with self._turns:
                return await self._left(chat_id)
        finally:
            self._in_line -= 1

    async def _left(self, chat_id: int) -> bool:
        """Whether the message may leave now; a chat that needs a rest meanwhile holds up no other."""
        await self._give_way()
        await self._until_open()
        if rested := self._chat_delay(chat_id) <= 0:
            self._next = max(self._next, _now() - MADE_UP) + EVENLY * self._window / self._limit
            self._leave(chat_id)
        return rested

    async def _give_way(self) -> None:
        for _ in range(int((self._next + MADE_UP - _now()) / LOOK_AGAIN)):
            if not self.answering():
                return
            await asyncio.sleep(LOOK_AGAIN)

    async def _until_open(self) -> None:
        while (delay := max(self._closed(), self._next - _now())) > 0:
            closed = self._closed() > 0
            await asyncio.sleep(delay)
            if closed:
                self._begin_anew()

    def _begin_anew(self) -> None:
        """Time in which there was nothing to send, or no place for it, is not lost: it is not made up for."""
        self._next = max(self._next, _now() - LATE)

    def _leave(self, chat_id: int) -> None:
        if chat_id in self._under_way:
            self._arrived(chat_id)
        self._under_way.pop(chat_id, None)
        self._under_way[chat_id] = _now()

    def _arrived(self, chat_id: int) -> None:
        """Of two messages, the way back of one and the way there of the other take what the fastest exchange took."""
        at = _now() - (TRUSTED * self._fastest if self._exchanges >= ENOUGH else 0.0)
        self._taken.append(at + self._window)
        self._chats.pop(chat_id, None)
        self._chats[chat_id] = at + self._gap

    def _chat_delay(self, chat_id: int) -> float:
        if chat_id in self._under_way:
            return LOOK_AGAIN
        return max(self._chats.get(chat_id, 0.0) - _now(), self._rest_of(chat_id))

    def _rest_of(self, chat_id: int) -> float:
        return self._resting.get(chat_id, 0.0) - _now()

    def _closed(self) -> float:
        """Seconds in which nothing that can wait may leave."""
        crowded = LOOK_AGAIN if len(self._under_way) >= AT_ONCE else 0.0
        return max(crowded, self._full(self._hurried), self._paused_until - _now())

    def _full(self, kept: int = 0) -> float:
        """Seconds to wait for a place; `kept`: how many more are to stay free."""
        self._forget()
        if len(self._taken) + len(self._under_way) + kept < self._limit:
            return 0.0
        return max(LOOK_AGAIN, self._taken[0] - _now() if self._taken else 0.0)

    def _forget(self) -> None:
        """Only what still limits anything is kept. All stand in the order in which they are forgotten."""
        now = _now()
        while self._under_way and self._under_way[first := next(iter(self._under_way))] <= now - PRESUMED:
            del self._under_way[first]
            self._arrived(first)
        while self._taken and self._taken[0] <= now:
            self._taken.popleft()
        while self._chats and self._chats[first := next(iter(self._chats))] <= now:
            del self._chats[first]


def _now() -> float:
    return asyncio.get_running_loop().time()
