"""Updates on their way to the bot: numbered, kept until confirmed, handed to one poller at a time."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from telegram.constants import UpdateType

from sandbox.errors import conflict

FIRST_UPDATE_ID = 100_000_001
NOT_BY_DEFAULT = {UpdateType.CHAT_MEMBER, UpdateType.MESSAGE_REACTION, UpdateType.MESSAGE_REACTION_COUNT}
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True, slots=True)
class Pending:
    update_id: int
    chat_id: int
    update: Mapping[str, object]


@dataclass(slots=True)
class Inbox:
    pending: dict[int, Pending] = field(default_factory=dict)
    history: dict[int, Pending] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _again: list[Pending] = field(default_factory=list)
    _poller: asyncio.Future[None] | None = None
    _last_id: int = FIRST_UPDATE_ID - 1

    @property
    def polled(self) -> bool:
        """Whether somebody waits in a long poll now."""
        return self._poller is not None and not self._poller.done()

    def put(self, kind: str, chat_id: int, payload: Mapping[str, object]) -> int:
        """The new update's id. A kind the bot did not ask for is numbered and forgotten, as Telegram does."""
        self._last_id += 1
        item = Pending(self._last_id, chat_id, {"update_id": self._last_id, kind: payload})
        if kind in self.allowed or (not self.allowed and kind not in NOT_BY_DEFAULT):
            self.pending[item.update_id] = self.history[item.update_id] = item
            self._announce()
        return item.update_id

    def put_again(self, update_id: int) -> None:
        """Delivers an update once more, even one that was confirmed. Raises KeyError for an unknown id."""
        item = self.history[update_id]
        if update_id not in self.pending:
            self._again.append(item)
        self._announce()

    def confirm(self, offset: int) -> None:
        """Forgets every update before `offset`; a negative one keeps that many of the newest."""
        kept = sorted(self.pending)[offset:] if offset < 0 else [key for key in self.pending if key >= offset]
        self.pending = {key: self.pending[key] for key in sorted(kept)}

    def forget(self, update_id: int) -> None:
        self.pending.pop(update_id, None)

    def forget_all(self) -> None:
        self.pending.clear()
        self._again.clear()

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Which kinds the bot wants from now on; None leaves it as it is, empty means the default."""
        if kinds is not None:
            self.allowed = tuple(kinds)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Mapping[str, object]]:
        """Up to `limit` updates, waiting up to `seconds` for the first."""
        self.end_poll(OTHER_POLLER)
        self.confirm(offset)
        try:
            async with asyncio.timeout(seconds):
                while not self.pending and not self._again:
                    self._poller = asyncio.get_running_loop().create_future()
                    await self._poller
        except TimeoutError:
            return []
        return [item.update for item in self._take(limit)]

    def end_poll(self, reason: str) -> None:
        if self.polled and self._poller:
            self._poller.set_exception(conflict(reason))

    def requeue(self) -> None:
        """Puts what is to be delivered again in its place among the pending: a webhook has no offset to pass."""
        merged = self.pending | {item.update_id: item for item in self._again}
        self._again.clear()
        self.pending = {key: merged[key] for key in sorted(merged)}

    def _take(self, limit: int) -> list[Pending]:
        repeated, self._again = self._again[:limit], self._again[limit:]
        return [*repeated, *list(self.pending.values())[: limit - len(repeated)]]

    def _announce(self) -> None:
        self.arrived.set()
        if self.polled and self._poller:
            self._poller.set_result(None)
