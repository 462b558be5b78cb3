"""Every metric once more, the slow way: from lists of single answers, sharing nothing with the package but scales."""

import math
import random
import statistics
from collections import Counter
from collections.abc import Callable

import pytest

from metrics.ces import ces
from metrics.csat import csat
from metrics.csi import Basis, csi
from metrics.histogram import Histogram
from metrics.nps import nps
from metrics.scales import CES_5, CES_7, SCALES, Scale

SEEDS = range(150)
ROLES = ["senior_it", "business_owner", "key_user", "project_office"]
Interval = tuple[float, float]

# Two-sided 95 % points of Student's t from a printed table, by degrees of freedom.
T = [12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139]
TOP2 = {"csat_5": {4, 5}, "csat_7": {6, 7}, "csat_10": {9, 10}}


def sample(source: random.Random, scale: Scale, most: int) -> list[int]:
    """Answers of people with an opinion: scores gather round one point."""
    opinion, spread = source.uniform(scale.low, scale.high), source.uniform(0.1, 3)
    drawn = [round(source.gauss(opinion, spread)) for _ in range(source.randint(0, most))]
    return [min(scale.high, max(scale.low, score)) for score in drawn]


def counted(scores: list[int]) -> Histogram:
    return Histogram(Counter(scores))


def about(value: float, half: float, low: float, high: float) -> Interval:
    return max(low, value - half), min(high, value + half)


@pytest.mark.parametrize("seed", SEEDS)
def test_nps(seed: int) -> None:
    scores = sample(random.Random(seed), SCALES["nps"], 120)
    result = nps(counted(scores))
    assert result.n == len(scores)
    if not scores:
        assert (result.value, result.interval) == (None, None)
        return
    votes = [1 if score > 8 else -1 if score < 7 else 0 for score in scores]
    # Quarters of an answer: four of each real one, and the three imagined ones as 3 + 6 + 3 quarters.
    quarters = [vote for vote in votes for _ in range(4)] + [1] * 3 + [0] * 6 + [-1] * 3
    half = 1.96 * statistics.pstdev(quarters) / math.sqrt(len(votes) + 3)
    low, high = about(statistics.mean(quarters), half, -1, 1)
    assert result.value == pytest.approx(100 * statistics.mean(votes))
    assert result.interval == pytest.approx((100 * low, 100 * high))


def edge(inside: Callable[[float], bool], begin: float, end: float) -> float:
    """Where `inside` stops being true on the way from `begin` to `end`."""
    for _ in range(80):
        middle = (begin + end) / 2
        begin, end = (middle, end) if inside(middle) else (begin, middle)
    return begin


@pytest.mark.parametrize("seed", SEEDS)
def test_csat(seed: int) -> None:
    source = random.Random(seed)
    answers = {key: sample(source, SCALES[key], 20) for key in TOP2}
    happy = [score in TOP2[key] for key, scores in answers.items() for score in scores]
    result = csat({SCALES[key]: counted(scores) for key, scores in answers.items()})
    assert (result.n, result.count) == (len(happy), sum(happy))
    if not happy:
        assert (result.value, result.interval) == (None, None)
        return
    seen = statistics.mean(happy)

    def plausible(share: float) -> bool:
        return abs(seen - share) <= statistics.NormalDist(0, 1).inv_cdf(0.975) * math.sqrt(
            share * (1 - share) / len(happy)
        )

    assert result.value == pytest.approx(100 * seen)
    assert result.interval == pytest.approx((100 * edge(plausible, seen, 0), 100 * edge(plausible, seen, 1)), abs=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_ces(seed: int) -> None:
    source = random.Random(seed)
    scale = source.choice([CES_5, CES_7])
    scores = sample(source, scale, len(T) + 1)
    result = ces(counted(scores), scale)
    assert result.value == (pytest.approx(statistics.mean(scores)) if scores else None)
    if len(scores) < 2:
        assert result.interval is None
        return
    half = T[len(scores) - 2] * statistics.stdev(scores) / math.sqrt(len(scores))
    assert result.interval == pytest.approx(about(statistics.mean(scores), half, scale.low, scale.high), abs=1e-5)


def worth(basis: Basis, key: str, score: int) -> float:
    match basis:
        case "top2":
            return 100 if score in TOP2[key] else 0
        case "top1":
            return 100 if score == max(TOP2[key]) else 0
        case "mean":
            return 100 * (score - 1) / (max(TOP2[key]) - 1)


@pytest.mark.parametrize("basis", ["top2", "top1", "mean"])
@pytest.mark.parametrize("seed", SEEDS)
def test_csi(seed: int, basis: Basis) -> None:
    source = random.Random(seed)
    weights = {role: source.randint(1, 100) / 100 for role in ROLES}
    spoken = [
        (role, key, score)
        for role in ROLES
        if source.random() < 0.7
        for key in TOP2
        for score in sample(source, SCALES[key], source.choice([1, 8]))
    ]
    index = csi(
        {
            role: {SCALES[key]: counted([s for r, k, s in spoken if (r, k) == (role, key)]) for key in TOP2}
            for role in ROLES
        },
        weights,
        basis=basis,
    )
    values = {role: [worth(basis, key, score) for r, key, score in spoken if r == role] for role in ROLES}
    present = {role: values[role] for role in ROLES if values[role]}
    total = sum(weights[role] for role in present)
    assert index.n == len(spoken)
    assert index.missing == tuple(role for role in ROLES if role not in present)
    assert index.covered == pytest.approx(total / sum(weights.values()))
    assert [role.value for role in index.roles if role.n] == pytest.approx(
        [statistics.mean(scores) for scores in present.values()]
    )
    if 2 * round(100 * total) < round(100 * sum(weights.values())):
        assert (index.value, index.interval) == (None, None)
        return
    value = sum(weights[role] * statistics.mean(scores) for role, scores in present.items()) / total
    assert index.value == pytest.approx(value)
    if max(len(scores) for scores in present.values()) < 2:
        assert index.interval is None
        return
    half = 1.96 * math.sqrt(
        sum(
            (weights[role] / total) ** 2 * statistics.pvariance(scores) / len(scores)
            for role, scores in present.items()
        )
    )
    assert index.interval == pytest.approx(about(value, half, 0, 100))
