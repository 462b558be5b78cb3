"""What moves the NPS: the relative weights of components. Johnson 2000, Multivariate Behavioral Research 35(1).

Components are alike: who likes one likes the others, so that regression coefficients jump about. Relative weights
share out the explained variance (R²) over the components by way of their nearest orthogonal counterparts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from random import Random
from typing import Final

from metrics.intervals import Interval
from metrics.linear import Matrix, eigen
from metrics.rates import percentile

PER_COMPONENT: Final = 10
LEAST: Final = 30
REPLICATES: Final = 500
BLOCKS: Final = 200
MOST: Final = 12

Row = Sequence[float | None]
"""Scores of one response: of each component in order, then what they are to explain; None: not answered."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A component's part of R², 0-100 %, with its bootstrap interval."""

    component: str
    part: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Drivers:
    """`drivers`: in the order of the components; empty where there are too few responses, or nobody differs.

    `n`: responses that have everything that is looked at. `needed`: how many it takes. `r_squared`: 0-1.
    `left_out`: components that too few answered, or all answered alike.
    """

    drivers: tuple[Driver, ...]
    n: int
    needed: int
    r_squared: float | None
    left_out: tuple[str, ...]


def drivers(rows: Sequence[Row], components: Sequence[str], random: Random, *, replicates: int = REPLICATES) -> Drivers:
    """Relative weights over the responses that judged every component looked at.

    Needed are 30 responses and 10 for each component. While there are fewer, the component that the fewest answered is
    left out, for as long as two remain. The interval is the percentile bootstrap's, 95 %: responses are drawn anew
    with `random`, more than 200 of them in 200 blocks by turns. ValueError for more than 12 components.

    >>> made = Random(1)
    >>> rows = [(x, made.random(), 2 * x + made.random()) for x in (made.random() for _ in range(60))]
    >>> found = drivers(rows, ["promises", "looks"], Random(2))
    >>> [round(one.part) > 80 for one in found.drivers], found.n, found.needed
    ([True, False], 60, 30)
    >>> drivers(rows[:20], ["promises", "looks"], Random(2)).drivers
    ()
    """
    if len(components) > MOST:
        raise ValueError(f"at most {MOST} components, not {len(components)}")
    chosen, complete = _kept([row for row in rows if row[-1] is not None], len(components))
    needed = needed_for(len(chosen))
    if len(complete) >= needed:
        chosen, complete = _varied(chosen, complete)
    named = [components[index] for index in chosen]
    left_out = tuple(one for one in components if one not in named)
    blocks = _blocks(complete)
    whole = _weights(_merged(blocks))
    if len(complete) < needed or len(chosen) < 2 or whole is None:
        return Drivers((), len(complete), needed, None, left_out)
    parts, r_squared = whole
    ends = _bootstrap(blocks, random, replicates)
    found = tuple(
        Driver(component, part, (min(low, part), max(high, part)))
        for component, part, (low, high) in zip(named, parts, ends, strict=True)
    )
    return Drivers(found, len(complete), needed, r_squared, left_out)


def needed_for(components: int) -> int:
    """How many complete responses so many components take.

    >>> needed_for(2), needed_for(10)
    (30, 100)
    """
    return max(LEAST, PER_COMPONENT * components)


def _kept(rows: Sequence[Row], width: int) -> tuple[list[int], list[Sequence[float]]]:
    """The components looked at, by index, and the complete responses without the others."""
    chosen = list(range(width))
    complete = _complete(rows, chosen)
    while len(complete) < needed_for(len(chosen)) and len(chosen) > 2:
        answered = {index: sum(row[index] is not None for row in rows) for index in chosen}
        chosen.remove(min(chosen, key=lambda index: (answered[index], -index)))
        complete = _complete(rows, chosen)
    return chosen, complete


def _complete(rows: Sequence[Row], chosen: Sequence[int]) -> list[Sequence[float]]:
    picked = ([row[index] for index in (*chosen, -1)] for row in rows)
    return [found for row in picked if len(found := [each for each in row if each is not None]) == len(row)]


