"""Everything that leaves for Telegram: cards, toasts and deliveries, in order per chat, many chats at once."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.drawing import FIRST_BACKOFF, NEVER, PATIENCE, Drawing, Holds
from bot.lanes import Lanes
from bot.outcomes import Outcomes
from bot.pace import Pace
from bot.telegram import SENDING, Outcome, Result, Telegram
from handlers.replies import Acting, Call, Reply, ShowCard, Toast, acting, afresh, strip, toast
from storage.errors import StorageUnavailable
from surveys.delivery_ports import Later
from surveys.ports import Card, Delivery
from surveys.trace import TRACE, traced

log = structlog.get_logger()

Render = Callable[[Delivery], Awaitable[Call | None]]
"""None: what was to be said is not to be said any more. Raises Later."""

IN_HAND = 3.0  # seconds of work that are claimed in advance
AHEAD = 2.0  # seconds of cards that may wait for their turn
PER_CHAT = 3  # deliveries in hand for one chat: more would keep places that others could use
LONGEST_WAIT = 300  # seconds between claims of a delivery that Telegram will not take yet


class Sender:
    """Sends; what came of it is in `outcomes`. `hold`: seconds after its claim in which a delivery may leave."""

    def __init__(
        self,
        telegram: Telegram,
        render: Render,
        pace: Pace,
        clock: Clock,
        outcomes: Outcomes,
        *,
        hold: float,
        holds: Holds = lambda: True,
    ) -> None:
        self._telegram = telegram
        self._render = render
        self._pace = pace
        self._clock = clock
        self._outcomes = outcomes
        self._hold = hold
        self._holds = holds
        self._lanes = Lanes()
        self._drawing = Drawing(telegram, pace, outcomes, self._lanes, holds)
        self._claimed: dict[int, float] = {}

    @property
    def waiting(self) -> int:
        """How many messages that nobody waits for have not left yet."""
        return self._pace.waiting

    @property
    def spare(self) -> int:
        """How many more cards that nobody waits for it takes: those of two seconds are enough to wait here."""
        return max(0, math.ceil(AHEAD * self._pace.per_second) - self._pace.waiting)

    @property
    def busy(self) -> int:
        """How many chats have something on its way."""
        return self._lanes.busy

    @property
    def room(self) -> int:
        """How many more deliveries it takes."""
        return max(0, math.ceil(IN_HAND * self._pace.per_second) - len(self._claimed))

    def reply(self, reply: Reply) -> None:
        """Sends what a person is waiting for."""
        match reply:
            case Toast(trace=trace):
                with traced(trace):
                    self._lanes.aside(self._drawing.missable(toast(reply)))
            case Acting(trace=trace):
                with traced(trace):
                    self._lanes.aside(self._drawing.missable(acting(reply)))
            case ShowCard():
                self.card(reply)

    def card(self, card: ShowCard) -> None:
        """Draws a card. Of several that wait, only the last is drawn; an older turn never replaces a newer one."""
        self._drawing.draw(card)

    def disarm(self, card: Card) -> None:
        """Takes the buttons from a copy of a card that stands elsewhere."""
        if card.message_id is not None:
            self._lanes.aside(self._drawing.missable(strip(card.chat_id, card.message_id)))

    def has(self, interview_id: str, turn: int) -> bool:
        """Whether the card of this interview is on its way, or has been drawn in this turn."""
        return self._drawing.has(interview_id, turn)

    def drew(self, interview_id: str, turn: int) -> bool:
        """Whether the card was drawn here in this turn, and storage is still to learn of it."""
        return self._outcomes.shows(interview_id, turn)

    def deliver(self, delivery: Delivery) -> None:
        """Sends a claimed delivery; one that is claimed again while it waits here, or after it has left, only once."""
        if self._outcomes.tells_of(delivery.id):
            log.info("claimed before its outcome was stored", delivery=delivery.id)
            return
        held = delivery.id in self._claimed
        self._claimed[delivery.id] = _now()
        ahead = self._lanes.waiting(delivery.chat_id)
        if held:
            log.info("claimed again", delivery=delivery.id)
        elif delivery.priority and ahead >= PER_CHAT:
            self._put_off(delivery, ahead, "others for this chat come first")
        else:
            self._lanes.add(delivery.chat_id, lambda: self._deliver(delivery))

    def unlearn(self, interview_id: str) -> None:
        """The card has been with another replica: only storage knows where it stands."""
        self._drawing.unlearn(interview_id)

    def forget(self) -> None:
        """What has not left yet is for others to send."""
        self._claimed.clear()
        self._drawing.forget()

    async def idle(self) -> None:
        """Waits until nothing is on its way."""
        await self._lanes.idle()

    async def close(self) -> None:
        """Drops what is still on its way; storage knows it and the next start sends it."""
        await self._lanes.close()

    async def _deliver(self, delivery: Delivery) -> None:
        TRACE.set(delivery.trace)
        try:
            call = await self._rendered(delivery)
            if call is not None:
                await self._insist(delivery, call)
        finally:
            self._claimed.pop(delivery.id, None)

    async def _rendered(self, delivery: Delivery) -> Call | None:
        try:
            call = await self._render(delivery)
            if call is None:
                self._failed(delivery, "not wanted any more")
            return call
        except Later as later:
            self._put_off(delivery, (later.until - self._clock.now()).total_seconds(), "not at this hour")
        except StorageUnavailable as error:
            self._put_off(delivery, PATIENCE, error.reason)
        except Exception as error:
            log.error(
                "delivery cannot be rendered", delivery=delivery.id, kind=delivery.kind, error=type(error).__name__
            )
            self._failed(delivery, f"cannot be rendered: {type(error).__name__}")
        return None

    async def _insist(self, delivery: Delivery, first: Call) -> None:
        call, delay = first, FIRST_BACKOFF
        while await self._may_leave(delivery, call):
            outcome = await self._telegram.call(call)
            self._pace.over(delivery.chat_id, outcome)
            if outcome.result in NEVER and call is first and (other := _other_way(call, outcome)) is not None:
                call = other
                continue
            wait = outcome.retry_after or delay
            if self._settled(delivery, outcome, wait):
                return
            await asyncio.sleep(wait)
            delay *= 2

    async def _may_leave(self, delivery: Delivery, call: Call) -> bool:
        """Its turn has come, and it is still this worker's. Otherwise it is claimed again, by whoever it may be."""
        if self._late(delivery):
            return False
        if delivery.priority:
            await self._pace.turn(delivery.chat_id)
        elif call.method in SENDING:
            await self._pace.soon(delivery.chat_id)
        else:
            await self._pace.rested(delivery.chat_id)
        return not self._late(delivery)

    def _late(self, delivery: Delivery) -> bool:
        claimed = self._claimed.get(delivery.id)
        return claimed is None or _now() > claimed + self._hold or not self._holds()

    def _settled(self, delivery: Delivery, outcome: Outcome, wait: float) -> bool:
        """Whether the delivery leaves this lane: done, given up, or put off until later."""
        match outcome.result:
            case Result.DONE:
                self._outcomes.sent.add(delivery.id)
                self._outcomes.news.set()
            case Result.GONE:
                self._outcomes.unreachable.add(delivery.chat_id)
                self._failed(delivery, outcome.description or "unreachable")
            case result if result in NEVER:
                log.error("delivery refused", delivery=delivery.id, kind=delivery.kind, reason=outcome.reason)
                self._failed(delivery, outcome.description)
            case Result.DOUBT if delivery.in_doubt:
                log.warning("delivery in doubt", delivery=delivery.id, kind=delivery.kind, reason=outcome.reason)
                self._failed(delivery, f"in doubt: {outcome.description}")
            case Result.DOUBT:
                self._put_off(delivery, FIRST_BACKOFF, f"in doubt: {outcome.description}", in_doubt=True)
            case _ if wait > PATIENCE:
                self._put_off(delivery, max(wait, min(2**delivery.attempts, LONGEST_WAIT)), outcome.description)
            case _:
                return False
        return True

    def _failed(self, delivery: Delivery, reason: str) -> None:
        self._outcomes.failed[delivery.id] = reason
        self._outcomes.news.set()

    def _put_off(self, delivery: Delivery, seconds: float, reason: str, *, in_doubt: bool = False) -> None:
        self._claimed.pop(delivery.id, None)
        self._outcomes.put_off[delivery.id] = (self._clock.now() + timedelta(seconds=seconds), reason, in_doubt)
        self._outcomes.news.set()


def _other_way(call: Call, outcome: Outcome) -> Call | None:
    """The same message where it can still arrive: in the chat's new place, or as a new message."""
    if outcome.result is Result.MOVED and outcome.moved_to != call.params["chat_id"]:
        return replace(call, params={**call.params, "chat_id": outcome.moved_to})
    return afresh(call)


def _now() -> float:
    return asyncio.get_running_loop().time()
