"""Every kind of picture in every awkward case. All of it is made up."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from random import Random
from typing import Any

from reports.pictures.breakdown import breakdown
from reports.pictures.distribution import distribution
from reports.pictures.dumbbell import dumbbell
from reports.pictures.heat import heat
from reports.pictures.importance import importance_picture
from reports.pictures.sheet import Sheet
from reports.pictures.trend import trend
from reports.pictures.waterfall import waterfall
from surveys.clients import divergence
from surveys.grids import grid
from surveys.importance import importance
from surveys.questionnaire import Language
from surveys.report import report
from surveys.reporting import Dimension, Metric, OutreachCount, ReportQuery, ReportRules
from surveys.rules import Scope
from tests.reports.screens import (
    CONFIDENTIAL,
    EFFORT,
    LABELS,
    LARGE,
    LONG,
    MONTHS,
    NAMED_AT_LENGTH,
    RULES,
    SATISFIED,
    SENT,
    SMALL,
    THIRTY,
    THREATENED,
)
from tests.surveys.counted import FakeCounts, Given, answers, joined
from tests.surveys.invited import at_random

Made = Callable[[Language], Awaitable[Sheet]]
NOBODY = FakeCounts()
ROLES = tuple(RULES.weights)
COMPONENTS = (
    "functionality", "usability", "stability", "performance", "implementation",
    "technical_support", "understanding", "problem_solving", "communication", "promises",
)  # fmt: skip
STAGES = ("rollout", "operation", "expansion", "renewal")


def _everybody(accounts: int, people: int, components: int = 10) -> FakeCounts:
    """People of all roles who judge every component and recommend, some more than others."""
    source = Random(1)
    given: list[Given] = []
    for number in range(people):
        account = f"Client {number % accounts + 1:02}"
        of = {"account": account, "project": f"Project of {account}", "stage": STAGES[number % len(STAGES)]}
        role, mood = ROLES[number % 4], source.gauss(3.6, 0.8)
        for place, component in enumerate(COMPONENTS[:components]):
            score = min(5, max(1, round(mood + source.gauss(0, 0.4 + place / 8))))
            given.append(
                Given(person=f"p{number}", scale="csat_5", score=score, role=role, of={**of, "component": component})
            )
        score = min(10, max(0, round(2 * mood + source.gauss(0, 1))))
        given.append(Given(person=f"p{number}", scale="nps", score=score, role=role, of=of))
    return FakeCounts(given)


MANY, FEW, PAIR = _everybody(30, 240), _everybody(2, 5), _everybody(1, 40, components=2)
MONTHLY = FakeCounts(
    [replace(one, at=one.at.replace(year=2025 + i % 2, month=1 + i % 11)) for i, one in enumerate(LARGE.given)]
)
LONE = FakeCounts(
    sent=[
        replace(
            SENT.sent[0],
            group=None,
            invited=3,
            delivered=3,
            started=1,
            completed=1,
            partial=0,
            refused=0,
            undeliverable=0,
        )
    ]
)
HUGE = FakeCounts(
    sent=[
        OutreachCount(
            group=None,
            invited=1_234_567,
            delivered=1_200_000,
            started=900_000,
            completed=800_000,
            partial=50_000,
            refused=40_000,
            undeliverable=4_567,
        )
    ]
)
EMPTY_SENT = FakeCounts(sent=[replace(LONE.sent[0], invited=0, delivered=0, started=0, completed=0)])
LONG_ROLES = joined(
    answers("nps", {9: 4}, role="senior_it", account=LONG),
    answers("nps", {2: 5}, role="key_user", account=LONG),
    answers("nps", {8: 5}, role=f"auditor {LONG}", account=LONG),
    answers("nps", {8: 5}, role="key_user", account="🏭 工場 $x^2$ <b>=1+1</b>"),
)


def _breakdown(
    counts: FakeCounts, metric: Metric, by: Dimension, rules: ReportRules = RULES, page: int = 0, **more: object
) -> Made:
    async def made(language: Language) -> Sheet:
        query = ReportQuery(metric=metric, by=by, **more)  # type: ignore[arg-type]
        return breakdown(await report(query, counts, rules), LABELS, language, page)

    return made


def _trend(counts: FakeCounts, metric: Metric, by: Dimension, rules: ReportRules = RULES) -> Made:
    async def made(language: Language) -> Sheet:
        return trend(await report(ReportQuery(metric=metric, by=by), counts, rules), LABELS, language)

    return made


def _distribution(counts: FakeCounts, metric: Metric, rules: ReportRules = RULES) -> Made:
    async def made(language: Language) -> Sheet:
        return distribution(await report(ReportQuery(metric=metric), counts, rules), LABELS, language)

    return made


def _waterfall(counts: FakeCounts) -> Made:
    async def made(language: Language) -> Sheet:
        return waterfall(await report(ReportQuery(metric="response"), counts, RULES), LABELS, language)

    return made


def _heat(
    counts: FakeCounts, metric: Metric, by: Dimension, across: Dimension, rules: ReportRules = RULES, page: int = 0
) -> Made:
    async def made(language: Language) -> Sheet:
        found = await grid(ReportQuery(metric=metric, by=by), across, counts, rules)
        return heat(found, LABELS, language, page)

    return made


def _dumbbell(counts: FakeCounts, metric: Metric, rules: ReportRules = RULES, page: int = 0) -> Made:
    async def made(language: Language) -> Sheet:
        return dumbbell(await divergence(ReportQuery(metric=metric), counts, rules), LABELS, language, page)

    return made


def _importance(counts: FakeCounts, rules: ReportRules = RULES, **more: Any) -> Made:
    async def made(language: Language) -> Sheet:
        found = await importance(ReportQuery(metric="nps", **more), counts, rules)
        return importance_picture(found, LABELS, language)

    return made


PICTURES: dict[str, Made] = {
    "breakdown_small": _breakdown(SMALL, "nps", "role"),
    "breakdown_none": _breakdown(NOBODY, "nps", "account"),
    "breakdown_one": _breakdown(joined(answers("nps", {7: 1}, account="A")), "nps", "account"),
    "breakdown_thirty": _breakdown(THIRTY, "nps", "account"),
    "breakdown_last_page": _breakdown(THIRTY, "nps", "account", page=2),
    "breakdown_long": _breakdown(NAMED_AT_LENGTH, "nps", "account", where={"stage": (LONG, "rollout")}),
    "breakdown_suppressed": _breakdown(THREATENED, "nps", "role", CONFIDENTIAL),
    "breakdown_csi": _breakdown(SATISFIED, "csi", "component"),
    "breakdown_ces": _breakdown(EFFORT, "ces", "touchpoint"),
    "breakdown_response": _breakdown(SENT, "response", "stage"),
    "breakdown_manager": _breakdown(SMALL, "nps", "role", scope=Scope(accounts=(LONG,))),
    "trend_gaps": _trend(MONTHLY, "nps", "month"),
    "trend_year": _trend(MONTHS, "nps", "month"),
    "trend_quarters": _trend(MONTHS, "nps", "quarter"),
    "trend_one": _trend(SMALL, "nps", "month"),
    "trend_none": _trend(NOBODY, "csat", "month"),
    "trend_suppressed": _trend(MONTHS, "nps", "month", CONFIDENTIAL),
    "trend_ces": _trend(EFFORT, "ces", "month"),
    "distribution_nps": _distribution(LARGE, "nps"),
    "distribution_one": _distribution(joined(answers("nps", {7: 1})), "nps"),
    "distribution_none": _distribution(NOBODY, "nps"),
    "distribution_scales": _distribution(SATISFIED, "csat"),
    "distribution_effort": _distribution(EFFORT, "ces"),
    "distribution_suppressed": _distribution(SMALL, "nps", replace(CONFIDENTIAL, min_group=20)),
    "journey_map": _heat(MANY, "csat", "component", "stage"),
    "accounts_by_components": _heat(MANY, "csat", "account", "component"),
    "heat_last_page": _heat(MANY, "csat", "account", "component", page=1),
    "heat_roles": _heat(MANY, "csi", "component", "role"),
    "heat_small": _heat(FEW, "nps", "account", "stage"),
    "heat_one": _heat(joined(answers("nps", {9: 1}, account="A", stage="rollout")), "nps", "account", "stage"),
    "heat_none": _heat(NOBODY, "csat", "stage", "component"),
    "heat_long": _heat(NAMED_AT_LENGTH, "nps", "stage", "account"),
    "heat_response": _heat(at_random(4, 60), "response", "account", "stage"),
    "heat_suppressed": _heat(MANY, "csat", "account", "stage", CONFIDENTIAL),
    "importance": _importance(MANY),
    "importance_two": _importance(PAIR),
    "importance_few": _importance(FEW),
    "importance_none": _importance(NOBODY),
    "importance_refused": _importance(MANY, CONFIDENTIAL, where={"role": ("key_user",)}),
    "roles": _dumbbell(MANY, "nps"),
    "roles_csat": _dumbbell(MANY, "csat"),
    "roles_last_page": _dumbbell(MANY, "nps", page=3),
    "roles_few": _dumbbell(FEW, "nps"),
    "roles_none": _dumbbell(NOBODY, "nps"),
    "roles_long": _dumbbell(LONG_ROLES, "nps"),
    "roles_suppressed": _dumbbell(PAIR, "nps", CONFIDENTIAL),
    "fieldwork": _waterfall(replace(SENT, sent=[replace(SENT.sent[0], group=None)])),
    "fieldwork_one": _waterfall(LONE),
    "fieldwork_huge": _waterfall(HUGE),
    "fieldwork_none": _waterfall(EMPTY_SENT),
}
