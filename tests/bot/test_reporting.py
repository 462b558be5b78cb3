from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.library import read_catalogue
from bot.reporting import Desk
from bot.settings import Settings
from handlers.replies import Call
from storage.database import Database
from surveys.authoring import digest
from surveys.events import AnswerGiven
from surveys.interview import Answer
from surveys.rules import Access, Rules, Scope
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, respond

ADMIN, MANAGER = 1, 2
NINE = AnswerGiven(Answer("nps", score=9), "senior_it", "nps")
THREE = AnswerGiven(Answer("nps", score=3), "key_user", "nps")


@pytest.fixture
async def desk(database: Database) -> Desk:
    async with database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, NINE)
        await respond(uow, 2, BORIS_ROW, THREE)
        for document in read_catalogue(Settings())[0].values():
            await uow.questionnaires.publish(document, digest(document), NOW)
        await uow.commit()
    access = Access(admins=frozenset({ADMIN}), managers={MANAGER: Scope(accounts=("Верфь-Пример",))})
    rules = Rules(vendor="V", language="ru", languages=("ru",), weights={}, access=access)
    return Desk(database=database, settings=Settings(), rules=rules)


async def screen(desk: Desk, words: str, reader: int = ADMIN, now: datetime = NOW, **more: Any) -> Call:
    payload = {"words": words, "reader": reader, "language": "ru", **more}
    return await desk.screen(reader, payload, now)


async def press(desk: Desk, shown: Call, label: str, reader: int = ADMIN, **more: Any) -> Call:
    """As the handler of buttons puts it."""
    _, subject, by = buttons(shown)[label].split(".")
    return await screen(desk, f"{subject} by {by}" if by else subject, reader, message_id=5, **more)


def buttons(shown: Call) -> dict[str, str]:
    markup: Any = shown.params["reply_markup"]
    return {one["text"]: one["callback_data"] for row in markup["inline_keyboard"] for one in row}


def text(shown: Call) -> str:
    return str(shown.params["text"])


async def test_the_buttons_of_a_cut_break_down_that_cut_and_one_another(desk: Desk) -> None:
    cut = await screen(desk, "nps клиент=верфь за 2026")
    by_role = await press(desk, cut, "Роль")
    assert "NPS по ролям" in text(by_role)
    assert "Клиент: Верфь-Пример" in text(by_role)
    assert "2026" in text(by_role)
    by_stage = await press(desk, by_role, "Этап")
    assert "NPS по этапам" in text(by_stage)
    assert "Клиент: Верфь-Пример" in text(by_stage)
    assert all(len(data.encode()) <= 64 for data in buttons(cut).values())


async def test_a_button_means_the_same_day_by_today(desk: Desk) -> None:
    cut = await screen(desk, "nps until today")
    later = await press(desk, cut, "Роль", now=NOW + timedelta(days=40))
    assert text(cut).splitlines()[1] == text(later).splitlines()[1]


async def test_a_button_is_worthless_in_another_chat_and_asks_for_a_new_report(desk: Desk) -> None:
    cut = await screen(desk, "nps клиент=верфь")
    assert text(await press(desk, cut, "Роль", MANAGER)) == "Этот экран устарел. Запросите отчёт заново."


async def test_typed_words_never_name_a_kept_cut(desk: Desk) -> None:
    cut = await screen(desk, "nps клиент=верфь")
    name = buttons(cut)["Роль"].split(".")[1]
    assert "Не понимаю" in text(await screen(desk, f"{name} by role"))


async def test_breakdowns_that_tell_nothing_are_not_offered(desk: Desk) -> None:
    assert {"Компонент", "Блок"}.isdisjoint(buttons(await screen(desk, "nps")))
    assert list(buttons(await screen(desk, "ces"))) == ["Все показатели"]
    assert "Роль" not in buttons(await screen(desk, "nps по ролям"))


async def test_a_manager_reads_their_own_and_hears_of_nothing_else(desk: Desk) -> None:
    own = await screen(desk, "nps", MANAGER)
    assert text(own).startswith("<pre>Ваши клиенты: Верфь-Пример")
    assert "1 ответ" in text(own)
    other = text(await screen(desk, "nps клиент=Комбинат-Пример", MANAGER))
    assert other == "Среди ваших нет клиента «Комбинат-Пример». Можно: Верфь-Пример."


async def test_a_role_is_asked_for_as_the_bot_prints_it(desk: Desk) -> None:
    assert "1 ответ" in text(await screen(desk, 'nps роль="ИТ-руководитель"'))


async def test_questions_and_questionnaires_are_named(desk: Desk) -> None:
    assert "Опрос о сотрудничестве" in text(await screen(desk, "nps по анкетам"))
    assert "Русский" in text(await screen(desk, "nps по языкам"))
    assert "1 ответ" in text(await screen(desk, "nps анкета='опрос о сотр' роль=senior_it"))
