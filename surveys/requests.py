"""Words into a screen of reports: what `parse_report` understands, and besides that pairs, views and days of the past.

[change | trend | divergence | rules | importance | service | words] [by DIM and DIM] [as of DATE]
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from surveys.errors import BadQuery
from surveys.places import Place
from surveys.query import CLAUSES, DIMENSIONS, VIEWS, parse_pair
from surveys.query_dates import DATES, after, bad_date, dated, period
from surveys.query_words import AND_WORDS, AS_OF_WORDS, Look, normal
from surveys.reporting import Dimension, ReportQuery

AND: Final = frozenset(normal(word) for word in AND_WORDS.split())
AS_OF: Final = tuple(tuple(phrase.split("_")) for phrase in AS_OF_WORDS.split())
INSTANT: Final = timedelta(microseconds=1)


def requested(words: Sequence[str], today: date) -> Place:
    """The screen these words ask for. Raises BadQuery.

    >>> place = requested("csat по этапам и компонентам по состоянию на 2026-07-01".split(), date(2026, 8, 1))
    >>> place.view, place.query.by, place.across, place.query.as_of.isoformat()[:10]
    ('pair', 'stage', 'component', '2026-07-01')
    """
    rest, as_of = _past(list(words), today)
    view, rest = _view(rest)
    query, across = parse_pair(_paired(rest), today)
    return _place(replace(query, as_of=as_of), across, view)


def _past(words: list[str], today: date) -> tuple[list[str], datetime | None]:
    """The words without a day of the past, and its last moment."""
    for at in range(len(words)):
        for phrase in AS_OF:
            end = at + len(phrase)
            if tuple(map(normal, words[at:end])) == phrase:
                return [*words[:at], *words[end + 1 :]], _day(words, end, today)
    return words, None


def _day(words: Sequence[str], at: int, today: date) -> datetime:
    if at == len(words):
        raise BadQuery(reason="incomplete", word=words[-1], allowed=DATES, nearest=None)
    if not dated(words[at]):
        bad_date(words[at])
    return after(period(words[at], today)[1]) - INSTANT


def _view(words: Sequence[str]) -> tuple[Look | None, list[str]]:
    """The view that is named, once, and the other words."""
    named = [word for word in words if normal(word) in VIEWS]
    if len({VIEWS[normal(word)] for word in named}) > 1:
        raise BadQuery(reason="twice", word=named[1], allowed=(), nearest=None)
    return (VIEWS[normal(named[0])] if named else None), [word for word in words if word not in named]


def _paired(words: Sequence[str]) -> list[str]:
    """A second dimension joined by "and" or a comma as one of its own: by DIM and DIM; by DIM, DIM."""
    paired: list[str] = []
    for before, word, after_it in zip(["", *words], words, [*words[1:], ""], strict=False):
        joined = normal(after_it) in DIMENSIONS
        listed = word.endswith(",") and normal(word) in DIMENSIONS and "by" in CLAUSES.get(normal(before), ())
        paired.append("by" if joined and normal(word) in AND else word)
        paired.extend(["by"] if joined and listed else [])
    return paired


def _place(query: ReportQuery, across: Dimension | None, view: Look | None) -> Place:
    if view is None:
        return Place(view="pair" if across else "metric", query=query, across=across)
    if across and view != "service":
        raise BadQuery(reason="two_breakdowns", word=across, other=query.by, allowed=(), nearest=None)
    match view:
        case "trend":
            return Place(view="metric", query=replace(query, by=query.by or "month"))
        case "roles":
            return Place(view="roles", query=replace(query, by=query.by or "account"))
        case _:
            return Place(view=view, query=query, across=across)
