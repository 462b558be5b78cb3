"""Schedules by crontab lines of five fields, over local dates: each local time fires once, whatever the clock does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from surveys.calendar import DAY, instants

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
LONGEST_WAIT: Final = timedelta(days=9 * 366)  # from one 29 February to the next there may be eight years


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field may say: whole numbers, or names that stand for them from `low` on."""

    title: str
    low: int
    high: int
    names: Sequence[str] = ()


FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, MONTHS),
    _Field("weekday", 0, 7, WEEKDAYS),
)


@dataclass(frozen=True, slots=True)
class Cron:
    """When a schedule fires. `weekdays`: 0 is Sunday. Made by `parse_cron`.

    `either`: both the day and the weekday were named, and one of them is enough, as in every crontab.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def on(self, day: date) -> bool:
        """Whether it fires on this date."""
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        fits = of_month or of_week if self.either else of_month and of_week
        return day.month in self.months and fits


def parse_cron(line: str) -> Cron:
    """The schedule of a line such as `0 10 15 3,9 *`. Raises ValueError with one sentence.

    >>> parse_cron("0 10 * * mon-fri").weekdays == frozenset({1, 2, 3, 4, 5})
    True
    """
    words = line.lower().split()
    if len(words) != len(FIELDS):
        raise ValueError(f"five fields are needed, minute, hour, day, month and weekday, and there are {len(words)}")
    minutes, hours, days, months, weekdays = (_values(word, field) for word, field in zip(words, FIELDS, strict=True))
    either = not words[2].startswith("*") and not words[4].startswith("*")
    cron = Cron(minutes, hours, days, months, frozenset(day % 7 for day in weekdays), either)
    if not any(map(cron.on, _leap_year())):
        raise ValueError("there is no such day in any year")
    return cron


def next_fire(cron: Cron, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first moment after `after`, UTC; None for a day that does not come within nine years.

    A local time that the clock skips fires right after the gap; one that comes twice fires the first time.
    """
    day = after.astimezone(zone).date() - DAY
    last = day + LONGEST_WAIT
    while day <= last:
        fires = (moment for moment in _fires(cron, day, zone) if moment > after) if cron.on(day) else iter(())
        if found := min(fires, default=None):
            return found
        day += DAY
    return None


def _fires(cron: Cron, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    for hour, minute in product(cron.hours, cron.minutes):
        yield instants(day, time(hour, minute), zone)[0].astimezone(UTC)


def _values(word: str, field: _Field) -> frozenset[int]:
    return frozenset(value for part in word.split(",") for value in _range(part, field))


def _range(part: str, field: _Field) -> range:
    span, slash, step = part.partition("/")
    if slash and not (step.isdecimal() and int(step) > 0):
        raise ValueError(f"{field.title}: {part!r} has no step; write it as */15 or 8-18/2")
    if span == "*":
        low, high = field.low, field.high
    else:
        first, dash, last = span.partition("-")
        low = _number(first, field)
        high = _number(last, field) if dash else field.high if slash else low
    if low > high:
        raise ValueError(f"{field.title}: {part!r} goes backwards")
    return range(low, high + 1, int(step) if slash else 1)


def _number(word: str, field: _Field) -> int:
    if word in field.names:
        return field.names.index(word) + field.low
    if not (word.isdecimal() and word.isascii() and field.low <= int(word) <= field.high):
        raise ValueError(f"{field.title}: {word!r} is not one of {field.low} to {field.high}")
    return int(word)


def _leap_year() -> Iterator[date]:
    return (date(2028, 1, 1) + number * DAY for number in range(366))
