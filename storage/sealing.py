"""Sealing what tells who somebody is: AES-SIV (RFC 5297), the same words under the same key always alike.

So a sealed column is looked up, joined and unique as a plain one is: its first sixteen bytes are a keyed hash of the
value. The library is imported with the first value that is sealed or opened, and without keys never.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Dialect

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BYTES: Final = 64
NAMED: Final = 6
"""Characters of a fingerprint that a sealed value begins with: which key opens it."""

SEALED: Final = re.compile(r"~([0-9a-f]{6})((?:[A-Za-z0-9_-]{4})+(?:[A-Za-z0-9_-]{2,3})?)")
STRANGE: Final = "a name in it is sealed with a key that is not in privacy.keys, or damaged: see docs/privacy.md"
BYTES: Final = re.compile(rb"~([0-9a-f]{6})(.{16,})", re.DOTALL)
SHORT: Final = 200
KNOWN: Final = 16_384
"""Values shorter than this, and how many of them, are remembered as they are sealed, and as they are open."""

RING: Final = "otklik_ring"


class SealError(Exception):
    """The keys do not fit what is sealed, or cannot change now. The sentence says what to do."""


def fingerprint(key: bytes) -> str:
    """Which key it is, for anybody to know."""
    return sha256(b"otklik key " + key).hexdigest()[:16]


class Library(NamedTuple):
    """What the library opens and seals with, by the beginning of a key's fingerprint, and what it says otherwise."""

    ciphers: "Mapping[str, AESSIV]"
    wrong: type[Exception]


class Ring:
    """Keys, all of which open; the first one seals. Without keys everything stays as it is.

    `domain` tells columns apart: what is sealed for one cannot be opened as another. `doubts`: where nothing is sealed
    yet, what cannot be opened are words of somebody who wrote them as if they were.
    """

    def __init__(self, keys: Sequence[bytes], *, seals: bool = True, doubts: bool = False) -> None:
        self._doubts = doubts
        self._keys = {fingerprint(key): key for key in keys}
        self.sealer = fingerprint(keys[0]) if keys and seals else None
        self._name = f"~{(self.sealer or '')[:NAMED]}"
        # The same numbers and names come again and again, and are sealed alike every time.
        self._seal_short, self._open_short = (lru_cache(KNOWN)(each) for each in (self._seal, self._open))

    @property
    def keys(self) -> Sequence[str]:
        """Their fingerprints."""
        return list(self._keys)

    def seal(self, value: str, domain: str) -> str:
        """The words as they are kept."""
        if self.sealer is None:
            return value
        return self._seal_short(value, domain) if len(value) < SHORT else self._seal(value, domain)

    def open(self, kept: str, domain: str) -> str:
        """The words again; as they stand where they are not sealed. Raises SealError."""
        if not self._keys or not kept.startswith("~"):
            return kept
        return self._open_short(kept, domain) if len(kept) < SHORT else self._open(kept, domain)

    def seal_bytes(self, value: bytes, domain: str) -> bytes:
        """The same for bytes."""
        return value if self.sealer is None else self._name.encode() + self._sealed(value, domain)

    def open_bytes(self, kept: bytes, domain: str) -> bytes:
        """The same for bytes. Raises SealError."""
        found = BYTES.fullmatch(kept) if self._keys else None
        opened = None if found is None else self._opened(found[1].decode(), found[2], domain)
        return kept if opened is None else opened

    def _seal(self, value: str, domain: str) -> str:
        return self._name + urlsafe_b64encode(self._sealed(value.encode(), domain)).rstrip(b"=").decode()

    def _open(self, kept: str, domain: str) -> str:
        found = SEALED.fullmatch(kept)
        if found is None:
            return kept
        body = found[2] + "=" * (-len(found[2]) % 4)
        opened = self._opened(found[1], urlsafe_b64decode(body), domain)
        return kept if opened is None else opened.decode()

    def _sealed(self, value: bytes, domain: str) -> bytes:
        return self._library.ciphers[self._name[1:]].encrypt(value, [domain.encode()])

    def _opened(self, named: str, body: bytes, domain: str) -> bytes | None:
        library = self._library
        try:
            return library.ciphers[named].decrypt(body, [domain.encode()])
        except (KeyError, library.wrong) as error:
            if self._doubts:
                return None
            raise SealError(STRANGE) from error

    @cached_property
    def _library(self) -> "Library":
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        return Library({name[:NAMED]: AESSIV(key) for name, key in self._keys.items()}, InvalidTag)


PLAIN: Final = Ring(())


def equip(dialect: Dialect, keys: Sequence[bytes]) -> None:
    """Gives these keys to everything that goes through an engine of this dialect: each engine has its own."""
    setattr(dialect, RING, Ring(keys))


def ring_of(dialect: Dialect) -> Ring:
    """The keys of the engine."""
    found: Ring = getattr(dialect, RING, PLAIN)
    return found
