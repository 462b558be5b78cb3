"""Two periods side by side; importance; clients as wholes; how fast the vendor is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from metrics.differences import UNKNOWN
from surveys.changes import compare, previous
from surveys.clients import clients, divergence
from surveys.errors import BadQuery
from surveys.importance import importance
from surveys.reporting import Dimension, OutreachCount, ReportQuery, ReportRules
from surveys.service import Handled, Targets, service
from tests.surveys.counted import FakeCounts, Given, answers, joined

WEIGHTS = {"business_owner": 0.35, "senior_it": 0.30, "key_user": 0.20}
RULES = ReportRules(weights=WEIGHTS)
CONFIDENTIAL = replace(RULES, mode="confidential")
JUNE, JULY, AUGUST = (datetime(2026, month, 1, tzinfo=UTC) for month in (6, 7, 8))


def at(moment: datetime, given: list[Given]) -> list[Given]:
    return [replace(one, at=moment + timedelta(days=3), person=f"{one.person} {moment}") for one in given]


def query(metric: Any, **more: Any) -> ReportQuery:
    return ReportQuery(metric=metric, since=JULY, until=AUGUST, **more)


async def changed(counts: FakeCounts, now: ReportQuery, rules: ReportRules = RULES) -> Any:
    before = previous(now, AUGUST)
    assert before is not None
    return await compare(now, before, counts, rules)


async def test_a_real_change_is_told_from_a_chance_one() -> None:
    june, july = answers("nps", {9: 20, 3: 20}, role="key_user"), answers("nps", {9: 38, 3: 2}, role="key_user")
    few = answers("nps", {9: 1}, role="senior_it")
    found = await changed(joined(at(JUNE, june), at(JULY, july), at(JUNE, few), at(JULY, few)), query("nps", by="role"))
    assert found.change.verdict == "real"
    assert found.changes["key_user"].verdict == "real"
    assert found.changes["senior_it"].verdict == "no_evidence"
    assert found.change.value == found.now.total.value - found.before.total.value


@pytest.mark.parametrize(("metric", "scale"), [("csat", "csat_5"), ("ces", "ces_5"), ("csi", "csat_5")])
async def test_every_metric_knows_the_change_of_its_groups(metric: Any, scale: str) -> None:
    low, high = answers(scale, {1: 30, 2: 8, 5: 2}), answers(scale, {5: 30, 4: 8, 1: 2})
    found = await changed(joined(at(JUNE, low), at(JULY, high)), query(metric, by="role"))
    assert found.changes["key_user"].verdict == "real"
    assert found.change.verdict == ("unknown" if metric == "csi" else "real")


async def test_an_index_of_enough_weight_knows_its_change() -> None:
    low = answers("csat_5", {1: 30, 2: 8, 5: 2}, role="business_owner")
    high = answers("csat_5", {5: 30, 4: 8, 1: 2}, role="business_owner") + answers("csat_5", {5: 3}, role="senior_it")
    rules = replace(RULES, weights={"business_owner": 0.6, "senior_it": 0.4})
    found = await changed(joined(at(JUNE, low), at(JULY, high)), query("csi"), rules)
    assert found.change.verdict == "real"


async def test_the_response_rate_changes_by_the_invitations() -> None:
    sent = OutreachCount(
        group=None, invited=50, delivered=40, started=30, completed=20, partial=0, refused=0, undeliverable=10
    )
    found = await changed(FakeCounts(sent=[sent]), query("response"))
    assert (found.change.value, found.change.verdict) == (0, "no_evidence")


async def test_marks_of_different_scales_have_no_change() -> None:
    found = await changed(joined(at(JUNE, answers("ces_5", {1: 9})), at(JULY, answers("ces_7", {7: 9}))), query("ces"))
    assert found.change == UNKNOWN


async def test_what_one_period_suppresses_has_no_change() -> None:
    counts = joined(at(JUNE, answers("nps", {9: 2})), at(JULY, answers("nps", {9: 30})))
    found = await changed(counts, query("nps"), CONFIDENTIAL)
    assert found.before.total.suppressed
    assert found.change == UNKNOWN


async def test_a_group_that_is_new_has_no_change() -> None:
    counts = joined(at(JUNE, answers("nps", {9: 2}, account="a")), at(JULY, answers("nps", {9: 3}, account="b")))
    found = await changed(counts, query("nps", by="account"))
    assert found.changes == {}


@pytest.mark.parametrize(
    ("since", "until", "start"),
    [
        ("2026-01-01", "2026-03-01", "2025-11-01"),
        ("2026-03-01", "2026-03-11", "2026-02-19"),
        ("2026-07-02", None, "2026-06-02"),
        ("0001-02-01", "0001-05-01", "0001-01-01"),
    ],
)
def test_the_period_before_is_as_long(since: str, until: str | None, start: str) -> None:
    first, last, begin = (
        datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None for day in (since, until, start)
    )
    found = previous(ReportQuery(metric="nps", since=first, until=last), AUGUST)
    assert found is not None
    assert (found.since, found.until) == (begin, first)


def test_all_time_has_nothing_before_it() -> None:
    assert previous(ReportQuery(metric="nps"), AUGUST) is None
    assert previous(ReportQuery(metric="nps", since=AUGUST), JULY) is None
    assert previous(ReportQuery(metric="nps", since=datetime.min.replace(tzinfo=UTC)), JULY) is None


TWO = joined(
    answers("nps", {9: 8}, role="business_owner", account="a"),
    answers("nps", {4: 9}, role="key_user", account="a"),
    answers("nps", {9: 9}, role="key_user", account="b"),
)


async def test_roles_that_are_far_apart_are_shown_apart() -> None:
    found = await divergence(ReportQuery(metric="nps"), TWO, RULES)
    first, second = found.splits
    assert (first.key, second.key) == ("a", "b")
    assert first.gap is not None
    assert (first.gap.high, first.gap.low, first.gap.difference.value) == ("business_owner", "key_user", 200)
    assert second.gap is None


async def test_satisfaction_of_roles_has_gaps_as_well_and_an_index_has_none() -> None:
    counts = joined(
        answers("csat_5", {5: 20}, role="senior_it", project="p"),
        answers("csat_5", {1: 20}, role="key_user", project="p"),
    )
    found = await divergence(ReportQuery(metric="csat", by="project"), counts, RULES)
    assert found.splits[0].gap is not None
    assert found.splits[0].gap.difference.verdict == "real"
    with pytest.raises(BadQuery):
        await divergence(ReportQuery(metric="csi"), counts, RULES)


async def test_a_suppressed_role_has_no_part_in_a_gap() -> None:
    counts = joined(answers("nps", {9: 8}, role="business_owner", account="a"), answers("nps", {4: 2}, account="a"))
    found = await divergence(ReportQuery(metric="nps"), counts, CONFIDENTIAL)
    assert found.splits[0].gap is None
    assert any(figure.suppressed for figure in found.splits[0].roles.values())


async def test_clients_are_counted_by_three_rules() -> None:
    found = await clients(ReportQuery(metric="csat"), replace(TWO, revenue={"a": 1.0, "b": 3.0}), RULES)
    assert found.nps is not None
    assert round(found.nps.everyone.value or 0) == round(100 * (17 - 9) / 26)
    assert found.nps.alike.n == 2
    assert found.nps.senior.value == 100
    assert found.nps.by_revenue is not None


async def test_rules_that_would_tell_of_a_suppressed_role_are_refused() -> None:
    counts = joined(answers("nps", {9: 30}, role="business_owner", account="a"), answers("nps", {4: 2}, account="a"))
    assert (await clients(ReportQuery(metric="nps"), counts, CONFIDENTIAL)).nps is None


def opinions(n: int) -> FakeCounts:
    source = Random(5)
    given: list[Given] = []
    for number in range(n):
        marks = {component: source.randint(1, 5) for component in ("promises", "usability")}
        given += [
            Given(person=f"p{number}", scale="csat_5", score=mark, of={"component": component})
            for component, mark in marks.items()
        ]
        given.append(Given(person=f"p{number}", scale="nps", score=2 * marks["promises"]))
    return FakeCounts(given)


async def test_what_moves_the_nps_weighs_most() -> None:
    found = await importance(ReportQuery(metric="nps"), opinions(80), RULES)
    assert found.drivers is not None
    weights = {one.component: one.part for one in found.drivers.drivers}
    assert weights["promises"] > 80
    assert [group.key for group in found.satisfaction.groups] == ["promises", "usability"]
    assert found == await importance(ReportQuery(metric="nps"), opinions(80), RULES)


async def test_a_cut_of_confidential_answers_has_no_importance_but_the_whole_has() -> None:
    whole = await importance(ReportQuery(metric="nps"), opinions(80), CONFIDENTIAL)
    cut = await importance(ReportQuery(metric="nps", where={"role": ("key_user",)}), opinions(80), CONFIDENTIAL)
    few = await importance(ReportQuery(metric="nps"), opinions(4), CONFIDENTIAL)
    assert whole.drivers is not None
    assert (cut.drivers, few.drivers) == (None, None)


async def test_importance_of_a_single_component_is_refused() -> None:
    with pytest.raises(BadQuery):
        await importance(ReportQuery(metric="nps", where={"component": ("promises",)}), opinions(40), RULES)


class Desk:
    """Requests as they are given."""

    def __init__(self, *handled: Handled) -> None:
        self._handled = handled

    async def handled(
        self, query: ReportQuery, by: Sequence[Dimension], weights: Mapping[str, float]
    ) -> Sequence[Handled]:
        return self._handled


async def test_service_is_timed_by_group_and_together() -> None:
    desk = Desk(Handled(("b",), 60, 600), Handled(("a",), 180, None), Handled((None,), None, 3600))
    targets = Targets(first_response=timedelta(minutes=2))
    found = await service(ReportQuery(metric="nps", by="account"), desk, targets, RULES)
    assert list(found.groups) == [("a",), ("b",), (None,)]
    assert found.total.first_response.median == 120
    assert found.total.first_response.within is not None
    assert found.total.first_response.within.percent == 50
    assert found.total.resolution.n == 2
    assert found.total.resolution.within is None
    assert found.groups["a",].resolution.median is None


async def test_service_is_timed_by_two_dimensions_in_the_order_of_both() -> None:
    keys = [("b", "rollout"), ("a", "operation"), ("a", "rollout"), ("a", None)]
    rules = replace(RULES, order={"stage": ("rollout", "operation")})
    desk = Desk(*(Handled(key, 60, 600) for key in keys))
    found = await service(ReportQuery(metric="nps", by="account"), desk, Targets(), rules, "stage")
    assert list(found.groups) == [("a", "rollout"), ("a", "operation"), ("a", None), ("b", "rollout")]


@pytest.mark.parametrize("dimension", ["item", "component", "block", "channel", "wave"])
async def test_requests_have_nothing_of_answers(dimension: Dimension) -> None:
    with pytest.raises(BadQuery):
        await service(ReportQuery(metric="nps", by=dimension), Desk(), Targets(), RULES)
