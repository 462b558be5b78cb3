"""The index in which roles, not crowds, have the weight."""

import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.csat import Method, csat
from metrics.csi import Answers, Basis, Csi, csi
from metrics.histogram import Histogram
from metrics.scales import CES_5, CSAT_5, CSAT_7, CSAT_10, Scale, ScoreOutsideScale, WrongScale, points

WEIGHTS = {"senior_it": 0.30, "business_owner": 0.35, "key_user": 0.20, "project_office": 0.15}

bases = st.sampled_from(get_args(Basis))
csat_scales = st.sampled_from([CSAT_5, CSAT_7, CSAT_10])


def histograms(scale: Scale) -> st.SearchStrategy[Histogram]:
    return st.dictionaries(st.sampled_from(points(scale)), st.integers(0, 40)).map(Histogram)


voices = st.fixed_dictionaries({}, optional={scale: histograms(scale) for scale in (CSAT_5, CSAT_7, CSAT_10)})
loud_voices = st.tuples(voices, csat_scales, st.integers(1, 5)).map(
    lambda one: {**one[0], one[1]: one[0].get(one[1], Histogram()) + Histogram({one[2]: 1})}
)
answers_of_roles = st.dictionaries(st.sampled_from(list(WEIGHTS)), voices)


def fives(**scores: int) -> Answers:
    """`s4=3` is three answers of 4 on the scale 1-5."""
    return {CSAT_5: Histogram({int(score[1:]): count for score, count in scores.items()})}


def value_of(index: Csi) -> float:
    assert index.value is not None
    return index.value


@given(answers_of_roles, bases)
def test_csi_and_its_interval_stay_within_0_and_100(answers: dict[str, Answers], basis: Basis) -> None:
    index = csi(answers, WEIGHTS, basis=basis)
    if index.value is not None:
        assert 0 <= index.value <= 100
    if index.interval is not None:
        assert 0 <= index.interval[0] <= value_of(index) <= index.interval[1] <= 100


@given(voices, st.sampled_from(get_args(Method)), st.sampled_from([0.1, 0.35, 1.0, 7.0]))
def test_csi_of_one_role_is_its_csat(voice: Answers, method: Method, weight: float) -> None:
    index = csi({"key_user": voice}, {"key_user": weight}, basis=method)
    assert index.value == csat(voice, method=method).value


@given(answers_of_roles, bases, st.integers(1, 1000), st.sampled_from([1, 10, 100]))
def test_only_the_proportions_of_weights_matter(
    answers: dict[str, Answers], basis: Basis, factor: int, divisor: int
) -> None:
    whole = {"senior_it": 30, "business_owner": 35, "key_user": 20, "project_office": 15}
    scaled = {role: weight * factor / divisor for role, weight in whole.items()}
    one, other = csi(answers, WEIGHTS, basis=basis), csi(answers, scaled, basis=basis)
    assert other.value == pytest.approx(one.value)
    assert other.interval == pytest.approx(one.interval)
    assert other.covered == pytest.approx(one.covered)
    assert other.missing == one.missing


@given(answers_of_roles, bases, st.permutations(list(WEIGHTS)))
def test_the_order_of_roles_does_not_change_the_index(
    answers: dict[str, Answers], basis: Basis, order: list[str]
) -> None:
    one = csi(answers, WEIGHTS, basis=basis)
    other = csi(answers, {role: WEIGHTS[role] for role in order}, basis=basis)
    assert (one.value, one.covered, one.n) == (other.value, other.covered, other.n)
    assert one.interval == pytest.approx(other.interval)


@given(st.sampled_from([CSAT_5, CSAT_7, CSAT_10]).flatmap(lambda s: st.tuples(st.just(s), histograms(s))), bases)
def test_csi_does_not_depend_on_where_or_which_way_a_scale_runs(case: tuple[Scale, Histogram], basis: Basis) -> None:
    scale, histogram = case
    backwards = Scale("backwards", "csat", scale.low + 3, scale.high + 3, higher_is_better=False)
    mirrored = Histogram({scale.low + scale.high + 3 - score: count for score, count in histogram.items()})
    one = csi({"key_user": {scale: histogram}}, {"key_user": 1}, basis=basis)
    assert csi({"key_user": {backwards: mirrored}}, {"key_user": 1}, basis=basis) == one


@given(answers_of_roles, loud_voices, bases, st.sampled_from(list(WEIGHTS)), csat_scales)
def test_a_best_answer_more_never_lowers_the_voice_of_a_role(
    others: dict[str, Answers], voice: Answers, basis: Basis, role: str, scale: Scale
) -> None:
    answers = {**others, role: voice}
    before = csi(answers, WEIGHTS, basis=basis)
    happier = {**voice, scale: voice.get(scale, Histogram()) + Histogram({scale.high: 1})}
    after = csi({**answers, role: happier}, WEIGHTS, basis=basis)
    assert (after.covered, after.missing) == (before.covered, before.missing)
    if before.sufficient:
        assert value_of(after) >= value_of(before) - 1e-9


@given(st.integers(1, 10_000))
def test_a_crowd_does_not_outvote_one_director(crowd: int) -> None:
    answers = {"business_owner": fives(s1=1), "senior_it": fives(s1=1), "key_user": fives(s5=crowd)}
    assert csi(answers, WEIGHTS).value == pytest.approx(100 * 0.20 / 0.85)


