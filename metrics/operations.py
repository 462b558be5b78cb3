"""How fast the vendor is: times from events, in seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.estimates import Share, share
from metrics.intervals import Interval, order_statistics
from metrics.rates import percentile


@dataclass(frozen=True, slots=True)
class Times:
    """`median` and `p90` are None without times; `within`: the share not longer than the target, None without one.

    `median_interval` and `p90_interval`, 95 %, are None with too few times to tell.
    """

    n: int
    median: float | None
    p90: float | None
    within: Share | None
    median_interval: Interval | None = None
    p90_interval: Interval | None = None


def times(seconds: Sequence[float], target: float | None = None) -> Times:
    """The middle, the slow tenth, and the share within `target` with Wilson's interval; exactly on time is in time.

    Quantiles are interpolated as in `metrics.rates.percentile` (Hyndman and Fan, type 7). ValueError for a time below
    0: what ended before it began is a mistake of the source, not a fast answer.

    >>> found = times([600, 1200, 3600, 90000], 14400)
    >>> found.median, round(found.p90), found.within.percent
    (2400.0, 64080, 75.0)
    >>> times([]).median is None
    True
    """
    if any(each < 0 for each in seconds):
        raise ValueError(f"a time cannot be negative: {min(seconds)}")
    ordered = sorted(seconds)
    within = None if target is None else share(sum(each <= target for each in ordered), len(ordered))
    return Times(
        n=len(ordered),
        median=percentile(ordered, 50),
        p90=percentile(ordered, 90),
        within=within,
        median_interval=order_statistics(ordered, 50),
        p90_interval=order_statistics(ordered, 90),
    )
