"""Before and after an improvement: the right answers are compared, and a chance difference is not called a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from metrics.differences import Verdict
from surveys.improvements.causes import Cause
from surveys.improvements.effect import effect, looked
from surveys.improvements.improvement import Improvement
from surveys.reporting import ReportRules
from tests.surveys.counted import FakeCounts, Given

START, END, NOW = (datetime(2026, month, 1, tzinfo=UTC) for month in (7, 8, 10))
RULES = ReportRules(weights={"key_user": 0.2})
FINISHED = Improvement(
    cause=Cause("usability", "rollout"), opened_at=START, decision="do", reason="-", started_at=START, ended_at=END
)


def given(at: datetime, scores: dict[int, int], component: str = "usability") -> list[Given]:
    return [
        Given(person=f"{at}{component}{score}{n}", scale="csat_5", score=score, at=at, of={"component": component})
        for score, times in scores.items()
        for n in range(times)
    ]


@pytest.mark.parametrize(
    ("after", "verdict"), [({5: 36, 1: 4}, "real"), ({5: 9, 1: 31}, "no_evidence"), ({}, "unknown")]
)
async def test_the_year_before_the_work_is_compared_with_the_time_since_its_end(
    after: dict[int, int], verdict: Verdict
) -> None:
    said = [
        *given(START - timedelta(days=30), {5: 8, 1: 32}),
        *given(START + timedelta(days=3), {5: 40}),
        *given(START - timedelta(days=400), {5: 40}),
        *given(END + timedelta(days=30), {1: 40}, "stability"),
        *given(END + timedelta(days=30), after),
    ]
    found = await effect(FINISHED, FakeCounts(said), RULES, NOW)
    assert found is not None
    assert (found.before.total.n, found.now.total.n) == (40, sum(after.values()))
    assert found.change.verdict == verdict


async def test_nothing_is_compared_before_the_work_is_finished() -> None:
    assert await effect(replace(FINISHED, ended_at=None), FakeCounts(), RULES, NOW) is None


def test_recommendation_is_looked_at_where_the_stage_is_and_not_by_component() -> None:
    found = looked(replace(FINISHED, metric="nps"), NOW)
    assert found is not None
    assert (found.after.metric, dict(found.after.where)) == ("nps", {"stage": ("rollout",)})
