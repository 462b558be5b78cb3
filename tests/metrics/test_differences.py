"""Differences of two groups, gaps between roles and rankings, against scipy and the plainest arithmetic."""

import math
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.csi import csi
from metrics.differences import (
    UNKNOWN,
    Difference,
    ces_difference,
    csi_difference,
    nps_difference,
    ranking,
    share_difference,
    simultaneous,
    widest_gap,
    widest_share_gap,
)
from metrics.estimates import share
from metrics.histogram import Histogram
from metrics.scales import CES_5, CES_7, CSAT_5, Scale, WrongScale, own_scale, points
from metrics.student import t_quantile_between

MANY = settings(max_examples=800)
small = st.integers(0, 60)


def scores(scale: Scale) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(points(scale)), max_size=60)


def counted(answers: list[int]) -> Histogram:
    return Histogram({score: answers.count(score) for score in answers})


def known(difference: Difference) -> tuple[float, float, float]:
    assert difference.value is not None
    assert difference.interval is not None
    return difference.interval[0], difference.value, difference.interval[1]


@MANY
@given(st.lists(st.integers(0, 10), max_size=60), st.lists(st.integers(0, 10), max_size=60))
def test_nps_difference_is_that_of_votes_with_three_imagined_answers_each(first: list[int], second: list[int]) -> None:
    found = nps_difference(counted(first), counted(second))
    if not (first and second):
        assert found == UNKNOWN
        return
    votes = [[(score > 8) - (score < 7) for score in each] for each in (first, second)]
    quarters = [[v for v in each for _ in range(4)] + [1] * 3 + [0] * 6 + [-1] * 3 for each in votes]
    centre = statistics.mean(quarters[1]) - statistics.mean(quarters[0])
    half = 1.96 * math.sqrt(sum(statistics.pvariance(each) * 4 / len(each) for each in quarters))
    low, value, high = known(found)
    assert value == pytest.approx(100 * (statistics.mean(votes[1]) - statistics.mean(votes[0])))
    assert (low, high) == pytest.approx((100 * max(-2, centre - half), 100 * min(2, centre + half)))


@MANY
@given(small, small, small, small)
def test_share_difference_is_newcombes_of_scipys_wilson_intervals(a: int, b: int, c: int, d: int) -> None:
    found = share_difference(share(a, a + b), share(c, c + d))
    if not (a + b and c + d):
        assert found == UNKNOWN
        return
    first, second = (stats.binomtest(k, n).proportion_ci(method="wilson") for k, n in ((a, a + b), (c, c + d)))
    p, q = a / (a + b), c / (c + d)
    low = q - p - math.sqrt((q - second.low) ** 2 + (first.high - p) ** 2)
    high = q - p + math.sqrt((second.high - q) ** 2 + (p - first.low) ** 2)
    assert known(found) == pytest.approx((100 * low, 100 * (q - p), 100 * high), abs=1e-6)


def test_share_difference_of_the_published_example() -> None:
    # Newcombe 1998, table II, example (a), method 10: 56/70 against 48/80.
    assert share_difference(share(48, 80), share(56, 70)).interval == pytest.approx((5.24, 33.39), abs=0.005)


@MANY
@given(st.sampled_from([CES_5, CES_7]).flatmap(lambda s: st.tuples(st.just(s), scores(s), scores(s))))
def test_ces_difference_is_scipys_welch(case: tuple[Scale, list[int], list[int]]) -> None:
    scale, first, second = case
    found = ces_difference(counted(first), counted(second), scale)
    if not (first and second):
        assert found == UNKNOWN
        return
    assert found.value == pytest.approx(statistics.mean(second) - statistics.mean(first))
    alike = len(first) < 2 or len(second) < 2 or len(set(first)) == len(set(second)) == 1
    if alike:
        assert found.interval is None
        return
    low, high = welch(second, first)
    ends = scale.high - scale.low
    assert found.interval == pytest.approx((max(-ends, low), min(ends, high)))


def welch(one: list[int], other: list[int]) -> tuple[float, float]:
    varied = [each for each in (one, other) if len(set(each)) > 1]
    if len(varied) == 2:
        expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
        return expected.low, expected.high
    # Next to a sample without any spread it is the interval of the other one's mean alone.
    (alone,) = varied
    half = stats.t.ppf(0.975, len(alone) - 1) * statistics.stdev(alone) / math.sqrt(len(alone))
    centre = statistics.mean(one) - statistics.mean(other)
    return centre - half, centre + half


