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
    """Of the query's metric nothing is looked at. Raises BadQuery for a breakdown, and for a cut cases do not have."""
    if query.by is not None:
        raise BadQuery(reason="not_for_metric", word=query.by, allowed=(), nearest=None)
    strange = next((dimension for dimension in query.where if dimension not in LOOP_DIMENSIONS), None)
    if strange is not None:
        raise BadQuery(reason="not_for_metric", word=strange, allowed=LOOP_DIMENSIONS, nearest=None)
    found, pairs = await cases.of(query), await cases.pairs(query)
    return LoopReport(query, loop_figures(found, pairs, now))
