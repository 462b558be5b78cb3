"""Column types: how moments, words, roles and JSON lie in either database."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.sealing import Ring, ring_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

BigInt = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite grows only an INTEGER primary key by itself; all its integers have 64 bits."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept and given back in UTC.

    SQLite has no type for it. Whole microseconds since 1970 are exact, eight bytes at most, sort and subtract as
    numbers, and `strftime` makes a month of them after one division; ISO text would take 26 to 32 bytes.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        on_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(BigInteger() if on_sqlite else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the moment {value.isoformat()} has no time zone")
        return (value - EPOCH) // MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = EPOCH + value * MICROSECOND if dialect.name == "sqlite" else value
        return moment.astimezone(UTC)


def storable(text: str) -> str:
    """The text without what PostgreSQL (NUL) or UTF-8 (lone surrogates) cannot hold, changed into visible marks.

    Texts are cleaned where they come in; this keeps a search for odd words from ending in a database error.
    """
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def json_text(value: Any) -> str:
    """JSON as the database keeps it."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


class Words(TypeDecorator[str]):
    """Text of any length."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Roles(TypeDecorator[tuple[str, ...]]):
    """Keys of roles, greatest weight first, joined as a directory file joins them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else storable("|".join(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value.split("|"))


class Json(TypeDecorator[Any]):
    """JSON values as compact text, readable in any alphabet."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Sealed(TypeDecorator[Any]):
    """What tells who somebody is, sealed where the engine has keys. `domain`: columns of one may be joined.

    `reseal` gives what is kept as it is to be kept: opened with any key of the ring, sealed with its first one.
    """

    cache_ok = True

    def __init__(self, domain: str) -> None:
        super().__init__()
        self.domain = domain

    def reseal(self, kept: Any, ring: Ring, dialect: Dialect) -> Any:
        return ring.seal(ring.open(kept, self.domain), self.domain)


class SealedWords(Sealed):
    """Text of any length."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else ring_of(dialect).seal(storable(value), self.domain)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else ring_of(dialect).open(value, self.domain)


class SealedJson(Sealed):
    """JSON values."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else ring_of(dialect).seal(json_text(value), self.domain)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(ring_of(dialect).open(value, self.domain))


class SealedBytes(Sealed):
    """Bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else ring_of(dialect).seal_bytes(value, self.domain)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else ring_of(dialect).open_bytes(bytes(value), self.domain)

    def reseal(self, kept: Any, ring: Ring, dialect: Dialect) -> Any:
        return ring.seal_bytes(ring.open_bytes(bytes(kept), self.domain), self.domain)


class TelegramId(Sealed):
    """The number of an account or a chat. They all may be joined.

    SQLite keeps a text in a column of integers as it is; in PostgreSQL the column is of text, sealed or not.
    """

    impl = Text
    cache_ok = True

    def __init__(self) -> None:
        super().__init__("telegram")

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Integer() if dialect.name == "sqlite" else Text()

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | str | None:
        return None if value is None else _number(ring_of(dialect).seal(str(value), self.domain), dialect)

    def process_result_value(self, value: int | str | None, dialect: Dialect) -> int | None:
        return None if value is None else int(ring_of(dialect).open(str(value), self.domain))

    def reseal(self, kept: Any, ring: Ring, dialect: Dialect) -> Any:
        return _number(ring.seal(ring.open(str(kept), self.domain), self.domain), dialect)


def _number(kept: str, dialect: Dialect) -> int | str:
    """An integer where it is one and the column takes integers."""
    return kept if dialect.name != "sqlite" or kept.startswith("~") else int(kept)
