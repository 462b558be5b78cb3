from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.csi import Basis, role_interval
from metrics.estimates import share
from metrics.histogram import Histogram
from metrics.scales import SCALES
from surveys.errors import BadQuery
from surveys.report import report
from surveys.reporting import Fieldwork, Figure, Note, OutreachCount, Report, ReportQuery, ReportRules
from tests.surveys.counted import FakeCounts, Given, answers, group, joined

WEIGHTS = {"senior_it": 0.30, "business_owner": 0.35, "key_user": 0.20, "project_office": 0.15}
RULES = ReportRules(weights=WEIGHTS)


async def ask(counts: FakeCounts, rules: ReportRules = RULES, **query: object) -> Report:
    return await report(ReportQuery(**query), counts, rules)


def figures(found: Report) -> dict[str | None, Figure]:
    return {group.key: group.figure for group in found.groups}


async def test_nps_is_promoters_less_detractors_with_its_band_and_interval() -> None:
    found = await ask(joined(answers("nps", {10: 50, 8: 30, 3: 20})), metric="nps")
    assert found.total.value == 30
    assert found.total.interval == pytest.approx((14.05, 44.20), abs=0.01)
    assert (found.total.n, found.total.band, found.unit) == (100, "good", "points")
    assert found.total.histograms == {"nps": Histogram({10: 50, 8: 30, 3: 20})}


async def test_groups_add_up_to_the_total_and_those_without_a_value_come_last() -> None:
    counts = joined(answers("nps", {10: 2}, stage="rollout"), answers("nps", {0: 1}), answers("nps", {9: 1}, stage="a"))
    found = await ask(counts, metric="nps", by="stage")
    assert [group.key for group in found.groups] == ["a", "rollout", None]
    assert sum(group.figure.n for group in found.groups) == found.total.n == 4


@pytest.mark.parametrize("basis", ["top1", "top2", "mean"])
async def test_a_role_behind_the_index_has_the_interval_it_has_by_itself(basis: Basis) -> None:
    counts = joined(
        answers("csat_5", {5: 3, 2: 1}, role="senior_it"),
        answers("csat_10", {10: 3, 9: 1, 4: 9}, role="key_user"),
        answers("csat_5", {4: 1}, role="business_owner"),
    )
    apart = figures(await ask(counts, metric="csi", by="role", method=basis))
    behind = (await ask(counts, metric="csi", method=basis)).total.roles
    heard = {role.role: role for role in behind if role.n}
    assert heard.keys() == apart.keys()
    for name, role in heard.items():
        assert role_interval(role, basis) == (apart[name].interval and pytest.approx(apart[name].interval))


async def test_names_with_numbers_stand_in_the_order_of_the_numbers() -> None:
    names = ["Project 10", "Project 9", "project 1", "2026-2", "2026-10"]
    found = await ask(joined(*(answers("nps", {9: 1}, account=name) for name in names)), metric="nps", by="account")
    assert [group.key for group in found.groups] == ["2026-2", "2026-10", "project 1", "Project 9", "Project 10"]


async def test_groups_stand_in_the_configured_order_and_never_by_value() -> None:
    counts = joined(*(answers("nps", {10: 1}, role=role) for role in ("aaa", *reversed(WEIGHTS))))
    found = await ask(counts, metric="nps", by="role")
    assert [group.key for group in found.groups] == [*WEIGHTS, "aaa"]
    rules = replace(RULES, order={"stage": ("rollout", "operation")})
    staged = joined(*(answers("nps", {0: 1}, stage=stage) for stage in ("operation", "rollout")))
    found = await ask(staged, rules, metric="nps", by="stage")
    assert [group.key for group in found.groups] == ["rollout", "operation"]


async def test_roles_that_said_nothing_are_named() -> None:
    found = await ask(joined(answers("nps", {9: 1}, role="key_user")), metric="nps")
    assert found.missing == ("senior_it", "business_owner", "project_office")


async def test_only_roles_that_were_asked_for_can_be_missed() -> None:
    where = {"role": ("key_user", "senior_it")}
    found = await ask(joined(answers("csat_5", {5: 1}, role="key_user")), metric="csi", where=where)
    assert found.missing == found.total.missing == ("senior_it",)


async def test_csat_counts_answers_of_every_scale_by_its_own_best_points() -> None:
    counts = joined(answers("csat_5", {4: 1, 1: 1}), answers("csat_10", {9: 1, 8: 1}), answers("nps", {0: 9}))
    found = await ask(counts, metric="csat")
    assert (found.total.value, found.total.n, found.method) == (50, 4, "top2")
    assert found.scales == tuple(found.total.histograms) == ("csat_5", "csat_10")
    assert Note.SEVERAL_SCALES in found.notes


