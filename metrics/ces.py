"""Customer Effort Score: how easy it was."""

from metrics.estimates import Estimate
from metrics.histogram import Histogram
from metrics.intervals import student_t
from metrics.scales import CES_5, Scale, check_kind, check_scores


def ces(counts: Histogram, scale: Scale = CES_5) -> Estimate:
    """Mean score in points of `scale`; higher is less effort. Means on different scales do not mix.

    The interval is Student's t, clipped to the scale: no mean lies beyond its ends. One answer tells
    nothing of the spread, so it has no interval. Where `low` is the easiest answer the scale is read
    backwards, so that higher is still less effort.

    >>> result = ces(Histogram({1: 2, 2: 8, 3: 15, 4: 18, 5: 7}))
    >>> result.value, [round(bound, 2) for bound in result.interval]
    (3.4, [3.1, 3.7])
    >>> ces(Histogram({5: 1}))
    Estimate(value=5.0, interval=None, n=1)
    >>> ces(Histogram())
    Estimate(value=None, interval=None, n=0)
    """
    check_kind(scale, "ces")
    check_scores(counts.scores, scale)
    eased = counts if scale.higher_is_better else _reversed(counts, scale)
    mean, variance, n = eased.mean, eased.variance, eased.n
    if mean is None or variance is None:
        return Estimate(mean, None, n)
    return Estimate(mean, student_t(mean, variance, n, low=scale.low, high=scale.high), n)


def _reversed(counts: Histogram, scale: Scale) -> Histogram:
    return Histogram({scale.low + scale.high - score: count for score, count in counts.items()})
