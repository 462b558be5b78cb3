"""An inbox with everything around it made up."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from sqlalchemy.exc import OperationalError

from bot.clock import Clock
from bot.inbox import Inbox, RawUpdate
from bot.outcomes import Outcomes
from handlers.replies import Replies, Reply, ShowCard, Toast
from storage.errors import StorageUnavailable
from surveys.ports import Card, Delivery, OpenInterview

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class FakeDatabase:
    """Remembers what is committed. `unavailable`: how many commits fail from now on; `seconds`: how long one takes."""

    seen: set[int] = field(default_factory=set)
    handled: list[int] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    dead: list[tuple[bytes, str, int]] = field(default_factory=list)
    sent: set[int] = field(default_factory=set)
    unavailable: int = 0
    poisoned_outcome: int | None = None
    unkeepable: bool = False
    drawn_elsewhere: set[str] = field(default_factory=set)
    seconds: float = 0.01

    def unit_of_work(self, *, brief: bool = False) -> "FakeUnitOfWork":
        return FakeUnitOfWork(self)


class FakeUnitOfWork:
    def __init__(self, database: FakeDatabase) -> None:
        self._database = database
        self.inbox = self.interviews = self
        self.handled: list[int] = []
        self.marked: list[int] = []
        self.dead: list[tuple[bytes, str, int]] = []
        self.lost: list[int] = []
        self.outcomes = Outcomes()
        self.handed_over: Sequence[Delivery] = ()
        self.overtaken: Sequence[OpenInterview] = ()
        self.astray: Sequence[Card] = ()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.sleep(0)

    async def unseen(self, update_ids: Collection[int]) -> set[int]:
        return set(update_ids) - self._database.seen

    async def prefetch(self, telegram_ids: Collection[int], shown: Collection[str] = ()) -> None:
        assert all(type(each) is int and each < 2**63 for each in telegram_ids)

    async def remember(self, outcomes: Outcomes, at: datetime) -> None:
        if self._database.poisoned_outcome in outcomes.sent:
            raise OverflowError
        self.outcomes = outcomes

    async def draw(self, interview_ids: Collection[str]) -> set[str]:
        return set(interview_ids) - self._database.drawn_elsewhere

    async def mark(self, update_id: int, at: datetime) -> None:
        self.marked.append(update_id)

    async def dead_letter(self, source: str, body: bytes, reason: str, attempts: int, at: datetime) -> None:
        if self._database.unkeepable:
            raise RecursionError
        self.dead.append((body, reason, attempts))

    async def commit(self) -> None:
        await asyncio.sleep(self._database.seconds)
        if self._database.unavailable:
            self._database.unavailable -= 1
            raise StorageUnavailable("sqlite", "another program holds the file")
        self._database.seen |= set(self.marked)
        self._database.handled += self.handled
        self._database.dead += self.dead
        self._database.sent |= self.outcomes.sent
        if self.marked:
            self._database.groups.append(self.marked)
        self.astray = [card for key, card in self.outcomes.shown.items() if key in self._database.drawn_elsewhere]
        self.handed_over = [Delivery(id=number, chat_id=7, kind="notice") for number in self.handled]


@dataclass(slots=True)
class FakeSender:
    """Everything that left, and how much was committed by then."""

    database: FakeDatabase
    left: list[Reply | Delivery] = field(default_factory=list)
    too_early: list[Reply | Delivery] = field(default_factory=list)
    disarmed: list[Card] = field(default_factory=list)

    def reply(self, reply: Reply) -> None:
        if isinstance(reply, ShowCard):
            self.left.append(reply)
        else:
            self._check(reply, int(reply.callback_id))

    def deliver(self, delivery: Delivery) -> None:
        self._check(delivery, delivery.id)

    def disarm(self, card: Card) -> None:
        self.disarmed.append(card)

    def _check(self, leaving: Reply | Delivery, number: int) -> None:
        (self.left if number in self.database.seen else self.too_early).append(leaving)


@dataclass(slots=True)
class Office:
    """`poison`: updates whose handling fails, and how often (-1: always); `broken`: where the database fails."""

    database: FakeDatabase = field(default_factory=FakeDatabase)
    outcomes: Outcomes = field(default_factory=Outcomes)
    poison: dict[int, int] = field(default_factory=dict)
    broken: dict[int, int] = field(default_factory=dict)
    tries: list[int] = field(default_factory=list)
    cards: dict[int, ShowCard] = field(default_factory=dict)
    gone_on: list[OpenInterview] = field(default_factory=list)
    sender: FakeSender = field(init=False)
    inbox: Inbox = field(init=False)

    def __post_init__(self) -> None:
        self.sender = FakeSender(self.database)
        clock = Clock(NOW - datetime.now(UTC) + timedelta(seconds=1))
        self.inbox = Inbox(self.database, self._handle, self._lose, self._go_on, self.sender, clock, self.outcomes)

    async def _go_on(self, overtaken: Sequence[OpenInterview]) -> None:
        self.gone_on += overtaken

    async def _handle(self, uow: FakeUnitOfWork, update: RawUpdate) -> Replies:
        number = int(str(update["update_id"]))
        self.tries.append(number)
        if self.poison.get(number, 0):
            self.poison[number] -= 1
            raise ValueError("poison")
        if self.broken.get(number, 0):
            self.broken[number] -= 1
            raise OperationalError("INSERT …", {}, Exception("nobody knows"))
        uow.handled.append(number)
        return [Toast(str(number)), *([self.cards[number]] if number in self.cards else [])]

    async def _lose(self, uow: FakeUnitOfWork, chat_id: int) -> Replies:
        uow.lost.append(chat_id)
        return ()

    async def put(self, *numbers: int) -> list["asyncio.Task[None]"]:
        """Each as an update of its own, all at once."""
        tasks = [asyncio.create_task(self.inbox.put(update(number))) for number in numbers]
        await asyncio.sleep(0)
        return tasks


def update(number: object, kind: str = "message") -> RawUpdate:
    return {"update_id": number, kind: {"from": {"id": 7}, "id": str(number), "text": "слово"}}
