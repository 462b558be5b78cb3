"""The whole loop in the browser: a three, an alert, an action, a "no", an escalation, a decision, a letter."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.otklik import Otklik
from tests.e2e.test_preview import PATIENCE, go_on, open_chat, page, previewing, say

__all__ = ["page"]
OWN, FOREIGN, STILL = "Сводка за смену строится час", "Reports take an hour", "По-прежнему полчаса"
PLAN, WHY, NEWS = "Ускорить сводку", "Мешает двум крупным клиентам", "Сводка за смену строится за минуту."
DONE = (
    "сигнал: низкий NPS",
    "клиент объяснил причину",
    "Менеджер проекта · взято в работу",
    "связь с клиентом состоялась",
    f"действие: {PLAN}",
    "клиента спросили, помогло ли",
    "клиент: не решено",
    "эскалация: Менеджер клиента",
    "клиент: решено",
)


@pytest.fixture
async def preview(otklik: Otklik) -> AsyncIterator[str]:
    """Without the past of the demo: whatever is seen has been done here."""
    async with previewing(otklik) as address:
        yield address


async def press(chat: Locator, *labels: str) -> None:
    """The newest button of each name, one after the other, each once it is there."""
    for label in labels:
        await chat.get_by_role("button", name=label, exact=True).last.click(timeout=PATIENCE)


async def sees(chat: Locator, *words: str) -> None:
    for each in words:
        await expect(chat.locator("article.message").get_by_text(each).last).to_be_visible(timeout=PATIENCE)


async def writes(chat: Locator, button: str, asked: str, words: str) -> None:
    """Presses, is asked for words, and writes them."""
    await press(chat, button)
    await sees(chat, asked)
    await say(chat, words)


async def unhappy(chat: Locator, consent: str, words: str, next_question: str) -> None:
    await chat.get_by_role("button", name="Открыть приглашение").click()
    await press(chat, consent, "3")
    await expect(chat.get_by_role("button", name="3", exact=True)).to_have_count(0)
    await say(chat, words)
    await sees(chat, next_question)


async def helped(manager: Locator) -> None:
    """What the project manager does, on one card."""
    await press(manager, "Взять в работу", "Связаться с клиентом", "Связь состоялась")
    await writes(manager, "Действие", "Напишите", PLAN)
    await press(manager, "Через неделю")
    await sees(manager, f"Действие: {PLAN}")
    await press(manager, "Готово")


async def decided(admin: Locator) -> None:
    """From the repeated cause to a letter on its way."""
    await say(admin, "/committee")
    await sees(admin, "Повторяющиеся причины", "клиентов: 2, проектов: 2")
    await admin.get_by_role("button", name="1. ").last.click()
    await sees(admin, OWN, FOREIGN)
    await press(admin, "Открыть улучшение")
    await writes(admin, "Что сделать", "Напишите", PLAN)
    await writes(admin, "Делаем", "почему", WHY)
    await sees(admin, WHY)
    await press(admin, "Рассказать клиентам")
    await writes(admin, "Текст: Русский", "как это прочтут клиенты", NEWS)
    await press(admin, "Отправить всем, кто готов: 1")


async def test_from_a_three_to_you_said_we_did_by_clicks_alone(page: Page, tmp_path: Path) -> None:
    await page.set_viewport_size({"width": 2600, "height": 1300})
    names = ("Ключевой пользователь", "Emma Fields", "Менеджер клиента", "Менеджер проекта", "Администратор CX")
    operator, other, account, manager, admin = [await open_chat(page, name) for name in names]
    await unhappy(operator, "Согласиться и начать", OWN, "Вопрос 2 из")
    await sees(manager, "Кейс 1", "NPS: 3 из 10", OWN)
    await sees(account, "NPS: 3 из 10", OWN)
    while not await operator.get_by_text("Спасибо за откровенность").count():
        await go_on(operator)
    await unhappy(other, "Agree and start", FOREIGN, "Question 2 of")
    await sees(admin, FOREIGN)
    await helped(manager)
    await page.screenshot(path=tmp_path / "done.png")
    await sees(operator, "Решён ли вопрос, с которым вы обращались?")
    await press(operator, "Нет")
    await sees(operator, "Что осталось нерешённым?")
    await say(operator, STILL)
    await sees(account, "просрочен", "клиент: не решено", STILL)
    await press(manager, "Готово")
    await press(operator, "Да")
    await sees(manager, "закрыт, клиент подтвердил")
    await decided(admin)
    await sees(operator, NEWS)
    letter = operator.locator("article.message:not(.mine)").last
    await expect(letter).to_contain_text(OWN)
    await expect(letter).not_to_contain_text(FOREIGN)
    await page.screenshot(path=tmp_path / "told.png")
    await press(account, "История")
    history = account.locator("article.message:not(.mine)").last
    for step in DONE:
        await expect(history).to_contain_text(step)
    await say(admin, "/report loop")
    await sees(admin, "Открыто кейсов: 2", "Закрыты, клиент подтвердил: 1", "Снова открыты клиентом: 1")
    await page.screenshot(path=tmp_path / "loop.png")
