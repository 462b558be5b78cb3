"""Breakdowns by two dimensions on a phone."""

import pytest

from reports.layout import PHONE, columns
from reports.pairs import as_pair
from reports.speech import Speech
from surveys.grids import grid
from surveys.questionnaire import Language
from surveys.reporting import ReportQuery
from tests.reports.screens import LABELS, RULES
from tests.surveys.invited import Invitations, Sent, at_random

BY_ACCOUNT = ReportQuery(metric="response", by="account")


async def pages(counts: Invitations, language: Language = "en") -> list[str]:
    return as_pair(Speech(language, LABELS), await grid(BY_ACCOUNT, "stage", counts, RULES))


@pytest.mark.parametrize("language", ["ru", "en", "uk"])
async def test_response_rates_of_many_rows_are_paged_and_fit_a_phone(language: Language) -> None:
    accounts = [f"Client {number:02}" for number in range(60)]
    found = await pages(at_random(5, 600, accounts), language)
    assert len(found) > 1
    assert all(columns(line) <= PHONE for page in found for line in page.splitlines())
    assert all(any(account in page for page in found) for account in accounts)


async def test_a_response_rate_is_a_share_of_the_delivered_and_none_is_told_in_words() -> None:
    sent = [Sent(end=end, of={"account": "A", "stage": "rollout"}) for end in ("completed", "refused", "undeliverable")]
    lost = [Sent(end="undeliverable", of={"account": "A", "stage": "renewal"})]
    (page,) = await pages(Invitations(invitations=[*sent, *lost]))
    lines = page.splitlines()
    assert any(line.split()[-3:] == ["50", "9…91", "2"] for line in lines)
    assert any("no data" in line and line.split()[-1] == "0" for line in lines)
    assert "n is the number of delivered" in lines
