"""What sending brought about and storage is to remember, collected until the next commit."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from surveys.ports import Card

LINGER = 0.05  # seconds


@dataclass(slots=True)
class Outcomes:
    """Cards drawn, by interview; deliveries sent, put off and failed (why), by id; chats out of reach.

    Put off: until when, why, and whether it may have arrived all the same. `news`: there is something to commit now.
    `settling`: what is with a commit that has not ended yet.
    """

    shown: dict[str, Card] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    put_off: dict[int, tuple[datetime, str, bool]] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    unreachable: set[int] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    lingering: asyncio.TimerHandle | None = None
    settling: "Outcomes | None" = None

    def __bool__(self) -> bool:
        return bool(self.shown or self.sent or self.put_off or self.failed or self.unreachable)

    def tells_of(self, delivery_id: int) -> bool:
        """Whether it is known here, and not yet in storage, what became of this delivery."""
        return any(delivery_id in known for one in self._here for known in (one.sent, one.put_off, one.failed))

    def shows(self, interview_id: str, turn: int) -> bool:
        """Whether it is known here, and perhaps not yet in storage, that this card has been drawn in this turn."""
        cards = (one.shown.get(interview_id) for one in self._here)
        return any(card is not None and card.shown_turn >= turn for card in cards)

    @property
    def _here(self) -> Iterator["Outcomes"]:
        yield self
        if self.settling is not None:
            yield self.settling

    def linger(self) -> None:
        """What was added goes with whatever is committed next; where nothing is, it is committed in a moment."""
        if self.lingering is None:
            self.lingering = asyncio.get_running_loop().call_later(LINGER, self.news.set)

    def take(self) -> "Outcomes":
        """All there is so far; what comes later is collected anew."""
        self.news.clear()
        if self.lingering is not None:
            self.lingering.cancel()
            self.lingering = None
        taken = self.settling = Outcomes(self.shown, self.sent, self.put_off, self.failed, self.unreachable)
        self.shown, self.sent, self.put_off, self.failed, self.unreachable = {}, set(), {}, {}, set()
        return taken

    def settled(self) -> None:
        """What was taken is in storage, or has been put back."""
        self.settling = None

    def apart(self) -> Iterator["Outcomes"]:
        """One after the other, for when they cannot be committed together."""
        yield from (Outcomes(shown={key: card}) for key, card in self.shown.items())
        yield from (Outcomes(sent={each}) for each in self.sent)
        yield from (Outcomes(put_off={key: why}) for key, why in self.put_off.items())
        yield from (Outcomes(failed={key: why}) for key, why in self.failed.items())
        yield from (Outcomes(unreachable={each}) for each in self.unreachable)

    def restore(self, taken: "Outcomes") -> None:
        """Puts back what could not be committed; what is newer stays."""
        self.shown = taken.shown | self.shown
        self.sent |= taken.sent
        self.put_off = taken.put_off | self.put_off
        self.failed = taken.failed | self.failed
        self.unreachable |= taken.unreachable
        self.news.set()
