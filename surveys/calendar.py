"""When a person may be written to, by the clock on their wall. Pure; changes of the clock are taken into account."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is disturbed, in local time: from `start`, included, to `end`, which may lie on the next day."""

    start: time
    end: time

    def __contains__(self, clock: time) -> bool:
        """Whether it is quiet when the clock on the wall shows this.

        >>> [time(hour) in QuietHours(time(20), time(9)) for hour in (8, 9, 19, 20)]
        [True, False, False, True]
        """
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHours:
    """The hours and days on which messages that nobody waits for may leave. Always at least a minute of some days."""

    quiet: QuietHours | None = None
    weekends: bool = False
    holidays: frozenset[date] = frozenset()

    def allow(self, local: datetime) -> bool:
        """Whether a person may be written to at this moment, given in their own time zone."""
        return not self._closed(local.date()) and not self._quiet(local.time())

    def opens(self, local: datetime) -> tuple[date, time]:
        """What the wall shows when the reason that now forbids it is over; another one may follow."""
        if self._closed(local.date()) or self.quiet is None:
            return local.date() + DAY, time()
        today = local.time() < self.quiet.end
        return local.date() if today else local.date() + DAY, self.quiet.end

    def _closed(self, day: date) -> bool:
        return day in self.holidays or (not self.weekends and day.weekday() >= SATURDAY)

    def _quiet(self, clock: time) -> bool:
        return self.quiet is not None and clock in self.quiet


def instants(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments, UTC, at which the wall shows this: one, or two where the clock was turned back.

    Where it was turned forward over this time, the first moment after the gap, which may be on the next date.

    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> [moment.isoformat() for moment in instants(date(2026, 3, 29), time(2, 30), berlin)]
    ['2026-03-29T01:00:00+00:00']
    >>> [moment.isoformat() for moment in instants(date(2026, 10, 25), time(2, 30), berlin)]
    ['2026-10-25T00:30:00+00:00', '2026-10-25T01:30:00+00:00']
    """
    wall = datetime.combine(day, clock)
    found = sorted({wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)})
    shown = tuple(moment for moment in found if moment.astimezone(zone).replace(tzinfo=None) == wall)
    return shown or (_change(found[0], found[-1], zone),)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between the two at which the clock is turned, to the second."""
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        turned = _offset(datetime.fromtimestamp(middle, UTC), zone) == _offset(after, zone)
        low, high = (low, middle) if turned else (middle, high)
    return datetime.fromtimestamp(high, UTC)


def next_allowed(moment: datetime, zone: ZoneInfo, hours: ContactHours) -> datetime:
    """The first moment, not before the given one, at which a person in this zone may be written to."""
    local = moment.astimezone(zone)
    while not hours.allow(local):
        day, clock = hours.opens(local)
        opens = next(each for each in instants(day, clock, zone) if each > moment)
        # Where the clock is turned back on the way, the wall shows an hour once more that may have been allowed.
        moment = _change(moment, opens, zone) if _turned_back(moment, opens, zone) else opens
        local = moment.astimezone(zone)
    return moment


def _turned_back(before: datetime, after: datetime, zone: ZoneInfo) -> bool:
    return _offset(before, zone) > _offset(after, zone)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def due_moment(moment: datetime, zone: ZoneInfo, hours: ContactHours, key: str, drip: timedelta) -> datetime:
    """The next allowed moment; what had to wait for it does not leave all at once but within `drip` of it.

    `key`: whose message it is; the same key always gets the same place in the row.
    """
    start = next_allowed(moment, zone, hours)
    return start if start == moment else _dripped(start, zone, hours, place_in(drip, key))


def _dripped(start: datetime, zone: ZoneInfo, hours: ContactHours, by: timedelta) -> datetime:
    while not hours.allow((start + by).astimezone(zone)):
        by /= 2
    return start + by


def place_in(window: timedelta, key: str) -> timedelta:
    """A place in the window that is the key's own: even over many keys, always the same for one."""
    return window * fraction(key)


def fraction(*words: str) -> float:
    """A number from 0 to 1, 1 excluded, that is these words' own."""
    digest = hashlib.sha256("\n".join(words).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6]) / 2**48
