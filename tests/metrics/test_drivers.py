"""Relative weights, against numpy's linear algebra and what they must be by their definition."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.drivers import BLOCKS, Row, drivers, needed_for
from metrics.linear import eigen

MANY = settings(max_examples=300)
NAMES = ["stability", "support", "promises", "usability", "communication"]


def opinions(seed: int, n: int, width: int, moves: int = 0) -> list[list[float]]:
    """Marks 1-5 of people who like or dislike the whole, and an outcome that follows one component most."""
    source = Random(seed)
    rows: list[list[float]] = []
    for _ in range(n):
        mood = source.gauss(3, 1)
        marks = [float(min(5, max(1, round(mood + source.gauss(0, 1))))) for _ in range(width)]
        outcome = round(1.5 * marks[moves] + 0.5 * mood + source.gauss(0, 1))
        rows.append([*marks, float(min(10, max(0, outcome)))])
    return rows


def by_numpy(rows: list[list[float]]) -> tuple[list[float], float]:
    """Johnson's weights by a square root of the correlation matrix, and R² by least squares."""
    data = np.array(rows)
    correlations = np.corrcoef(data.T)
    inner, outer = correlations[:-1, :-1], correlations[:-1, -1]
    values, vectors = np.linalg.eigh(inner)
    loadings = vectors @ np.diag(np.sqrt(values)) @ vectors.T
    raw = loadings**2 @ np.linalg.solve(loadings, outer) ** 2
    design = np.column_stack([data[:, :-1], np.ones(len(data))])
    residuals = data[:, -1] - design @ np.linalg.lstsq(design, data[:, -1], rcond=None)[0]
    return list(100 * raw / raw.sum()), float(1 - residuals.var() / data[:, -1].var())


@MANY
@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.floats(-1e3, 1e3), min_size=n * n, max_size=n * n)))
def test_eigenvalues_are_numpys_and_vectors_give_the_matrix_back(cells: list[float]) -> None:
    size = round(len(cells) ** 0.5)
    square = np.array(cells).reshape(size, size)
    matrix = square + square.T
    values, vectors = eigen(matrix.tolist())
    scale = max(1.0, float(np.abs(matrix).max()))
    assert np.allclose(values, np.linalg.eigvalsh(matrix), atol=1e-9 * scale)
    rows = np.array(vectors)
    assert np.allclose(rows @ rows.T, np.eye(size), atol=1e-9)
    assert np.allclose(rows.T @ np.diag(values) @ rows, matrix, atol=1e-9 * scale)


def test_a_matrix_that_is_not_symmetric_is_refused() -> None:
    for wrong in ([[1.0, 2.0], [0.0, 1.0]], [[1.0, 2.0]]):
        with pytest.raises(ValueError, match="symmetric"):
            eigen(wrong)


@settings(max_examples=300)
@given(st.integers(0, 10**9), st.integers(2, 5), st.integers(60, 400))
def test_weights_are_numpys_and_add_up_to_all_that_is_explained(seed: int, width: int, n: int) -> None:
    rows = opinions(seed, n, width)
    found = drivers(rows, NAMES[:width], Random(0), replicates=1)
    expected, r_squared = by_numpy(rows)
    assert [one.part for one in found.drivers] == pytest.approx(expected, abs=1e-6)
    assert found.r_squared == pytest.approx(r_squared, abs=1e-9)
    assert sum(one.part for one in found.drivers) == pytest.approx(100)


def test_the_component_that_moves_people_weighs_most_and_its_interval_holds_it() -> None:
    found = drivers(opinions(1, 300, 4, moves=2), NAMES[:4], Random(7))
    heaviest = max(found.drivers, key=lambda one: one.part)
    assert heaviest.component == "promises"
    assert all(
        low <= one.part <= high and 0 <= low < high <= 100 for one in found.drivers for low, high in [one.interval]
    )
    assert heaviest.interval[0] > max(one.interval[1] for one in found.drivers if one != heaviest)


def test_the_bootstrap_interval_is_about_that_of_single_responses_drawn_anew() -> None:
    rows = opinions(3, 3 * BLOCKS, 3)
    dice = Random(5)
    drawn = [by_numpy(dice.choices(rows, k=len(rows)))[0] for _ in range(400)]
    expected = np.percentile(np.array(drawn), [2.5, 97.5], axis=0).T
    found = drivers(rows, NAMES[:3], Random(11))
    for one, ends in zip(found.drivers, expected, strict=True):
        assert one.interval == pytest.approx(tuple(ends), abs=2.5)


def test_the_same_dice_give_the_same_picture() -> None:
    rows = opinions(2, 80, 3)
    assert drivers(rows, NAMES[:3], Random(4)) == drivers(rows, NAMES[:3], Random(4))
    assert drivers(rows, NAMES[:3], Random(4)) != drivers(rows, NAMES[:3], Random(5))


def test_with_too_few_responses_there_are_no_weights() -> None:
    enough, short = (drivers(opinions(1, n, 3), NAMES[:3], Random(0), replicates=20) for n in (30, 29))
    assert len(enough.drivers) == 3
    assert (short.drivers, short.n, short.needed, short.r_squared) == ((), 29, 30, None)
    assert drivers([], NAMES, Random(0)).n == 0
    assert needed_for(4) == 40


def test_a_component_that_few_were_asked_about_is_left_out_and_named() -> None:
    rows: list[Row] = [[*row[:2], None if i > 9 else row[2], row[3]] for i, row in enumerate(opinions(1, 60, 3))]
    found = drivers(rows, NAMES[:3], Random(0), replicates=20)
    assert [one.component for one in found.drivers] == NAMES[:2]
    assert (found.left_out, found.n) == (("promises",), 60)


def test_a_component_that_all_judge_alike_is_left_out_and_named() -> None:
    rows = [[*row[:2], 5.0, row[3]] for row in opinions(1, 60, 3)]
    found = drivers(rows, NAMES[:3], Random(0), replicates=20)
    assert found.left_out == ("promises",)
    assert len(found.drivers) == 2


def test_responses_without_an_outcome_do_not_count() -> None:
    rows: list[Row] = [[*row[:-1], None] for row in opinions(1, 60, 3)]
    assert drivers(rows, NAMES[:3], Random(0)).n == 0


def test_an_outcome_that_nobody_varies_in_explains_nothing() -> None:
    rows = [[*row[:-1], 9.0] for row in opinions(1, 60, 3)]
    found = drivers(rows, NAMES[:3], Random(0))
    assert (found.drivers, found.n) == ((), 60)


def test_two_components_judged_alike_by_everybody_share_their_weight() -> None:
    rows = [[row[0], row[0], row[1], row[-1]] for row in opinions(1, 90, 2)]
    found = drivers(rows, NAMES[:3], Random(0), replicates=50)
    assert found.drivers[0].part == pytest.approx(found.drivers[1].part)


def test_more_than_twelve_components_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 12"):
        drivers([], [str(n) for n in range(13)], Random(0))
