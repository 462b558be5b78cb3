"""Fieldwork figures."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.estimates import Share, share
from metrics.rates import median, percentile, response_rate

seconds = st.lists(st.floats(0, 1e7), min_size=1, max_size=40)


def test_response_rate_is_completed_of_delivered() -> None:
    rate = response_rate(15, 148)
    assert rate.percent == rate.value == pytest.approx(10.135, abs=1e-3)
    assert (rate.count, rate.n) == (15, 148)
    assert rate.interval == pytest.approx((6.24, 16.05), abs=0.005)


def test_nothing_delivered_is_no_rate() -> None:
    assert response_rate(0, 0) == Share(None, None, 0, 0)


def test_more_completed_than_delivered_is_refused() -> None:
    with pytest.raises(ValueError, match="5 of 4"):
        share(5, 4)


@given(seconds)
def test_the_median_has_half_on_either_side(values: list[float]) -> None:
    assert median(values) == pytest.approx(statistics.median(values))


@given(seconds.filter(lambda values: len(values) > 1), st.integers(1, 99))
def test_percentiles_are_those_of_the_statistics_module(values: list[float], percent: int) -> None:
    expected = statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
    assert percentile(values, percent) == pytest.approx(expected)


@given(seconds)
def test_the_ends_are_the_quickest_and_the_slowest(values: list[float]) -> None:
    assert (percentile(values, 0), percentile(values, 100)) == (min(values), max(values))


@given(seconds, st.floats(0, 100), st.floats(0, 100))
def test_a_greater_percentile_is_never_smaller(values: list[float], one: float, other: float) -> None:
    low, high = percentile(values, min(one, other)), percentile(values, max(one, other))
    assert low is not None
    assert high is not None
    assert low <= high or math.isclose(low, high, rel_tol=1e-12)


def test_no_values_have_no_median() -> None:
    assert median([]) is None
    assert percentile([], 90) is None


def test_values_may_come_in_any_iterable() -> None:
    assert median(value for value in (3, 1, 2)) == 2


@pytest.mark.parametrize("percent", [-1, 100.5, math.nan])
def test_a_percentile_beyond_the_ends_is_refused(percent: float) -> None:
    with pytest.raises(ValueError, match="percent must be 0 to 100"):
        percentile([1.0], percent)
