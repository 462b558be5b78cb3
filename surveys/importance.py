"""The use case of importance and satisfaction: which components move the NPS, and how content people are with them."""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

from metrics.drivers import MOST, Drivers, drivers
from surveys.errors import BadQuery
from surveys.report import report
from surveys.reporting import ANSWERS_ALONE, DIMENSIONS, Counts, Report, ReportQuery, ReportRules

SEED: Final = 20260101
"""The same answers give the same picture, whoever draws it and when."""


@dataclass(frozen=True, slots=True)
class Importance:
    """`satisfaction`: CSAT by component. `drivers` None: refused, a cut of confidential answers could tell of a person.

    Importance alone is kept to the whole there: so many numbers of one set of people can be solved for one of them.
    """

    satisfaction: Report
    drivers: Drivers | None


async def importance(query: ReportQuery, counts: Counts, rules: ReportRules) -> Importance:
    """Relative weights of the components on the NPS, beside their CSAT. Raises BadQuery for a cut by question."""
    strangers = [dimension for dimension in query.where if dimension in ANSWERS_ALONE]
    if strangers:
        allowed = tuple(one for one in DIMENSIONS if one not in ANSWERS_ALONE)
        raise BadQuery(reason="not_for_metric", word=strangers[0], allowed=allowed, nearest=None)
    method = None if query.method == "mean" else query.method
    satisfaction = await report(replace(query, metric="csat", by="component", method=method), counts, rules)
    if rules.mode == "confidential" and not await _whole(query, satisfaction, counts, rules):
        return Importance(satisfaction, None)
    heard = [group.key for group in satisfaction.groups if group.key is not None][:MOST]
    rows = await counts.judgements(query, heard)
    return Importance(satisfaction, drivers(rows, heard, Random(SEED)))  # noqa: S311 - resampling, not a secret


async def _whole(query: ReportQuery, satisfaction: Report, counts: Counts, rules: ReportRules) -> bool:
    """Whether nothing is cut off and nothing of it is suppressed."""
    if query.where or query.since or query.until or query.scope is not None:
        return False
    nps = await report(ReportQuery(metric="nps"), counts, rules)
    return not any(figure.suppressed for figure in (nps.total, *(group.figure for group in satisfaction.groups)))
