"""Confidential mode for a breakdown by two dimensions: which cells stay hidden.

A cell is hidden if the breakdown of its row, or of its column, would hide it; and as many more as it takes until no
hidden one is what is left when the shown ones are taken from the totals of rows and columns.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from surveys.audience import Audience
from surveys.reporting import Cell, Dimension, ReportQuery
from surveys.suppression import Audit, Hidden

Sizes = Mapping[Cell, int]


def hidden_cells(
    query: ReportQuery, across: Dimension, audience: Audience, scales: Sequence[str], least: int
) -> frozenset[Cell]:
    """The cells to hide. All of them where the few who have neither a row nor a column cannot be protected."""
    sizes = audience.cells(query, across, scales)
    audit = Audit(audience, scales, least)
    lines = [(query, across), (replace(query, by=across), query.by)]
    edges = [audit.hidden_of(line) for line, _ in lines]
    hidden = {cell for cell, n in sizes.items() if n < least or any(_hides(edges, cell))}
    if (None, None) in hidden or any(edge.total for edge in edges):
        return frozenset(sizes)
    for side, (line, other) in enumerate(lines):
        for key in sorted({cell[side] for cell in sizes.keys() - hidden if cell[side] is not None}, key=str):
            inner = audit.hidden_of(_within(line, key, other))
            hidden |= {cell for cell in sizes if cell[side] == key and inner.hides(cell[1 - side])}
    return frozenset(closed(sizes, hidden, least))


def closed(sizes: Sizes, hidden: Collection[Cell], least: int) -> set[Cell]:
    """The hidden cells, and those that must be hidden with them. `sizes`: people by cell.

    >>> sizes = {(row, column): 9 for row in "ab" for column in "xy"}
    >>> len(closed(sizes, [("a", "x")], 5))
    4
    """
    found = set(hidden)
    while line := next(_open_lines(sizes, found, least), None):
        shown = [cell for cell in line if cell not in found]
        found.add(min(shown, key=lambda cell: (sizes[cell], str(cell))))
    return found


def _open_lines(sizes: Sizes, hidden: Collection[Cell], least: int) -> Iterator[list[Cell]]:
    """Rows and columns, with something left to hide, that tell too much about what is hidden in them."""
    for side in (0, 1):
        for key in sorted({cell[side] for cell in hidden}, key=str):
            line = [cell for cell in sizes if cell[side] == key]
            covered = [cell for cell in line if cell in hidden]
            told = sum(sizes[cell] for cell in covered) < least or any(_determined(cell, hidden) for cell in covered)
            if told and len(covered) < len(line):
                yield line


def _determined(cell: Cell, hidden: Collection[Cell]) -> bool:
    """Whether the totals leave the cell one value: no way leads from its row to its column by other hidden cells."""
    rows, columns = {cell[0]}, set[str | None]()
    others = [other for other in hidden if other != cell]
    while True:
        reached = {column for row, column in others if row in rows}
        back = {row for row, column in others if column in reached}
        if reached <= columns and back <= rows:
            return cell[1] not in columns
        columns |= reached
        rows |= back


def _hides(edges: Sequence[Hidden], cell: Cell) -> Iterator[bool]:
    return (edge.hides(key) for edge, key in zip(edges, cell, strict=True))


def _within(line: ReportQuery, key: str | None, other: Dimension | None) -> ReportQuery:
    """The breakdown inside a row or a column."""
    if line.by is None or key is None:
        raise ValueError("a line without a name has no breakdown")
    return replace(line, by=other, where={**line.where, line.by: (key,)})
