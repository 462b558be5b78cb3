"""Dates as people write them, into periods of whole days."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NoReturn

from surveys.errors import BadQuery
from surveys.query_words import DAY_WORDS, MONTH_WORDS, lookup, normal

DATES: Final = ("2026-07-01", "2026-07", "01.07.2026")
ISO_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
DOTTED_DATE: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}))?")
YEAR: Final = re.compile(r"[0-9]{4}")

DAYS: Final = lookup(DAY_WORDS)
MONTHS: Final = lookup(MONTH_WORDS)

Period = tuple[date, date]


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
        return _iso(word) or _dotted(word, today) or _month(word, today) or bad_date(word)
    except (ValueError, OverflowError):
        bad_date(word)


def _month(word: str, today: date) -> Period | None:
    """A month by its name: of the year that is said, or else the last one there was, this month included.

    >>> _month("сентябрь", date(2026, 8, 1))
    (datetime.date(2025, 9, 1), datetime.date(2025, 9, 30))
    >>> _month("July 2024", date(2026, 8, 1))
    (datetime.date(2024, 7, 1), datetime.date(2024, 7, 31))
    """
    name, _, year = normal(word).partition(" ")
    if name not in MONTHS:
        return None
    month = MONTHS[name]
    return _iso(f"{year or today.year - (int(month) > today.month)}-{month}")


def _iso(word: str) -> Period | None:
    match = ISO_DATE.fullmatch(normal(word))
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    first = date(year or 0, month or 1, day or 1)
    if day:
        return first, first
    last = first.replace(month=month or 12)
    return first, last.replace(day=monthrange(last.year, last.month)[1])


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


def dated(word: str) -> bool:
    """Whether the word means to be a date, a right one or a wrong one."""
    return normal(word) in DAYS or normal(word) in MONTHS or any(sign in "0123456789" for sign in word)


def midnight(day: date) -> datetime:
    """The first moment of the day, UTC."""
    return datetime.combine(day, time(), UTC)


def after(day: date) -> datetime:
    """The first moment after the day; after the last one of the calendar, which people write for "ever", its end."""
    return midnight(day + timedelta(days=1)) if day < date.max else datetime.max.replace(tzinfo=UTC)


def bad_date(word: str) -> NoReturn:
    """Refuses a word that stands where a date should."""
    raise BadQuery(reason="bad_date", word=word, allowed=DATES, nearest=None)
