"""What must not stand in a log: who people are, what they write, and what opens doors."""

import csv
from pathlib import Path

from sandbox.server import Sandbox

TELLING = 6
"""Characters from which on words are nobody else's: "7" or "no" may stand anywhere."""


def betrayed(home: Path, sandbox: Sandbox, *secrets: str) -> set[str]:
    """The names, words, tokens and `secrets` of this test that the log of the service holds."""
    log = home / "run.log"
    said = log.read_text("utf-8", "replace") if log.exists() else ""
    return {one for one in {*secrets, *_words(sandbox), *_names(home, sandbox)} if one in said}


def _words(sandbox: Sandbox) -> set[str]:
    """All that people wrote, and of links the token."""
    written = (seen.text for person in sandbox.people.values() for seen in person.messages if not seen.from_bot)
    found = (text.partition(" ")[2] if text.startswith("/") else text for text in written)
    return {text for text in found if len(text) >= TELLING}


def _names(home: Path, sandbox: Sandbox) -> set[str]:
    known = {person.user.full_name for person in sandbox.people.values()}
    file = home / "directory.csv"
    if file.exists():
        with file.open(encoding="utf-8", newline="") as rows:
            known |= {row.get(column) or "" for row in csv.DictReader(rows) for column in ("person", "email")}
    return {name for name in known if len(name) >= TELLING}
