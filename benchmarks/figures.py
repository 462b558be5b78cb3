"""What a benchmark finds: ratios, one for each round."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

TAPS_PER_SECOND = 20.0
"""Of people who answer while messages leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`what` ÷ `baseline`, both in words of the page. `more_is_better` tells the direction."""

    what: str
    baseline: str
    ratios: Sequence[float]
    more_is_better: bool

    @property
    def ratio(self) -> float:
        """The median of the rounds."""
        return median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest of the rounds."""
        return min(self.ratios), max(self.ratios)


def ratios(measured: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """Round by round: what was measured one after the other is compared with each other.

    >>> ratios([3.0, 4.0], [2.0, 1.0])
    [1.5, 4.0]
    """
    return [one / other for one, other in zip(measured, baseline, strict=True)]
