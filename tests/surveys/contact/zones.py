"""Every kind of clock there is: IANA zones, one for each behaviour in the years to come, and their changes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
STEP = timedelta(days=7)


@cache
def clocks() -> dict[str, tuple[datetime, ...]]:
    """Zone -> the moments at which its clock is turned; of zones that behave alike the first by name."""
    behaviours: dict[object, str] = {}
    for name in sorted(available_timezones()):
        behaviours.setdefault(tuple(offsets(ZoneInfo(name))), name)
    return {name: tuple(changes(ZoneInfo(name))) for name in behaviours.values()}


def offsets(zone: ZoneInfo) -> Iterator[timedelta | None]:
    at = SINCE
    while at < UNTIL:
        yield at.astimezone(zone).utcoffset()
        at += STEP


def changes(zone: ZoneInfo) -> Iterator[datetime]:
    """The clock is never turned twice within a week."""
    at = SINCE
    while at < UNTIL:
        if at.astimezone(zone).utcoffset() != (at + STEP).astimezone(zone).utcoffset():
            yield turned(at, at + STEP, zone)
        at += STEP


def turned(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
