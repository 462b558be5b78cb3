"""The chain of the log of looking. Rows in databases are sealed with it: it never changes."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import column, table

from storage.types import EPOCH, MICROSECOND, storable

START: Final = ""
"""What the first row follows."""

# Untyped: a row that somebody tampered with need not be what its columns promise.
LYING: Final = table("audit", *(column(name) for name in ("id", "at", "who", "entrance", "looked_at", "rows", "hash")))


def seal(before: str, row: Mapping[str, Any]) -> str:
    """SHA-256, hexadecimal, of the seal of the row before and of what this one says, its number included.

    `row`: as it lies in the database, `looked_at` as text, `at` a moment or microseconds since 1970.
    """
    at = (row["at"] - EPOCH) // MICROSECOND if isinstance(row["at"], datetime) else row["at"]
    said = [row["id"], at, row["who"], row["entrance"], row["looked_at"], row["rows"]]
    words = storable(json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=str))
    return sha256(f"{before}\n{words}".encode()).hexdigest()
