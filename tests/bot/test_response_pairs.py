"""Response rates by two dimensions on the report's card."""

import re

import pytest

from bot.library import read_catalogue
from bot.reporting import Desk
from bot.settings import Settings
from storage.database import Database
from surveys.interview import Disposition
from tests.bot.test_reporting import ADMIN, MANAGER, PIXELS, buttons, desk_of, press, screen, text
from tests.storage import samples
from tests.storage.samples import ANNA_ROW, BORIS_ROW, begin, close, invite, later


@pytest.fixture
async def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Somebody of two roles has answered one of two, somebody of one role none of three."""
    monkeypatch.setattr(samples, "DOCUMENT", read_catalogue(Settings())[0]["relationship"])
    async with database.unit_of_work() as uow:
        await begin(uow, 1001, ANNA_ROW, number=1)
        await close(uow, "i1", Disposition.COMPLETE, later(minutes=5))
        await begin(uow, 1002, ANNA_ROW, number=2)
        for number in (3, 4, 5):
            await invite(uow, BORIS_ROW, number=number)
        await uow.commit()
    return desk_of(database)


@pytest.mark.parametrize(
    ("language", "words", "title", "base"),
    [
        ("ru", "отклик по клиентам и ролям", "Доля ответивших: клиент × роль", "n — число доставленных приглашений."),
        ("ru", "отклик по клиентам, ролям", "Доля ответивших: клиент × роль", "n — число доставленных приглашений."),
        ("en", "response by account, role", "Response rate: account × role", "n is the number of delivered"),
        ("uk", "response за клієнтами, ролями", "Рівень відповідей: клієнт × роль", "n — кількість доставлених"),
    ],
)
async def test_words_ask_for_response_rates_by_two_dimensions(
    desk: Desk, language: str, words: str, title: str, base: str
) -> None:
    said = text(await screen(desk, words, language=language))
    assert said.startswith(f"<pre>{title}\n")
    assert base in said
    cells = re.findall(r" (\d+) +(\d+…\d+) +(\d+)(?=\n)", said)
    assert cells == [("0", "0…56", "3"), ("50", "9…91", "2"), ("50", "9…91", "2")]


async def test_a_limited_reader_sees_the_cells_of_their_own(desk: Desk) -> None:
    said = text(await screen(desk, "отклик по клиентам и ролям", MANAGER))
    assert "Верфь-Пример" in said
    assert "Комбинат-Пример" not in said
    assert len(re.findall(r"\d+…\d+", said)) == 1


async def test_the_card_leads_to_either_dimension_and_back(desk: Desk) -> None:
    shown = await screen(desk, "отклик по каналам и ролям")
    for label, title in (("Канал", "Доля ответивших по каналам"), ("Роль", "Доля ответивших по ролям")):
        alone = await press(desk, shown, label)
        assert text(alone).startswith(f"<pre>{title}\n")
        assert text(await press(desk, alone, "Назад")) == text(shown)


@pytest.mark.parametrize(("label", "kind"), [("Картинка", "png"), ("XLSX", "xlsx"), ("PDF", "pdf")])
async def test_the_card_comes_as_a_file(desk: Desk, label: str, kind: str) -> None:
    sent = await press(desk, await screen(desk, "отклик по клиентам и ролям"), label)
    [file] = sent.files.values()
    assert sent.params["chat_id"] == ADMIN
    assert file.data.startswith(PIXELS[kind])


@pytest.mark.parametrize("words", ["отклик по ролям и вопросам", "отклик по вопросам и ролям"])
async def test_what_only_answers_have_is_refused_with_what_there_is(desk: Desk, words: str) -> None:
    shown = await screen(desk, words)
    assert text(shown).startswith("«Вопрос» не подходит к этому показателю. Можно: ")
    assert "по клиентам" in text(shown)
    assert "по компонентам" not in text(shown)
    assert buttons(shown)
