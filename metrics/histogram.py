"""How many answers gave each score: all that any metric needs to know."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Histogram:
    """Counts of scores. A score with the count 0 is the same as a score that is not there.

    >>> Histogram({4: 30, 5: 40, 1: 0})
    Histogram({4: 30, 5: 40})
    >>> Histogram({4: 1}) + Histogram({4: 1, 2: 5})
    Histogram({2: 5, 4: 2})
    """

    _items: tuple[tuple[int, int], ...]

    def __init__(self, counts: Mapping[int, int] = MappingProxyType({})) -> None:
        negative = {score: count for score, count in counts.items() if count < 0}
        if negative:
            raise ValueError(f"a count cannot be negative: {negative}")
        object.__setattr__(self, "_items", tuple(sorted((s, c) for s, c in counts.items() if c)))

    def __repr__(self) -> str:
        return f"Histogram({dict(self._items)})"

    def __add__(self, other: "Histogram") -> "Histogram":
        merged = Counter(dict(self._items))
        merged.update(dict(other._items))
        return Histogram(merged)

    def items(self) -> tuple[tuple[int, int], ...]:
        """Pairs of score and count, by ascending score; counts are positive."""
        return self._items

    @property
    def scores(self) -> tuple[int, ...]:
        """The scores somebody gave, ascending, each once."""
        return tuple(score for score, _ in self._items)

    @property
    def n(self) -> int:
        return sum(count for _, count in self._items)

    @property
    def mean(self) -> float | None:
        """None without answers.

        >>> Histogram({1: 2, 2: 8, 3: 15, 4: 18, 5: 7}).mean
        3.4
        """
        return self._total / self.n if self.n else None

    @property
    def variance(self) -> float | None:
        """Variance of the sample (n - 1 below the line), None with fewer than two answers.

        >>> Histogram({1: 1, 3: 1}).variance
        2.0
        """
        n = self.n
        if n < 2:
            return None
        # Whole numbers up to the one division: nothing cancels, however alike the scores are.
        squares = sum(count * score**2 for score, count in self._items)
        return (n * squares - self._total**2) / (n * (n - 1))

    @property
    def _total(self) -> int:
        return sum(score * count for score, count in self._items)

    def between(self, low: int, high: int) -> int:
        """How many answers gave a score from `low` to `high`, both included.

        >>> Histogram({8: 3, 9: 2, 10: 1}).between(9, 10)
        3
        """
        return sum(count for score, count in self._items if low <= score <= high)
