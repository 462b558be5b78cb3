"""The preview as a stranger tries it: one command, a browser, a respondent and the admin."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.e2e.conftest import free_port
from tests.e2e.otklik import Otklik, command

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 60_000


@pytest.fixture
async def preview(otklik: Otklik) -> AsyncIterator[str]:
    async with previewing(otklik, "--demo") as address:
        yield address


@asynccontextmanager
async def previewing(otklik: Otklik, *flags: str) -> AsyncIterator[str]:
    """`otklik sandbox` at work; its address."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *command("sandbox", *flags, "--port", str(port)),
        cwd=otklik.home,
        env=otklik.environment,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    yield next(word for word in line.split() if word.startswith("http"))
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 60) == 0


@pytest.fixture
async def page(preview: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": 1400, "height": 900}, locale="ru-RU")
        page.set_default_timeout(PATIENCE)
        await page.goto(preview)
        yield page
        await browser.close()


async def test_a_respondent_answers_and_the_admin_sees_one_more_answer(page: Page, tmp_path: Path) -> None:
    admin = await open_chat(page, "Администратор CX")
    before = await counted(admin)
    respondent = await open_chat(page, "ИТ-руководитель")
    await respondent.get_by_role("button", name="Открыть приглашение").click()
    await respondent.get_by_role("button", name="Согласиться и начать").click()
    await respondent.get_by_role("button", name="9", exact=True).click()
    await expect(respondent.get_by_text("Ответьте сообщением.")).to_be_visible()
    await page.screenshot(path=tmp_path / "question.png")
    await say(respondent, "Инженеры отвечают по делу")
    await expect(respondent.get_by_text("Вопрос 2 из")).to_be_visible()
    while not await respondent.get_by_text("Спасибо! Мы прочитаем").count():
        await go_on(respondent)
    await page.screenshot(path=tmp_path / "thanks.png")
    assert await counted(admin) == before + 1
    await admin.get_by_role("button", name="Роль", exact=True).last.click()
    await expect(admin.locator("pre", has_text="NPS по ролям")).to_be_visible()
    await page.screenshot(path=tmp_path / "report.png")
    await admin.get_by_role("button", name="Ключевой пользователь", exact=True).last.click()
    await expect(admin.get_by_text("Роль: Ключевой пользователь")).to_be_visible()
    await admin.get_by_role("button", name="Компоненты", exact=True).last.click()
    await expect(admin.get_by_text("CSAT по компонентам")).to_be_visible()
    await admin.get_by_role("button", name="Картинка", exact=True).last.click()
    await expect(admin.locator("article.message img").last).to_be_visible(timeout=PATIENCE)
    await page.screenshot(path=tmp_path / "picture.png")
    await admin.get_by_role("button", name="Назад", exact=True).last.click()
    await expect(admin.get_by_text("доля двух высших оценок")).to_have_count(0)
    await say(admin, "/report")
    await expect(admin.get_by_text("NPS по кварталам")).to_be_visible()
    await page.screenshot(path=tmp_path / "headlines.png")
    await say(admin, "/cases")
    await expect(admin.locator(".key", has_text="есть связь с клиентом").first).to_be_visible(timeout=PATIENCE)
    await say(admin, "/committee")
    await expect(admin.locator(".key", has_text="1. ").last).to_be_visible(timeout=PATIENCE)
    await admin.get_by_role("button", name="Улучшения", exact=True).last.click()
    await expect(admin.locator(".key", has_text="Разбирать повторные")).to_be_visible(timeout=PATIENCE)
    await say(admin, "/report loop")
    await expect(admin.get_by_text(re.compile(r"клиент подтвердил: [1-9]"))).to_be_visible(timeout=PATIENCE)
    await page.screenshot(path=tmp_path / "loop.png")


async def go_on(chat: Locator) -> None:
    """Answers the card with a five, skips it or sends the answers, and waits until the card has changed."""
    card = chat.locator("article.message:not(.mine)").last
    before = await card.inner_text()
    ways = [card.get_by_role("button", name=name, exact=True) for name in ("5", "Отправить", "Пропустить")]
    offered = [way for way in ways if await way.count()]
    await offered[0].click()
    await expect(card).not_to_have_text(before, use_inner_text=True, timeout=PATIENCE)


async def counted(admin: Locator) -> int:
    """How many answers the admin's report counts."""
    reports = admin.get_by_text(re.compile(r"\d+ ответ"))
    earlier = await reports.count()
    await say(admin, "/report nps")
    await expect(reports).to_have_count(earlier + 1, timeout=PATIENCE)
    found = re.search(r"(\d+) ответ", await reports.last.inner_text())
    assert found is not None
    return int(found[1])


async def open_chat(page: Page, name: str) -> Locator:
    """The chat of the first person of this description."""
    person = page.locator("button.person", has_text=name).first
    shown = await person.inner_text()
    await person.click()
    chats = page.locator("section.chat")
    names = [await chats.nth(at).locator(".name").inner_text() for at in range(await chats.count())]
    return chats.filter(has=page.locator(".name", has_text=next(one for one in names if one in shown)))


async def say(chat: Locator, words: str) -> None:
    box = chat.get_by_role("textbox")
    await box.fill(words)
    await box.press("Enter")
