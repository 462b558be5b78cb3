"""Reports that staff are sent again and again, each with what is new since the one before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from surveys.calendar import ContactHours
from surveys.cron import Cron

Period = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringReport:
    """A report by schedule, and the Telegram ids of those who get it. `zone`: whose dates the schedule goes by."""

    key: str
    line: str
    cron: Cron
    zone: ZoneInfo
    to: tuple[int, ...]

    @property
    def schedule(self) -> str:
        return f"{self.line} {self.zone.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """Every recurring report by its key, and when staff may be written to: `zones` of those who have their own."""

    reports: Mapping[str, RecurringReport] = field(default_factory=dict)
    hours: ContactHours = field(default_factory=ContactHours)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    zones: Mapping[int, ZoneInfo] = field(default_factory=dict)

    def zone_of(self, reader: int) -> ZoneInfo:
        return self.zones.get(reader, self.zone)


def news_period(told_until: datetime, now: datetime, *, confidential: bool) -> Period | None:
    """What a reader who was told up to a moment has not been told yet; None: nothing that may be told.

    Where confidentiality was promised, whole months that are over: the answers of a few days tell of single people.

    >>> from datetime import UTC
    >>> told, now = datetime(2026, 9, 16, 7, tzinfo=UTC), datetime(2026, 11, 2, 7, tzinfo=UTC)
    >>> [moment.isoformat()[:10] for moment in news_period(told, now, confidential=True)]
    ['2026-09-01', '2026-11-01']
    >>> news_period(now, now, confidential=True) is None
    True
    """
    since, until = (_month(told_until), _month(now)) if confidential else (told_until, now)
    return (since, until) if since < until else None


def _month(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
