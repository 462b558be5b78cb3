"""95 % intervals, each in the unit of its own estimate.

The definitions of the NPS and CSI intervals name the factor 1.96, so those two use exactly that;
Wilson's and Student's name only the level of confidence and use the exact quantile.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

from metrics.student import t_quantile

Interval = tuple[float, float]

Z: Final = 1.96
Z_EXACT: Final = NormalDist().inv_cdf(0.975)
TAIL: Final = 0.025
BEYOND: Final = 9
"""Standard deviations from the mean beyond which nothing of a binomial distribution is to be seen."""


def clipped(centre: float, half: float, low: float, high: float) -> Interval:
    """`centre` ± `half`, cut to where a value can be at all.

    >>> clipped(90.0, 20.0, 0, 100)
    (70.0, 100.0)
    """
    return max(float(low), centre - half), min(float(high), centre + half)


def wilson(successes: int, n: int, *, z: float = Z_EXACT) -> Interval | None:
    """Wilson's score interval of a share, 0-1; None without observations.

    >>> [round(bound, 4) for bound in wilson(70, 100)]
    [0.6042, 0.7811]
    >>> wilson(0, 0) is None
    True
    """
    if not 0 <= successes <= n:
        raise ValueError(f"successes must be 0 to n: {successes} of {n}")
    if n == 0:
        return None
    # The upper bound mirrors the lower one, so 0 of n and n of n end at exactly 0 and 1.
    return _wilson_lower(successes, n, z), 1 - _wilson_lower(n - successes, n, z)


def _wilson_lower(successes: int, n: int, z: float) -> float:
    square = z**2
    half = z * math.sqrt(successes * (n - successes) / n + square / 4)
    return (successes + square / 2 - half) / (n + square)


def adjusted_wald_nps(promoters: int, detractors: int, n: int) -> Interval | None:
    """Adjusted Wald interval of a net share, -1 to 1; None without observations. Rocks 2016, arXiv 1601.07235.

    Three imagined answers (¾ promoter, 1½ passive, ¾ detractor) pull the centre towards 0; for one lone
    promoter or detractor so far that the interval ends just short of its value.

    >>> [round(bound, 4) for bound in adjusted_wald_nps(50, 20, 100)]
    [0.1405, 0.442]
    >>> adjusted_wald_nps(0, 0, 0) is None
    True
    """
    if min(promoters, detractors) < 0 or promoters + detractors > n:
        raise ValueError(f"promoters and detractors must be parts of n: {promoters} and {detractors} of {n}")
    if n == 0:
        return None
    padded = n + 3
    p, d = (promoters + 0.75) / padded, (detractors + 0.75) / padded
    return clipped(p - d, Z * math.sqrt((p + d - (p - d) ** 2) / padded), -1, 1)


def student_t(
    mean: float, variance: float, n: int, *, low: float = -math.inf, high: float = math.inf
) -> Interval | None:
    """Interval of a mean from the sample's mean and variance (n - 1); None below two observations.

    `low` and `high` are the least and greatest values an observation can have, if there are such.

    >>> [round(bound, 4) for bound in student_t(3.4, 1.1020408, 50)]
    [3.1017, 3.6983]
    >>> student_t(3.4, 0.0, 1) is None
    True
    """
    return clipped(mean, t_quantile(n - 1) * math.sqrt(variance / n), low, high) if n > 1 else None


def order_statistics(ordered: Sequence[float], percent: float) -> Interval | None:
    """Interval of a quantile whatever the distribution (Conover 1999, 3.2): two of the values, in ascending order.

    None where there are too few values to bound it on both sides: below 6 for a median, below 36 for the slow tenth.

    >>> order_statistics(range(1, 101), 50), order_statistics(range(5), 50) is None
    ((40, 61), True)
    """
    n, share = len(ordered), percent / 100
    if n == 0:
        return None
    low, high = _binomial_quantile(n, share, TAIL) - 1, _binomial_quantile(n, share, 1 - TAIL)
    return (ordered[low], ordered[high]) if low >= 0 and high < n else None


def _binomial_quantile(n: int, share: float, probability: float) -> int:
    """The least number of successes out of `n` that is not exceeded with this probability."""
    spread = math.ceil(BEYOND * math.sqrt(n * share * (1 - share)) + 1)
    first, reached = max(0, math.floor(n * share) - spread), 0.0
    for k in range(first, n):
        reached += math.exp(
            math.lgamma(n + 1)
            - math.lgamma(k + 1)
            - math.lgamma(n - k + 1)
            + k * math.log(share)
            + (n - k) * math.log1p(-share)
        )
        if reached >= probability:
            return k
    return n
