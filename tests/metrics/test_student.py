"""The quantile of Student's t."""

import itertools
import math
from statistics import NormalDist

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from metrics.student import t_quantile

# Printed tables of t, two-sided 95 %, to the digits printed.
TABLE = {
    1: 12.7062047362,
    2: 4.3026527297,
    3: 3.1824463053,
    4: 2.7764451052,
    5: 2.5705818356,
    6: 2.4469118511,
    7: 2.3646242516,
    8: 2.3060041352,
    9: 2.2621571628,
    10: 2.2281388520,
    12: 2.1788128297,
    15: 2.1314495456,
    20: 2.0859634473,
    25: 2.0595385528,
    30: 2.0422724563,
    40: 2.0210753903,
    50: 2.0085591121,
    60: 2.0002978220,
    100: 1.9839715185,
    120: 1.9799304051,
    1000: 1.9623390808,
}


@pytest.mark.parametrize(("df", "printed"), TABLE.items())
def test_agrees_with_printed_tables(df: int, printed: float) -> None:
    assert t_quantile(df) == pytest.approx(printed, abs=1e-9)


def test_agrees_with_the_closed_forms_there_are() -> None:
    assert t_quantile(1) == pytest.approx(math.tan(0.475 * math.pi), abs=1e-12)
    assert t_quantile(2) == pytest.approx(0.95 * math.sqrt(2 / (1 - 0.95**2)), abs=1e-12)
    root = math.sqrt(4 * 0.975 * 0.025)
    assert t_quantile(4) == pytest.approx(2 * math.sqrt(math.cos(math.acos(root) / 3) / root - 1), abs=1e-12)


def density(t: float, df: int) -> float:
    constant = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    return math.exp(constant - (df + 1) / 2 * math.log1p(t * t / df))


@settings(max_examples=60)
@given(st.integers(1, 3000))
@example(499)
@example(500)
def test_the_density_up_to_the_quantile_adds_up(df: int) -> None:
    steps = 2000
    width = t_quantile(df) / steps
    weights = [1, *itertools.islice(itertools.cycle([4, 2]), steps - 1), 1]
    area = math.fsum(weight * density(index * width, df) for index, weight in enumerate(weights)) * width / 3
    assert area == pytest.approx(0.475, abs=1e-11)


def test_falls_towards_the_normal_quantile_without_a_seam() -> None:
    quantiles = [t_quantile(df) for df in range(1, 1200)]
    steps = [before - after for before, after in itertools.pairwise(quantiles)]
    assert all(step > 0 for step in steps)
    assert all(earlier > later for earlier, later in itertools.pairwise(steps))
    assert t_quantile(10**9) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-8)


@pytest.mark.parametrize("df", [0, -3])
def test_without_degrees_of_freedom_there_is_no_quantile(df: int) -> None:
    with pytest.raises(ValueError, match=f"at least 1, not {df}"):
        t_quantile(df)
