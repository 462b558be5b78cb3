"""Fieldwork in figures: who answered, and how soon."""

from collections.abc import Iterable

from metrics.estimates import Share, share


def response_rate(completed: int, delivered: int) -> Share:
    """Completed of the delivered invitations. What was never delivered is not in the base.

    >>> rate = response_rate(18, 40)
    >>> rate.percent, [round(bound, 1) for bound in rate.interval]
    (45.0, [30.7, 60.2])
    >>> response_rate(0, 0).percent is None
    True
    """
    return share(completed, delivered)


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
    ordered = sorted(values)
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
