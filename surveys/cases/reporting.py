"""The use case of a report about the loop: the figures of the cases of a cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from surveys.cases.case import Case
from surveys.cases.figures import LoopFigures, loop_figures
from surveys.errors import BadQuery
from surveys.reporting import Dimension, ReportQuery

LOOP_DIMENSIONS: Final[tuple[Dimension, ...]] = ("account", "project", "division", "product", "month", "quarter")


class LoopCases(Protocol):
    """Reads cases opened in a query's period and cut, as far as its scope goes."""

    async def of(self, query: ReportQuery) -> Sequence[Case]: ...
    async def pairs(self, query: ReportQuery) -> Sequence[tuple[float, float]]:
        """Of each score that opened a case and was followed by another of the same person: both, 0-100."""
        ...


@dataclass(frozen=True, slots=True)
class LoopReport:
    """How the loop works in a cut."""

    query: ReportQuery
    figures: LoopFigures


async def loop_report(query: ReportQuery, cases: LoopCases, now: datetime) -> LoopReport:
    """Of the query's metric nothing is looked at. Raises BadQuery for what cases are not counted by."""
    for dimension in (query.by, *query.where):
        if dimension is not None and (dimension == query.by or dimension not in LOOP_DIMENSIONS):
            raise BadQuery(reason="not_for_metric", word=dimension, allowed=LOOP_DIMENSIONS, nearest=None)
    found, pairs = await cases.of(query), await cases.pairs(query)
    return LoopReport(query, loop_figures(found, pairs, now))
