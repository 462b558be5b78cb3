"""The one error of a database that cannot be used."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.sealing import SealError

MIGRATE: Final = "its tables are missing or old: run `otklik migrate`"

SAID_BY_SQLSTATE: Final = {
    "28P01": "the server does not accept this user and password",
    "28000": "the server does not accept this user and password",
    "3D000": "there is no database of this name on the server",
    "42501": "this user has too few rights in the database",
    "53300": "the server has no connection left",
    "53100": "the disk is full",
    "57P01": "the server is shutting down",
    "57P03": "the server is starting up or shutting down",
    "42P01": MIGRATE,
    "42703": MIGRATE,
}
SAID_BY_CLASS: Final = {
    "08": "the connection broke",
    "25": "the server has ended the transaction",
    "40": "transactions are in each other's way",
    "53": "the server lacks resources",
    "55": "the server holds what is wanted",
    "57": "the server was told to stop",
    "58": "the server fails to read or write",
}
OF_CONTENT: Final = ("22", "23", "54")  # SQLSTATE: values that do not fit, that contradict others, that are too large
SAID_BY_SQLITE: Final = {
    "unable to open database file": "the file cannot be opened",
    "file is not a database": "the file is not an SQLite database",
    "database disk image is malformed": "the file is damaged",
    "readonly database": "the file may not be written",
    "database is locked": "another program holds the file",
    "disk is full": "the disk is full",
    "no such table": MIGRATE,
    "no such column": MIGRATE,
    "disk I/O error": "the disk fails to read or write, or is full",
}


class StorageUnavailable(Exception):
    """The database cannot be reached or used. The sentence names it without its password."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"database.url: {address}: {reason}")
        self.address = address
        self.reason = reason


def masked(url: str) -> str:
    """The URL as it may be shown: without its password and its parameters, where a password may stand as well."""
    try:
        return make_url(url).set(query={}).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return "not a URL"


def reason_of(error: BaseException) -> str | None:
    """Why the database cannot be used, in words that carry no SQL, no values and no password; None: another error."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    said = str(cause) if isinstance(cause, sqlite3.Error) else ""
    state = getattr(cause, "sqlstate", None) or ""
    by_state = SAID_BY_SQLSTATE.get(state) or SAID_BY_CLASS.get(state[:2])
    by_words = next((ours for theirs, ours in SAID_BY_SQLITE.items() if theirs in said), None)
    lost = "the connection broke" if isinstance(error, DBAPIError) and error.connection_invalidated else None
    busy = "every connection is in use" if isinstance(error, PoolTimeout) else None
    hangs = "the server does not answer" if isinstance(error, TimeoutError) else None
    sealed = str(error) if isinstance(error, SealError) else None
    return sealed or by_state or by_words or lost or busy or hangs


def whatever_is_written(error: BaseException) -> bool:
    """Whether the database, or the way it is used, is at fault, and not what was to be written."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, StorageUnavailable | PoolTimeout)
    state = getattr(error.orig, "sqlstate", None) or ""
    return not (isinstance(error, DataError | IntegrityError) or state.startswith(OF_CONTENT))


@contextmanager
def clear_errors(address: str, *, connecting: bool = False) -> Iterator[None]:
    """Turns the many errors of drivers into StorageUnavailable; while `connecting`, every error is one."""
    try:
        yield
    except Exception as error:
        reason = reason_of(error)
        if reason is None and connecting:
            reason = f"no connection ({type(error).__name__})"
        if reason is None:
            raise
        raise StorageUnavailable(address, reason) from error
