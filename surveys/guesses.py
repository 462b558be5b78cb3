"""Links that open nothing: counted, of each account and altogether, so that nobody tries many of them."""

from datetime import datetime, timedelta
from typing import Final, Protocol

from surveys.alerts import tell_staff
from surveys.ports import UnitOfWork
from surveys.rules import Rules

WINDOW: Final = timedelta(hours=1)
EACH: Final = 10
ALL: Final = 100
ALARMED: Final = "guesses_alarmed_at"
"""The fact under which it is kept when the admins were last told."""


class Guesses(Protocol):
    """Different tokens that opened nothing. `who`: stands for an account, and does not tell which."""

    async def count(self, who: str, since: datetime) -> tuple[int, int]:
        """How many since then: of this account, and of everybody."""
        ...

    async def add(self, who: str, token_hash: bytes, at: datetime) -> bool:
        """Whether this account had not tried this token yet."""
        ...

    async def prune(self, before: datetime) -> None:
        """Forgets those made before then."""
        ...


async def is_refused(uow: UnitOfWork, who: str, now: datetime) -> bool:
    """Whether the account has tried enough. Where all together have, that is whoever has ever failed.

    Nobody who opens the one link they were sent is kept out, however many others are guessing.
    """
    own, every = await uow.guesses.count(who, now - WINDOW)
    return own >= (EACH if every < ALL else 1)


async def note(uow: UnitOfWork, rules: Rules, who: str, token_hash: bytes, now: datetime) -> bool:
    """Counts a token that opened nothing; whether it is the first time. Admins are told once in a window."""
    first = await uow.guesses.add(who, token_hash, now)
    own, every = await uow.guesses.count(who, now - WINDOW)
    if first and (own >= EACH or every >= ALL) and await _is_news(uow, now):
        for admin in sorted(rules.access.admins):
            await tell_staff(uow, rules.alerts, admin, "guessed_links", {"guesses": every}, now)
    return first


async def _is_news(uow: UnitOfWork, now: datetime) -> bool:
    told = await uow.settings.get(ALARMED)
    if told is not None and datetime.fromisoformat(told) > now - WINDOW:
        return False
    await uow.settings.set(ALARMED, now.isoformat())
    return True
