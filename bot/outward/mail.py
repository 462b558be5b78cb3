"""What comes of an attempt to tell another system of something, and what any of them is told through."""

import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol

import aiohttp

from bot.outward.addresses import is_public
from surveys.outward.ports import Parcel

LONGEST_WAIT: Final = 86_400.0  # seconds; whoever asks for more is asked again after a day
CONNECT_SECONDS: Final = 5.0
CALL_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """It is done."""


@dataclass(frozen=True, slots=True)
class Again:
    """It is to be tried again, not before `after` seconds. `asked`: it was asked for, and goes for everything."""

    reason: str
    after: float = 0.0
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Never:
    """It will not arrive. `closed`: nor will anything else."""

    reason: str
    closed: bool = False


Outcome = Arrived | Again | Never


class Mailbox(Protocol):
    """A system that is told. `at_once`: how many parcels it takes at the same time. `address`: what it is known by,
    without secrets: it opens again when that changes.
    """

    @property
    def at_once(self) -> int: ...
    @property
    def address(self) -> str: ...
    async def deliver(self, parcel: Parcel) -> Outcome: ...


class Private(OSError):
    """The address is inside a network."""


def session(*, internal: bool) -> aiohttp.ClientSession:
    """Connections to the internet alone; to anywhere where `internal` says so. `close()` it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=64, socket_factory=None if internal else public_socket),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS),
    )


def public_socket(info: Any) -> socket.socket:
    """Asked with the very address that is connected to next, whatever a name resolved to before. Raises Private."""
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise Private("the address is inside a network")
    return socket.socket(family=family, type=kind, proto=protocol)


def failure(error: Exception) -> Again:
    """What kept a call from being answered, without its words: they may hold the address."""
    private = isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, Private)
    return Again("its address is inside a network" if private else type(error).__name__)


def retry_after(said: str | None, now: datetime) -> float:
    """Seconds that a `Retry-After` header asks for: a number, or a moment.

    >>> retry_after("120", datetime(2026, 1, 1, tzinfo=UTC)), retry_after("soon", datetime(2026, 1, 1, tzinfo=UTC))
    (120.0, 0.0)
    """
    if said is None:
        return 0.0
    try:
        seconds = float(said) if said.isascii() and said.isdigit() else _until(said, now)
    except (ValueError, TypeError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _until(said: str, now: datetime) -> float:
    moment = parsedate_to_datetime(said)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
