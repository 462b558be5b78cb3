"""What confidential mode leaves of verbatims."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from surveys.reporting import ReportQuery, ReportRules
from surveys.verbatims import Explained, Verbatim, verbatims
from tests.surveys.counted import FakeCounts, answers, joined

NAMED = ReportRules(weights={"key_user": 1.0})
CONFIDENTIAL = ReportRules(weights={"key_user": 1.0}, mode="confidential")
EIGHT = joined(answers("nps", {9: 8}, account="A"))
QUERY = ReportQuery(metric="nps", where={"account": ("A",)})
SAID = Verbatim(
    answer_id=7,
    at=datetime(2026, 7, 15, 12, tzinfo=UTC),
    text="Медленно",
    item="nps",
    questionnaire="relationship",
    component="usability",
    block="product",
    score=3,
    scale="nps",
    role="key_user",
    account="A",
    project="P",
    stage="operation",
    person="p-1",
)


class Said:
    """One verbatim."""

    async def verbatims(self, query: ReportQuery, explained: Explained) -> AsyncGenerator[Verbatim, None]:
        yield SAID


async def listed(counts: FakeCounts, rules: ReportRules, query: ReportQuery = QUERY) -> list[Verbatim] | None:
    found = await verbatims(query, counts, Said(), rules, {})
    return None if found is None else [one async for one in found]


async def test_named_words_come_with_everything() -> None:
    assert await listed(joined(answers("nps", {9: 1})), NAMED) == [SAID]


async def test_confidential_words_say_nothing_that_is_not_common_to_all_listed() -> None:
    found = await listed(EIGHT, CONFIDENTIAL)
    assert found is not None
    (one,) = found
    assert (one.account, one.project, one.role, one.stage, one.person, one.answer_id) == (
        "A",
        None,
        None,
        None,
        None,
        0,
    )
    assert (one.text, one.score, one.at) == ("Медленно", 3, datetime(2026, 7, 1, tzinfo=UTC))


async def test_words_of_fewer_than_eight_are_suppressed() -> None:
    assert await listed(joined(answers("nps", {9: 7}, account="A")), CONFIDENTIAL) is None
    assert await listed(joined(), CONFIDENTIAL) is None


async def test_words_that_are_left_when_a_list_is_taken_from_a_longer_one_are_suppressed() -> None:
    counts = joined(answers("nps", {9: 20}, account="A"), answers("nps", {9: 2}, account="B"))
    assert await listed(counts, CONFIDENTIAL) is None
