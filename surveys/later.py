"""When a question that somebody puts off may come back, by the clock on their wall. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from surveys.calendar import DAY, ContactHours, instants, next_allowed

Later = Literal["hour", "tomorrow", "morning", "week"]
"""In an hour; tomorrow morning, or the next morning after it that is allowed; in a week, in the morning."""

HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(days=7)
NINE: Final = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The moments a question may be put off to, in the person's own time. `until`: how long it stays open."""

    moments: Mapping[Later, datetime]
    until: datetime

    def before(self, end: datetime | None) -> "Offer":
        """What is left of it if the question is over at `end`, should that be known."""
        if end is None:
            return self
        until = min(self.until, end.astimezone(self.until.tzinfo))
        return Offer(moments={key: at for key, at in self.moments.items() if at < until}, until=until)


def offer(now: datetime, zone: ZoneInfo, hours: ContactHours, expire_after: timedelta) -> Offer:
    """What can be offered now. Only what is kept to the letter: where an hour from now is at night, it is left out."""
    local = now.astimezone(zone)
    found: dict[Later, datetime] = {}
    if next_allowed(now + HOUR, zone, hours) == now + HOUR:
        found["hour"] = (now + HOUR).astimezone(zone)
    morning, week = (_morning(local.date() + by, zone, hours) for by in (DAY, WEEK))
    if morning.date() == local.date() + DAY:
        found["tomorrow"] = morning
    elif morning.date() < local.date() + WEEK:
        found["morning"] = morning
    found["week"] = week
    return Offer(moments=found, until=now.astimezone(zone) + expire_after).before(now + expire_after)


def _morning(day: date, zone: ZoneInfo, hours: ContactHours) -> datetime:
    """The end of the night of this day, or of the first one after it on which people may be written to."""
    night = hours.quiet is not None and time() in hours.quiet and hours.quiet.end < time(12)
    clock = hours.quiet.end if hours.quiet and night else NINE
    allowed = next_allowed(instants(day, clock, zone)[0], zone, hours).astimezone(zone)
    return allowed if allowed.date() == day else _morning(allowed.date(), zone, hours)
