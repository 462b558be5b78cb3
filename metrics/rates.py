"""Fieldwork in figures: who answered, and how soon."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import overload

from metrics.estimates import Share, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispositions:
    """How many of those who were to be asked ended in each class of AAPOR, everybody in one class.

    `complete` (I), `partial` (P), `refused` (R: refusals and break-offs), `non_contact` (NC: delivered, and nobody
    reacted), `other` (O: still open), `unknown` (UH + UO: undeliverable, so nobody knows whether they could be asked).
    """

    complete: int
    partial: int = 0
    refused: int = 0
    non_contact: int = 0
    other: int = 0
    unknown: int = 0

    @property
    def everybody(self) -> int:
        """The base of both response rates."""
        return self.complete + self.partial + self.refused + self.non_contact + self.other + self.unknown


def rr1(ended: Dispositions) -> Share:
    """The minimum response rate: I / ((I + P) + (R + NC + O) + (UH + UO)), with Wilson's interval.

    AAPOR, Standard Definitions, 10th edition, 2023, Response Rate 1. What is still open counts as not answered, so
    while fieldwork lasts the rate can only grow.

    >>> rate = rr1(Dispositions(complete=18, partial=4, refused=3, non_contact=11, other=2, unknown=2))
    >>> rate.percent, [round(bound, 1) for bound in rate.interval]
    (45.0, [30.7, 60.2])
    >>> rr1(Dispositions(complete=0)).percent is None
    True
    """
    return share(ended.complete, ended.everybody)


def rr2(ended: Dispositions) -> Share:
    """The same with partial interviews as answers: (I + P) / ((I + P) + (R + NC + O) + (UH + UO)).

    AAPOR, Standard Definitions, 10th edition, 2023, Response Rate 2.

    >>> rr2(Dispositions(complete=18, partial=4, refused=3, non_contact=11, other=2, unknown=2)).percent
    55.0
    """
    return share(ended.complete + ended.partial, ended.everybody)


def response_rate(completed: int, delivered: int) -> Share:
    """Completed of the delivered invitations. What was never delivered is not in the base.

    >>> rate = response_rate(18, 40)
    >>> rate.percent, [round(bound, 1) for bound in rate.interval]
    (45.0, [30.7, 60.2])
    >>> response_rate(0, 0).percent is None
    True
    """
    return share(completed, delivered)


class Ordered(Sequence[float]):
    """Values in ascending order, of which only is kept how often each was met.

    >>> list(Ordered({90: 2, 60: 1}))
    [60, 90, 90]
    """

    def __init__(self, counts: Mapping[float, int]) -> None:
        self._values = sorted(value for value, n in counts.items() if n)
        self._up_to = list(accumulate(counts[value] for value in self._values))

    def __len__(self) -> int:
        return self._up_to[-1] if self._up_to else 0

    @overload
    def __getitem__(self, place: int) -> float: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[float]: ...
    def __getitem__(self, place: int | slice) -> float | Sequence[float]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return self._values[bisect_right(self._up_to, place % len(self))]


def percentile(values: Iterable[float], percent: float) -> float | None:
    """The value that `percent` (0-100) of the values do not exceed; None without values.

    Between two neighbours it is interpolated linearly, as Excel's PERCENTILE.INC does (Hyndman and Fan, type 7).

    >>> percentile([60, 120, 30, 600], 90)
    456.0
    >>> percentile([], 90) is None
    True
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"percent must be 0 to 100, not {percent}")
    ordered = values if isinstance(values, Ordered) else sorted(values)
    if not ordered:
        return None
    # The remainder is taken before the division: whole percents of whole numbers stay exact.
    rank, rest = divmod((len(ordered) - 1) * percent, 100)
    below, above = ordered[int(rank)], ordered[int(rank) + (rest > 0)]
    return below + (above - below) * rest / 100


def median(values: Iterable[float]) -> float | None:
    """Half of the values are below it, half above; None without values.

    >>> median([60, 120, 30, 600])
    90.0
    """
    return percentile(values, 50)
