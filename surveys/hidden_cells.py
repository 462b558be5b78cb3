"""Confidential mode for a breakdown by two dimensions: which cells stay hidden.

A cell is hidden if the breakdown of its row, or of its column, would hide it; and as many more as it takes until no
hidden one is what is left when the shown ones are taken from the totals of rows and columns.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush

from surveys.audience import Audience
from surveys.bridges import bridges
from surveys.reporting import Cell, Dimension, ReportQuery
from surveys.suppression import Hidden, audit_of

Sizes = Mapping[Cell, int]
Line = tuple[int, str, bool]
"""A row (0) or a column (1), in the order in which they are looked at."""


def hidden_cells(
    query: ReportQuery, across: Dimension, audience: Audience, scales: Sequence[str], least: int
) -> frozenset[Cell]:
    """The cells to hide. All of them where the few who have neither a row nor a column cannot be protected."""
    sizes = audience.cells(query, across, scales)
    audit = audit_of(audience, scales, least)
    lines = [(query, across), (replace(query, by=across), query.by)]
    edges = [audit.hidden_of(line) for line, _ in lines]
    hidden = {cell for cell, n in sizes.items() if n < least or any(_hides(edges, cell))}
    if (None, None) in hidden or any(edge.total for edge in edges):
        return frozenset(sizes)
    along = _lines(sizes)
    for side, (line, other) in enumerate(lines):
        for key in sorted({cell[side] for cell in sizes.keys() - hidden if cell[side] is not None}, key=str):
            cells = {cell[1 - side]: cell for cell in along[_line(side, key)] if cell not in hidden}
            hidden |= {cells[one] for one in audit.hidden_among(_within(line, key, other), cells)}
    return frozenset(closed(sizes, hidden, least))


def closed(sizes: Sizes, hidden: Collection[Cell], least: int) -> set[Cell]:
    """The hidden cells, and those that must be hidden with them. `sizes`: people by cell.

    >>> sizes = {(row, column): 9 for row in "ab" for column in "xy"}
    >>> len(closed(sizes, [("a", "x")], 5))
    4
    """
    table = Table(sizes, set(hidden), least)
    waiting = list({line for cell in hidden for line in _through(cell)})
    heapify(waiting)
    while waiting:
        # Only a line that gets a hidden cell may come to tell too much; every other one tells less and less.
        if (added := table.taken(heappop(waiting))) is not None:
            for line in _through(added):
                heappush(waiting, line)
    return table.hidden


@dataclass(slots=True)
class Table:
    """`told`: hidden cells that the totals leave one value, as far as that has been looked at."""

    sizes: Sizes
    hidden: set[Cell]
    least: int
    lines: Mapping[Line, list[Cell]] = field(init=False)
    told: set[Cell] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = _lines(self.sizes)
        self.told = bridges(self.hidden)

    def taken(self, line: Line) -> Cell | None:
        """The cell that is hidden now, if the line, with something left to hide, tells too much of what is hidden."""
        shown = [cell for cell in self.lines[line] if cell not in self.hidden]
        if not shown or not self._tells(line):
            return None
        added = min(shown, key=lambda cell: (self.sizes[cell], str(cell)))
        self.hidden.add(added)
        self.told.add(added)
        return added

    def _tells(self, line: Line) -> bool:
        covered = [cell for cell in self.lines[line] if cell in self.hidden]
        if sum(self.sizes[cell] for cell in covered) < self.least:
            return True
        if self.told.isdisjoint(covered):
            return False
        self.told = bridges(self.hidden)
        return not self.told.isdisjoint(covered)


def _lines(sizes: Sizes) -> Mapping[Line, list[Cell]]:
    found: defaultdict[Line, list[Cell]] = defaultdict(list)
    for cell in sizes:
        for line in _through(cell):
            found[line].append(cell)
    return found


def _through(cell: Cell) -> tuple[Line, Line]:
    return _line(0, cell[0]), _line(1, cell[1])


def _line(side: int, key: str | None) -> Line:
    return side, str(key), key is None


def _hides(edges: Sequence[Hidden], cell: Cell) -> Iterator[bool]:
    return (edge.hides(key) for edge, key in zip(edges, cell, strict=True))


def _within(line: ReportQuery, key: str | None, other: Dimension | None) -> ReportQuery:
    """The breakdown inside a row or a column."""
    if line.by is None or key is None:
        raise ValueError("a line without a name has no breakdown")
    return replace(line, by=other, where={**line.where, line.by: (key,)})
