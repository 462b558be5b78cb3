"""The use case of a comparison: a report and the same of the period before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from metrics.csat import Method as Boxes
from metrics.csat import csat
from metrics.csi import Csi
from metrics.differences import (
    UNKNOWN,
    Difference,
    ces_difference,
    csi_difference,
    nps_difference,
    share_difference,
)
from metrics.estimates import Share, share
from metrics.histogram import Histogram
from metrics.scales import EVERY_SCALE
from surveys.report import report
from surveys.reporting import Counts, Figure, Report, ReportQuery, ReportRules

EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`change` of the total and `changes` of the groups that both periods have, by key: now minus before."""

    now: Report
    before: Report
    change: Difference
    changes: Mapping[str | None, Difference]


async def compare(query: ReportQuery, earlier: ReportQuery, counts: Counts, rules: ReportRules) -> Comparison:
    """`query` beside `earlier`, which asks the same of another period. What either suppresses has no change."""
    before, now = await report(earlier, counts, rules), await report(query, counts, rules)
    past = {group.key: group.figure for group in before.groups}
    changes = {
        group.key: difference(now, before, group.figure, past[group.key]) for group in now.groups if group.key in past
    }
    change = difference(now, before, now.total, before.total)
    return Comparison(now=now, before=before, change=change, changes=changes)


def previous(query: ReportQuery, now: datetime) -> ReportQuery | None:
    """The same of the period just before, as long; of whole months, as many months. None where it has no beginning.

    `now`, aware, ends a period that has no end.

    >>> from datetime import UTC
    >>> july, october = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
    >>> before = previous(ReportQuery(metric="nps", since=july, until=october), october)
    >>> before.since.isoformat()[:10], before.until.isoformat()[:10]
    ('2026-04-01', '2026-07-01')
    """
    since, until = query.since, query.until or now
    if since is None or since >= until or since == EARLIEST:
        return None
    return replace(query, since=_start(since, until), until=since)


def _start(since: datetime, until: datetime) -> datetime:
    """Where the period before begins, not before the calendar does."""
    months = _months(since, until)
    try:
        return _earlier(since, months) if months else since - (until - since)
    except (OverflowError, ValueError):
        return EARLIEST


def _months(since: datetime, until: datetime) -> int:
    """How many whole months the period is; 0 where it is none."""
    whole = all(end == end.replace(day=1, hour=0, minute=0, second=0, microsecond=0) for end in (since, until))
    return (until.year - since.year) * 12 + until.month - since.month if whole else 0


def _earlier(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1)


def difference(now: Report, before: Report, figure: Figure, past: Figure) -> Difference:
    """Of two figures of one metric; unknown where one of them is not shown, or CES was on different scales."""
    if figure.value is None or past.value is None:
        return UNKNOWN
    match now.query.metric:
        case "nps":
            return nps_difference(past.histograms["nps"], figure.histograms["nps"])
        case "ces":
            return _effort(now, before, figure, past)
        case "response":
            return share_difference(_answered(past), _answered(figure))
        case "csi" if figure.roles:
            return csi_difference(_index(past), _index(figure))
        case _:
            return _satisfied(now, figure, past)


def _effort(now: Report, before: Report, figure: Figure, past: Figure) -> Difference:
    if not now.scales or now.scales[:1] != before.scales[:1]:
        return UNKNOWN
    key = now.scales[0]
    first, second = (each.histograms.get(key, Histogram()) for each in (past, figure))
    return ces_difference(first, second, EVERY_SCALE[key])


def _answered(figure: Figure) -> Share:
    work = figure.fieldwork
    return share(work.completed, work.delivered) if work else share(0, 0)


def _index(figure: Figure) -> Csi:
    return Csi(figure.value, figure.interval, figure.n, figure.roles, figure.covered or 0.0)


def _satisfied(now: Report, figure: Figure, past: Figure) -> Difference:
    """A CSAT, or one role of an index."""
    if now.method == "mean" or now.method is None:
        return Difference((figure.value or 0.0) - (past.value or 0.0), None)
    return share_difference(satisfied(past, now.method), satisfied(figure, now.method))


def satisfied(figure: Figure, method: Boxes) -> Share:
    """The share behind a figure."""
    return csat({EVERY_SCALE[key]: counts for key, counts in figure.histograms.items()}, method=method)
