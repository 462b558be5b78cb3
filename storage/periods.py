"""A period of time, cut where counts are kept: into whole months and what is left at either end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

Bounds = tuple[datetime | None, datetime | None]

LAST: Final = datetime(9999, 12, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cut:
    """`months`: the whole ones together, None where there is none. `ends`: what lies outside of them."""

    months: Bounds | None
    ends: Sequence[Bounds]


def cut(since: datetime | None, until: datetime | None) -> Cut:
    """Since is included, until is not; None: unbounded.

    >>> from datetime import UTC
    >>> july = datetime(2026, 7, 1, tzinfo=UTC)
    >>> cut(july, None) == Cut((july, None), ())
    True
    >>> cut(july + timedelta(days=1), july + timedelta(days=9)).months is None
    True
    """
    first, last = since and _next_border(since), until and _border(until)
    if (since and not first) or (first and last and first >= last):
        return Cut(None, ((since, until),))
    before = [(since, first)] if first != since else []
    after = [(last, until)] if last != until else []
    return Cut((first, last), (*before, *after))


def spans(first: datetime | None, last: datetime | None, *, years: bool) -> list[tuple[int, int]]:
    """Numbers of periods that make up whole months, from and to, both included: years wherever one is whole.

    >>> from datetime import UTC
    >>> spans(datetime(2024, 11, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC), years=True)
    [(202411, 202412), (2025, 2025), (202601, 202602)]
    >>> spans(datetime(2025, 1, 1, tzinfo=UTC), None, years=True)
    [(2025, 9999)]
    >>> spans(None, None, years=False)
    [(100001, 999912)]
    """
    low = (first.year, first.month) if first else (1000, 1)
    high = _before(last) if last else (9999, 12)
    if not years:
        return [(_number(low), _number(high))]
    whole = (low[0] + (low[1] > 1), high[0] - (high[1] < 12))
    if whole[0] > whole[1]:
        return [(_number(low), _number(high))]
    before = [(_number(low), _number((low[0], 12)))] if low[1] > 1 else []
    after = [(_number((high[0], 1)), _number(high))] if high[1] < 12 else []
    return [*before, whole, *after]


def _border(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next_border(moment: datetime) -> datetime | None:
    """None: in the last month of the calendar."""
    border = _border(moment)
    if border == moment:
        return border
    return _border(border + timedelta(days=31)) if border < LAST else None


def _before(month: datetime) -> tuple[int, int]:
    return (month.year - 1, 12) if month.month == 1 else (month.year, month.month - 1)


def _number(month: tuple[int, int]) -> int:
    return 100 * month[0] + month[1]
