"""How fast messages may leave: a strict sliding window of one second, and a pause when Telegram asks for one."""

import asyncio
import time
from collections import deque

WINDOW = 1.02  # seconds; a little over Telegram's, so that uneven delays on the way never make a window too full


class Pace:
    """Messages nobody waits for take what the window leaves; those somebody waits for only count in it."""

    def __init__(self, per_second: float, per_chat_per_second: float) -> None:
        self._limit = per_second
        self._gap = 1.0 / per_chat_per_second
        self._sent: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._paused_until = 0.0
        self.waiting = 0

    def count(self) -> None:
        """A message leaves at once."""
        self._sent.append(time.monotonic())

    def pause(self, seconds: float) -> None:
        """Telegram said 429: nothing that can wait leaves before."""
        self._paused_until = max(self._paused_until, time.monotonic() + seconds)

    async def turn(self, chat_id: int) -> None:
        """Waits until a message that can wait may leave for this chat; `waiting` says how many do."""
        self.waiting += 1
        try:
            delay = self._delay(chat_id)
            while delay > 0:
                await asyncio.sleep(delay)
                delay = self._delay(chat_id)
        finally:
            self.waiting -= 1
        self.count()
        self._chats[chat_id] = self._sent[-1]

    def _delay(self, chat_id: int) -> float:
        now = time.monotonic()
        while self._sent and self._sent[0] <= now - WINDOW:
            self._sent.popleft()
        if len(self._chats) > 2 * self._limit:
            self._chats = {chat: at for chat, at in self._chats.items() if at > now - self._gap}
        full = self._sent[0] + WINDOW - now if len(self._sent) >= self._limit else 0.0
        return max(full, self._chats.get(chat_id, now - self._gap) + self._gap - now, self._paused_until - now)
