"""Customer satisfaction: the share of those who gave the most favourable scores."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from metrics.estimates import Share, share
from metrics.histogram import Histogram
from metrics.scales import Scale, check_kind, check_scores, top_points

Method = Literal["top1", "top2"]

BOXES: Final[Mapping[Method, int]] = MappingProxyType({"top1": 1, "top2": 2})


def top_count(counts: Histogram, scale: Scale, boxes: int) -> int:
    """How many answers are in the `boxes` most favourable points of `scale`."""
    check_scores(counts.scores, scale)
    top = top_points(scale, boxes)
    return counts.between(top[0], top[-1])


def top_box(counts: Histogram, scale: Scale, *, boxes: int = 2) -> Share:
    """Share of answers in the `boxes` most favourable points of `scale`.

    A skipped item is not an answer and is not in the base: counting it would
    lower every score of a questionnaire that lets people skip.

    >>> from metrics.scales import CSAT_5
    >>> top_box(Histogram({1: 5, 2: 10, 3: 15, 4: 30, 5: 40}), CSAT_5).percent
    70.0
    >>> top_box(Histogram({1: 5, 2: 10, 3: 15, 4: 30, 5: 40}), CSAT_5, boxes=1).percent
    40.0
    >>> top_box(Histogram({}), CSAT_5).percent is None
    True
    """
    return share(top_count(counts, scale, boxes), counts.n)


def csat(answers: Mapping[Scale, Histogram], *, method: Method = "top2") -> Share:
    """CSAT of answers given on one or several CSAT scales, each judged by its own top points.

    >>> from metrics.scales import CSAT_5, CSAT_10
    >>> csat({CSAT_5: Histogram({4: 3, 3: 1}), CSAT_10: Histogram({8: 4})}).percent
    37.5
    """
    for scale in answers:
        check_kind(scale, "csat")
    top = sum(top_count(counts, scale, BOXES[method]) for scale, counts in answers.items())
    return share(top, sum(counts.n for counts in answers.values()))
