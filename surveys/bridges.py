"""What the totals of rows and columns leave no choice about."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from surveys.reporting import Cell

Node = tuple[int, str | None]
"""A row (0) or a column (1)."""
Way = tuple[Node | None, Node, Iterator[Node]]


def bridges(cells: Collection[Cell]) -> set[Cell]:
    """Those of the cells whose value follows from the totals: no way leads from row to column by the other ones.

    The rows and columns are a graph and the cells its edges. Tarjan (1974), without recursion.

    >>> sorted(bridges([("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("c", "y")]))
    [('c', 'y')]
    """
    beside = _graph(cells)
    order: dict[Node, int] = {}
    low: dict[Node, int] = {}
    found = set[Cell]()
    for start in beside:
        if start not in order:
            found |= set(_from(start, beside, order, low))
    return found


def _graph(cells: Collection[Cell]) -> Mapping[Node, list[Node]]:
    beside: defaultdict[Node, list[Node]] = defaultdict(list)
    for row, column in cells:
        beside[0, row].append((1, column))
        beside[1, column].append((0, row))
    return beside


def _from(
    start: Node, beside: Mapping[Node, list[Node]], order: dict[Node, int], low: dict[Node, int]
) -> Iterator[Cell]:
    order[start] = low[start] = len(order)
    path: list[Way] = [(None, start, iter(beside[start]))]
    while path:
        parent, node, others = path[-1]
        if (other := next(others, None)) is None:
            path.pop()
            if parent is not None:
                low[parent] = min(low[parent], low[node])
                if low[node] > order[parent]:
                    yield _cell(parent, node)
        elif other not in order:
            order[other] = low[other] = len(order)
            path.append((node, other, iter(beside[other])))
        elif other != parent:
            low[node] = min(low[node], order[other])


def _cell(one: Node, other: Node) -> Cell:
    (_, row), (_, column) = sorted((one, other), key=lambda node: node[0])
    return row, column
