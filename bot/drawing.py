"""Drawing cards: the newest state of each is shown, however long Telegram needs."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import structlog

from bot.lanes import Lanes
from bot.outcomes import Outcomes
from bot.pace import Pace
from bot.telegram import UNSURE, Outcome, Result, Telegram
from handlers.replies import Call, ShowCard, message, strip
from surveys.ports import Card
from surveys.trace import TRACE

log = structlog.get_logger()

KNOWN = 50_000  # cards whose place is remembered
PATIENCE = 5.0  # seconds to wait for what may be missed: a toast, the buttons of a card that is no more
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 10.0
DOUBT_PAUSES = (10.0, 30.0, 60.0)  # seconds; after two tries, whether a new card has arrived is left open so long
DOUBTS = 2 + len(DOUBT_PAUSES)  # copies whose calls are never answered; two of a card that nobody waits for
Holds = Callable[[], bool]
"""Whether this process still has what it took: a replica that was paused may have lost it to another one."""

NEVER = {Result.REFUSED, Result.MOVED, Result.CONFLICT}


class Doubt(NamedTuple):
    """Of a turn, how many calls ended without a word whether the card has arrived."""

    turn: int
    copies: int


class Drawing:
    """An older turn never replaces a newer one."""

    def __init__(self, telegram: Telegram, pace: Pace, outcomes: Outcomes, lanes: Lanes, holds: Holds) -> None:
        self._telegram = telegram
        self._holds = holds
        self._pace = pace
        self._outcomes = outcomes
        self._lanes = lanes
        self._waiting: dict[str, ShowCard] = {}
        self._under_way: set[str] = set()
        self._known: dict[str, Card] = {}
        self._doubts: dict[str, Doubt] = {}

    def draw(self, card: ShowCard) -> None:
        """Draws a card when its chat is free. Of several states that wait, only the newest is drawn."""
        self._doubts.pop(card.interview_id, None)
        self._queue(card)

    def _queue(self, card: ShowCard) -> None:
        waiting = self._waiting.get(card.interview_id)
        if waiting is None:
            self._lanes.add(card.chat_id, lambda: self._show_newest(card.interview_id))
        self._waiting[card.interview_id] = card if waiting is None else _newer(waiting, card)

    def unlearn(self, interview_id: str) -> None:
        """Where the card was seen here counts no more."""
        self._known.pop(interview_id, None)

    def forget(self) -> None:
        """Whatever waits is drawn by others from now on; a call that is on its way is the last one of its card."""
        for cards in (self._waiting, self._under_way, self._known, self._doubts):
            cards.clear()

    def has(self, interview_id: str, turn: int) -> bool:
        """Whether the card is on its way, or has been drawn in this turn."""
        known = self._known.get(interview_id)
        drawn = known is not None and known.shown_turn >= turn
        doubt = self._doubts.get(interview_id)
        comes_again = doubt is not None and doubt.turn >= turn
        return drawn or comes_again or interview_id in self._waiting or interview_id in self._under_way

    async def _show_newest(self, interview_id: str) -> None:
        self._under_way.add(interview_id)
        try:
            await self._show(self._waiting.pop(interview_id, None))
        finally:
            self._under_way.discard(interview_id)

    async def _show(self, card: ShowCard | None) -> None:
        delay = FIRST_BACKOFF
        while card is not None and not self._overtaken(card):
            if card.in_place and self._place(card) is None:
                return self._shown(card, Outcome(Result.DONE))
            card = await self._in_turn(card)
            if not self._may_draw(card):
                return None
            outcome = await self._attempt(card)
            self._pace.over(card.chat_id, outcome)
            if outcome.result is Result.DONE:
                return self._shown(card, outcome)
            if outcome.result is Result.GONE:
                return self._gone(card)
            if outcome.result in NEVER:
                card = self._elsewhere(card, outcome)
                continue
            if outcome.result in UNSURE and self._place(card) is None:
                card = self._doubted(card, outcome)
                if card is None:
                    return None
            await asyncio.sleep(outcome.retry_after or delay)
            delay = min(2 * delay, LONGEST_BACKOFF)
            card = self._newest(card)
        return None

    def _may_draw(self, card: ShowCard) -> bool:
        return card.interview_id in self._under_way and self._holds()

    async def _in_turn(self, card: ShowCard) -> ShowCard:
        """A card that is edited for somebody who waits is no new message: it has no turn to wait for."""
        if card.paced:
            await self._pace.turn(card.chat_id)
        elif self._place(card) is None:
            await self._pace.soon(card.chat_id)
        else:
            await self._pace.rested(card.chat_id)
        return self._newest(card)

    async def _attempt(self, card: ShowCard) -> Outcome:
        place = self._place(card)
        TRACE.set(card.trace)
        call = message(card.chat_id, card.text, card.keyboard, edit=place, html=True, silent=card.silent)
        return await self._telegram.call(call)

    def _place(self, card: ShowCard) -> int | None:
        """The message to edit: of a card that was sent twice the lower one. None: the card is to be a new one."""
        return None if card.below else max(self._places(card), default=None)

    def _places(self, card: ShowCard) -> set[int]:
        """The messages in which the card may stand."""
        known = self._known.get(card.interview_id)
        here = known is not None and known.chat_id == card.chat_id
        places = {card.message_id, known.message_id if known and here else None}
        return {place for place in places if place is not None}

    def _overtaken(self, card: ShowCard) -> bool:
        known = self._known.get(card.interview_id)
        return known is not None and known.shown_turn > card.turn

    def _newest(self, card: ShowCard) -> ShowCard:
        newer = self._waiting.pop(card.interview_id, None) if card.interview_id in self._under_way else None
        return card if newer is None else _newer(card, newer)

    def _elsewhere(self, card: ShowCard, outcome: Outcome) -> ShowCard | None:
        """A card that cannot be edited comes anew; one that cannot be sent does not come."""
        if self._place(card) is None:
            log.error("card refused", interview=card.interview_id, reason=outcome.reason)
            self._doubts.pop(card.interview_id, None)
            return None
        self._known.pop(card.interview_id, None)
        return replace(card, message_id=None, below=False)

    def _doubted(self, card: ShowCard, outcome: Outcome) -> ShowCard | None:
        """Whether a new card has arrived, nobody knows. Its old place can be edited without making one more of it.

        Where there is none a second is sent; after that only with pauses, in which the person may answer the first.
        """
        if self._places(card):
            return replace(card, below=False)
        before = self._doubts.get(card.interview_id)
        copies = before.copies + 1 if before else 1
        self._doubts[card.interview_id] = Doubt(card.turn, copies)
        if copies == 1:
            return card
        log.warning("card in doubt", interview=card.interview_id, copies=copies, reason=outcome.reason)
        if outcome.result is Result.DOUBT and copies >= (2 if card.paced else DOUBTS):
            self._shown(card, outcome)  # where, nobody knows: what the person does next brings it
        else:
            pause = DOUBT_PAUSES[min(copies, DOUBTS - 1) - 2]
            asyncio.get_running_loop().call_later(pause, self._once_more, card)
        return None

    def _once_more(self, card: ShowCard) -> None:
        doubt = self._doubts.get(card.interview_id)
        if doubt is not None and doubt.turn == card.turn:
            self._queue(card)

    def _shown(self, card: ShowCard, outcome: Outcome) -> None:
        message_id = outcome.message_id or self._place(card)
        stale = set() if card.stale is None else {card.stale}
        for old in (self._places(card) | stale) - {message_id}:
            self._lanes.aside(self.missable(strip(card.chat_id, old)))
        known = self._known.get(card.interview_id)
        shown = Card(chat_id=card.chat_id, message_id=message_id, shown_turn=card.turn)
        self._remember(card.interview_id, shown)
        self._outcomes.shown[card.interview_id] = shown
        if known is not None and known.message_id == message_id:
            self._outcomes.linger()  # storage knows the place: drawn once more there, nobody would see a second card
        else:
            self._outcomes.news.set()

    def _remember(self, interview_id: str, shown: Card) -> None:
        self._doubts.pop(interview_id, None)
        self._known.pop(interview_id, None)
        self._known[interview_id] = shown
        if len(self._known) > KNOWN:
            del self._known[next(iter(self._known))]

    def _gone(self, card: ShowCard) -> None:
        self._doubts.pop(card.interview_id, None)
        self._outcomes.unreachable.add(card.chat_id)
        self._outcomes.news.set()

    async def missable(self, call: Call) -> None:
        """A call that may be carried out twice, and may be missed: it is repeated once, soon or not at all."""
        outcome = await self._aside(call)
        again = outcome.result in {Result.WAIT, Result.RETRY, Result.DOUBT}
        if again and outcome.retry_after <= PATIENCE:
            await asyncio.sleep(outcome.retry_after or FIRST_BACKOFF)
            await self._aside(call)

    async def _aside(self, call: Call) -> Outcome:
        """A toast is of no chat: it waits for none."""
        chat = call.params.get("chat_id")
        chat_id = chat if isinstance(chat, int) else None
        if chat_id is not None:
            await self._pace.rested(chat_id)
        outcome = await self._telegram.call(call)
        self._pace.heed(outcome, chat_id)
        return outcome


def _newer(one: ShowCard, other: ShowCard) -> ShowCard:
    """The later state of a card, below if either is to come below. Of one turn, `other` is the later."""
    older, newer = (other, one) if one.turn > other.turn else (one, other)
    if older.chat_id != newer.chat_id:
        return newer
    return replace(
        newer,
        below=older.below or newer.below,
        paced=older.paced and newer.paced,
        in_place=older.in_place and newer.in_place,
        message_id=newer.message_id or older.message_id,
        stale=newer.stale or older.stale,
    )