def test_on_a_scale_that_is_read_backwards_a_lower_mark_is_an_improvement() -> None:
    backwards = own_scale(5, 1, "ces")
    assert ces_difference(Histogram({4: 5}), Histogram({2: 5}), backwards).value == 2


def test_marks_of_another_kind_are_refused() -> None:
    with pytest.raises(WrongScale):
        ces_difference(Histogram(), Histogram(), CSAT_5)


@given(st.floats(1, 499), st.sampled_from([0, 1, 600, 1e5]))
def test_the_quantile_between_whole_degrees_of_freedom_is_scipys(df: float, more: float) -> None:
    assert t_quantile_between(df + more) == pytest.approx(stats.t.ppf(0.975, df + more), rel=1e-9)


@MANY
@given(scores(CSAT_5), scores(CSAT_5), scores(CSAT_5), scores(CSAT_5))
def test_csi_difference_adds_the_variances_of_all_roles(a: list[int], b: list[int], c: list[int], d: list[int]) -> None:
    weights = {"senior_it": 0.3, "key_user": 0.2}
    said = [{"senior_it": x, "key_user": y} for x, y in ((a, b), (c, d))]
    first, second = (csi({r: {CSAT_5: counted(v)} for r, v in each.items() if v}, weights) for each in said)
    found = csi_difference(first, second)
    if first.value is None or second.value is None:
        assert found == UNKNOWN
        return
    assert found.value == pytest.approx(second.value - first.value)
    if first.interval is None or second.interval is None:
        assert found.interval is None
        return
    half = 1.96 * math.sqrt(sum(_variance(each, weights) for each in said))
    assert found.interval == pytest.approx((max(-100, found.value - half), min(100, found.value + half)))


def _variance(said: dict[str, list[int]], weights: dict[str, float]) -> float:
    heard = {role: [100 * (score > 3) for score in marks] for role, marks in said.items() if marks}
    total = sum(weights[role] for role in heard)
    return sum((weights[r] / total) ** 2 * statistics.pvariance(v) / len(v) for r, v in heard.items())


@given(st.lists(st.integers(0, 10), min_size=1), st.lists(st.integers(0, 10), min_size=1))
def test_a_difference_turned_round_has_the_same_verdict(first: list[int], second: list[int]) -> None:
    there, back = nps_difference(counted(first), counted(second)), nps_difference(counted(second), counted(first))
    low, value, high = known(there)
    assert known(back) == pytest.approx((-high, -value, -low))
    assert there.verdict == back.verdict


def test_four_roles_need_a_wider_gap_than_two() -> None:
    sponsor, operator = Histogram({9: 5, 7: 1}), Histogram({7: 4, 4: 4})
    between = Histogram({8: 5})
    two, four = (
        widest_gap({"sponsor": sponsor, "operator": operator, **rest}) for rest in ({}, {"a": between, "b": between})
    )
    assert two is not None
    assert four is not None
    assert (two.high, two.low) == (four.high, four.low) == ("sponsor", "operator")
    assert two.difference.value == four.difference.value
    assert known(two.difference)[0] > known(four.difference)[0]
    assert simultaneous(4) == pytest.approx(stats.norm.ppf(1 - 0.05 / 2 / 6))


def test_one_role_has_no_gap() -> None:
    assert widest_gap({"sponsor": Histogram({9: 5}), "operator": Histogram()}) is None
    assert widest_share_gap({"sponsor": share(3, 4), "operator": share(0, 0)}) is None


def test_a_gap_of_shares_names_the_higher_role_first() -> None:
    gap = widest_share_gap({"a": share(1, 30), "b": share(29, 30), "c": share(15, 30)})
    assert gap is not None
    assert (gap.high, gap.low, gap.difference.verdict) == ("b", "a", "real")
    assert gap.difference.value == pytest.approx(2800 / 30)


def test_a_ranking_says_which_neighbours_cannot_be_told_apart() -> None:
    places = ranking({"a": (10, (0, 20)), "b": (60, None), "c": (70, (65, 75)), "d": (5, (-9, -1)), "e": (5, (-9, 9))})
    assert [(place.key, place.apart) for place in places] == [
        ("c", False),
        ("b", False),
        ("a", True),
        ("d", False),
        ("e", None),
    ]
    assert ranking({}) == ()
