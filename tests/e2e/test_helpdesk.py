"""A helpdesk reports to the preview; the one it is about answers in the browser, and the admin sees it."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from bot.sample import sample_directory
from bot.settings import Settings
from surveys.directory import DirectoryRow
from tests.e2e.otklik import Otklik
from tests.e2e.test_events import ACCEPTED, SECRETS
from tests.e2e.test_preview import PATIENCE, go_on, open_chat, page, preview, say
from tests.intake.bench import Door

__all__ = ["page", "preview"]
TAPS = 3


@pytest.fixture(autouse=True)
def signed(otklik: Otklik) -> None:
    otklik.extra = SECRETS


@pytest.fixture
async def door(otklik: Otklik, preview: str) -> AsyncIterator[Door]:
    async with aiohttp.ClientSession() as http:
        yield Door(http, f"http://127.0.0.1:{otklik.http_port}")


async def resolved(door: Door, whom: DirectoryRow, ticket: str, **data: object) -> tuple[int, object]:
    now = datetime.now(UTC)
    event = {
        "id": f"evt-{ticket}",
        "type": "ticket.resolved",
        "occurred_at": now.isoformat(),
        "account": whom.account,
        "project": whom.project,
        "person": {"external_id": whom.external_id},
        "data": {
            "ticket": ticket,
            "priority": "high",
            "opened_at": (now - timedelta(hours=5)).isoformat(),
            "first_response_at": (now - timedelta(hours=4)).isoformat(),
            "resolved_at": now.isoformat(),
            "touchpoint": "support_ticket",
            **data,
        },
    }
    return await door.send(event, at=now)


async def test_a_resolved_request_is_asked_about_after_the_delay_and_its_marks_are_reported(
    page: Page,
    door: Door,
    tmp_path: Path,
) -> None:
    respondent = await open_chat(page, "Ключевой пользователь")
    name = await respondent.locator(".name").inner_text()
    whom = next(row for row in sample_directory(Settings()) if row.person == name)
    await say(respondent, "/start")
    await expect(cards(respondent)).to_have_count(1, timeout=PATIENCE)
    assert await resolved(door, whom, "HD-501") == ACCEPTED
    assert await resolved(door, whom, "HD-502", closed_automatically=True) == ACCEPTED
    await page.get_by_role("button", name="+1 час").click()
    await expect(page.locator("#clock-result")).to_have_text("Готово, часы переведены")
    await expect(cards(respondent)).to_have_count(1)
    await page.get_by_role("button", name="+1 день").click()
    await expect(cards(respondent).last).to_contain_text("HD-501", timeout=PATIENCE)
    await page.screenshot(path=tmp_path / "pulse.png")
    for _ in range(TAPS):
        if not await respondent.get_by_text("Спасибо").count():
            await go_on(respondent)
    await expect(respondent.get_by_text("Спасибо")).to_be_visible()
    admin = await open_chat(page, "Администратор CX")
    for metric in ("csat", "ces"):
        await say(admin, f"/report {metric} by touchpoint")
        await expect(cards(admin).last).to_contain_text(
            re.compile(rf"{metric.upper()}.*Обращение в поддержку", re.DOTALL), timeout=PATIENCE
        )
    await say(admin, f"/why {name}")
    await expect(cards(admin).last).to_contain_text("closed_automatically", timeout=PATIENCE)
    await expect(cards(admin).last).to_contain_text("HD-502")
    await page.screenshot(path=tmp_path / "why.png")


def cards(chat: Locator) -> Locator:
    return chat.locator("article.message:not(.mine)")
