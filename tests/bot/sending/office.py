"""A Telegram that answers as it is told, and a sender in front of it."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.outcomes import Outcomes
from bot.pace import Pace
from bot.sender import Sender
from bot.telegram import Outcome, Result
from handlers.replies import Call, ShowCard, button, message
from surveys.ports import Delivery
from surveys.trace import TRACE

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOLD = 15.0
SENT = Outcome(Result.DONE, {"message_id": 1})
BLOCKED = Outcome(Result.GONE, None, "Forbidden: bot was blocked by the user")
REFUSED = Outcome(Result.REFUSED, None, "Bad Request: message to edit not found")
DOUBT = Outcome(Result.DOUBT, None, "TimeoutError")
BROKEN = Outcome(Result.BROKEN, None, "ServerDisconnectedError")
RETRY = Outcome(Result.RETRY, None, "HTTP 502")


def wait(seconds: float) -> Outcome:
    return Outcome(Result.WAIT, None, "Too Many Requests", seconds)


@dataclass(slots=True)
class Sent:
    """A call as it came in. `at`: seconds since the start."""

    at: float
    call: Call
    trace: str | None

    @property
    def short(self) -> tuple[str, object]:
        """What was done and where, without the words of the protocol."""
        names = {"sendMessage": "send", "editMessageText": "edit", "editMessageReplyMarkup": "strip"}
        place = "text" if self.call.method == "sendMessage" else "message_id"
        return names.get(self.call.method, self.call.method), self.call.params.get(place)


@dataclass(slots=True)
class FakeTelegram:
    """`script`: the next answers; then every call is carried out. `seconds`: how long an answer takes."""

    script: deque[Outcome] = field(default_factory=deque)
    seconds: float = 0.1
    calls: list[Sent] = field(default_factory=list)
    last_id: int = 100

    def will(self, *answers: Outcome) -> None:
        self.script.extend(answers)

    async def call(self, call: Call, timeout: float = 10.0) -> Outcome:  # noqa: ASYNC109 - as the real one has it
        self.calls.append(Sent(asyncio.get_running_loop().time(), call, TRACE.get()))
        await asyncio.sleep(self.seconds)
        if self.script:
            return self.script.popleft()
        if call.method != "sendMessage":
            return Outcome(Result.DONE, True)
        self.last_id += 1
        return Outcome(Result.DONE, {"message_id": self.last_id})


@dataclass(slots=True)
class SteadyClock:
    """The wall clock, moved by the loop's time alone."""

    def now(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())


@dataclass(slots=True)
class Office:
    telegram: FakeTelegram = field(default_factory=FakeTelegram)
    outcomes: Outcomes = field(default_factory=Outcomes)
    clock: SteadyClock = field(default_factory=SteadyClock)
    per_second: float = 30
    unrenderable: Mapping[str, Exception] = field(default_factory=dict)
    holds: bool = True
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        pace = Pace(self.per_second, 1)
        self.sender = Sender(
            self.telegram, self._render, pace, self.clock, self.outcomes, hold=HOLD, holds=lambda: self.holds
        )

    async def _render(self, delivery: Delivery) -> Call:
        if delivery.kind in self.unrenderable:
            raise self.unrenderable[delivery.kind]
        edit = delivery.payload.get("message_id")
        return message(delivery.chat_id, f"{delivery.kind} {delivery.id}", edit=edit)

    @property
    def done(self) -> list[tuple[str, object]]:
        return [sent.short for sent in self.telegram.calls]

    @property
    def times(self) -> list[float]:
        return [round(sent.at, 3) for sent in self.telegram.calls]

    def store(self) -> Outcomes:
        """What has come of sending until now is in storage."""
        taken = self.outcomes.take()
        self.outcomes.settled()
        return taken

    def put_off_for(self, delivery_id: int) -> float:
        """Seconds from now until the delivery is due again."""
        due, _, _ = self.outcomes.put_off[delivery_id]
        return round((due - self.clock.now()).total_seconds(), 3)


def card(turn: int, *, at: int | None = None, below: bool = False, interview: str = "i1", chat: int = 7) -> ShowCard:
    keyboard = [[button("9", f"i.{interview}.{turn}.score9")]]
    return ShowCard(
        interview_id=interview,
        turn=turn,
        chat_id=chat,
        message_id=at,
        text=f"turn {turn}",
        keyboard=keyboard,
        below=below,
    )


def delivery(
    number: int, *, chat: int = 7, priority: int = 9, attempts: int = 1, in_doubt: bool = False, **payload: object
) -> Delivery:
    return Delivery(
        id=number,
        chat_id=chat,
        kind="notice",
        payload=payload,
        priority=priority,
        due_at=START,
        attempts=attempts,
        in_doubt=in_doubt,
    )
