"""How far two groups of answers lie apart, and whether that is more than chance.

Every interval is that of second minus first, and takes the two groups for different people's answers: where the same
people answered twice it is wider than it need be.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, Literal

from metrics.csi import Csi
from metrics.estimates import Share
from metrics.histogram import Histogram
from metrics.intervals import Z_EXACT, Interval, Z, clipped, wilson
from metrics.nps import DETRACTORS, PROMOTERS, nps
from metrics.scales import CES_5, NPS, Scale, check_kind, check_scores
from metrics.student import t_quantile_between

Verdict = Literal["real", "no_evidence", "unknown"]
WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first, in the unit of the metric; None where one of them is not known."""

    value: float | None
    interval: Interval | None

    @property
    def verdict(self) -> Verdict:
        """Real where the interval leaves 0 outside; unknown where there is none.

        >>> [Difference(8.0, interval).verdict for interval in [(1.0, 15.0), (-2.0, 18.0), None]]
        ['real', 'no_evidence', 'unknown']
        """
        if self.interval is None:
            return "unknown"
        low, high = self.interval
        return "real" if low > 0 or high < 0 else "no_evidence"


UNKNOWN: Final = Difference(None, None)


def nps_difference(first: Histogram, second: Histogram, *, z: float = Z) -> Difference:
    """Difference in points. Adjusted Wald: both samples padded as in Rocks 2016 (arXiv 1601.07235), variances added.

    >>> change = nps_difference(Histogram({10: 40, 7: 30, 0: 30}), Histogram({10: 60, 7: 30, 0: 10}))
    >>> change.value, [round(bound, 1) for bound in change.interval], change.verdict
    (40.0, [18.2, 59.5], 'real')
    >>> nps_difference(Histogram(), Histogram({10: 1})).verdict
    'unknown'
    """
    before, after = nps(first).value, nps(second).value
    if before is None or after is None:
        return UNKNOWN
    (start, spread), (end, other) = _padded(first), _padded(second)
    low, high = clipped(end - start, z * math.sqrt(spread + other), -2, 2)
    return Difference(after - before, (WHOLE * low, WHOLE * high))


def _padded(counts: Histogram) -> tuple[float, float]:
    """The adjusted net share and the variance of its estimate."""
    check_scores(counts.scores, NPS)
    n = counts.n + 3
    p, d = (counts.between(*PROMOTERS) + 0.75) / n, (counts.between(*DETRACTORS) + 0.75) / n
    return p - d, (p + d - (p - d) ** 2) / n


def share_difference(first: Share, second: Share, *, z: float = Z_EXACT) -> Difference:
    """Difference of two shares in percentage points: Newcombe 1998, method 10, made of the two Wilson intervals.

    >>> from metrics.estimates import share
    >>> change = share_difference(share(48, 80), share(56, 70))
    >>> round(change.value, 1), [round(bound, 2) for bound in change.interval], change.verdict
    (20.0, [5.24, 33.39], 'real')
    """
    before, after = wilson(first.count, first.n, z=z), wilson(second.count, second.n, z=z)
    if before is None or after is None:
        return UNKNOWN
    start, end = first.count / first.n, second.count / second.n
    down = math.hypot(end - after[0], before[1] - start)
    up = math.hypot(after[1] - end, start - before[0])
    return Difference(WHOLE * (end - start), (WHOLE * (end - start - down), WHOLE * (end - start + up)))


def ces_difference(first: Histogram, second: Histogram, scale: Scale = CES_5) -> Difference:
    """Difference of two means in points of `scale`, above 0 where it got easier: Welch's t interval.

    Without an interval where a group has fewer than two answers, or where nobody differs from anybody.

    >>> change = ces_difference(Histogram({3: 4, 4: 6}), Histogram({4: 5, 5: 5}))
    >>> round(change.value, 2), [round(bound, 2) for bound in change.interval], change.verdict
    (0.9, [0.41, 1.39], 'real')
    """
    check_kind(scale, "ces")
    check_scores((*first.scores, *second.scores), scale)
    if first.mean is None or second.mean is None:
        return UNKNOWN
    sign = 1 if scale.higher_is_better else -1
    value = sign * (second.mean - first.mean)
    half = _welch(first, second)
    ends = float(scale.high - scale.low)
    return Difference(value, None if half is None else clipped(value, half, -ends, ends))


