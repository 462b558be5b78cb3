"""Words into a report query, the same for the chat and the command line.

    [metric] [by DIM] [DIM=VALUE]... [since DATE] [until DATE] [method M]

In any order; words in Russian, English and Ukrainian, in the forms people use; without a metric it is NPS. A repeated
DIM adds a value. DATE: 2026-07-01, 2026-07, 2026, 01.07.2026, 01.07 (the last one there was), "today", "yesterday";
days are UTC. `until` takes in the day, month or year it names, whole. "in 2026-07" is since and until in one.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Final, NoReturn, TypeVar

from surveys.errors import BadQuery
from surveys.query_words import (
    CLAUSE_WORDS,
    DAY_WORDS,
    DIMENSION_WORDS,
    METHOD_WORDS,
    METRIC_WORDS,
    Clause,
    Day,
)
from surveys.reporting import Dimension, Method, Metric, ReportQuery
from surveys.typed import clean

MOST_WORDS: Final = 50
LONGEST_WORD: Final = 200
DATES: Final = ("2026-07-01", "2026-07", "01.07.2026")

ISO_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
DOTTED_DATE: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}))?")

QUOTES: Final[Mapping[str, str]] = {"«": "»", "“": "”", "„": "“”", '"': '"', "'": "'"}

Key = TypeVar("Key", bound=str)
Value = TypeVar("Value")
Period = tuple[date, date]


def normal(word: str) -> str:
    """The word as the tables know it.

    >>> normal("Удовлетворённость,")
    'удовлетворенность'
    """
    return unicodedata.normalize("NFKC", word).casefold().replace("ё", "е").rstrip(",;")


def _lookup(table: Mapping[Key, str]) -> dict[str, Key]:
    return {normal(word): key for key, words in table.items() for word in words.split()}


METRICS: Final[Mapping[str, Metric]] = _lookup(METRIC_WORDS)
DIMENSIONS: Final[Mapping[str, Dimension]] = _lookup(DIMENSION_WORDS)
METHODS: Final[Mapping[str, Method]] = _lookup(METHOD_WORDS)
DAYS: Final[Mapping[str, Day]] = _lookup(DAY_WORDS)
CLAUSES: Final[Mapping[str, tuple[Clause, ...]]] = {
    word: tuple(clause for clause, words in CLAUSE_WORDS.items() if word in words.split())
    for word in dict.fromkeys(" ".join(CLAUSE_WORDS.values()).split())
}
KEYWORDS: Final = (*METRIC_WORDS, *CLAUSE_WORDS, *(f"{dimension}=" for dimension in DIMENSION_WORDS))


def parse_report(words: Sequence[str], today: date) -> ReportQuery:
    """The query these words make. Raises BadQuery and nothing else, whatever the words.

    >>> query = parse_report(["nps", "по", "ролям", "этап=operation", "с", "2026-07"], date(2026, 8, 1))
    >>> query.metric, query.by, dict(query.where), query.since.isoformat()
    ('nps', 'role', {'stage': ('operation',)}, '2026-07-01T00:00:00+00:00')
    """
    _check_size(words)
    said = _Said(today)
    rest = deque(words)
    while rest:
        said.take(rest.popleft(), rest)
    return said.query()


def split_words(text: str) -> tuple[str, ...]:
    """The words of a message; quoted ones stay together, quotation marks off. Raises BadQuery for a mark left open.

    A quotation that follows a DIM=VALUE goes on with the value, marks and all: so do names of companies.

    >>> split_words('csat роль="IT lead" account=ООО «Северный завод» by role')
    ('csat', 'роль=IT lead', 'account=ООО «Северный завод»', 'by', 'role')
    """
    words: list[str] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        word, end = _word(text, position)
        if text[position] in QUOTES and words and "=" in words[-1]:
            words[-1] += " " + text[position:end]
        else:
            words.append(word)
        position = end
    return tuple(words)


def _word(text: str, start: int) -> tuple[str, int]:
    """The word that begins at `start`, and where it ends."""
    word, position = "", start
    while position < len(text) and not text[position].isspace():
        opens = text[position] in QUOTES and (position == start or text[position - 1] == "=")
        end = _closing(text, position) if opens else position
        word += text[position + opens : end + (not opens)]
        position = end + 1
    return word, position


def _closing(text: str, start: int) -> int:
    """Where the quotation opened at `start` ends; one inside another is a part of it."""
    opening, closing, depth = text[start], QUOTES[text[start]], 1
    for position in range(start + 1, len(text)):
        if text[position] in closing:
            depth -= 1
        elif text[position] == opening:
            depth += 1
        if depth == 0:
            return position
    raise BadQuery(reason="unclosed_quote", word=text[start : start + 20], allowed=(), nearest=None)


@dataclass(slots=True)
class _Said:
    """What the words have said so far."""

    today: date
    metric: Metric | None = None
    by: Dimension | None = None
    where: dict[Dimension, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    method: Method | None = None

    def query(self) -> ReportQuery:
        return ReportQuery(
            metric=self.metric or "nps",
            by=self.by,
            where=self.where,
            since=self.since,
            until=self.until,
            method=self.method,
        )

    def take(self, word: str, rest: deque[str]) -> None:
        """Takes in one clause: `word`, and of `rest` what belongs to it."""
        head = normal(word)
        if "=" in word:
            self._filter(word)
        elif head in METRICS:
            self.metric = _once(self.metric, METRICS[head], word)
        elif head in CLAUSES:
            self._clause(word, CLAUSES[head], rest)
        else:
            _unknown(word, KEYWORDS, (*METRICS, *CLAUSES, *DIMENSIONS))

    def _filter(self, word: str) -> None:
        name, _, value = word.partition("=")
        dimension = DIMENSIONS.get(normal(name.strip()))
        if dimension is None:
            _unknown(name, tuple(DIMENSION_WORDS), DIMENSIONS)
        wanted = clean(value)
        if not wanted:
            raise BadQuery(reason="incomplete", word=word, allowed=(), nearest=None)
        known = self.where.get(dimension, ())
        self.where[dimension] = known if wanted in known else (*known, wanted)

    def _clause(self, word: str, clauses: tuple[Clause, ...], rest: deque[str]) -> None:
        if not rest:
            raise BadQuery(reason="incomplete", word=word, allowed=_expected(clauses), nearest=None)
        following = rest.popleft()
        if clauses == ("method",):
            method = METHODS.get(normal(following)) or _unknown(following, tuple(METHOD_WORDS), METHODS)
            self.method = _once(self.method, method, word)
        elif "by" in clauses and normal(following) in DIMENSIONS:
            self.by = _once(self.by, DIMENSIONS[normal(following)], word)
        elif clauses == ("by",) or not _dated(following):
            _unknown(following, _expected(clauses), DIMENSIONS if "by" in clauses else DAYS, dated="by" not in clauses)
        else:
            self._period(word, clauses, period(following, self.today))

    def _period(self, word: str, clauses: tuple[Clause, ...], named: Period) -> None:
        first, last = named
        if "until" not in clauses:
            self.since = _once(self.since, _midnight(first), word)
        if "since" not in clauses:
            self.until = _once(self.until, _after(last), word)


def period(word: str, today: date) -> Period:
    """The first and the last day that a date, a month or a year names. Raises BadQuery.

    >>> period("2026-02", date(2026, 8, 1))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    >>> period("31.12", date(2026, 8, 1))
    (datetime.date(2025, 12, 31), datetime.date(2025, 12, 31))
    """
    day = DAYS.get(normal(word))
    if day:
        moved = today - timedelta(days=day == "yesterday")
        return moved, moved
    try:
        return _iso(word) or _dotted(word, today) or _bad_date(word)
    except (ValueError, OverflowError):
        _bad_date(word)


def _iso(word: str) -> Period | None:
    match = ISO_DATE.fullmatch(normal(word))
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    first = date(year or 0, month or 1, day or 1)
    if day:
        return first, first
    following = date(first.year + 1, 1, 1) if not month or month == 12 else date(first.year, month + 1, 1)
    return first, following - timedelta(days=1)


def _dotted(word: str, today: date) -> Period | None:
    match = DOTTED_DATE.fullmatch(normal(word))
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    if match[3]:
        named = date(int(match[3]), month, day)
    else:
        this_year = date(today.year, month, day)
        named = this_year if this_year <= today else date(today.year - 1, month, day)
    return named, named


def _dated(word: str) -> bool:
    """Whether the word means to be a date, a right one or a wrong one."""
    return normal(word) in DAYS or any(sign in "0123456789" for sign in word)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _after(day: date) -> datetime:
    try:
        return _midnight(day + timedelta(days=1))
    except OverflowError:
        _bad_date(day.isoformat())


def _once(before: Value | None, now: Value, word: str) -> Value:
    if before is not None:
        raise BadQuery(reason="twice", word=word, allowed=(), nearest=None)
    return now


def _expected(clauses: Iterable[Clause]) -> tuple[str, ...]:
    expected = {"by": tuple(DIMENSION_WORDS), "method": tuple(METHOD_WORDS)}
    return next((expected[clause] for clause in clauses if clause in expected), DATES)


def _unknown(word: str, allowed: tuple[str, ...], known: Iterable[str], *, dated: bool = False) -> NoReturn:
    nearest = get_close_matches(normal(word), list(known), n=1)
    reason = "bad_date" if dated else "unknown"
    raise BadQuery(reason=reason, word=word, allowed=allowed, nearest=nearest[0] if nearest else None)


def _bad_date(word: str) -> NoReturn:
    raise BadQuery(reason="bad_date", word=word, allowed=DATES, nearest=None)


def _check_size(words: Sequence[str]) -> None:
    if len(words) > MOST_WORDS:
        raise BadQuery(reason="too_many", word=words[MOST_WORDS][:LONGEST_WORD], allowed=(), nearest=None)
    long = next((word for word in words if len(word) > LONGEST_WORD), None)
    if long is not None:
        raise BadQuery(reason="too_long", word=long[:20] + "…", allowed=(), nearest=None)
