"""The use case of the first screen: every metric with its change since the period before, and how the NPS went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, get_args

from metrics.differences import UNKNOWN, Difference, ces_difference
from metrics.histogram import Histogram
from metrics.scales import EVERY_SCALE
from surveys.changes import Comparison, compare, previous
from surveys.query_dates import midnight
from surveys.report import report
from surveys.reporting import Counts, Dimension, Figure, Metric, Report, ReportQuery, ReportRules

SHORT: Final = timedelta(days=100)
"""The course of anything shorter is told by month."""
COLUMNS: Final = 6
BEFORE: Final = 6
"""Months that news are compared with, whole ones, and the days of the last month up to the news."""
INSTANT: Final = timedelta(microseconds=1)
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A figure of `report`. `scale`: of a CES, which is told on each scale by itself.

    `change` None: there is no period before.
    """

    report: Report
    figure: Figure
    change: Difference | None
    scale: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """`course`: the NPS by month or by quarter; `keys`: its months or quarters, in order, those without answers too.

    `fresh`: of what is new alone, what has changed first.
    """

    lines: tuple[Headline, ...]
    course: Report
    keys: tuple[str, ...]
    fresh: bool = False


async def headlines(query: ReportQuery, counts: Counts, rules: ReportRules, now: datetime) -> Headlines:
    """Every metric in the cut of `query`, and the NPS of the last quarters or, of a short period, months up to it."""
    lines = await _lines(query, previous(query, now), counts, rules)
    course, keys = await _course(query, counts, rules, now)
    return Headlines(lines=tuple(lines), course=course, keys=keys)


async def news(query: ReportQuery, counts: Counts, rules: ReportRules, now: datetime) -> Headlines:
    """Metrics with new answers, changed from the half-year before the period; a real change comes first."""
    since = query.since or now
    before = replace(query, since=midnight(date(*_month(since.year * 12 + since.month - 1 - BEFORE))), until=since)
    lines = await _lines(query, before, counts, rules)
    told = [line for line in lines if line.figure.n] or lines
    course, keys = await _course(query, counts, rules, now)
    return Headlines(lines=tuple(sorted(told, key=_unchanged)), course=course, keys=keys, fresh=True)


def _unchanged(line: Headline) -> bool:
    return line.change is None or line.change.verdict != "real"


async def _course(
    query: ReportQuery, counts: Counts, rules: ReportRules, now: datetime
) -> tuple[Report, tuple[str, ...]]:
    short = query.since is not None and (query.until or now) - query.since < SHORT
    months = 1 if short else 3
    last = (query.until or now) - INSTANT
    first = last.year * 12 + (last.month - 1) // months * months - (COLUMNS - 1) * months
    starts = [midnight(date(*_month(first + at * months))) for at in range(COLUMNS)]
    by: Dimension = "month" if short else "quarter"
    course = await report(replace(query, metric="nps", by=by, since=starts[0]), counts, rules)
    return course, tuple(_key(start, by) for start in starts)


def _month(number: int) -> tuple[int, int, int]:
    return number // 12, number % 12 + 1, 1


def _key(start: datetime, by: Dimension) -> str:
    return f"{start:%Y-%m}" if by == "month" else f"{start.year}-Q{(start.month + 2) // 3}"


async def _lines(query: ReportQuery, earlier: ReportQuery | None, counts: Counts, rules: ReportRules) -> list[Headline]:
    found: list[Headline] = []
    for metric in METRICS:
        before = None if earlier is None else _about(earlier, metric)
        found += await _told(_about(query, metric), before, counts, rules)
    return found


def _about(query: ReportQuery, metric: Metric) -> ReportQuery:
    return replace(query, metric=metric, by=None, method=None)


async def _told(
    query: ReportQuery, earlier: ReportQuery | None, counts: Counts, rules: ReportRules
) -> Sequence[Headline]:
    if earlier is None:
        found, compared = await report(query, counts, rules), None
    else:
        compared = await compare(query, earlier, counts, rules)
        found = compared.now
    if query.metric == "ces" and found.scales:
        return list(_efforts(found, compared))
    return [Headline(report=found, figure=found.total, change=compared.change if compared else None)]


def _efforts(found: Report, compared: Comparison | None) -> Iterator[Headline]:
    """A line for each scale: what was asked on one says nothing of the other."""
    before = _by_scale(compared.before) if compared else {}
    for scale, figure in _by_scale(found).items():
        change = None if compared is None else _changed(before.get(scale), figure, scale)
        yield Headline(report=found, figure=figure, change=change, scale=scale)


def _by_scale(found: Report) -> dict[str, Figure]:
    if not found.scales:
        return {}
    first, *others = found.scales
    total = found.total
    return {first: total, **{scale: total.scales.get(scale, Figure(n=total.n, suppressed=True)) for scale in others}}


def _changed(past: Figure | None, figure: Figure, scale: str) -> Difference:
    if past is None or past.value is None or figure.value is None:
        return UNKNOWN
    first, second = (each.histograms.get(scale, Histogram()) for each in (past, figure))
    return ces_difference(first, second, EVERY_SCALE[scale])