def _welch(first: Histogram, second: Histogram) -> float | None:
    """Half the width of the interval: Welch 1947 with the degrees of freedom of Satterthwaite 1946."""
    if first.variance is None or second.variance is None:
        return None
    a, b = first.variance / first.n, second.variance / second.n
    if a + b == 0:
        return None
    df = (a + b) ** 2 / (a**2 / (first.n - 1) + b**2 / (second.n - 1))
    return t_quantile_between(df) * math.sqrt(a + b)


def csi_difference(first: Csi, second: Csi) -> Difference:
    """Difference of two indices in points of 100; the variances of the roles' values are added, as in the index.

    >>> from metrics.csi import csi
    >>> from metrics.scales import CSAT_5
    >>> before, after = ({"key_user": {CSAT_5: Histogram({5: n, 2: 40 - n})}} for n in (16, 30))
    >>> change = csi_difference(csi(before, {"key_user": 1}), csi(after, {"key_user": 1}))
    >>> round(change.value), [round(bound) for bound in change.interval]
    (35, [15, 55])
    """
    if first.value is None or second.value is None:
        return UNKNOWN
    value = second.value - first.value
    if first.interval is None or second.interval is None:
        return Difference(value, None)
    return Difference(value, clipped(value, Z * math.sqrt(_spread(first) + _spread(second)), -WHOLE, WHOLE))


def _spread(index: Csi) -> float:
    heard = [(role.weight, role.variance, role.n) for role in index.roles if role.variance is not None]
    total = math.fsum(weight for weight, _, _ in heard)
    return math.fsum((weight / total) ** 2 * variance / n for weight, variance, n in heard)


@dataclass(frozen=True, slots=True)
class Gap:
    """The widest gap between roles: `high` minus `low`."""

    high: str
    low: str
    difference: Difference


def widest_gap(roles: Mapping[str, Histogram]) -> Gap | None:
    """The two roles whose NPS lie farthest apart; None with fewer than two roles heard.

    The widest of several gaps is wide by selection, so its interval is Bonferroni's for all pairs: Z is that of
    95 % with two roles, of 99.2 % with four.

    >>> gap = widest_gap({"sponsor": Histogram({9: 8}), "operator": Histogram({4: 9}), "office": Histogram()})
    >>> gap.high, gap.low, gap.difference.value, gap.difference.verdict
    ('sponsor', 'operator', 200.0, 'real')
    """
    values = {role: value for role, counts in roles.items() if (value := nps(counts).value) is not None}
    if len(values) < 2:
        return None
    ordered = sorted(values, key=values.__getitem__)
    low, high = ordered[0], ordered[-1]
    return Gap(high, low, nps_difference(roles[low], roles[high], z=simultaneous(len(values))))


def widest_share_gap(roles: Mapping[str, Share]) -> Gap | None:
    """The same for shares.

    >>> from metrics.estimates import share
    >>> widest_share_gap({"sponsor": share(9, 10), "operator": share(5, 10)}).difference.verdict
    'no_evidence'
    """
    values = {role: value for role, found in roles.items() if (value := found.value) is not None}
    if len(values) < 2:
        return None
    ordered = sorted(values, key=values.__getitem__)
    low, high = ordered[0], ordered[-1]
    return Gap(high, low, share_difference(roles[low], roles[high], z=simultaneous(len(values))))


def simultaneous(groups: int) -> float:
    """The factor under which all pairs of so many groups together are right in 95 of 100 cases: Bonferroni.

    >>> round(simultaneous(2), 2), round(simultaneous(4), 2)
    (1.96, 2.64)
    """
    pairs = groups * (groups - 1) / 2
    return NormalDist().inv_cdf(1 - 0.025 / pairs)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a ranking. `apart`: the interval ends before the next one's begins; None for the last."""

    key: str
    value: float
    apart: bool | None


def ranking(estimates: Mapping[str, tuple[float, Interval | None]]) -> tuple[Place, ...]:
    """The greatest value first, ties in order of key; says of each whether it is really above the next.

    >>> places = ranking({"a": (10.0, (0.0, 20.0)), "b": (60.0, (50.0, 70.0)), "c": (15.0, (5.0, 25.0))})
    >>> [(place.key, place.apart) for place in places]
    [('b', True), ('c', False), ('a', None)]
    """
    ordered = sorted(estimates, key=lambda key: (-estimates[key][0], key))
    below: Sequence[str | None] = [*ordered[1:], None][: len(ordered)]
    return tuple(
        Place(key, estimates[key][0], None if after is None else _apart(estimates[key][1], estimates[after][1]))
        for key, after in zip(ordered, below, strict=True)
    )


def _apart(upper: Interval | None, lower: Interval | None) -> bool:
    return upper is not None and lower is not None and upper[0] > lower[1]
