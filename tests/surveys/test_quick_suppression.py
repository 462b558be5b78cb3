"""The quick way to find what is hidden, beside the definition."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.audience import Audience
from surveys.crowds import crowd, union
from surveys.figures import scales_of
from surveys.hidden_cells import closed, hidden_cells
from surveys.reporting import Cell
from surveys.suppression import Hidden, audit_of
from tests.surveys import definition
from tests.surveys.counted import Given, occasion
from tests.surveys.test_subtraction import LEAST, Asked, directory, questions

ODD = datetime(2026, 6, 2, tzinfo=UTC), datetime(2026, 6, 20, tzinfo=UTC)
TOUCHPOINTS = ("ticket", "training", "")
places = st.sets(st.integers(0, 200))


def described(given: Sequence[Given], random: Random) -> list[Given]:
    """Some of them with a touchpoint and with a question of their component."""
    more = [{"touchpoint": random.choice(TOUCHPOINTS), "item": one.of.get("component", "nps")} for one in given]
    return [
        replace(one, of={**one.of, **{key: value for key, value in extra.items() if value}})
        for one, extra in zip(given, more, strict=True)
    ]


def by_definition(asked: Asked, audience: Audience) -> Hidden | frozenset[Cell]:
    query, across = asked
    if across is None:
        return definition.Audit(audience, scales_of(query.metric), LEAST).hidden_of(query)
    return definition.hidden_cells(query, across, audience, scales_of(query.metric), LEAST)


def quickly(asked: Asked, audience: Audience) -> Hidden | frozenset[Cell]:
    query, across = asked
    if across is None:
        return audit_of(audience, scales_of(query.metric), LEAST).hidden_of(query)
    return hidden_cells(query, across, audience, scales_of(query.metric), LEAST)


@pytest.mark.parametrize("seed", range(8))
def test_the_quick_way_hides_what_the_definition_hides_and_nothing_else(seed: int) -> None:
    random = Random(seed)
    answers = described(directory(random), random)
    for query, across in questions(answers, random)[:40]:
        bounded = replace(query, since=ODD[0], until=random.choice([ODD[1], None])) if random.random() < 0.2 else query
        audience = Audience(occasion(one, bounded) for one in answers)
        found = quickly((bounded, across), audience)
        assert found == by_definition((bounded, across), audience), (bounded, across)
        assert found == quickly((bounded, across), audience)


def test_one_audience_answers_many_questions_alike() -> None:
    random = Random(9)
    answers = described(directory(random), random)
    asked = [
        (query, across) for query, across in questions(answers, random)[:40] if not query.since and not query.until
    ]
    shared = Audience(occasion(one, asked[0][0]) for one in answers)
    fresh = [quickly(each, Audience(occasion(one, each[0]) for one in answers)) for each in asked]
    assert [quickly(each, shared) for each in asked] == fresh


@given(
    st.dictionaries(
        st.tuples(st.sampled_from([None, *"abcdef"]), st.sampled_from([None, *"pqrst"])),
        st.integers(1, 12),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_as_many_cells_are_hidden_with_others_as_the_definition_asks_for(
    sizes: dict[Cell, int], random: Random
) -> None:
    hidden = {cell for cell, n in sizes.items() if n < LEAST or random.random() < 0.1}
    assert closed(sizes, hidden, LEAST) == definition.closed(sizes, hidden, LEAST)


def in_it(one: tuple[int, int]) -> set[int]:
    low, bits = one
    return {8 * low + at for at in range(bits.bit_length()) if bits >> at & 1}


@given(places, places, st.sets(st.integers(2000, 2100)))
def test_crowds_meet_as_sets_do_wherever_they_lie(one: set[int], other: set[int], far: set[int]) -> None:
    sets = [one, other, far, one | far, other | far]
    crowds = [crowd(sorted(each)) for each in sets]
    for a, first in zip(sets, crowds, strict=True):
        for b, second in zip(sets, crowds, strict=True):
            met = first.meet(second)
            assert in_it(met[:2]) == a & b
            assert in_it(first.without(met)[:2]) == a - b
            assert in_it(union([first, second])[:2]) == a | b
            assert first.equals(second) == (a == b)
