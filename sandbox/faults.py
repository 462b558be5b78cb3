"""Failures on demand: what a network and a busy server do to a bot."""

import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class FaultKind(StrEnum):
    TOO_MANY_REQUESTS = "too_many_requests"
    SERVER_ERROR = "server_error"
    HTML_PAGE = "html_page"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    HANG = "hang"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure of the calls that match.

    `method` is a pattern such as "send*"; `times` None is for ever; `retry_after` is in seconds;
    `status` is the HTTP code of `server_error` and `html_page`. RESET_AFTER carries the call out and
    then drops the connection.
    """

    kind: FaultKind
    method: str = "*"
    chat_id: int | None = None
    times: int | None = 1
    probability: float = 1.0
    retry_after: int = 1
    status: int = 502

    def matches(self, method: str, chat_id: int | None) -> bool:
        return fnmatchcase(method, self.method) and self.chat_id in (None, chat_id)


@dataclass(slots=True)
class Faults:
    seed: int = 0
    _left: list[tuple[Fault, int | None]] = field(default_factory=list)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable, not secret

    def add(self, fault: Fault) -> None:
        self._left.append((fault, fault.times))

    def clear(self) -> None:
        self._left.clear()

    def pick(self, method: str, chat_id: int | None) -> Fault | None:
        """The first fault that strikes this call; its count goes down."""
        for place, (fault, left) in enumerate(self._left):
            if fault.matches(method, chat_id) and self._random.random() < fault.probability:
                self._left[place] = (fault, None if left is None else left - 1)
                self._left = [item for item in self._left if item[1] != 0]
                return fault
        return None


@dataclass(slots=True)
class Flood:
    """Telegram's flood control as a sliding window of one second; 0 means no limit."""

    per_second: int
    per_chat: int
    now: Callable[[], float]
    _sent: deque[tuple[float, int]] = field(default_factory=deque)
    _here: Counter[int] = field(default_factory=Counter)

    def wait(self, chat_id: int) -> int:
        """Seconds until another message may go to this chat; 0 admits it now and counts it."""
        if not (self.per_second or self.per_chat):
            return 0
        now = self.now()
        while self._sent and self._sent[0][0] <= now - 1:
            self._forget_first()
        full = 0 < self.per_second <= len(self._sent) or 0 < self.per_chat <= self._here[chat_id]
        if not full:
            self._sent.append((now, chat_id))
            self._here[chat_id] += 1
        return 1 if full else 0

    def _forget_first(self) -> None:
        _, chat_id = self._sent.popleft()
        self._here[chat_id] -= 1
        if not self._here[chat_id]:
            del self._here[chat_id]
