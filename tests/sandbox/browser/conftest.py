"""A real browser, and a small scripted bot behind the page."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from sandbox.hooks import Choice, EventField, EventForm, EventType, Hooks, PersonCard, StartLink
from sandbox.server import Sandbox

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ROWS = (range(6), range(6, 11))
SCORES = [[InlineKeyboardButton(str(score), callback_data=f"s{score}") for score in row] for row in ROWS]
KEYS = InlineKeyboardMarkup(
    [
        *SCORES,
        [
            InlineKeyboardButton("Кто увидит?", callback_data="who"),
            InlineKeyboardButton("Сайт", url="https://example.org/"),
        ],
    ]
)
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


@dataclass
class Outside:
    """What the composition root would be: a clock that moves, people, events."""

    clock: Any
    reported: list[Mapping[str, object]] = field(default_factory=list)

    async def people(self) -> list[PersonCard]:
        link = StartLink({"ru": "Опрос, 3 минуты", "en": "Survey, 3 minutes"}, "invited")
        role = {"ru": "Диспетчер", "en": "Dispatcher", "uk": "Диспетчер"}
        return [
            PersonCard(1001, "Анна", role, "respondents", "ru", {"ru": "Ждёт приглашение", "en": "Invited"}, [link]),
            PersonCard(1002, "Bob", HOSTILE, "respondents", "en"),
            PersonCard(2001, "Мария", "Администратор", "staff", "ru"),
        ]

    async def move(self, seconds: float) -> None:
        if seconds > 365 * 86400:
            raise ValueError("слишком далеко")
        self.clock.now += timedelta(seconds=seconds)

    async def form(self) -> EventForm:
        fields = [EventField("ticket", "Номер", default="T-1"), EventField("resolved_at", "Решено", "datetime")]
        return EventForm(
            types=[EventType("ticket.resolved", {"ru": "Обращение решено", "en": "Ticket resolved"}, fields)],
            accounts=[Choice("a1", "Завод"), Choice("a2", "Комбинат")],
            projects=[Choice("p1", "Цех", ["a1"]), Choice("p2", "Склад", ["a2"]), Choice("p3", "Порт", ["a2"])],
            people=[
                Choice("u1", "Анна", ["a1", "p1"]),
                Choice("u2", "Bob", ["a2", "p2"]),
                Choice("u3", "Вера", ["a2", "p3"]),
            ],
        )

    async def report(self, event: Mapping[str, object]) -> str:
        self.reported.append(event)
        return "Событие принято"


async def answer(bot: Bot, update: Update) -> None:
    """The script of the bot."""
    if query := update.callback_query:
        if query.data == "who":
            await query.answer("Менеджер проекта", show_alert=True)
        else:
            await query.answer(f"Записано: {query.data[1:]}")
            await query.edit_message_text(f"Ваша оценка: <b>{query.data[1:]}</b>", parse_mode="HTML")
        return
    message = update.effective_message
    if message.text and message.text.startswith("/start"):
        await bot.send_message(message.chat_id, f"Здравствуйте ({message.text})", reply_markup=KEYS)
    elif message.text == "/files":
        await bot.send_document(message.chat_id, b"a;b\n1;2\n", filename="Отчёт.csv")
        await bot.send_message(message.chat_id, f"Ссылка https://t.me/{bot.username}?start=deep и /start")
    elif message.text == "/typing":
        await bot.send_chat_action(message.chat_id, "typing")
    else:
        await bot.send_message(message.chat_id, f"Эхо: {message.text or message.effective_attachment}")


async def keep_answering(bot: Bot) -> None:
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=20):
            offset = update.update_id + 1
            if not update.my_chat_member:
                await answer(bot, update)


@pytest.fixture
def outside(clock: Any) -> Outside:
    return Outside(clock)


@pytest.fixture
def sandbox(clock: Any, outside: Outside) -> Sandbox:
    hooks = Hooks(outside.people, clock, outside.move, outside.form, outside.report)
    return Sandbox("4242:abcDEF-_1", clock=clock, hooks=hooks)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as player:
        chromium = await player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        await chromium.close()


def is_trouble(entry: ConsoleMessage) -> bool:
    """A refusal in words (422) is logged by the browser, yet is no trouble of the page."""
    return entry.type in ("error", "warning") and "status of 422" not in entry.text


@pytest.fixture
async def page(browser: Browser, base: str, bot: Bot) -> AsyncIterator[Page]:
    """The page at 1400 px, with the bot answering; nothing may be logged as an error or asked of the network."""
    await bot.set_my_commands([("start", "Начать"), ("files", "Файлы")])
    await bot.set_my_description("Короткие опросы о проекте")
    answering = asyncio.create_task(keep_answering(bot))
    context = await browser.new_context(viewport={"width": 1400, "height": 860}, locale="ru-RU")
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda entry: wrong.append(entry.text) if is_trouble(entry) else None)
    page.on("request", lambda request: None if request.url.startswith(base) else wrong.append(request.url))
    await page.goto(base)
    yield page
    await context.close()
    answering.cancel()
    with suppress(asyncio.CancelledError):
        await answering
    assert wrong == []
