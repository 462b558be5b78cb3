"""The page as people use it: every chat, button, link and panel."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox.server import Sandbox

pytestmark = pytest.mark.slow

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


async def opened(page: Page, person_id: int) -> Locator:
    await page.locator(f"[data-person='{person_id}']").click()
    window = page.locator(".chat.front")
    await expect(window.locator(".log > *").first).to_be_visible()
    return window


def bubbles(chat: Locator) -> Locator:
    return chat.locator(".bubble .text")


async def write(chat: Locator, text: str) -> None:
    await chat.get_by_label("Сообщение").fill(text)
    await chat.get_by_label("Сообщение").press("Enter")


async def test_a_pending_invitation_is_one_tap_away(page: Page) -> None:
    await expect(page.locator("[data-person='1001']")).to_contain_text("Ждёт приглашение")
    chat = await opened(page, 1001)
    await expect(chat.locator(".welcome")).to_contain_text("Короткие опросы о проекте")
    await chat.get_by_role("button", name="Открыть приглашение Опрос, 3 минуты").click()
    await expect(bubbles(chat).first).to_contain_text("/start invited")
    await expect(bubbles(chat).last).to_contain_text("Здравствуйте (/start invited)")


async def test_a_button_answers_and_its_message_changes_in_place(page: Page) -> None:
    chat = await opened(page, 2001)
    await chat.get_by_role("button", name="Начать").click()
    await chat.get_by_role("button", name="10", exact=True).click()
    await expect(chat.locator(".toast")).to_have_text("Записано: 10")
    await expect(bubbles(chat)).to_have_count(2)
    await expect(bubbles(chat).last).to_contain_text("Ваша оценка: 10")
    await expect(bubbles(chat).last.locator("strong")).to_have_text("10")
    await expect(chat.locator(".key")).to_have_count(0)


async def test_an_alert_waits_for_its_ok(page: Page) -> None:
    chat = await opened(page, 2001)
    await write(chat, "/start")
    await chat.get_by_role("button", name="Кто увидит?").click()
    await expect(chat.get_by_role("alertdialog")).to_contain_text("Менеджер проекта")
    await page.keyboard.press("Enter")
    await expect(chat.get_by_role("alertdialog")).to_have_count(0)
    await expect(chat.get_by_role("link", name="Сайт")).to_have_attribute("rel", "noopener noreferrer")


async def test_several_people_talk_side_by_side(page: Page) -> None:
    await opened(page, 1001)
    bob = await opened(page, 1002)
    await write(bob, "hello")
    await expect(page.get_by_label("Telegram: Bob", exact=True).locator(".text").last).to_contain_text("Эхо: hello")
    await expect(page.locator(".chat")).to_have_count(2)
    await expect(page.get_by_label("Telegram: Анна", exact=True).locator(".text")).to_have_count(0)
    await page.get_by_label("Telegram: Bob", exact=True).get_by_label("Закрыть").click()
    await expect(page.locator(".chat")).to_have_count(1)


async def test_a_message_to_a_closed_chat_counts_as_unread(page: Page, sandbox: Sandbox) -> None:
    await sandbox.people[2001].send("/start")
    await sandbox.people[2001].send("ещё")
    badge = page.locator("[data-person='2001'] .badge")
    await expect(badge).to_have_text("2")
    await opened(page, 2001)
    await expect(badge).to_have_count(0)


async def test_text_is_never_markup(page: Page) -> None:
    chat = await opened(page, 1002)
    await write(chat, HOSTILE)
    await expect(bubbles(chat).last).to_contain_text(f"Эхо: {HOSTILE}")
    await expect(page.locator("[data-person='1002'] .person-subtitle")).to_have_text(HOSTILE)
    await expect(page.locator("main img[src='x'], nav img[src='x'], main script")).to_have_count(0)
    await expect(page).to_have_title("Otklik · Песочница")


async def test_links_commands_and_files_work(page: Page, tmp_path: Path) -> None:
    chat = await opened(page, 2001)
    await write(chat, "/files")
    async with page.expect_download() as download:
        await chat.get_by_role("link", name="Скачать: Отчёт.csv").click()
    saved = await download.value
    await saved.save_as(tmp_path / "saved")
    assert (saved.suggested_filename, (tmp_path / "saved").read_bytes()) == ("Отчёт.csv", b"a;b\n1;2\n")
    await chat.get_by_role("button", name="https://t.me/otklik_sandbox_bot?start=deep").click()
    await expect(bubbles(chat).last).to_contain_text("Здравствуйте (/start deep)")


async def test_the_command_menu_is_offered(page: Page) -> None:
    chat = await opened(page, 2001)
    await chat.get_by_label("Команды бота").click()
    await expect(chat.get_by_role("menuitem")).to_have_text(["/startНачать", "/filesФайлы"])
    await chat.get_by_label("Сообщение").fill("/fi")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(chat.get_by_role("link", name="Скачать: Отчёт.csv")).to_be_visible()


async def test_a_picture_can_be_attached(page: Page, sandbox: Sandbox, png: bytes) -> None:
    chat = await opened(page, 2001)
    await chat.get_by_label("Прикрепить файл").set_input_files(
        {"name": "снимок.png", "mimeType": "image/png", "buffer": png}
    )
    await expect(chat.locator(".picture img")).to_be_visible()
    assert sandbox.people[2001].messages[0].file.data == png


async def test_typing_is_seen(page: Page) -> None:
    chat = await opened(page, 2001)
    await write(chat, "/typing")
    await expect(chat.locator(".subtitle")).to_have_text("печатает…")


async def test_the_bot_can_be_blocked_and_let_back(page: Page, sandbox: Sandbox, call: Any) -> None:
    chat = await opened(page, 2001)
    await write(chat, "/start")
    await expect(bubbles(chat)).to_have_count(2)
    await chat.get_by_label("Заблокировать бота").click()
    await expect(chat.get_by_label("Разблокировать бота")).to_be_visible()
    assert (await call("sendMessage", chat_id=2001, text="?"))[0] == 403
    await chat.get_by_label("Разблокировать бота").click()
    await expect(chat.get_by_label("Заблокировать бота")).to_be_visible()
    assert (await call("sendMessage", chat_id=2001, text="?"))[0] == 200


async def test_the_clock_moves(page: Page, clock: Any) -> None:
    before: datetime = clock()
    await page.get_by_role("button", name="+1 день").click()
    await expect(page.locator("#clock-result")).to_have_text("Готово, часы переведены")
    await expect(page.locator("#clock-date")).to_contain_text("3 марта 2026")
    await page.get_by_label("Вперёд на").fill("2")
    await page.get_by_label("Единица").select_option("часов")
    await page.get_by_role("button", name="Перевести").click()
    await expect(page.locator("#clock-time")).to_contain_text("11:00")
    assert clock() - before == timedelta(days=1, hours=2)


async def test_a_refusal_to_move_the_clock_is_told(page: Page, clock: Any) -> None:
    await page.get_by_label("Вперёд на").fill("400")
    await page.get_by_label("Единица").select_option("дней")
    await page.get_by_role("button", name="Перевести").click()
    await expect(page.locator("#clock-result")).to_have_text("Не получилось: слишком далеко")
    await expect(page.locator("#clock-time")).to_contain_text("09:00")


async def test_an_event_is_reported(page: Page, outside: Any) -> None:
    form = page.locator("#event-form")
    await form.get_by_label("Клиент").select_option("Комбинат")
    projects, people = (form.locator(f"select[name={name}] option:not([hidden])") for name in ("project", "person"))
    await expect(projects).to_have_text(["Не выбрано", "Склад", "Порт"])
    await expect(people).to_have_text(["Не выбрано", "Bob", "Вера"])
    await form.get_by_label("Проект").select_option("Склад")
    await expect(people).to_have_text(["Не выбрано", "Bob"])
    await form.get_by_label("Кого касается").select_option("Bob")
    await form.get_by_label("Номер").fill("T-77")
    await form.get_by_role("button", name="Сообщить о событии").click()
    await expect(page.locator("#event-result")).to_have_text("Событие принято")
    assert outside.reported == [
        {
            "type": "ticket.resolved",
            "account": "a2",
            "project": "p2",
            "person": "u2",
            "data": {"ticket": "T-77", "resolved_at": "2026-03-02T09:00:00.000Z"},
        }
    ]


async def test_the_page_speaks_three_languages(page: Page) -> None:
    chat = await opened(page, 1001)
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="Service clock")).to_be_visible()
    await expect(chat.get_by_role("button", name="Open the invitation Survey, 3 minutes")).to_be_visible()
    await expect(page.locator("[data-person='1001'] .person-subtitle")).to_have_text("Dispatcher")
    await page.get_by_role("button", name="Українська").click()
    await expect(page.get_by_role("heading", name="Годинник сервісу")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Годинник сервісу")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "uk")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_sticks_out_on_a_phone(page: Page, tmp_path: Path, scheme: Any) -> None:
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.reload()
    await page.screenshot(path=tmp_path / f"list-{scheme}.png")
    chat = await opened(page, 2001)
    await write(chat, "/start")
    await expect(chat.locator(".key")).to_have_count(13)
    await write(chat, "слово" * 60)
    await expect(bubbles(chat)).to_have_count(4)
    await page.screenshot(path=tmp_path / f"chat-{scheme}.png")
    assert await page.evaluate("document.scrollingElement.scrollWidth") == 360
    assert await chat.locator(".log").evaluate("log => log.scrollWidth - log.clientWidth") == 0
    await chat.get_by_label("К списку").click()
    await page.get_by_label("События и часы", exact=True).first.click()
    await expect(page.get_by_role("button", name="+7 дней")).to_be_visible()
    assert await page.locator(".panel-body").evaluate("body => body.scrollWidth - body.clientWidth") == 0