def test_thirty_dispatchers_and_one_director() -> None:
    index = csi({"business_owner": fives(s2=1), "key_user": fives(s5=30)}, WEIGHTS)
    assert index.value == pytest.approx(100 * 0.20 / 0.55)
    assert index.n == 31


def test_a_role_without_answers_is_named_in_the_configured_order() -> None:
    index = csi({"key_user": fives(s5=3), "business_owner": {CSAT_5: Histogram()}, "senior_it": fives(s4=1)}, WEIGHTS)
    assert index.missing == ("business_owner", "project_office")
    assert [role.role for role in index.roles] == list(WEIGHTS)
    assert [(role.value, role.n, role.weight) for role in index.roles] == [
        (100, 1, 0.30),
        (None, 0, 0.35),
        (100, 3, 0.20),
        (None, 0, 0.15),
    ]


@pytest.mark.parametrize("heard", [("senior_it", "key_user"), ("business_owner", "project_office")])
def test_exactly_half_of_the_weight_is_enough(heard: tuple[str, ...]) -> None:
    index = csi({role: fives(s5=2, s1=2) for role in heard}, WEIGHTS)
    assert (index.covered, index.sufficient, index.value) == (0.5, True, 50)


def test_less_than_half_of_the_weight_is_an_insufficient_signal() -> None:
    index = csi({"senior_it": fives(s5=4), "project_office": fives(s5=4)}, WEIGHTS)
    assert (index.value, index.interval, index.sufficient) == (None, None, False)
    assert (index.n, index.covered) == (8, 0.45)
    assert [role.value for role in index.roles] == [100, None, None, 100]


@pytest.mark.parametrize("answers", [{}, {"senior_it": {}}, {"senior_it": {CSAT_5: Histogram()}}])
def test_no_data_is_told_from_an_insufficient_signal_by_its_base(answers: dict[str, Answers]) -> None:
    index = csi(answers, WEIGHTS)
    assert (index.value, index.interval, index.n, index.covered, index.sufficient) == (None, None, 0, 0, False)
    assert index.missing == tuple(WEIGHTS)


def test_the_basis_decides_what_an_answer_is_worth() -> None:
    answers = {"key_user": {CSAT_5: Histogram({4: 1, 5: 1}), CSAT_10: Histogram({1: 1, 10: 1})}}
    values = {basis: csi(answers, {"key_user": 1}, basis=basis).value for basis in get_args(Basis)}
    assert values == {"top2": 75, "top1": 50, "mean": 68.75}


def test_top2_is_the_default_basis() -> None:
    assert csi({"key_user": fives(s4=1, s3=1)}, {"key_user": 1}).value == 50


def test_the_interval_follows_the_published_formula() -> None:
    index = csi({"senior_it": fives(s5=2, s2=2), "business_owner": fives(s5=3, s1=7)}, WEIGHTS)
    half = 1.96 * math.sqrt((30 / 65) ** 2 * 2500 / 4 + (35 / 65) ** 2 * 2100 / 10)
    value = (30 * 50 + 35 * 30) / 65
    assert index.value == pytest.approx(value)
    assert index.interval == pytest.approx((value - half, value + half))


def test_a_lone_voice_adds_no_spread_and_is_named() -> None:
    index = csi({"senior_it": fives(s5=1), "business_owner": fives(s5=5, s1=5)}, WEIGHTS)
    half = 1.96 * 35 / 65 * 50 / math.sqrt(10)
    assert index.lone == ("senior_it",)
    assert index.interval == pytest.approx((value_of(index) - half, value_of(index) + half))


def test_lone_voices_alone_have_no_interval() -> None:
    index = csi({"senior_it": fives(s5=1), "business_owner": fives(s1=1)}, WEIGHTS)
    assert index.value == pytest.approx(100 * 30 / 65)
    assert index.interval is None


def test_a_role_of_weight_0_is_shown_and_does_not_count() -> None:
    index = csi({"observer": fives(s1=9), "key_user": fives(s5=1)}, {"observer": 0, "key_user": 0.2})
    assert (index.value, index.interval, index.covered, index.n) == (100, None, 1, 10)
    assert index.roles[0].value == 0
    assert csi({"observer": fives(s1=1), "key_user": fives(s5=2)}, {"observer": 0, "key_user": 0.2}).lone == ()


def test_a_role_without_a_weight_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="roles without a weight: auditor; known: key_user"):
        csi({"auditor": fives(s5=1)}, {"key_user": 1})


@pytest.mark.parametrize("weights", [{}, {"a": 0.0}, {"a": 1.0, "b": -0.1}, {"a": math.nan}, {"a": math.inf}])
def test_weights_that_weigh_nothing_sensible_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="weights of roles must be finite, not negative and not all 0"):
        csi({}, weights)


@pytest.mark.parametrize("basis", get_args(Basis))
def test_only_scores_of_csat_scales_are_taken(basis: Basis) -> None:
    with pytest.raises(WrongScale):
        csi({"key_user": {CES_5: Histogram({5: 1})}}, {"key_user": 1}, basis=basis)
    with pytest.raises(ScoreOutsideScale):
        csi({"key_user": {CSAT_5: Histogram({6: 1})}}, {"key_user": 1}, basis=basis)
