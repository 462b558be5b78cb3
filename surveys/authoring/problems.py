"""What is wrong with a questionnaire file: one line for each thing, with the place and what is allowed."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

Place = tuple[str | int, ...]
Fault = tuple[Place, str]
"""A place in the data and what is wrong there."""

SHOWN = 60


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`key` is a dotted path and is empty when the file as a whole is meant; lines count from 1."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


def shown(value: object) -> str:
    """The value as it may stand in a message: on one line, printable and short.

    >>> shown("a\\nb"), shown(None), shown("x" * 90) == "'" + "x" * 58 + "…"
    ("'a\\\\nb'", 'nothing', True)
    """
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def unknown(what: str, word: str, allowed: Iterable[str]) -> str:
    """The sentence about a word that is none of the allowed ones.

    >>> unknown("scale", "csat5", ["nps", "csat_5"])
    "unknown scale 'csat5', did you mean csat_5? allowed: nps, csat_5"
    """
    known = list(allowed)
    near = get_close_matches(word, known, n=1)
    hint = f", did you mean {near[0]}?" if near else ";"
    return f"unknown {what} {shown(word)}{hint} allowed: {', '.join(known) or 'none'}"