@pytest.mark.parametrize(("method", "value"), [(None, 70), ("top2", 70), ("top1", 40)])
async def test_csat_follows_the_method_asked_for(method: str | None, value: float) -> None:
    found = await ask(joined(answers("csat_5", {1: 5, 2: 10, 3: 15, 4: 30, 5: 40})), metric="csat", method=method)
    assert found.total.value == value


async def test_the_configured_csat_method_holds_when_none_is_asked_for() -> None:
    rules = replace(RULES, csat_method="top1")
    found = await ask(joined(answers("csat_5", {4: 1, 5: 1})), rules, metric="csat")
    assert (found.total.value, found.method) == (50, "top1")


async def test_effort_on_two_scales_is_never_one_mean() -> None:
    counts = joined(
        answers("ces_5", {5: 2}, stage="a"),
        answers("ces_7", {7: 1, 1: 1}, stage="a"),
        answers("ces_7", {3: 1}, stage="b"),
    )
    found = await ask(counts, metric="ces", by="stage")
    assert (found.total.value, found.total.n, found.scales) == (5, 2, ("ces_5", "ces_7"))
    assert (found.total.scales["ces_7"].n, found.total.scales["ces_7"].value) == (3, pytest.approx(11 / 3))
    b = figures(found)["b"]
    assert (b.value, b.n, b.scales["ces_7"].value) == (None, 0, 3)


async def test_effort_asked_on_the_longer_scale_alone_is_the_report() -> None:
    found = await ask(joined(answers("ces_7", {7: 1, 1: 1})), metric="ces")
    assert (found.total.value, found.scales, dict(found.total.scales)) == (4, ("ces_7",), {})


async def test_the_crowd_does_not_outvote_the_director() -> None:
    counts = joined(answers("csat_5", {2: 1}, role="business_owner"), answers("csat_5", {5: 30}, role="key_user"))
    found = await ask(counts, metric="csi")
    assert found.total.value == pytest.approx(100 * 0.20 / 0.55)
    assert found.total.covered == pytest.approx(0.55)
    assert found.total.missing == ("senior_it", "project_office")
    assert [(role.role, role.n) for role in found.total.roles if role.n] == [("business_owner", 1), ("key_user", 30)]
    assert Note.LONE_VOICE in found.notes


async def test_below_half_of_the_weight_there_is_no_index() -> None:
    found = await ask(joined(answers("csat_5", {5: 40}, role="key_user")), metric="csi")
    assert (found.total.value, found.total.n) == (None, 40)
    assert found.notes == (Note.INSUFFICIENT_SIGNAL,)


async def test_csi_by_role_is_each_roles_csat() -> None:
    counts = joined(answers("csat_5", {5: 1, 1: 3}, role="senior_it"), answers("csat_5", {5: 2}, role="business_owner"))
    index = await ask(counts, metric="csi", by="role")
    shares = await ask(counts, metric="csat", by="role")
    assert figures(index) == figures(shares)
    assert index.total.value == pytest.approx((0.30 * 25 + 0.35 * 100) / 0.65)


async def test_csi_by_role_on_the_mean_basis_is_each_roles_mean() -> None:
    counts = joined(answers("csat_5", {5: 1, 2: 1}, role="senior_it"))
    found = await ask(counts, metric="csi", by="role", method="mean")
    assert figures(found)["senior_it"].value == pytest.approx(62.5)


async def test_roles_that_are_not_configured_are_left_out_of_the_index_and_named() -> None:
    counts = joined(answers("csat_5", {1: 9}, role="auditor"), answers("csat_5", {5: 3}, role="business_owner"))
    found = await ask(replace(counts), replace(RULES, weights={"business_owner": 1}), metric="csi", by="role")
    assert (found.total.value, found.total.n, found.unweighted) == (100, 3, ("auditor",))
    assert figures(found)["auditor"].n == 9
    assert Note.UNWEIGHTED_ROLES in found.notes


async def test_without_answers_there_is_no_data_and_not_a_zero() -> None:
    for metric in ("nps", "csat", "ces", "csi", "response"):
        found = await ask(FakeCounts(), metric=metric, by="account")
        assert (found.total.value, found.total.interval, found.total.n, found.groups) == (None, None, 0, ())
        assert Note.NO_DATA in found.notes


async def test_few_answers_are_noted_until_there_are_thirty() -> None:
    assert Note.FEW_ANSWERS in (await ask(joined(answers("nps", {9: 29})), metric="nps")).notes
    assert Note.FEW_ANSWERS not in (await ask(joined(answers("nps", {9: 30})), metric="nps")).notes


