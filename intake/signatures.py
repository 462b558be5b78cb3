"""Who says so: the signatures that sources put on their events."""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from intake.mapping import EventMapping

Kind = Literal["standard", "jira", "zendesk"]
Headers = Mapping[str, str]
"""Headers of a request, by name in any case."""

TOLERANCE: Final = timedelta(minutes=5)
UNIX_SECONDS: Final = re.compile(r"[0-9]{1,11}")


def key_of(kind: Kind, secret: str) -> bytes:
    """The bytes that sign: Standard Webhooks writes them in base64, the others take the secret as it stands.

    Raises ValueError.

    >>> key_of("standard", "whsec_c2VjcmV0"), key_of("jira", "c2VjcmV0")
    (b'secret', b'c2VjcmV0')
    """
    return b64decode(secret.removeprefix("whsec_") + "==") if kind == "standard" else secret.encode()


def _standard(key: bytes, headers: Headers, body: bytes, now: datetime) -> bool:
    """Standard Webhooks: `v1,` and base64 of the HMAC over id, timestamp and body; several stand side by side."""
    name, stamp = _raw(headers, "webhook-id"), headers.get("webhook-timestamp", "")
    if not name or not UNIX_SECONDS.fullmatch(stamp) or abs(int(stamp) - now.timestamp()) > TOLERANCE.total_seconds():
        return False
    expected = b"v1," + b64encode(_mac(key, b".".join((name, stamp.encode(), body))))
    given = _raw(headers, "webhook-signature").split(b" ")
    return any(hmac.compare_digest(expected, one) for one in given)


def _jira(key: bytes, headers: Headers, body: bytes, now: datetime) -> bool:
    """WebSub, as Jira does it: the HMAC over the body alone, in hexadecimal."""
    expected = b"sha256=" + _mac(key, body).hex().encode()
    return hmac.compare_digest(expected, _raw(headers, "X-Hub-Signature"))


def _zendesk(key: bytes, headers: Headers, body: bytes, now: datetime) -> bool:
    """Base64 of the HMAC over timestamp and body, nothing between them."""
    name = "X-Zendesk-Webhook-Signature-Timestamp"
    if not _is_fresh(headers.get(name, ""), now):
        return False
    expected = b64encode(_mac(key, _raw(headers, name) + body))
    return hmac.compare_digest(expected, _raw(headers, "X-Zendesk-Webhook-Signature"))


def _is_fresh(stamp: str, now: datetime) -> bool:
    try:
        return abs(datetime.fromisoformat(stamp) - now) <= TOLERANCE
    except (ValueError, TypeError):  # no moment, or one without its time zone
        return False


def _mac(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, "sha256")


def _raw(headers: Headers, name: str) -> bytes:
    """The bytes of the header as they came."""
    return headers.get(name, "").encode("utf-8", "surrogateescape")


SIGNED: Final[Mapping[Kind, Callable[[bytes, Headers, bytes, datetime], bool]]] = {
    "standard": _standard,
    "jira": _jira,
    "zendesk": _zendesk,
}
"""Kind of source -> whether this key has signed these headers and this body, lately where the kind tells the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A system that reports events. Without `keys` it is closed; `mapping` None: it speaks the public interface."""

    name: str
    kind: Kind
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    mapping: EventMapping | None = None

    def signed(self, headers: Headers, body: bytes, now: datetime) -> bool:
        """Whether this source says so, with one of its keys."""
        return any(SIGNED[self.kind](key, headers, body, now) for key in self.keys)
