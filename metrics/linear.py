"""Linear algebra of small symmetric matrices, as lists of rows."""

import math
from collections.abc import Sequence
from typing import Final

Matrix = Sequence[Sequence[float]]

SWEEPS: Final = 60
"""Jacobi's method needs fewer than ten; this only bounds it."""


def eigen(matrix: Matrix) -> tuple[list[float], list[list[float]]]:
    """Eigenvalues, ascending, and the eigenvectors of each, of a symmetric matrix: cyclic Jacobi.

    Golub and Van Loan, Matrix Computations, 8.5. ValueError unless the matrix is symmetric.

    >>> values, vectors = eigen([[2.0, 1.0], [1.0, 2.0]])
    >>> [round(value, 9) for value in values]
    [1.0, 3.0]
    """
    size = len(matrix)
    if any(len(row) != size for row in matrix) or any(
        matrix[i][j] != matrix[j][i] for i in range(size) for j in range(i)
    ):
        raise ValueError("the matrix is not symmetric")
    a = [[float(each) for each in row] for row in matrix]
    vectors = [[float(i == j) for j in range(size)] for i in range(size)]
    scale = math.fsum(each * each for row in a for each in row)
    for _ in range(SWEEPS):
        rest = math.fsum(a[i][j] ** 2 for i in range(size) for j in range(i))
        if rest <= 1e-30 * scale:
            break
        for p in range(size - 1):
            for q in range(p + 1, size):
                _rotate(a, vectors, p, q)
    order = sorted(range(size), key=lambda i: a[i][i])
    return [a[i][i] for i in order], [vectors[i] for i in order]


def _rotate(a: list[list[float]], vectors: list[list[float]], p: int, q: int) -> None:
    """Turns the plane of two axes until their element is 0; `vectors` holds an eigenvector in each row."""
    if a[p][q] == 0.0:
        return
    slope = (a[q][q] - a[p][p]) / (2 * a[p][q])
    t = math.copysign(1.0, slope) / (abs(slope) + math.hypot(1.0, slope))
    c = 1 / math.hypot(1.0, t)
    s = t * c
    a[p], a[q] = _turned(a[p], a[q], c, s)
    for row in a:
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    vectors[p], vectors[q] = _turned(vectors[p], vectors[q], c, s)
    a[p][q] = a[q][p] = 0.0


def _turned(one: list[float], other: list[float], c: float, s: float) -> tuple[list[float], list[float]]:
    pairs = list(zip(one, other, strict=True))
    return [c * x - s * y for x, y in pairs], [s * x + c * y for x, y in pairs]
