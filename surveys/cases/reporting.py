"""The use case of a report about the loop: the figures of the cases of a cut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from surveys.cases.case import Case
from surveys.cases.figures import LoopFigures, loop_figures
from surveys.errors import BadQuery
from surveys.report import counted_up
from surveys.reporting import Dimension, ReportQuery

LOOP_DIMENSIONS: Final[tuple[Dimension, ...]] = (
    *("account", "project", "division", "product", "component", "stage", "month", "quarter"),
)
Pair = tuple[str | None, float, float]
"""Key of the group, the score that opened a case, and the next one of the same person: 0-100 each."""


class LoopCases(Protocol):
    """Reads cases opened in a query's period and cut, as far as its scope goes, each with the key of its group."""

    async def keyed(self, query: ReportQuery) -> Sequence[tuple[str | None, Case]]: ...
    async def pairs(self, query: ReportQuery) -> Sequence[Pair]: ...


@dataclass(frozen=True, slots=True)
class LoopReport:
    """How the loop works in a cut. `groups`: by `query.by`, in the order of their keys, never by what they achieve."""

    query: ReportQuery
    figures: LoopFigures
    groups: Mapping[str | None, LoopFigures]


async def loop_report(query: ReportQuery, cases: LoopCases, now: datetime) -> LoopReport:
    """Of the query's metric nothing is looked at. Raises BadQuery for what cases are not cut by."""
    for dimension in (query.by, *query.where):
        if dimension is not None and dimension not in LOOP_DIMENSIONS:
            raise BadQuery(reason="not_for_metric", word=dimension, allowed=LOOP_DIMENSIONS, nearest=None)
    found, pairs = await cases.keyed(query), await cases.pairs(query)
    ordered = (
        sorted({key for key, _ in found}, key=lambda key: (key is None, counted_up(key or ""))) if query.by else ()
    )
    groups = {key: _figures(found, pairs, now, key) for key in ordered}
    every = loop_figures([case for _, case in found], [(before, after) for _, before, after in pairs], now)
    return LoopReport(query, every, groups)


def _figures(
    found: Sequence[tuple[str | None, Case]], pairs: Sequence[Pair], now: datetime, key: str | None
) -> LoopFigures:
    cases = [case for group, case in found if group == key]
    return loop_figures(cases, [(before, after) for group, before, after in pairs if group == key], now)
