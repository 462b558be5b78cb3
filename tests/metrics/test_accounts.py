"""NPS of accounts by the three rules, once more from single answers; times of events."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.accounts import account_nps
from metrics.histogram import Histogram
from metrics.intervals import order_statistics
from metrics.operations import times

MANY = settings(max_examples=700)
WEIGHTS = {"business_owner": 0.35, "senior_it": 0.30, "key_user": 0.20}
people = st.tuples(st.sampled_from([*WEIGHTS, "auditor"]), st.integers(0, 10))
vendors = st.dictionaries(st.sampled_from("abcdef"), st.lists(people, min_size=1, max_size=12), max_size=6)
Vendor = dict[str, list[tuple[str, int]]]


def vote(score: int) -> int:
    return 100 * ((score > 8) - (score < 7))


def by_role(said: list[tuple[str, int]]) -> dict[str, list[int]]:
    return {role: [score for other, score in said if other == role] for role in dict.fromkeys(r for r, _ in said)}


def counted(vendor: Vendor) -> dict[str, dict[str, Histogram]]:
    return {
        account: {role: Histogram({s: scores.count(s) for s in scores}) for role, scores in by_role(said).items()}
        for account, said in vendor.items()
    }


def mean_of(said: list[tuple[str, int]]) -> float | None:
    heard = {role: scores for role, scores in by_role(said).items() if role in WEIGHTS}
    if not heard:
        return None
    values = [statistics.mean(map(vote, scores)) for scores in heard.values()]
    return float(np.average(values, weights=[WEIGHTS[role] for role in heard]))


def senior_of(said: list[tuple[str, int]]) -> float | None:
    heard = by_role(said)
    speaks = next((role for role in WEIGHTS if role in heard), None)
    return None if speaks is None else statistics.mean(map(vote, heard[speaks]))


@MANY
@given(vendors)
def test_the_three_rules_over_single_answers(vendor: Vendor) -> None:
    found = account_nps(counted(vendor), WEIGHTS)
    everyone = [vote(score) for said in vendor.values() for _, score in said]
    assert found.everyone.n == len(everyone)
    assert found.everyone.value == (pytest.approx(statistics.mean(everyone)) if everyone else None)
    for rule, value_of in ((found.alike, mean_of), (found.senior, senior_of)):
        values = [value for said in vendor.values() if (value := value_of(said)) is not None]
        assert rule.n == len(values)
        assert rule.value == (pytest.approx(statistics.mean(values), abs=1e-9) if values else None)
        if len(values) > 1:
            half = stats.t.ppf(0.975, len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
            centre = statistics.mean(values)
            assert rule.interval == pytest.approx((max(-100, centre - half), min(100, centre + half)), abs=1e-6)
        else:
            assert rule.interval is None


@MANY
@given(vendors, st.dictionaries(st.sampled_from("abcdef"), st.just(0) | st.floats(1, 1e9)))
def test_by_revenue_the_accounts_count_by_what_they_pay(vendor: Vendor, revenue: dict[str, float]) -> None:
    found = account_nps(counted(vendor), WEIGHTS, revenue).by_revenue
    paying = {a: value for a, said in vendor.items() if revenue.get(a) and (value := mean_of(said)) is not None}
    if not paying:
        assert found is None
        return
    assert found is not None
    expected = np.average(list(paying.values()), weights=[revenue[a] for a in paying])
    assert found.value == pytest.approx(float(expected), abs=1e-6)


def test_equal_revenues_are_the_same_as_accounts_alike() -> None:
    vendor: Vendor = {"a": [("key_user", 9)], "b": [("key_user", 3)], "c": [("senior_it", 8), ("key_user", 10)]}
    found = account_nps(counted(vendor), WEIGHTS, dict.fromkeys(vendor, 7.0))
    assert found.by_revenue is not None
    assert found.by_revenue.value == pytest.approx(found.alike.value)
    assert found.by_revenue.interval == pytest.approx(found.alike.interval)


def test_rules_that_lead_to_different_words_disagree() -> None:
    crowd = {"business_owner": Histogram({2: 1}), "key_user": Histogram({10: 40})}
    found = account_nps({"a": crowd, "b": {"business_owner": Histogram({3: 1})}}, WEIGHTS)
    assert found.disagree
    assert found.spread == pytest.approx(100 * 38 / 42 + 100)
    alike = account_nps({"a": {"key_user": Histogram({10: 4})}}, WEIGHTS)
    assert (alike.disagree, alike.spread) == (False, 0)


def test_no_data_is_no_disagreement() -> None:
    found = account_nps({}, WEIGHTS)
    assert (found.everyone.value, found.alike.value, found.senior.value, found.by_revenue) == (None, None, None, None)
    assert not found.disagree


@MANY
@given(st.lists(st.integers(0, 10**6)), st.integers(0, 10**6))
def test_times_are_numpys_quantiles(seconds: list[int], target: int) -> None:
    found = times(seconds, target)
    assert found.n == len(seconds)
    assert found.within is not None
    if not seconds:
        assert (found.median, found.p90, found.within.percent) == (None, None, None)
        return
    assert found.median == pytest.approx(float(np.quantile(seconds, 0.5)))
    assert found.p90 == pytest.approx(float(np.quantile(seconds, 0.9)))
    assert found.within.percent == pytest.approx(100 * sum(each <= target for each in seconds) / len(seconds))
    for percent, interval in ((50, found.median_interval), (90, found.p90_interval)):
        told = stats.quantile_test(seconds, p=percent / 100).confidence_interval()
        assert interval == (None if np.isnan([told.low, told.high]).any() else (told.low, told.high))
    wilson = stats.binomtest(found.within.count, len(seconds)).proportion_ci(method="wilson")
    assert found.within.interval == pytest.approx((100 * wilson.low, 100 * wilson.high), abs=1e-6)


def test_an_interval_of_a_quantile_is_scipys_for_many_values_too() -> None:
    for n in (5, 6, 35, 36, 1000, 54321):
        values = list(range(n))
        for percent in (50, 90):
            told = stats.quantile_test(values, p=percent / 100).confidence_interval()
            expected = None if np.isnan([told.low, told.high]).any() else (told.low, told.high)
            assert order_statistics(values, percent) == expected, (n, percent)


def test_a_time_below_zero_is_refused_and_no_target_has_no_share() -> None:
    with pytest.raises(ValueError, match="negative"):
        times([5, -1])
    assert times([5]).within is None
