"""One service per SQLite file: two would undo each other's order."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.console import Trouble


@contextmanager
def sole_service(database_url: str) -> Iterator[None]:
    """Holds a lock beside the file for as long as the service lives; a dead process holds none. Others need no lock."""
    if not database_url.startswith("sqlite"):
        yield
        return
    database = Path(database_url.partition(":///")[2].partition("?")[0]).resolve()
    path = Path(f"{database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            said = "another otklik run uses this file; SQLite serves one, several need PostgreSQL"
            raise Trouble(f"database.url: {database}: {said}") from error
        yield
