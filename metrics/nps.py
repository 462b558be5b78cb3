"""Net Promoter Score: would they recommend us, 0-10."""

from dataclasses import dataclass
from typing import Final, Literal

from metrics.estimates import Estimate, Share, share
from metrics.histogram import Histogram
from metrics.intervals import adjusted_wald_nps
from metrics.scales import NPS, check_scores

Band = Literal["alarming", "good", "excellent", "world_class"]

DETRACTORS: Final = (0, 6)
PASSIVES: Final = (7, 8)
PROMOTERS: Final = (9, 10)


@dataclass(frozen=True, slots=True)
class NpsGroups:
    """Who stands behind an NPS; the three shares have one base and make up 100 %."""

    promoters: Share
    passives: Share
    detractors: Share


def nps_groups(counts: Histogram) -> NpsGroups:
    """Shares of promoters, passives and detractors.

    >>> groups = nps_groups(Histogram({10: 50, 7: 30, 0: 20}))
    >>> groups.promoters.percent, groups.passives.percent, groups.detractors.percent
    (50.0, 30.0, 20.0)
    """
    check_scores(counts.scores, NPS)
    promoters, passives, detractors = (
        share(counts.between(*scores), counts.n) for scores in (PROMOTERS, PASSIVES, DETRACTORS)
    )
    return NpsGroups(promoters, passives, detractors)


def nps(counts: Histogram) -> Estimate:
    """Percent of promoters minus percent of detractors, -100 to 100, with the adjusted Wald interval.

    >>> result = nps(Histogram({10: 50, 7: 30, 0: 20}))
    >>> result.value, [round(bound, 1) for bound in result.interval]
    (30.0, [14.1, 44.2])

    Ten answers leave some forty points on either side:

    >>> [round(bound) for bound in nps(Histogram({10: 4, 7: 3, 0: 3})).interval]
    [-36, 51]
    >>> nps(Histogram())
    Estimate(value=None, interval=None, n=0)
    """
    check_scores(counts.scores, NPS)
    n, promoters, detractors = counts.n, counts.between(*PROMOTERS), counts.between(*DETRACTORS)
    interval = adjusted_wald_nps(promoters, detractors, n)
    if interval is None:
        return Estimate(None, None, 0)
    low, high = interval
    return Estimate(100 * (promoters - detractors) / n, (100 * low, 100 * high), n)


def band(value: float) -> Band:
    """The word for an NPS.

    >>> [band(value) for value in (-0.1, 0, 50, 50.1, 70, 70.1)]
    ['alarming', 'good', 'good', 'excellent', 'excellent', 'world_class']
    """
    if value < 0:
        return "alarming"
    if value <= 50:
        return "good"
    return "excellent" if value <= 70 else "world_class"
