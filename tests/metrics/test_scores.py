"""NPS, CSAT and CES of one histogram."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.ces import ces
from metrics.csat import csat, top_box
from metrics.estimates import Estimate, Share
from metrics.histogram import Histogram
from metrics.nps import band, nps, nps_groups
from metrics.scales import (
    CES_5,
    CES_7,
    CSAT_5,
    CSAT_7,
    CSAT_10,
    NPS,
    Scale,
    ScoreOutsideScale,
    WrongScale,
    points,
)

csat_scales = st.sampled_from([CSAT_5, CSAT_7, CSAT_10])
ces_scales = st.sampled_from([CES_5, CES_7])
counts = st.integers(0, 200)


def histograms(scale: Scale, at_least: int = 0) -> st.SearchStrategy[Histogram]:
    every = st.dictionaries(st.sampled_from(points(scale)), counts).map(Histogram)
    return every.filter(lambda histogram: histogram.n >= at_least)


def moved(histogram: Histogram, source: int, target: int) -> Histogram:
    """One answer changes its mind."""
    left = dict(histogram.items())
    left[source] -= 1
    return Histogram(left) + Histogram({target: 1})


def known(estimate: Estimate) -> tuple[float, float, float]:
    assert estimate.value is not None
    assert estimate.interval is not None
    return estimate.interval[0], estimate.value, estimate.interval[1]


# The two intervals the public description of a report shows.
@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "value", "interval"),
    [(50, 30, 20, 30.0, (14.1, 44.2)), (5, 3, 4, 100 / 12, (-35.5, 48.9))],
)
def test_nps_of_the_published_examples(
    promoters: int, passives: int, detractors: int, value: float, interval: tuple[float, float]
) -> None:
    result = nps(Histogram({9: promoters, 8: passives, 6: detractors}))
    assert result.value == pytest.approx(value)
    assert result.interval == pytest.approx(interval, abs=0.05)


def test_every_score_belongs_to_its_group() -> None:
    votes = [nps(Histogram({score: 1})).value for score in range(11)]
    assert votes == [-100] * 7 + [0] * 2 + [100] * 2


@given(histograms(NPS, at_least=1))
def test_nps_stays_on_its_axis(histogram: Histogram) -> None:
    low, value, high = known(nps(histogram))
    assert -100 <= low < high <= 100
    assert -100 <= value <= 100


@given(histograms(NPS, at_least=2))
def test_the_interval_of_two_answers_or_more_holds_the_nps(histogram: Histogram) -> None:
    low, value, high = known(nps(histogram))
    assert low <= value <= high


@given(histograms(NPS, at_least=1))
def test_groups_make_up_the_whole_and_the_nps(histogram: Histogram) -> None:
    groups = nps_groups(histogram)
    promoters, passives, detractors = groups.promoters, groups.passives, groups.detractors
    assert promoters.count + passives.count + detractors.count == histogram.n
    assert known(promoters)[1] - known(detractors)[1] == pytest.approx(nps(histogram).value)


@given(histograms(NPS, at_least=1), st.data())
def test_a_better_answer_never_lowers_the_nps(histogram: Histogram, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(histogram.scores))
    better = moved(histogram, source, data.draw(st.integers(source, 10)))
    assert known(nps(better))[1] >= known(nps(histogram))[1]


@given(histograms(NPS, at_least=1), st.integers(1, 50))
def test_the_same_answers_more_often_give_the_same_nps_more_surely(histogram: Histogram, times: int) -> None:
    repeated = nps(Histogram({score: count * times for score, count in histogram.items()}))
    low, value, high = known(nps(histogram))
    lower, same, higher = known(repeated)
    assert same == pytest.approx(value)
    assert higher - lower <= high - low + 1e-9 or high == 100 or low == -100


@given(histograms(NPS, at_least=1), histograms(NPS, at_least=1))
def test_nps_of_a_merger_lies_between_its_parts(one: Histogram, other: Histogram) -> None:
    values = sorted([known(nps(one))[1], known(nps(other))[1]])
    assert values[0] - 1e-9 <= known(nps(one + other))[1] <= values[1] + 1e-9


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (-100, "alarming"),
        (-1e-9, "alarming"),
        (0, "good"),
        (50, "good"),
        (50 + 1e-9, "excellent"),
        (70, "excellent"),
        (70 + 1e-9, "world_class"),
        (100, "world_class"),
    ],
)
def test_bands_begin_where_the_definition_says(value: float, word: str) -> None:
    assert band(value) == word


@pytest.mark.parametrize("n", [2, 10, 20, 50, 100, 1000])
def test_half_is_exactly_50_whatever_the_base(n: int) -> None:
    assert band(known(nps(Histogram({10: n // 2, 8: n - n // 2})))[1]) == "good"


@given(csat_scales.flatmap(lambda scale: st.tuples(st.just(scale), histograms(scale, at_least=1))))
def test_csat_is_a_percentage_within_its_interval(case: tuple[Scale, Histogram]) -> None:
    scale, histogram = case
    for boxes in (1, 2):
        low, value, high = known(top_box(histogram, scale, boxes=boxes))
        assert 0 <= low <= value <= high <= 100


@given(csat_scales.flatmap(lambda scale: st.tuples(st.just(scale), histograms(scale, at_least=1))))
def test_a_stricter_method_never_gives_more(case: tuple[Scale, Histogram]) -> None:
    scale, histogram = case
    assert csat({scale: histogram}, method="top1").count <= csat({scale: histogram}, method="top2").count


@given(csat_scales.flatmap(lambda scale: st.tuples(st.just(scale), histograms(scale, at_least=1))), st.data())
def test_a_better_answer_never_lowers_csat(case: tuple[Scale, Histogram], data: st.DataObject) -> None:
    scale, histogram = case
    source = data.draw(st.sampled_from(histogram.scores))
    better = moved(histogram, source, data.draw(st.integers(source, scale.high)))
    assert top_box(better, scale).count >= top_box(histogram, scale).count


@given(histograms(CSAT_5), st.integers(-20, 20))
def test_csat_does_not_depend_on_where_a_scale_begins(histogram: Histogram, shift: int) -> None:
    there = Scale("elsewhere", "csat", 1 + shift, 5 + shift)
    shifted = Histogram({score + shift: count for score, count in histogram.items()})
    assert top_box(shifted, there) == top_box(histogram, CSAT_5)


@given(histograms(CSAT_7))
def test_csat_of_a_reversed_scale_counts_the_lowest_scores(histogram: Histogram) -> None:
    backwards = Scale("backwards", "csat", 1, 7, higher_is_better=False)
    mirrored = Histogram({8 - score: count for score, count in histogram.items()})
    assert csat({backwards: mirrored}) == csat({CSAT_7: histogram})


@given(histograms(CSAT_5), histograms(CSAT_5), histograms(CSAT_10))
def test_csat_over_several_scales_adds_the_counts(one: Histogram, other: Histogram, tens: Histogram) -> None:
    together = csat({CSAT_5: one + other, CSAT_10: tens})
    apart = [csat({CSAT_5: one}), csat({CSAT_5: other}), csat({CSAT_10: tens})]
    assert (together.count, together.n) == (sum(part.count for part in apart), sum(part.n for part in apart))


def test_csat_of_the_published_example() -> None:
    histogram = Histogram({1: 5, 2: 10, 3: 15, 4: 30, 5: 40})
    assert csat({CSAT_5: histogram}, method="top1").value == 40
    assert csat({CSAT_5: histogram}).value == csat({CSAT_5: histogram}, method="top2").value == 70
    assert top_box(histogram, CSAT_5) == top_box(histogram, CSAT_5, boxes=2) == csat({CSAT_5: histogram})


@given(ces_scales.flatmap(lambda scale: st.tuples(st.just(scale), histograms(scale, at_least=2))))
def test_ces_and_its_interval_stay_on_the_scale(case: tuple[Scale, Histogram]) -> None:
    scale, histogram = case
    low, value, high = known(ces(histogram, scale))
    assert scale.low <= low <= value <= high <= scale.high


@given(histograms(CES_5, at_least=2))
def test_ces_of_a_reversed_scale_still_rises_with_ease(histogram: Histogram) -> None:
    backwards = Scale("backwards", "ces", 1, 5, higher_is_better=False)
    mirrored = Histogram({6 - score: count for score, count in histogram.items()})
    assert ces(mirrored, backwards) == ces(histogram, CES_5)


@given(histograms(CES_7, at_least=1), st.data())
def test_an_easier_answer_raises_ces(histogram: Histogram, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from([score for score in histogram.scores if score < 7] or [7]))
    easier = moved(histogram, source, 7)
    assert known_value(ces(easier, CES_7)) - known_value(ces(histogram, CES_7)) == pytest.approx(
        (7 - source) / histogram.n
    )


def known_value(estimate: Estimate) -> float:
    assert estimate.value is not None
    return estimate.value


def test_ces_of_two_opposite_answers_is_clipped_to_the_scale() -> None:
    assert ces(Histogram({1: 1, 5: 1})) == Estimate(3.0, (1.0, 5.0), 2)


def test_ces_of_one_answer_has_no_interval() -> None:
    assert ces(Histogram({4: 1})) == Estimate(4.0, None, 1)


def test_ces_of_the_published_example() -> None:
    low, value, high = known(ces(Histogram({1: 2, 2: 8, 3: 15, 4: 18, 5: 7})))
    half = 2.0095752371 * math.sqrt((2 * 2.4**2 + 8 * 1.4**2 + 15 * 0.4**2 + 18 * 0.6**2 + 7 * 1.6**2) / 49 / 50)
    assert (low, value, high) == pytest.approx((3.4 - half, 3.4, 3.4 + half), abs=1e-9)


def test_no_answers_are_no_data_and_never_zero() -> None:
    nothing = Estimate(None, None, 0)
    assert nps(Histogram()) == ces(Histogram()) == nothing
    assert top_box(Histogram(), CSAT_5) == csat({}) == csat({CSAT_5: Histogram()}) == Share(None, None, 0, 0)
    assert nps_groups(Histogram()).passives == Share(None, None, 0, 0)


def test_a_score_off_the_scale_stops_every_metric() -> None:
    with pytest.raises(ScoreOutsideScale):
        nps(Histogram({11: 1}))
    with pytest.raises(ScoreOutsideScale):
        nps_groups(Histogram({-1: 1}))
    with pytest.raises(ScoreOutsideScale):
        top_box(Histogram({0: 1}), CSAT_5)
    with pytest.raises(ScoreOutsideScale):
        ces(Histogram({6: 1}))


def test_a_metric_refuses_the_scale_of_another() -> None:
    with pytest.raises(WrongScale):
        csat({NPS: Histogram({9: 1})})
    with pytest.raises(WrongScale):
        ces(Histogram({3: 1}), CSAT_5)
