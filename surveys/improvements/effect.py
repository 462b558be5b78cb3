"""Whether an improvement moved its metric: the year before it began beside the time since it was finished."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from surveys.changes import Comparison, compare
from surveys.improvements.improvement import Gauge, Improvement
from surveys.reporting import Counts, Dimension, ReportQuery, ReportRules

BEFORE: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Looked:
    """The same question about two periods."""

    before: ReportQuery
    after: ReportQuery


def looked(improvement: Improvement, now: datetime) -> Looked | None:
    """What is compared: answers about the component or, where there is none, at the stage. None before the end.

    >>> from datetime import UTC
    >>> from surveys.improvements.causes import Cause
    >>> start, end = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
    >>> made = Improvement(cause=Cause("usability", "rollout"), opened_at=start, started_at=start, ended_at=end)
    >>> found = looked(made, datetime(2026, 9, 1, tzinfo=UTC))
    >>> found.before.until == start, found.after.since == end, found.after.metric, dict(found.after.where)
    (True, True, 'csat', {'component': ('usability',)})
    """
    start, end = improvement.started_at, improvement.ended_at
    if start is None or end is None or end >= now:
        return None
    metric, where = _gauge(improvement), _where(improvement)
    return Looked(
        before=ReportQuery(metric=metric, where=where, since=start - BEFORE, until=start),
        after=ReportQuery(metric=metric, where=where, since=end, until=now),
    )


async def effect(improvement: Improvement, counts: Counts, rules: ReportRules, now: datetime) -> Comparison | None:
    """The comparison, with an interval where there is enough to compare; None as long as it is not finished."""
    periods = looked(improvement, now)
    return await compare(periods.after, periods.before, counts, rules) if periods else None


def _gauge(improvement: Improvement) -> Gauge:
    return improvement.metric or ("csat" if improvement.cause.component else "nps")


def _where(improvement: Improvement) -> dict[Dimension, tuple[str, ...]]:
    """Recommendation is not about components."""
    cause = improvement.cause
    if cause.component and _gauge(improvement) != "nps":
        return {"component": (cause.component,)}
    return {"stage": (cause.stage,)} if cause.stage else {}
