"""Whatever a screen shows, it says of which time."""

from datetime import UTC, datetime

from reports.overview import period_of
from reports.speech import Speech
from surveys.reporting import ReportQuery

JULY, AUGUST = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)


def said(since: datetime | None = None, until: datetime | None = None, as_of: datetime | None = None) -> str:
    return period_of(Speech("en", {}), ReportQuery(metric="nps", since=since, until=until, as_of=as_of))


def test_a_period_with_one_bound_is_not_all_time() -> None:
    assert said() == "All time"
    assert said(since=JULY) == "since Jul 1, 2026"
    assert said(until=AUGUST) == "through Jul 31, 2026"
    assert said(JULY, AUGUST) == "July 2026"


def test_a_report_of_the_past_says_of_which_day() -> None:
    assert said(as_of=JULY) == "All time, as of Jul 1, 2026"