async def test_response_is_completed_of_delivered_with_the_fieldwork_behind_it() -> None:
    row = OutreachCount(
        group="a",
        invited=10,
        delivered=8,
        started=6,
        completed=4,
        partial=1,
        refused=1,
        undeliverable=2,
        unreached=2,
        seconds={60: 1, 90: 1},
    )
    found = await ask(
        FakeCounts(sent=[row, replace(row, group="b", seconds={300: 1})]), metric="response", by="account"
    )
    assert (found.total.value, found.total.n, found.missing) == (50, 16, ())
    fieldwork = Fieldwork(
        invited=20,
        delivered=16,
        started=12,
        completed=8,
        partial=2,
        refused=2,
        undeliverable=4,
        unreached=4,
        median_seconds=90,
    )
    assert found.total.fieldwork == fieldwork
    assert (fieldwork.rr1, fieldwork.rr2) == (share(8, 20), share(10, 20))
    assert figures(found)["b"].fieldwork.median_seconds == 300


async def test_the_median_time_has_an_interval_where_enough_people_finished() -> None:
    row = OutreachCount(
        group=None,
        invited=9,
        delivered=9,
        started=9,
        completed=9,
        partial=0,
        refused=0,
        undeliverable=0,
        unreached=0,
        seconds=dict.fromkeys(range(60, 150, 10), 1),
    )
    found = await ask(FakeCounts(sent=[row]), metric="response")
    assert found.total.fieldwork is not None
    assert (found.total.fieldwork.median_seconds, found.total.fieldwork.median_interval) == (100, (70, 130))


async def test_an_invitation_in_two_groups_is_one_of_the_total() -> None:
    row = OutreachCount(
        group=None,
        invited=1,
        delivered=1,
        started=1,
        completed=1,
        partial=0,
        refused=0,
        undeliverable=0,
        seconds={60: 1},
    )
    counts = FakeCounts(sent=[replace(row, group=role) for role in ("senior_it", "key_user")], all_sent=row)
    found = await ask(counts, metric="response", by="role")
    assert (found.total.n, [group.figure.n for group in found.groups]) == (1, [1, 1])


def test_a_query_that_no_report_can_answer_does_not_come_to_be() -> None:
    july, august = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
    for wrong in (
        {"metric": "response", "by": "item"},
        {"metric": "response", "where": {"block": ("product",)}},
        {"metric": "nps", "method": "top2"},
        {"metric": "csat", "method": "mean"},
        {"metric": "nps", "since": august, "until": july},
        {"metric": "nps", "since": july, "until": july},
    ):
        with pytest.raises(BadQuery):
            ReportQuery(**wrong)


def definition(metric: str, said: Sequence[Given]) -> float | None:
    """The metric by its definition, answer by answer."""
    if metric == "nps":
        signs = [100 * ((a.score >= 9) - (a.score <= 6)) for a in said]
        return mean(signs) if signs else None
    best = [100 * (a.score > SCALES[a.scale].high - 2) for a in said]
    if metric == "csat":
        return mean(best) if best else None
    voices = {role: [b for b, a in zip(best, said, strict=True) if a.role == role] for role in WEIGHTS}
    weights = {role: Fraction(str(WEIGHTS[role])) for role, voice in voices.items() if voice}
    if sum(weights.values()) < Fraction(1, 2):
        return None
    return float(sum(w * Fraction(mean(voices[role])) for role, w in weights.items()) / sum(weights.values()))


one = st.builds(
    lambda scale, share, role, stage, person: Given(
        person=person,
        scale=scale,
        score=SCALES[scale].low + round(share * (SCALES[scale].high - SCALES[scale].low)),
        role=role,
        of={"stage": stage},
    ),
    st.sampled_from(list(SCALES)),
    st.floats(0, 1),
    st.sampled_from(list(WEIGHTS)),
    st.sampled_from(["rollout", "operation"]),
    st.text("abc", min_size=1, max_size=2),
)


@given(st.lists(one, max_size=60), st.sampled_from(["nps", "csat", "csi"]))
async def test_every_figure_is_what_the_definition_makes_of_the_raw_answers(said: list[Given], metric: str) -> None:
    counts = FakeCounts(said)
    query = ReportQuery(metric=metric, by="stage")
    found = await report(query, counts, RULES)
    kind = "nps" if metric == "nps" else "csat"
    fitting = [a for a in said if SCALES[a.scale].kind == kind]
    assert found.total.value == pytest.approx(definition(metric, fitting))
    for key, figure in figures(found).items():
        assert figure.value == pytest.approx(definition(metric, [a for a in fitting if group(a, query) == key]))


async def test_a_person_of_two_roles_in_the_response_by_role_is_told_of() -> None:
    one = OutreachCount(
        group="key_user", invited=3, delivered=3, started=1, completed=1, partial=0, refused=0, undeliverable=0
    )
    by_role = ReportQuery(metric="response", by="role")
    twice = FakeCounts(sent=[one, replace(one, group="senior_it")], all_sent=one)
    assert Note.SEVERAL_ROLES in (await report(by_role, twice, RULES)).notes
    assert Note.SEVERAL_ROLES not in (await report(by_role, FakeCounts(sent=[one], all_sent=one), RULES)).notes
