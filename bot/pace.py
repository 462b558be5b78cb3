"""How fast messages may leave: a strict sliding window of one second, and a pause when Telegram asks for one."""

import asyncio
from collections import deque

from bot.telegram import Outcome, Result

WINDOW = 1.02  # seconds; a little over Telegram's, so that uneven delays on the way never make a window too full
LONGEST_PAUSE = 60.0  # seconds


class Pace:
    """Messages nobody waits for take what the window leaves, in turn; those somebody waits for only count in it."""

    def __init__(self, per_second: float, per_chat_per_second: float) -> None:
        self._whole = per_second
        self.share(1)
        self._gap = 1.0 / per_chat_per_second
        self._sent: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._paused_until = 0.0
        self.waiting = 0
        self._turns = asyncio.Lock()

    def share(self, living: int) -> None:
        """Telegram counts all replicas together: each of `living` takes an equal part."""
        self.per_second = self._whole / max(1, living)
        self._limit = max(1, int(self.per_second))
        self._window = WINDOW * max(1.0, 1.0 / self.per_second)

    @property
    def pause(self) -> float:
        """For how many seconds nothing that can wait may leave."""
        return max(0.0, self._paused_until - _now())

    def rest(self, seconds: float) -> None:
        """Nothing that can wait leaves for so long."""
        self._paused_until = max(self._paused_until, _now() + min(seconds, LONGEST_PAUSE))

    def count(self, chat_id: int) -> None:
        """A message leaves for this chat at once."""
        now = _now()
        self._forget(now)
        self._sent.append(now)
        self._chats.pop(chat_id, None)
        self._chats[chat_id] = now

    def heed(self, outcome: Outcome) -> None:
        """After a 429 nothing that can wait leaves before Telegram allows it; a long one is about one chat alone."""
        if outcome.result is Result.WAIT:
            self.rest(outcome.retry_after)

    async def turn(self, chat_id: int) -> None:
        """Waits until a message that can wait may leave for this chat, and counts it; `waiting` says how many do."""
        self.waiting += 1
        try:
            taken = False
            while not taken:
                await asyncio.sleep(max(0.0, self._chat_delay(chat_id)))
                taken = await self._taken(chat_id)
        finally:
            self.waiting -= 1

    async def _taken(self, chat_id: int) -> bool:
        """Whether the message may leave now; a chat that needs a rest meanwhile holds up no other."""
        async with self._turns:
            delay = self._delay()
            while delay > 0:
                await asyncio.sleep(delay)
                delay = self._delay()
            if rested := self._chat_delay(chat_id) <= 0:
                self.count(chat_id)
            return rested

    def _chat_delay(self, chat_id: int) -> float:
        last = self._chats.get(chat_id)
        return 0.0 if last is None else last + self._gap - _now()

    def _delay(self) -> float:
        now = _now()
        self._forget(now)
        full = self._sent[0] + self._window - now if len(self._sent) >= self._limit else 0.0
        return max(full, self._paused_until - now)

    def _forget(self, now: float) -> None:
        """Only what still limits anything is kept. The chats stand in the order of their last message."""
        while self._sent and self._sent[0] <= now - self._window:
            self._sent.popleft()
        while self._chats and self._chats[first := next(iter(self._chats))] <= now - self._gap:
            del self._chats[first]


def _now() -> float:
    return asyncio.get_running_loop().time()
