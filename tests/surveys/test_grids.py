"""Breakdowns by two dimensions, and what confidential mode leaves of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.errors import BadQuery
from surveys.grids import Grid, grid
from surveys.hidden_cells import closed
from surveys.report import report
from surveys.reporting import Cell, Dimension, Note, ReportQuery, ReportRules
from tests.surveys.counted import FakeCounts, Given, answers, joined
from tests.surveys.invited import at_random

RULES = ReportRules(
    weights={"business_owner": 0.35, "senior_it": 0.30, "key_user": 0.20},
    order={"stage": ("rollout", "operation"), "component": ("usability", "support")},
)
CONFIDENTIAL = replace(RULES, mode="confidential")
INVITED = ReportQuery(metric="response", by="stage")
BY_STAGE = ReportQuery(metric="csat", by="stage")
SATISFIED = joined(
    answers("csat_5", {5: 6, 3: 2}, stage="operation", component="support"),
    answers("csat_5", {4: 7}, stage="operation", component="usability"),
    answers("csat_5", {1: 9}, stage="rollout", component="usability"),
    answers("csat_5", {2: 3}, component="usability"),
)


async def test_rows_and_columns_stand_in_the_order_they_are_read_in() -> None:
    found = await grid(BY_STAGE, "component", SATISFIED, RULES)
    assert list(found.cells) == [
        ("rollout", "usability"),
        ("operation", "usability"),
        ("operation", "support"),
        (None, "usability"),
    ]
    assert [group.key for group in found.rows.groups] == ["rollout", "operation", None]
    assert [group.key for group in found.columns.groups] == ["usability", "support"]
    assert found.cells["operation", "support"].value == 75
    assert found.cells["operation", "support"].n == 8


@pytest.mark.parametrize("metric", ["nps", "csat", "ces", "csi"])
async def test_every_cell_is_what_a_report_of_that_cut_shows(metric: Any) -> None:
    scale = {"nps": "nps", "ces": "ces_7"}.get(metric, "csat_7")
    source = Random(3)
    counts = FakeCounts([_random_answer(source, number, scale) for number in range(300)])
    found = await grid(ReportQuery(metric=metric, by="account"), "stage", counts, RULES)
    assert len(found.cells) > 8
    for (account, stage), figure in found.cells.items():
        where: Mapping[Dimension, tuple[str, ...]] = {"account": (account or "",), "stage": (stage or "",)}
        alone = (await report(ReportQuery(metric=metric, where=where), counts, RULES)).total
        assert (figure.n, figure.value, figure.interval) == (alone.n, alone.value, alone.interval)


def _random_answer(source: Random, number: int, scale: str, accounts: int = 4) -> Given:
    of = {"account": f"a{source.randrange(accounts)}", "stage": source.choice(["rollout", "operation", "renewal"])}
    role = source.choice(list(RULES.weights))
    return Given(person=f"p{number}", scale=scale, score=source.randint(1, 7), role=role, of=of)


async def test_cells_of_roles_in_an_index_are_the_satisfaction_of_the_role() -> None:
    found = await grid(ReportQuery(metric="csi", by="stage"), "role", SATISFIED, RULES)
    assert found.cells["rollout", "key_user"].value == 0
    assert found.cells["rollout", "key_user"].roles == ()


@pytest.mark.parametrize(
    ("query", "across", "allowed", "refused"),
    [
        (BY_STAGE, "stage", "item", "stage"),
        (INVITED, "stage", "role", "stage"),
        (INVITED, "component", "account", "component"),
        (INVITED, "block", "month", "item"),
        (replace(INVITED, by=None), "role", "account", "block"),
    ],
)
async def test_one_dimension_twice_and_what_invitations_do_not_have_are_refused(
    query: ReportQuery, across: Dimension, allowed: Dimension, refused: Dimension
) -> None:
    with pytest.raises(BadQuery) as caught:
        await grid(query, across, SATISFIED, RULES)
    assert caught.value.values["word"] == across
    assert allowed in caught.value.values["allowed"]
    assert refused not in caught.value.values["allowed"]


@pytest.mark.parametrize("mode", ["named", "confidential"])
@pytest.mark.parametrize("where", [{}, {"role": ("senior_it",)}, {"account": ("Northern Wharf",)}])
async def test_every_response_rate_of_a_pair_is_that_of_its_cut_and_its_edges_are_the_reports(
    mode: Any, where: Mapping[Dimension, tuple[str, ...]]
) -> None:
    counts, rules = at_random(1, 90), replace(RULES, mode=mode)
    query = ReportQuery(metric="response", by="stage", where=where)
    for across in ("account", "role"):
        found = await grid(query, across, counts, rules)
        assert found.rows.groups == (await report(query, counts, rules)).groups
        assert found.columns.groups == (await report(replace(query, by=across), counts, rules)).groups
        assert len(found.cells) == len(found.rows.groups) * len(found.columns.groups)
        for (stage, column), figure in found.cells.items():
            if column is not None:
                cut = {**where, "stage": (stage or "",), across: (column,)}
                alone = (await report(ReportQuery(metric="response", where=cut), counts, rules)).total
                assert figure == alone
        if across == "account":
            assert sum(figure.n for figure in found.cells.values()) == found.rows.total.n


async def test_cells_of_response_rates_stand_in_the_order_they_are_read_in() -> None:
    found = await grid(ReportQuery(metric="response", by="stage"), "account", at_random(2, 90), RULES)
    assert list(found.cells) == list(
        product(("rollout", "operation", "renewal"), ("Northern Wharf", "Southern Mill", None))
    )


@pytest.mark.parametrize(("by", "across"), [("stage", "role"), ("role", "stage")])
async def test_that_somebody_of_two_roles_counts_twice_is_said_whichever_side_roles_are_on(
    by: Dimension, across: Dimension
) -> None:
    found = await grid(ReportQuery(metric="response", by=by), across, at_random(3, 90), RULES)
    assert Note.SEVERAL_ROLES in found.rows.notes
    stages = await grid(ReportQuery(metric="response", by="stage"), "account", at_random(3, 90), RULES)
    assert Note.SEVERAL_ROLES not in stages.rows.notes


async def confidential(*parts: list[Given]) -> Grid:
    return await grid(ReportQuery(metric="nps", by="account"), "stage", joined(*parts), CONFIDENTIAL)


def of(account: str, stage: str, n: int) -> list[Given]:
    return answers("nps", {9: n - n // 2, 3: n // 2}, account=account, stage=stage)


async def test_a_cell_of_too_few_is_hidden_with_as_many_more_as_keep_it_from_being_subtracted() -> None:
    found = await confidential(
        of("a", "rollout", 2), of("a", "operation", 9), of("a", "renewal", 30),
        of("b", "rollout", 8), of("b", "operation", 7), of("b", "renewal", 30),
    )  # fmt: skip
    hidden = {cell for cell, figure in found.cells.items() if figure.suppressed}
    assert ("a", "rollout") in hidden
    assert len(hidden) == 4
    assert ("a", "renewal") not in hidden


async def test_cells_of_enough_people_are_all_shown() -> None:
    found = await confidential(*(of(account, stage, 12) for account, stage in product("ab", ("rollout", "operation"))))
    assert not any(figure.suppressed for figure in found.cells.values())


async def test_the_few_who_belong_nowhere_hide_everything() -> None:
    nowhere = answers("nps", {9: 2})
    found = await confidential(of("a", "rollout", 12), of("b", "operation", 12), nowhere)
    assert all(figure.suppressed for figure in found.cells.values())


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.integers(20, 120))
async def test_no_hidden_cell_follows_from_totals_and_shown_cells(seed: int, n: int) -> None:
    source = Random(seed)
    given_answers = [_random_answer(source, number, "nps") for number in range(n)]
    found = await grid(ReportQuery(metric="nps", by="account"), "stage", FakeCounts(given_answers), CONFIDENTIAL)
    small = {cell for cell, people in _sizes(given_answers).items() if people < CONFIDENTIAL.min_group}
    assert all(found.cells[cell].suppressed for cell in small)
    assert not _solved(found)


def _sizes(given_answers: list[Given]) -> Counter[Cell]:
    return Counter((one.of["account"], one.of["stage"]) for one in given_answers)


def _solved(found: Grid) -> list[Cell]:
    """The hidden cells that the shown figures leave one value: linear equations over rows and columns that show one."""
    hidden = [cell for cell, figure in found.cells.items() if figure.suppressed]
    shown = [
        (side, group.key)
        for side, edge in enumerate((found.rows, found.columns))
        for group in edge.groups
        if not group.figure.suppressed
    ]
    equations = np.array([[float(cell[side] == key) for cell in hidden] for side, key in shown])
    if not hidden or not len(equations):
        return []
    rank = np.linalg.matrix_rank(equations)
    units = np.eye(len(hidden))
    return [cell for cell, unit in zip(hidden, units, strict=True) if np.linalg.matrix_rank([*equations, unit]) == rank]


@given(st.dictionaries(st.tuples(st.sampled_from("abcde"), st.sampled_from("vwxyz")), st.integers(1, 20), min_size=1))
def test_closing_leaves_nothing_that_can_be_solved(sizes: dict[Cell, int]) -> None:
    hidden = closed(sizes, {cell for cell, n in sizes.items() if n < 5}, 5)
    cells = list(hidden)
    open_rows = {cell[0] for cell in sizes.keys() - hidden}
    open_columns = {cell[1] for cell in sizes.keys() - hidden}
    lines = [(0, key) for key in open_rows] + [(1, key) for key in open_columns]
    if not cells or not lines:
        return
    equations = np.array([[float(cell[side] == key) for cell in cells] for side, key in lines])
    rank = np.linalg.matrix_rank(equations)
    for unit in np.eye(len(cells)):
        assert np.linalg.matrix_rank([*equations, unit]) > rank
