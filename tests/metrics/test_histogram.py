"""Counts of scores."""

import copy
import statistics
from collections import Counter
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.histogram import Histogram

raw = st.lists(st.integers(0, 10), max_size=60)


def counted(scores: list[int]) -> Histogram:
    return Histogram(Counter(scores))


@given(raw)
def test_mean_and_variance_are_those_of_the_answers(scores: list[int]) -> None:
    histogram = counted(scores)
    assert histogram.n == len(scores)
    assert histogram.mean == (pytest.approx(statistics.mean(scores)) if scores else None)
    assert histogram.variance == (pytest.approx(statistics.variance(scores)) if len(scores) > 1 else None)


@given(raw, raw)
def test_merging_is_counting_together(one: list[int], other: list[int]) -> None:
    assert counted(one) + counted(other) == counted(one + other)
    assert sum([counted(one), counted(other)], Histogram()) == counted(other + one)


@given(raw, raw)
def test_merging_leaves_both_parts_as_they_were(one: list[int], other: list[int]) -> None:
    left, right = counted(one), counted(other)
    _ = left + right
    assert (left, right) == (counted(one), counted(other))


@given(raw)
def test_scores_come_in_order_each_once(scores: list[int]) -> None:
    histogram = counted(scores)
    assert list(histogram.scores) == sorted(set(scores))
    assert dict(histogram.items()) == dict(Counter(scores))


@given(raw, st.integers(0, 10), st.integers(0, 10))
def test_both_ends_belong_to_a_range_of_scores(scores: list[int], low: int, high: int) -> None:
    assert counted(scores).between(low, high) == len([score for score in scores if low <= score <= high])


def test_a_score_nobody_gave_is_the_same_as_no_score() -> None:
    assert Histogram({3: 0, 4: 2}) == Histogram({4: 2})
    assert hash(Histogram({3: 0, 4: 2})) == hash(Histogram({4: 2}))
    assert Histogram({3: 0}).scores == ()


def test_the_order_of_counting_does_not_matter() -> None:
    assert Histogram({5: 1, 4: 2}) == Histogram({4: 2, 5: 1})


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match=r"a count cannot be negative: \{4: -1\}"):
        Histogram({4: -1, 5: 3})


def test_a_histogram_does_not_change() -> None:
    source = {4: 2}
    histogram: Any = Histogram(source)
    source[4] = 9
    assert histogram.items() == ((4, 2),)
    with pytest.raises(FrozenInstanceError):
        histogram._items = ()


def test_a_copy_of_a_histogram_is_equal_to_it() -> None:
    histogram = Histogram({4: 2, 5: 1})
    assert copy.deepcopy(histogram) == copy.copy(histogram) == histogram


def test_variance_keeps_its_digits_in_a_large_base() -> None:
    assert Histogram({9: 10**12, 10: 1}).variance == pytest.approx(1e-12, rel=1e-9)
