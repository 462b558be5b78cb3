"""The words of people on a phone: each below its score, role, project and date."""

from collections.abc import Mapping, Sequence
from typing import Final

from metrics.scales import EVERY_SCALE
from reports.layout import tidy
from reports.speech import Speech
from surveys.reporting import Dimension
from surveys.verbatims import Verbatim

LONGEST: Final = 600
"""Characters of one answer on a card; a workbook holds all of it."""
NAME: Final = 60


def quoted(t: Speech, words: Sequence[Verbatim], names: Mapping[str, str], *, by_month: bool) -> list[tuple[str, str]]:
    """A line of context and the words, for each. `names`: external id -> name, of those who may be named.

    `by_month`: the day is not told.
    """
    return [(_context(t, one, names, by_month=by_month), _words(one.text)) for one in words]


def _context(t: Speech, one: Verbatim, names: Mapping[str, str], *, by_month: bool) -> str:
    scale = EVERY_SCALE.get(one.scale or "")
    score = t("{score} of {best}", score=one.score, best=scale.high) if scale and one.score is not None else ""
    told: list[tuple[Dimension, str | None]] = [
        ("component", one.component),
        ("role", one.role),
        ("account", one.account),
        ("project", one.project),
    ]
    named = [_clipped(t.name(by, key)) for by, key in told if key]
    day = t.month(one.at) if by_month else t.day(one.at.date())
    author = _clipped(tidy(names.get(one.person or "", "")))
    return " · ".join(filter(None, [score, *named, day, author]))


def _clipped(name: str, most: int = NAME) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _words(text: str) -> str:
    lines = [tidy(line) for line in text.splitlines()]
    return _clipped("\n".join(line for line in lines if line), LONGEST)
