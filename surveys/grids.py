"""The use case of a breakdown by two dimensions: stages by components, accounts by components."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

from surveys.errors import BadQuery
from surveys.figures import response_figure, role_figure, scales_of
from surveys.hidden_cells import hidden_cells
from surveys.report import basis_of, in_order, report, response_report, scorer, veiled
from surveys.reporting import (
    DIMENSIONS,
    OF_INVITING,
    Cell,
    Counts,
    Dimension,
    Figure,
    Note,
    Report,
    ReportQuery,
    ReportRules,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`rows` and `columns`: the reports by either dimension, which hold the totals.

    `cells`: those with answers; of response rates, with invitations.
    """

    across: Dimension
    rows: Report
    columns: Report
    cells: Mapping[Cell, Figure]

    @property
    def query(self) -> ReportQuery:
        return self.rows.query


async def grid(query: ReportQuery, across: Dimension, counts: Counts, rules: ReportRules) -> Grid:
    """The figures by `query.by` and `across` it. Raises BadQuery for one dimension twice, and for one that is unfit."""
    _check(query, across)
    if query.metric == "response":
        return await _response(query, across, counts, rules)
    rows = await report(query, counts, rules)
    columns = await report(replace(query, by=across), counts, rules)
    found = await counts.cells(query, across, scales_of(query.metric))
    hidden = await _hidden(query, across, counts, rules, rows)
    asked = tuple(role for role in rules.weights if role in query.where.get("role", rules.weights))
    figure = scorer(query, rules, rows.scales, asked)
    if query.metric == "csi" and "role" in (query.by, across):
        figure = partial(role_figure, basis=basis_of(query, rules))
    cells = {cell: veiled(figure(found[cell]), cell in hidden) for cell in _ordered(query, across, found, rules)}
    return Grid(across=across, rows=rows, columns=columns, cells=cells)


def _check(query: ReportQuery, across: Dimension) -> None:
    fit = OF_INVITING if query.metric == "response" else DIMENSIONS
    others = tuple(one for one in fit if one != query.by)
    if query.by is None or across not in others:
        raise BadQuery(reason="not_for_metric", word=across, allowed=others, nearest=None)


async def _response(query: ReportQuery, across: Dimension, counts: Counts, rules: ReportRules) -> Grid:
    rows = await response_report(query, counts, rules, timed=False)
    columns = await response_report(replace(query, by=across), counts, rules, timed=False)
    found = await counts.outreach_cells(query, across)
    cells = {cell: response_figure([found[cell]]) for cell in _ordered(query, across, found, rules)}
    # Somebody of two roles is counted in several cells, whichever side the roles are on.
    notes = tuple(note for note in Note if note in {*rows.notes, *columns.notes})
    return Grid(across=across, rows=replace(rows, notes=notes), columns=columns, cells=cells)


def _ordered(query: ReportQuery, across: Dimension, found: Collection[Cell], rules: ReportRules) -> list[Cell]:
    """Row by row, rows and columns in the order they are read in."""
    rows = in_order(query.by or across, {row for row, _ in found}, rules)
    columns = in_order(across, {column for _, column in found}, rules)
    return [cell for cell in product(rows, columns) if cell in found]


async def _hidden(
    query: ReportQuery, across: Dimension, counts: Counts, rules: ReportRules, rows: Report
) -> frozenset[Cell]:
    """As in a report, a figure must be fit to be shown on each of its scales."""
    if rules.mode != "confidential":
        return frozenset()
    sets = [scales_of(query.metric)]
    if len(rows.scales) > 1:
        sets += [(scale,) for scale in rows.scales]
    audience = await counts.audience(query)
    every = [hidden_cells(query, across, audience, scales, rules.min_group) for scales in sets]
    return frozenset().union(*every)
