"""The use case of operational figures: how soon requests of clients are answered and resolved, by what events say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from metrics.operations import Times, times
from surveys.errors import BadQuery
from surveys.questionnaire import Role
from surveys.report import in_order
from surveys.reporting import Dimension, ReportQuery, ReportRules

SERVICE_DIMENSIONS: Final[tuple[Dimension, ...]] = (
    *("account", "project", "division", "product", "role", "stage", "questionnaire"),
    *("touchpoint", "language", "month", "quarter"),
)
"""What an event about a request tells, by itself or by the directory as it is now.

A request has the role and language of whoever opened it, and the questionnaire that was sent after it. It has no item,
component or block, which are of answers, no channel of an interview and no wave.
"""

Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Handled:
    """A resolved request. Seconds from its opening; None where the event does not say, or says what cannot be."""

    key: Key
    first_response: float | None
    resolution: float | None


class Tickets(Protocol):
    """Reads the events about requests."""

    async def handled(
        self, query: ReportQuery, by: Sequence[Dimension], weights: Mapping[Role, float]
    ) -> Sequence[Handled]:
        """Requests resolved in the query's period and cut, each once, as it was resolved last, with its place `by`.

        Whoever has several roles counts under the weightiest.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What the vendor promises; None: nothing."""

    first_response: timedelta | None = None
    resolution: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    """Both times of some requests, in seconds."""

    first_response: Times
    resolution: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`groups`: by none, one or two dimensions, in the order of their keys; never by speed."""

    query: ReportQuery
    by: tuple[Dimension, ...]
    targets: Targets
    total: Speed
    groups: Mapping[Key, Speed]


async def service(
    query: ReportQuery, tickets: Tickets, targets: Targets, rules: ReportRules, across: Dimension | None = None
) -> Service:
    """The figures of the cut; of the query's metric nothing is looked at. Raises BadQuery for other dimensions."""
    by = tuple(dimension for dimension in (query.by, across) if dimension is not None)
    for dimension in (*by, *query.where):
        if dimension not in SERVICE_DIMENSIONS:
            raise BadQuery(reason="not_for_metric", word=dimension, allowed=SERVICE_DIMENSIONS, nearest=None)
    found = await tickets.handled(query, by, rules.weights)
    parts: defaultdict[Key, list[Handled]] = defaultdict(list)
    for one in found if by else ():
        parts[one.key].append(one)
    groups = {key: _speed(parts[key], targets) for key in _ordered(by, parts, rules)}
    return Service(query=query, by=by, targets=targets, total=_speed(found, targets), groups=groups)


def _ordered(by: Sequence[Dimension], keys: Iterable[Key], rules: ReportRules) -> list[Key]:
    """By the first dimension, then by the second."""
    known = list(keys)
    orders = [in_order(dimension, {key[at] for key in known}, rules) for at, dimension in enumerate(by)]
    return sorted(known, key=lambda key: [order.index(name) for order, name in zip(orders, key, strict=True)])


def _speed(handled: Iterable[Handled], targets: Targets) -> Speed:
    every = list(handled)
    first = [one.first_response for one in every if one.first_response is not None]
    last = [one.resolution for one in every if one.resolution is not None]
    return Speed(times(first, _seconds(targets.first_response)), times(last, _seconds(targets.resolution)))


def _seconds(target: timedelta | None) -> float | None:
    return None if target is None else target.total_seconds()


def lasted(data: Mapping[str, object], end: str) -> float | None:
    """Seconds from `opened_at` to `end` in the data of an event.

    >>> lasted({"opened_at": "2026-07-01T09:00:00Z", "resolved_at": "2026-07-01T12:30:00+03:00"}, "resolved_at")
    1800.0
    >>> lasted({"opened_at": "2026-07-01T09:00:00Z", "resolved_at": "2026-06-01T09:00:00Z"}, "resolved_at") is None
    True
    """
    start, stop = _moment(data.get("opened_at")), _moment(data.get(end))
    if start is None or stop is None or stop < start:
        return None
    return (stop - start).total_seconds()


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
