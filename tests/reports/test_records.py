"""What is too wide for a phone, as a list of figures."""

from dataclasses import replace

import pytest

from reports.layout import PHONE, columns
from reports.records import as_records
from reports.service import service_table
from reports.speech import Speech
from reports.tables import change_table
from surveys.changes import compare
from surveys.reporting import Metric, ReportQuery, ReportRules
from surveys.service import Targets, service
from tests.reports.screens import AUGUST, CONFIDENTIAL, JULY, LABELS, RULES
from tests.surveys.counted import FakeCounts, Given, answers, joined
from tests.surveys.test_changes import Desk

JUNE = JULY.replace(month=6)


def given(scale: str, before: dict[int, int], now: dict[int, int]) -> FakeCounts:
    """So many of each score in June and in July."""
    told: list[Given] = []
    for at, scores in ((JUNE, before), (JULY, now)):
        told += [replace(one, at=at) for one in joined(answers(scale, scores, role="senior_it")).given]
    return FakeCounts(told)


async def change(metric: Metric, counts: FakeCounts, language: str = "en", rules: ReportRules = RULES) -> str:
    query = ReportQuery(metric=metric, since=JULY, until=AUGUST)
    found = await compare(query, replace(query, since=JUNE, until=JULY), counts, rules)
    [page] = as_records(Speech(language, LABELS), change_table(found, LABELS, language), query)
    return page


async def test_both_figures_of_a_change_have_their_interval_and_base() -> None:
    page = await change("csat", given("csat_5", {5: 30, 2: 30}, {5: 40, 3: 10}))
    assert page.splitlines()[3:8] == [
        "total",
        "  before: 50% ± 38…62, n 60",
        "  now: 80% ± 67…89, n 50",
        "  difference: +30 ± +12…+45",
        "  verdict: real change",
    ]
    assert "Compared with: June 2026" in page


async def test_a_difference_of_marks_has_a_real_minus_and_a_plus() -> None:
    page = await change("ces", given("ces_5", {5: 20, 4: 10}, {5: 18, 4: 10, 3: 2}))
    assert "  difference: −0.1 ± −0.4…+0.2" in page.splitlines()


async def test_nothing_before_is_said_in_words() -> None:
    page = await change("nps", given("nps", {}, {9: 3}), "ru")
    assert "  раньше: нет данных, n 0" in page.splitlines()
    assert "  вывод: сравнить не с чем" in page.splitlines()
    assert all(columns(line) <= PHONE for line in page.splitlines())


async def test_what_is_suppressed_is_said_to_be() -> None:
    page = await change("nps", given("nps", {9: 2}, {9: 12, 3: 12}), rules=CONFIDENTIAL)
    assert "  before: suppressed, n 2" in page.splitlines()
    assert "  verdict: nothing to compare" in page.splitlines()


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "первый ответ: n 0, нет данных"), ("en", "first response: n 0, no data")]
)
async def test_requests_nobody_answered_have_no_times(language: str, said: str) -> None:
    query = ReportQuery(metric="nps")
    found = await service(query, Desk(), Targets(), RULES)
    [page] = as_records(Speech(language, LABELS), service_table(found, LABELS, language), query)
    assert f"  {said}" in page.splitlines()
