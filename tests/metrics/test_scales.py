"""Scores, scales and the common measure 0-100."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.scales import (
    CES_5,
    CES_7,
    CSAT_5,
    CSAT_7,
    CSAT_10,
    EVERY_SCALE,
    NPS,
    SCALES,
    Scale,
    ScoreOutsideScale,
    WrongScale,
    check_kind,
    own_scale,
    points,
    score_100,
    top_points,
)

scales = st.sampled_from([scale for scale in EVERY_SCALE.values() if scale.higher_is_better])
backward = st.sampled_from([scale for scale in EVERY_SCALE.values() if not scale.higher_is_better])


def test_every_scale_is_found_by_its_key() -> None:
    assert {key: (scale.kind, scale.low, scale.high) for key, scale in SCALES.items()} == {
        "nps": ("nps", 0, 10),
        "csat_5": ("csat", 1, 5),
        "csat_7": ("csat", 1, 7),
        "csat_10": ("csat", 1, 10),
        "ces_5": ("ces", 1, 5),
        "ces_7": ("ces", 1, 7),
    }
    assert all(scale.key == key and scale.higher_is_better for key, scale in SCALES.items())


@given(st.sampled_from(list(EVERY_SCALE)))
def test_every_scale_a_vendor_can_make_is_found_by_its_key_and_the_key_says_all(key: str) -> None:
    scale = EVERY_SCALE[key]
    assert scale.key == key
    worst, best = (scale.low, scale.high) if scale.higher_is_better else (scale.high, scale.low)
    assert key in SCALES or own_scale(worst, best, scale.kind) == scale


def test_an_own_scale_has_its_ends_its_polarity_and_no_kind_of_itself() -> None:
    assert own_scale(4, 1) == Scale("own_4_1", None, 1, 4, higher_is_better=False)
    assert own_scale(0, 10) == Scale("own_0_10", None, 0, 10)
    assert own_scale(0, 10).key in EVERY_SCALE
    assert "own_1_2" not in EVERY_SCALE


@given(backward)
def test_the_best_point_of_a_backward_scale_is_its_lowest(scale: Scale) -> None:
    assert score_100(scale.low, scale) == 100
    assert score_100(scale.high, scale) == 0


@given(scales)
def test_the_ends_of_a_scale_are_0_and_100(scale: Scale) -> None:
    assert score_100(scale.low, scale) == 0
    assert score_100(scale.high, scale) == 100


@given(scales)
def test_steps_are_even(scale: Scale) -> None:
    values = [score_100(score, scale) for score in points(scale)]
    step = 100 / (len(values) - 1)
    assert values == pytest.approx([index * step for index in range(len(values))])


@given(scales)
def test_a_reversed_scale_mirrors_every_score(scale: Scale) -> None:
    mirrored = Scale("mirrored", scale.kind, scale.low, scale.high, higher_is_better=False)
    for score in points(scale):
        assert score_100(score, mirrored) == pytest.approx(100 - score_100(score, scale))


@given(scales, st.integers(-100, 100))
def test_a_score_off_the_scale_is_refused_and_named(scale: Scale, score: int) -> None:
    if score in points(scale):
        score = scale.high + 1
    with pytest.raises(
        ScoreOutsideScale, match=f"score {score} .* {scale.key}: .* {scale.low} to {scale.high}"
    ) as told:
        score_100(score, scale)
    assert (told.value.score, told.value.scale) == (score, scale)
    assert isinstance(told.value, ValueError)


@pytest.mark.parametrize(
    ("scale", "two_best"), [(CSAT_5, [4, 5]), (CSAT_7, [6, 7]), (CSAT_10, [9, 10]), (NPS, [9, 10])]
)
def test_the_two_best_points_are_the_highest(scale: Scale, two_best: list[int]) -> None:
    assert list(top_points(scale, 2)) == two_best
    assert list(top_points(scale, 1)) == two_best[1:]


@pytest.mark.parametrize("boxes", [-1, 0, 5, 6])
def test_boxes_are_some_of_the_points_and_never_all(boxes: int) -> None:
    with pytest.raises(ValueError, match=f"csat_5: boxes must be 1 to 4, not {boxes}"):
        top_points(CSAT_5, boxes)


def test_a_scale_needs_two_points() -> None:
    assert list(points(Scale("solved", "csat", 0, 1))) == [0, 1]
    with pytest.raises(ValueError, match="scale odd: low 3 must be below high 3"):
        Scale("odd", "csat", 3, 3)


def test_a_metric_is_not_computed_on_a_scale_of_another_kind() -> None:
    check_kind(CES_7, "ces")
    with pytest.raises(WrongScale, match="scale ces_5 is of kind ces: csat is needed"):
        check_kind(CES_5, "csat")
