"""Words into a report query, the same for the chat and the command line.

    [metric] [by DIM] [DIM=VALUE]... [since DATE] [until DATE] [method M]

In any order; words in Russian, English and Ukrainian, in the forms people use; without a metric it is NPS. A repeated
DIM adds a value; words after a VALUE that are nothing else go on with it. DATE: 2026-07-01, 2026-07, 2026, 01.07.2026,
01.07 (the last one there was), July, July 2025, "today", "yesterday"; days are UTC. `until` takes in the day, month or
year it names, whole. "in 2026-07", or a date alone, is since and until in one.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NoReturn, TypeVar

from surveys.errors import BadQuery
from surveys.query_dates import DATES, DAYS, MONTHS, YEAR, Period, after, dated, midnight, period
from surveys.query_words import (
    CLAUSE_WORDS,
    DIMENSION_WORDS,
    METHOD_WORDS,
    METRIC_WORDS,
    VIEW_WORDS,
    Clause,
    Key,
    lookup,
    normal,
)
from surveys.reporting import Dimension, Method, Metric, ReportQuery
from surveys.typed import clean

MOST_WORDS: Final = 50
LONGEST_WORD: Final = 200

QUOTES: Final[Mapping[str, str]] = {"«": "»", "“": "”", "„": "“”", '"': '"', "'": "'"}

Value = TypeVar("Value")


METRICS: Final[Mapping[str, Metric]] = lookup(METRIC_WORDS)
DIMENSIONS: Final[Mapping[str, Dimension]] = lookup(DIMENSION_WORDS)
METHODS: Final[Mapping[str, Method]] = lookup(METHOD_WORDS)
VIEWS: Final = lookup(VIEW_WORDS)
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
    query, across = parse_pair(words, today)
    if across:
        raise BadQuery(reason="two_breakdowns", word=across, other=query.by, allowed=(), nearest=None)
    return query


def parse_pair(words: Sequence[str], today: date) -> tuple[ReportQuery, Dimension | None]:
    """The same, and the second dimension where two are said. Raises BadQuery.

    >>> query, across = parse_pair(["csat", "by", "stage", "by", "component"], date(2026, 8, 1))
    >>> query.by, across
    ('stage', 'component')
    """
    _check_size(words)
    said = _Said(today)
    rest = deque(words)
    while rest:
        said.take(rest.popleft(), rest)
    return said.query(), said.across


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
    across: Dimension | None = None
    where: dict[Dimension, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    method: Method | None = None
    last: Dimension | None = None
    """The filter whose value may go on."""

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
        if "=" in word:
            self._filter(word)
            return
        last, self.last = self.last, None
        if found := _taken(METRICS, word, rest):
            self.metric = _once(self.metric, found, word)
        elif normal(word) in CLAUSES:
            self._clause(word, CLAUSES[normal(word)], rest)
        elif normal(word) in METHODS:
            self.method = _once(self.method, METHODS[normal(word)], word)
        elif last and normal(word) not in (*DAYS, *MONTHS):
            self._continue(last, word)
        elif dated(word):
            self._period(word, ("during",), period(_whole(word, rest), self.today))
        else:
            _unknown(word, "word", KEYWORDS, (*METRICS, *CLAUSES, *VIEWS))

    def _filter(self, word: str) -> None:
        name, _, value = word.partition("=")
        dimension = DIMENSIONS.get(normal(name.strip()))
        if dimension is None:
            _unknown(name, "dimension", tuple(DIMENSION_WORDS), DIMENSIONS)
        wanted = clean(value)
        if not wanted:
            raise BadQuery(reason="incomplete", word=word, allowed=(), nearest=None)
        known = self.where.get(dimension, ())
        self.where[dimension] = known if wanted in known else (*known, wanted)
        self.last = dimension

    def _continue(self, dimension: Dimension, word: str) -> None:
        """The value of the last filter goes on."""
        *others, value = self.where[dimension]
        self.where[dimension] = (*others, f"{value} {clean(word)}".strip())
        self.last = dimension

    def _clause(self, word: str, clauses: tuple[Clause, ...], rest: deque[str]) -> None:
        if not rest:
            raise BadQuery(reason="incomplete", word=word, allowed=_expected(clauses), nearest=None)
        following = rest.popleft()
        if clauses == ("method",):
            method = METHODS.get(normal(following)) or _unknown(following, "method", tuple(METHOD_WORDS), METHODS)
            self.method = _once(self.method, method, word)
        elif "by" in clauses and (dimension := _taken(DIMENSIONS, following, rest)):
            self._breakdown(dimension)
        elif clauses == ("by",) or not dated(following):
            _misplaced(following, clauses)
        else:
            self._period(word, clauses, period(_whole(following, rest), self.today))

    def _breakdown(self, dimension: Dimension) -> None:
        if self.by in (None, dimension):
            self.by = dimension
        elif self.across in (None, dimension):
            self.across = dimension
        else:
            raise BadQuery(reason="three_breakdowns", word=dimension, other=self.across, allowed=(), nearest=None)

    def _period(self, word: str, clauses: tuple[Clause, ...], named: Period) -> None:
        first, last = named
        if "until" not in clauses:
            self.since = _once(self.since, midnight(first), word)
        if "since" not in clauses:
            self.until = _once(self.until, after(last), word)


def _taken(table: Mapping[str, Key], word: str, rest: deque[str]) -> Key | None:
    """What the word stands for, alone or with the next one, which is taken then."""
    joined = f"{normal(word)}_{normal(rest[0])}" if rest else ""
    if joined in table:
        rest.popleft()
        return table[joined]
    return table.get(normal(word))


def _whole(word: str, rest: deque[str]) -> str:
    """The date: a name of a month takes the year after it."""
    has_year = normal(word) in MONTHS and rest and YEAR.fullmatch(normal(rest[0]))
    return f"{word} {rest.popleft()}" if has_year else word


def _once(before: Value | None, now: Value, word: str) -> Value:
    if before is not None:
        raise BadQuery(reason="twice", word=word, allowed=(), nearest=None)
    return now


def _expected(clauses: Iterable[Clause]) -> tuple[str, ...]:
    expected = {"by": tuple(DIMENSION_WORDS), "method": tuple(METHOD_WORDS)}
    return next((expected[clause] for clause in clauses if clause in expected), DATES)


def _misplaced(word: str, clauses: tuple[Clause, ...]) -> NoReturn:
    """Refuses what follows a word that opens a clause."""
    if "by" in clauses:
        _unknown(word, "dimension", _expected(clauses), DIMENSIONS)
    _unknown(word, "date", DATES, (*DAYS, *MONTHS))


def _unknown(word: str, kind: str, allowed: tuple[str, ...], known: Iterable[str]) -> NoReturn:
    """`kind`: what was expected: word, dimension, method or date."""
    reason = "bad_date" if kind == "date" else "unknown"
    raise BadQuery(reason=reason, kind=kind, word=word, allowed=allowed, nearest=nearest(normal(word), known))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, if only a slip of the finger lies between them.

    >>> nearest("rolle", ["item", "role"]), nearest("cat", ["by", "with"])
    ('role', None)
    """
    slips = {other.replace("_", " "): edits(word, other) for other in known if other != word}
    best = min(slips, key=slips.__getitem__, default=None)
    return best if best is not None and slips[best] <= max(1, len(word) // 4) and len(word) > 2 else None


def edits(one: str, other: str) -> int:
    """How many letters to insert, leave out, change or swap with the next one, from one to the other.

    >>> edits("rolle", "role"), edits("wrods", "words"), edits("", "abc")
    (1, 1, 3)
    """
    earlier: list[int] = []
    before = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        row = [place]
        for column, same in enumerate(other, 1):
            row.append(min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != same)))
            if place > 1 < column and (letter, one[place - 2]) == (other[column - 2], same):
                row[-1] = min(row[-1], earlier[column - 2] + 1)
        earlier, before = before, row
    return before[-1]


def _check_size(words: Sequence[str]) -> None:
    if len(words) > MOST_WORDS:
        raise BadQuery(reason="too_many", word=words[MOST_WORDS][:LONGEST_WORD], allowed=(), nearest=None)
    long = next((word for word in words if len(word) > LONGEST_WORD), None)
    if long is not None:
        raise BadQuery(reason="too_long", word=long[:20] + "…", allowed=(), nearest=None)
