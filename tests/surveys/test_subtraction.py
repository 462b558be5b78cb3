"""Confidential mode against somebody who asks for any two reports and reckons with everything both of them show."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from random import Random

import pytest

from surveys.grids import grid
from surveys.report import report
from surveys.reporting import Dimension, Figure, Metric, ReportQuery, ReportRules
from tests.surveys.counted import FakeCounts, Given, within

LEAST = 5
WEIGHTS = {"senior_it": 0.30, "business_owner": 0.35, "key_user": 0.20}
RULES = ReportRules(weights=WEIGHTS, mode="confidential", min_group=LEAST)
DIMENSIONS: tuple[Dimension, ...] = ("account", "project", "stage", "role", "component", "month", "quarter")
SCALES: dict[Metric, str] = {"nps": "nps", "csat": "csat_5", "csi": "csat_5"}
STAGES = {"a1": "rollout", "a2": "operation", "b1": "rollout", "c1": "operation", "c2": "operation"}
MONTHS = (5, 6, 7)
BOUNDS = (None, datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
REPORTS = 250
PRIME = 2**61 - 1

Asked = tuple[ReportQuery, Dimension | None]
Answers = int
"""A set of answers: its bits are their places in the list of all."""
Belongs = Callable[[Given], bool]


def directory(random: Random) -> list[Given]:
    """People of three accounts; some judge components, some have been asked twice."""
    return [answer for number in range(random.randrange(25, 110)) for answer in person(random, str(number))]


def person(random: Random, name: str) -> Iterator[Given]:
    project, role = random.choice(list(STAGES)), random.choice(list(WEIGHTS))
    of = {"account": project[0].upper(), "project": project, "stage": STAGES[project]}
    first = Given(
        person=name,
        scale="nps",
        score=random.randrange(11),
        role=role,
        at=datetime(2026, random.choice(MONTHS), 3, tzinfo=UTC),
        of=of,
    )
    yield first
    for component in random.sample(["stability", "support"], random.randrange(3)):
        yield replace(first, scale="csat_5", score=random.randrange(1, 6), of={**of, "component": component})
    if random.random() < 0.3:
        yield replace(first, at=datetime(2026, random.choice(MONTHS), 4, tzinfo=UTC))


def questions(given: Sequence[Given], random: Random) -> list[Asked]:
    """Every metric by every dimension and pair, in every cut and period; some of them."""
    values = {d: sorted({value for one in given if (value := one.value(d))}) for d in DIMENSIONS}
    filters: list[dict[Dimension, tuple[str, ...]]] = [{}]
    for d in DIMENSIONS:
        filters += [{d: chosen} for size in (1, 2) for chosen in combinations(values[d], size)]
    for d, e in combinations(DIMENSIONS, 2):
        filters += [{d: (v,), e: (w,)} for v in values[d] for w in values[e]]
    periods = [(since, until) for since in BOUNDS for until in BOUNDS if not (since and until and since >= until)]
    shapes = [(None, None), *((d, None) for d in DIMENSIONS), *combinations(DIMENSIONS, 2)]
    found: list[Asked] = []
    for metric, where, (since, until), (by, across) in (
        (random.choice(list(SCALES)), random.choice(filters), random.choice(periods), random.choice(shapes))
        for _ in range(REPORTS)
    ):
        found.append((ReportQuery(metric=metric, by=by, where=where, since=since, until=until), across))
    return found


async def shown(counts: FakeCounts, asked: Asked) -> set[Answers]:
    """The sets of answers whose scores the report tells."""
    query, across = asked

    def cut(*values: tuple[Dimension | None, str | None]) -> Belongs:
        return lambda one: within(one, query) and all(d is None or one.value(d) == value for d, value in values)

    if across is None:
        found = await report(query, counts, RULES)
        figures = [(found.total, cut()), *((one.figure, cut((query.by, one.key))) for one in found.groups)]
    else:
        both = await grid(query, across, counts, RULES)
        figures = [(both.rows.total, cut())]
        figures += [(one.figure, cut((query.by, one.key))) for one in both.rows.groups]
        figures += [(one.figure, cut((across, one.key))) for one in both.columns.groups]
        figures += [(one, cut((query.by, row), (across, column))) for (row, column), one in both.cells.items()]
    parts = (part for figure, belongs in figures for part in told(figure, belongs, query.metric, counts.given))
    return {part for part in parts if part}


def told(figure: Figure, belongs: Belongs, metric: Metric, given: Sequence[Given]) -> Iterator[Answers]:
    """An index tells of each of its roles by itself."""
    if figure.value is None:
        return
    of_metric = [(1 << at, one) for at, one in enumerate(given) if one.scale == SCALES[metric] and belongs(one)]
    for roles in [{one.role} for one in figure.roles] or [set(WEIGHTS)]:
        yield sum(bit for bit, one in of_metric if one.role in roles)


def people(given: Sequence[Given], answers: Answers) -> int:
    return len({one.person for at, one in enumerate(given) if answers >> at & 1})


def secrets(given: Sequence[Given]) -> set[Answers]:
    """The cells of too few people, by one dimension and by two."""
    cells: dict[tuple[object, ...], Answers] = {}
    for at, one in enumerate(given):
        for d, e in [*((d, d) for d in DIMENSIONS), *combinations(DIMENSIONS, 2)]:
            key = (one.scale, d, e, one.value(d), one.value(e))
            cells[key] = cells.get(key, 0) | 1 << at
    return {cell for cell in cells.values() if people(given, cell) < LEAST}


def follow(known: Iterable[Answers], wanted: Iterable[Answers]) -> Iterator[Answers]:
    """The wanted sets whose sum of scores is a sum of known ones, each taken any number of times, or taken away."""
    rows, secrets = sorted(known), list(wanted)
    answers = range(max([0, *rows, *secrets]).bit_length())
    columns = sorted({tuple(each >> at & 1 for each in (*rows, *secrets)) for at in answers})
    solved: list[tuple[int, list[int]]] = []
    for row in range(len(rows)):
        rest = reduced([column[row] for column in columns], solved)
        pivot = next((at for at, value in enumerate(rest) if value), None)
        if pivot is not None:
            inverse = pow(rest[pivot], -1, PRIME)
            solved.append((pivot, [value * inverse % PRIME for value in rest]))
    for row, secret in enumerate(secrets, len(rows)):
        if not any(reduced([column[row] for column in columns], solved)):
            yield secret


def reduced(row: list[int], solved: Sequence[tuple[int, list[int]]]) -> list[int]:
    for pivot, other in solved:
        if factor := row[pivot]:
            row = [(value - factor * taken) % PRIME for value, taken in zip(row, other, strict=True)]
    return row


def test_the_attacker_takes_what_is_known_from_what_is_known() -> None:
    assert set(follow([0b1111, 0b0110], [0b1001, 0b0001, 0b0110])) == {0b1001, 0b0110}
    assert set(follow([0b0011, 0b0110, 0b0101], [0b0001, 0b1000])) == {0b0001}


@pytest.mark.parametrize("seed", [0, 1, 4])
async def test_no_two_reports_tell_of_a_group_that_is_too_small(seed: int) -> None:
    random = Random(seed)
    given = directory(random)
    counts, hidden = FakeCounts(given), secrets(given)
    assert hidden
    telling: dict[frozenset[Answers], Asked] = {}
    for asked in questions(given, random):
        telling.setdefault(frozenset(await shown(counts, asked)), asked)
    for one, other in combinations({frozenset(): None, **telling}, 2):
        everything = one | other
        for wide, narrow in ((wide, narrow) for wide in everything for narrow in everything if narrow & ~wide == 0):
            assert wide == narrow or people(given, wide & ~narrow) >= LEAST, (telling.get(one), telling.get(other))
        assert not list(follow(everything, hidden)), (telling.get(one), telling.get(other))
