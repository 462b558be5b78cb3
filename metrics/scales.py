"""The scales an answer can be given on, and the one measure 0-100 they all share."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import ClassVar, Final, Literal

Kind = Literal["nps", "csat", "ces"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole points from `low` to `high`, both included.

    `higher_is_better` is the polarity: False where `low` is the best answer. A scale without a kind is in no metric.
    """

    key: str
    kind: Kind | None
    low: int
    high: int
    higher_is_better: bool = True

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise ValueError(f"scale {self.key}: low {self.low} must be below high {self.high}")


class ScoreOutsideScale(ValueError):
    """A score that is not a point of the scale it is said to be on."""

    code: ClassVar[str] = "score_outside_scale"

    def __init__(self, score: float, scale: Scale) -> None:
        super().__init__(
            f"score {score} is not a point of scale {scale.key}: whole numbers {scale.low} to {scale.high}"
        )
        self.score = score
        self.scale = scale


class WrongScale(ValueError):
    """A scale of one kind given to the metric of another."""

    code: ClassVar[str] = "wrong_scale"

    def __init__(self, scale: Scale, kind: Kind) -> None:
        super().__init__(f"scale {scale.key} is of kind {scale.kind}: {kind} is needed")
        self.scale = scale
        self.kind = kind


NPS: Final = Scale("nps", "nps", 0, 10)
CSAT_5: Final = Scale("csat_5", "csat", 1, 5)
CSAT_7: Final = Scale("csat_7", "csat", 1, 7)
CSAT_10: Final = Scale("csat_10", "csat", 1, 10)
CES_5: Final = Scale("ces_5", "ces", 1, 5)
CES_7: Final = Scale("ces_7", "ces", 1, 7)

SCALES: Final[Mapping[str, Scale]] = MappingProxyType(
    {scale.key: scale for scale in (NPS, CSAT_5, CSAT_7, CSAT_10, CES_5, CES_7)}
)

OWN_KINDS: Final[tuple[Kind | None, ...]] = ("csat", "ces", None)
OWN_LOW, OWN_HIGH, OWN_POINTS = 0, 10, 3
"""A vendor's own scale lies between these ends and has so many points at least: fewer have no two best ones."""


def own_scale(worst: int, best: int, kind: Kind | None = None) -> Scale:
    """The scale a vendor made, from its worst point to its best. Only with a kind is it counted in that metric.

    Its key says all there is to know of it, so that an answer of any day can be read on any other. One that is a
    usual scale is that scale.

    >>> own_scale(1, 4).key, own_scale(5, 1, "ces").key, own_scale(1, 5, "csat").key
    ('own_1_4', 'ces_5_1', 'csat_5')
    """
    low, high = sorted((worst, best))
    usual = next((one for one in SCALES.values() if (one.kind, one.low, one.high) == (kind, worst, best)), None)
    return usual or Scale(f"{kind or 'own'}_{worst}_{best}", kind, low, high, higher_is_better=worst < best)


def _own_scales() -> Iterator[Scale]:
    ends = range(OWN_LOW, OWN_HIGH + 1)
    for kind, worst, best in product(OWN_KINDS, ends, ends):
        if abs(worst - best) >= OWN_POINTS - 1:
            yield own_scale(worst, best, kind)


EVERY_SCALE: Final[Mapping[str, Scale]] = MappingProxyType({**SCALES, **{scale.key: scale for scale in _own_scales()}})
"""Every scale an answer can be on, by key: the usual ones first, then whatever a vendor can make."""


def points(scale: Scale) -> range:
    """Every score that may be given, in ascending order.

    >>> list(points(CSAT_5))
    [1, 2, 3, 4, 5]
    """
    return range(scale.low, scale.high + 1)


def top_points(scale: Scale, boxes: int) -> range:
    """The `boxes` most favourable points, in ascending order.

    >>> list(top_points(CSAT_10, 2))
    [9, 10]
    >>> list(top_points(Scale("complaint", "csat", 1, 5, higher_is_better=False), 2))
    [1, 2]
    """
    every = points(scale)
    if not 1 <= boxes < len(every):
        raise ValueError(f"scale {scale.key}: boxes must be 1 to {len(every) - 1}, not {boxes}")
    return every[-boxes:] if scale.higher_is_better else every[:boxes]


def check_scores(scores: Iterable[int], scale: Scale) -> None:
    """Raise `ScoreOutsideScale` for the first score that is not a point of `scale`.

    >>> check_scores([0, 10, 11], NPS)
    Traceback (most recent call last):
    metrics.scales.ScoreOutsideScale: score 11 is not a point of scale nps: whole numbers 0 to 10
    """
    allowed = points(scale)
    for score in scores:
        if score not in allowed:
            raise ScoreOutsideScale(score, scale)


def check_kind(scale: Scale, kind: Kind) -> None:
    """Raise `WrongScale` unless `scale` is of `kind`.

    >>> check_kind(NPS, "csat")
    Traceback (most recent call last):
    metrics.scales.WrongScale: scale nps is of kind nps: csat is needed
    """
    if scale.kind != kind:
        raise WrongScale(scale, kind)


def steps(score: int, scale: Scale) -> int:
    """How many points the score lies above the worst one. `ScoreOutsideScale` if it is not on the scale.

    >>> steps(3, CSAT_7), steps(0, NPS)
    (2, 0)
    """
    check_scores([score], scale)
    return score - scale.low if scale.higher_is_better else scale.high - score


def score_100(score: int, scale: Scale) -> float:
    """The score as 0-100: 0 furious, 100 fully satisfied. `ScoreOutsideScale` if it is not on the scale.

    >>> score_100(4, CSAT_5), score_100(7, NPS), score_100(1, CES_7)
    (75.0, 70.0, 0.0)
    """
    return 100 * steps(score, scale) / (scale.high - scale.low)
