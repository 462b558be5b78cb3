"""How well the circle is closed: counts, times, and whether people are happier afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, variance
from typing import Final

from metrics.intervals import Interval, student_t
from metrics.operations import Times, times
from surveys.cases.case import Case

BEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """By how many points of 100 the same person's next score for the same question is higher than the one that opened
    the case. None without pairs; the interval, 95 %, needs two."""

    n: int
    change: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopFigures:
    """Cases opened in a period, times in seconds. `reopened`: by the client at least once, wherever they are now."""

    opened: int
    open: int
    overdue: int
    checking: int
    confirmed: int
    unconfirmed: int
    merged: int
    reopened: int
    first_contact: Times
    closure: Times
    recovery: Recovery


def loop_figures(cases: Sequence[Case], pairs: Sequence[tuple[float, float]], now: datetime) -> LoopFigures:
    """`pairs`: the score that opened a case and the next one, 0-100 each. Merged cases count where they went."""
    kept = [case for case in cases if case.outcome != "merged"]
    return LoopFigures(
        opened=len(cases),
        open=sum(case.status != "closed" for case in cases),
        overdue=sum(case.overdue(now) for case in cases),
        checking=sum(case.status == "checking" for case in cases),
        confirmed=sum(case.outcome == "confirmed" for case in cases),
        unconfirmed=sum(case.outcome == "unconfirmed" for case in cases),
        merged=len(cases) - len(kept),
        reopened=sum(case.reopened > 0 for case in cases),
        first_contact=_times(case.contacted_at - case.opened_at for case in kept if case.contacted_at),
        closure=_times(case.closed_at - case.opened_at for case in kept if case.closed_at),
        recovery=recovery(pairs),
    )


def recovery(pairs: Sequence[tuple[float, float]]) -> Recovery:
    """The mean change with Student's interval of paired differences.

    >>> recovery([(30, 80), (20, 60)]).change, recovery([]).change is None
    (45.0, True)
    """
    changes = [after - before for before, after in pairs]
    if not changes:
        return Recovery(n=0, change=None, interval=None)
    mean, n = fmean(changes), len(changes)
    interval = student_t(mean, variance(changes), n, low=-BEST, high=BEST) if n > 1 else None
    return Recovery(n=n, change=mean, interval=interval)


def _times(lengths: Iterable[timedelta]) -> Times:
    return times([length.total_seconds() for length in lengths])
