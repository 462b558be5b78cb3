"""Intervals against independent derivations of the same thing."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.intervals import adjusted_wald_nps, clipped, student_t, wilson


@st.composite
def parts(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 3000))
    return draw(st.integers(0, n)), n


@st.composite
def opinions(draw: st.DrawFn) -> tuple[int, int, int]:
    promoters, passives, detractors = (draw(st.integers(0, 500)) for _ in range(3))
    return promoters, detractors, max(1, promoters + passives + detractors)


@given(parts())
def test_wilson_bounds_are_the_shares_just_compatible_with_the_data(part: tuple[int, int]) -> None:
    successes, n = part
    z = NormalDist().inv_cdf(0.975)
    bounds = wilson(successes, n)
    assert bounds is not None
    for bound in bounds:
        distance = abs(successes / n - bound)
        assert distance == pytest.approx(z * math.sqrt(bound * (1 - bound) / n), abs=1e-9)


@given(parts())
def test_wilson_stays_within_0_and_1_and_holds_the_share(part: tuple[int, int]) -> None:
    successes, n = part
    low, high = wilson(successes, n) or (math.nan, math.nan)
    assert 0 <= low < high <= 1
    assert low <= successes / n <= high


@given(parts())
def test_wilson_of_the_rest_is_the_mirror_image(part: tuple[int, int]) -> None:
    successes, n = part
    low, high = wilson(successes, n) or (math.nan, math.nan)
    assert wilson(n - successes, n) == pytest.approx((1 - high, 1 - low))


@given(parts())
def test_wilson_narrows_as_the_same_share_is_seen_more_often(part: tuple[int, int]) -> None:
    successes, n = part
    low, high = wilson(successes, n) or (math.nan, math.nan)
    lower, higher = wilson(4 * successes, 4 * n) or (math.nan, math.nan)
    assert higher - lower < high - low


# R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
@pytest.mark.parametrize(
    ("successes", "n", "printed"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_wilson_agrees_with_its_printed_examples(successes: int, n: int, printed: tuple[float, float]) -> None:
    assert wilson(successes, n) == pytest.approx(printed, abs=5e-5)


def test_wilson_ends_exactly_where_shares_end() -> None:
    assert [(wilson(0, n) or (1, 1))[0] for n in range(1, 300)] == [0] * 299
    assert [(wilson(n, n) or (0, 0))[1] for n in range(1, 300)] == [1] * 299


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (1, 0)])
def test_wilson_refuses_more_successes_than_trials(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match=f"{successes} of {n}"):
        wilson(successes, n)


@given(opinions())
def test_adjusted_wald_is_wald_with_three_imagined_answers(opinion: tuple[int, int, int]) -> None:
    promoters, detractors, n = opinion
    weighed = [(1, promoters + 0.75), (0, n - promoters - detractors + 1.5), (-1, detractors + 0.75)]
    total = math.fsum(weight for _, weight in weighed)
    mean = math.fsum(vote * weight for vote, weight in weighed) / total
    variance = math.fsum(weight * (vote - mean) ** 2 for vote, weight in weighed) / total
    half = 1.96 * math.sqrt(variance / total)
    assert adjusted_wald_nps(*opinion) == pytest.approx((max(-1, mean - half), min(1, mean + half)))


@given(opinions())
def test_swapping_promoters_and_detractors_mirrors_the_interval(opinion: tuple[int, int, int]) -> None:
    promoters, detractors, n = opinion
    low, high = adjusted_wald_nps(promoters, detractors, n) or (math.nan, math.nan)
    assert adjusted_wald_nps(detractors, promoters, n) == pytest.approx((-high, -low))


@pytest.mark.parametrize("opinion", [(-1, 0, 5), (0, -1, 5), (3, 3, 5)])
def test_adjusted_wald_refuses_parts_that_are_no_parts(opinion: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="must be parts of n"):
        adjusted_wald_nps(*opinion)


def test_student_uses_the_quantile_of_one_degree_less() -> None:
    assert student_t(10.0, 4.0, 4) == pytest.approx((10 - 3.1824463053, 10 + 3.1824463053))


def test_without_observations_there_is_no_interval() -> None:
    assert wilson(0, 0) is adjusted_wald_nps(0, 0, 0) is student_t(3.0, 0.0, 0) is student_t(3.0, 0.0, 1) is None


def test_clipping_touches_only_what_sticks_out() -> None:
    assert clipped(50.0, 10.0, 0, 100) == (40.0, 60.0)
    assert clipped(95.0, 10.0, 0, 100) == (85.0, 100.0)
    assert clipped(5.0, 10.0, 0, 100) == (0.0, 15.0)
