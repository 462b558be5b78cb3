"""What a metric says: a value, how sure it is, and how many answers stand behind it."""

from dataclasses import dataclass

from metrics.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` and its 95 % `interval` in the unit of the metric, from `n` answers.

    `value` is None where there is no data: 0 would be an opinion. `interval` is None as well where
    there is a value but nothing to tell its spread from.
    """

    value: float | None
    interval: Interval | None
    n: int


@dataclass(frozen=True, slots=True)
class Share(Estimate):
    """`count` of `n`, as a percentage with Wilson's interval."""

    count: int

    @property
    def percent(self) -> float | None:
        """The value under the name that tells its unit: 0-100."""
        return self.value


def share(count: int, n: int) -> Share:
    """`count` of `n`; ValueError unless 0 <= count <= n.

    >>> share(7, 10).percent
    70.0
    >>> share(0, 0)
    Share(value=None, interval=None, n=0, count=0)
    """
    interval = wilson(count, n)
    if interval is None:
        return Share(None, None, 0, 0)
    low, high = interval
    return Share(100 * count / n, (100 * low, 100 * high), n, count)
