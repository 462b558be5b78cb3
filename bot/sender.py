"""Everything that leaves for Telegram: cards, toasts and deliveries, in order per chat, many chats at once."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.outcomes import Outcomes
from bot.pace import Pace
from bot.telegram import Outcome, Result, Telegram
from handlers.replies import Call, Reply, ShowCard, Toast, message, strip, toast
from surveys.ports import Card, Delivery

log = structlog.get_logger()

Render = Callable[[Delivery], Awaitable[Call]]
Job = Callable[[], Coroutine[object, object, None]]

PLACES = 50_000
PATIENCE = 5.0  # seconds a chat's lane waits for Telegram before a delivery goes back to storage
LONGEST_BACKOFF = 30.0
LONGEST_WAIT = 300  # seconds between claims of a delivery that Telegram will not take yet
DOUBTS = 2


class Sender:
    """Sends; what came of it is in `outcomes`."""

    def __init__(self, telegram: Telegram, render: Render, pace: Pace, clock: Clock, outcomes: Outcomes) -> None:
        self._telegram = telegram
        self._render = render
        self._pace = pace
        self._clock = clock
        self._outcomes = outcomes
        self._lanes: dict[int, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._pending: dict[str, ShowCard] = {}
        self._places: dict[str, int] = {}

    @property
    def waiting(self) -> int:
        """How many messages that nobody waits for have not left yet."""
        return self._pace.waiting

    @property
    def busy(self) -> int:
        """How many chats have something on its way."""
        return len(self._tasks)

    def reply(self, reply: Reply) -> None:
        """Sends what a person is waiting for."""
        match reply:
            case Toast():
                self._spawn(self._toast(reply))
            case ShowCard():
                self.card(reply)

    def card(self, card: ShowCard) -> None:
        """Draws a card. Of several that wait, only the last is drawn; an older turn never replaces a newer one."""
        waiting = self._pending.get(card.interview_id)
        if waiting is None:
            self._enqueue(card.chat_id, lambda: self._show(card.interview_id))
        elif waiting.turn > card.turn:
            return
        elif waiting.below and not card.below:
            card = replace(card, below=True, message_id=waiting.message_id)
        self._pending[card.interview_id] = card

    def deliver(self, delivery: Delivery) -> None:
        """Sends a claimed delivery."""
        self._enqueue(delivery.chat_id, lambda: self._deliver(delivery))

    async def idle(self) -> None:
        """Waits until nothing is on its way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Drops what is still on its way; storage knows it and the next start sends it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _enqueue(self, chat_id: int, job: Job) -> None:
        lane = self._lanes.get(chat_id)
        if lane is not None:
            lane.append(job)
            return
        self._lanes[chat_id] = deque([job])
        self._spawn(self._run_lane(chat_id))

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        try:
            while lane:
                await self._run_job(lane.popleft())
        finally:
            del self._lanes[chat_id]

    async def _run_job(self, job: Job) -> None:
        try:
            await job()
        except Exception as error:
            log.error("sending failed", error=type(error).__name__)

    async def _toast(self, reply: Toast) -> None:
        outcome = await self._telegram.call(toast(reply))
        if outcome.result in {Result.WAIT, Result.RETRY} and outcome.retry_after <= PATIENCE:
            await asyncio.sleep(outcome.retry_after or 0.5)
            await self._telegram.call(toast(reply))

    async def _show(self, interview_id: str) -> None:
        """Draws the newest state of a card, however long Telegram needs; a newer state takes over while it waits."""
        doubts, delay = 0, 0.5
        card = self._pending.pop(interview_id)
        while True:
            outcome = await self._draw(card)
            match outcome.result:
                case Result.DONE:
                    return self._shown(card, outcome)
                case Result.GONE:
                    self._unreachable(card.chat_id)
                    return None
                case Result.DOUBT if self._place(card) is None and (doubts := doubts + 1) >= DOUBTS:
                    return None
                case Result.REFUSED | Result.MOVED | Result.CONFLICT if self._place(card) is None:
                    log.error("card refused", interview=interview_id, reason=outcome.description)
                    return None
                case Result.REFUSED | Result.MOVED | Result.CONFLICT:
                    self._forget(card)
                    card = replace(card, message_id=None, below=False)
                    continue
            self._pause(outcome)
            await asyncio.sleep(outcome.retry_after or delay)
            delay = min(2 * delay, LONGEST_BACKOFF)
            card = self._newest(card)

    def _newest(self, card: ShowCard) -> ShowCard:
        newer = self._pending.get(card.interview_id)
        if newer is None:
            return card
        return replace(newer, below=card.below or newer.below, message_id=newer.message_id or card.message_id)

    async def _draw(self, card: ShowCard) -> Outcome:
        place = self._place(card)
        if card.paced:
            await self._pace.turn(card.chat_id)
        else:
            self._pace.count()
        return await self._telegram.call(message(card.chat_id, card.text, card.keyboard, edit=place, html=True))

    def _place(self, card: ShowCard) -> int | None:
        """The message to edit: of a card that was sent twice the lower one. None: the card is to be a new one."""
        places = [place for place in (card.message_id, self._places.get(card.interview_id)) if place is not None]
        return None if card.below else max(places, default=None)

    def _shown(self, card: ShowCard, outcome: Outcome) -> None:
        message_id = outcome.message_id or self._place(card)
        for old in {self._places.get(card.interview_id), card.message_id}:
            if old is not None and old != message_id:
                self._spawn(self._strip(card.chat_id, old))
        if message_id is not None:
            self._remember(card.interview_id, message_id)
        self._outcomes.shown[card.interview_id] = Card(
            chat_id=card.chat_id, message_id=message_id, shown_turn=card.turn
        )
        self._outcomes.news.set()

    async def _strip(self, chat_id: int, message_id: int) -> None:
        outcome = await self._telegram.call(strip(chat_id, message_id))
        if outcome.result is Result.WAIT and outcome.retry_after <= PATIENCE:
            await asyncio.sleep(outcome.retry_after)
            await self._telegram.call(strip(chat_id, message_id))

    def _remember(self, interview_id: str, message_id: int) -> None:
        self._places.pop(interview_id, None)
        self._places[interview_id] = message_id
        if len(self._places) > PLACES:
            del self._places[next(iter(self._places))]

    def _forget(self, card: ShowCard) -> None:
        self._places.pop(card.interview_id, None)

    async def _deliver(self, delivery: Delivery) -> None:
        call = await self._rendered(delivery)
        if call is None:
            return
        doubts, delay = 0, 0.5
        while True:
            outcome = await self._leave(delivery, call)
            if outcome.result is Result.DOUBT:
                doubts += 1
            self._pause(outcome)
            wait = outcome.retry_after or delay
            if self._settled(delivery, outcome, doubts, wait):
                return
            await asyncio.sleep(wait)
            delay *= 2

    async def _rendered(self, delivery: Delivery) -> Call | None:
        try:
            return await self._render(delivery)
        except Exception as error:
            log.error("delivery cannot be rendered", delivery=delivery.id, kind=delivery.kind, error=repr(type(error)))
            self._outcomes.failed[delivery.id] = f"cannot be rendered: {type(error).__name__}"
            self._outcomes.news.set()
            return None

    async def _leave(self, delivery: Delivery, call: Call) -> Outcome:
        if delivery.priority:
            await self._pace.turn(delivery.chat_id)
        else:
            self._pace.count()
        return await self._telegram.call(call)

    def _settled(self, delivery: Delivery, outcome: Outcome, doubts: int, wait: float) -> bool:
        """Whether the delivery leaves this lane: done, given up, or put off until later."""
        match outcome.result:
            case Result.DONE:
                self._outcomes.sent.add(delivery.id)
            case Result.GONE:
                self._outcomes.failed[delivery.id] = outcome.description or "unreachable"
                self._unreachable(delivery.chat_id)
            case Result.REFUSED | Result.MOVED | Result.CONFLICT:
                log.error("delivery refused", delivery=delivery.id, kind=delivery.kind, reason=outcome.description)
                self._outcomes.failed[delivery.id] = outcome.description
            case Result.DOUBT if doubts >= DOUBTS:
                self._outcomes.failed[delivery.id] = f"in doubt: {outcome.description}"
            case _ if wait > PATIENCE:
                due = self._clock.now() + timedelta(seconds=max(wait, min(2**delivery.attempts, LONGEST_WAIT)))
                self._outcomes.put_off[delivery.id] = (due, outcome.description)
            case _:
                return False
        self._outcomes.news.set()
        return True

    def _unreachable(self, chat_id: int) -> None:
        self._outcomes.unreachable.add(chat_id)
        self._outcomes.news.set()

    def _pause(self, outcome: Outcome) -> None:
        if outcome.result is Result.WAIT:
            self._pace.pause(outcome.retry_after)