def _varied(chosen: list[int], rows: list[Sequence[float]]) -> tuple[list[int], list[Sequence[float]]]:
    """Without the components that all answered alike."""
    varies = [len({row[place] for row in rows}) > 1 for place in range(len(chosen))]
    return list(compress(chosen, varies)), [list(compress(row, (*varies, True))) for row in rows]


@dataclass(slots=True)
class _Sums:
    """Of some responses: how many, the sums of their values, the sums of products."""

    n: int
    sums: list[float]
    products: list[float]


def _blocks(rows: Sequence[Sequence[float]]) -> list[_Sums]:
    """The responses by turns into at most 200 blocks, alone in one if there are fewer."""
    return [_sums(rows[start::BLOCKS]) for start in range(min(BLOCKS, len(rows)))]


def _sums(rows: Sequence[Sequence[float]]) -> _Sums:
    width = len(rows[0])
    columns = list(zip(*rows, strict=True))
    pairs = [(i, j) for i in range(width) for j in range(i + 1)]
    products = [math.fsum(map(float.__mul__, map(float, columns[i]), map(float, columns[j]))) for i, j in pairs]
    return _Sums(len(rows), [math.fsum(column) for column in columns], products)


def _merged(blocks: Sequence[_Sums]) -> _Sums:
    n = sum(block.n for block in blocks)
    sums = [math.fsum(column) for column in zip(*(block.sums for block in blocks), strict=True)]
    return _Sums(n, sums, [sum(column) for column in zip(*(block.products for block in blocks), strict=True)])


def _weights(sums: _Sums) -> tuple[list[float], float] | None:
    """Parts of R² in percent, and R²; None where a value does not vary or nothing is explained."""
    correlations = _correlations(sums)
    if correlations is None:
        return None
    *between, last = correlations
    inner = [row[:-1] for row in between]
    return _johnson(inner, last[:-1])


def _correlations(sums: _Sums) -> list[list[float]] | None:
    width, n = len(sums.sums), sums.n
    if not width or not n:
        return None
    cells = iter(sums.products)
    covariances = [[next(cells) / n - sums.sums[i] * sums.sums[j] / n**2 for j in range(i + 1)] for i in range(width)]
    spreads = [math.sqrt(max(row[-1], 0.0)) for row in covariances]
    if min(spreads) < 1e-9:
        return None
    lower = [[cell / spreads[i] / spreads[j] for j, cell in enumerate(row)] for i, row in enumerate(covariances)]
    return [[lower[max(i, j)][min(i, j)] if i != j else 1.0 for j in range(width)] for i in range(width)]


def _johnson(between: Matrix, with_outcome: Sequence[float]) -> tuple[list[float], float] | None:
    """Johnson 2000: loadings L are the square root of the correlations, the weights are L² (L⁻¹ r)²."""
    values, vectors = eigen(between)
    size = range(len(values))
    roots = [math.sqrt(max(value, 0.0)) for value in values]
    turned = [math.fsum(vector[i] * with_outcome[i] for i in size) for vector in vectors]
    # A direction without any spread, of components answered alike by all, explains nothing.
    scaled = [part / root if root > 1e-6 else 0.0 for part, root in zip(turned, roots, strict=True)]
    betas = [math.fsum(vectors[k][i] * scaled[k] for k in size) for i in size]
    loadings = [[math.fsum(vectors[k][i] * roots[k] * vectors[k][j] for k in size) for j in size] for i in size]
    weights = [math.fsum(loadings[i][j] ** 2 * betas[j] ** 2 for j in size) for i in size]
    total = math.fsum(weights)
    return ([100 * weight / total for weight in weights], total) if total > 1e-12 else None


def _bootstrap(blocks: Sequence[_Sums], random: Random, replicates: int) -> list[Interval]:
    drawn = (_weights(_merged(random.choices(blocks, k=len(blocks)))) for _ in range(replicates))
    parts = zip(*(found[0] for found in drawn if found is not None), strict=True)
    return [(percentile(one, 2.5) or 0.0, percentile(one, 97.5) or 0.0) for one in parts]
