"""How the loop works: in the chat, on the command line, as far as the reader may see."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.loop import report
from bot.commands.migrate import migrate
from bot.console import Trouble
from bot.library import read_catalogue
from bot.reporting import Desk
from bot.settings import Settings, load_settings
from storage.database import Database, open_database
from surveys.cases.case import Happened
from tests.bot.test_reporting import MANAGER, PIXELS, buttons, desk_of, press, screen, text
from tests.storage import samples
from tests.storage.samples import later
from tests.storage.test_cases import opened

ASKED = {"by": [], "where": [], "since": None, "until": None, "method": None, "as_of": None, "view": None}


@pytest.fixture(autouse=True)
def relationship(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "DOCUMENT", read_catalogue(Settings())[0]["relationship"])


async def troubled(database: Database) -> None:
    """Two cases: one was contacted after six hours and is closed, the other is overdue."""
    async with database.unit_of_work() as uow:
        first, _ = await opened(uow), await opened(uow, 2, opened_at=later(days=1), due_at=later(days=2))
        closed = replace(
            first,
            version=2,
            status="closed",
            outcome="confirmed",
            contacted_at=later(hours=6),
            closed_at=later(hours=30),
            due_at=None,
        )
        await uow.cases.save(closed, Happened(kind="answer", at=later(hours=30), detail={"verdict": "solved"}))
        await uow.commit()


@pytest.fixture
async def desk(database: Database) -> Desk:
    await troubled(database)
    return desk_of(database)


async def test_the_screen_counts_cases_and_how_long_they_took_and_gives_a_workbook(desk: Desk) -> None:
    shown = await screen(desk, "loop", now=later(days=3))
    said = " ".join(text(shown).split())
    for words in ("Как работает замкнутый круг", "Открыто кейсов: 2", "Сейчас открыты: 1", "Из них просрочены: 1"):
        assert words in said, words
    assert "До первого контакта: медиана: 6" in said
    assert "Закрыты, клиент подтвердил: 1" in said
    workbook = await press(desk, shown, "XLSX")
    assert next(iter(workbook.files.values())).data.startswith(PIXELS["xlsx"])


async def test_it_is_reached_by_buttons_and_keeps_the_cut(desk: Desk) -> None:
    menu = await press(desk, await screen(desk, ""), "Другие отчёты")
    shown = await press(desk, menu, "Как работает замкнутый круг")
    assert "Открыто кейсов" in text(shown)
    assert "Назад" in buttons(shown)


async def test_a_manager_is_told_of_their_own_clients_and_a_period_of_what_was_opened_in_it(desk: Desk) -> None:
    assert "Открыто кейсов: 1" in text(await screen(desk, "loop", MANAGER))
    assert "Открыто кейсов: 1" in text(await screen(desk, "круг клиент=Комбинат-Пример"))
    assert "Открыто кейсов: 1" in text(await screen(desk, f"loop since {later(days=1):%Y-%m-%d}"))
    assert "Открыто кейсов: 0" in text(await screen(desk, "loop until 2026-01-01"))
    assert "Открыто" not in text(await screen(desk, "loop by role"))


async def test_it_is_broken_down_by_account_and_by_the_component_that_was_named(desk: Desk) -> None:
    shown = await screen(desk, "loop by account")
    pages = text(shown) + text(await press(desk, shown, "→"))
    figures = [pages.index(words) for words in ("Открыто кейсов: 2", "Верфь-Пример", "Комбинат-Пример")]
    assert figures == sorted(figures), "the total first"
    assert pages.count("Открыто кейсов: 1") == 2
    assert "Удобство" in text(await press(desk, await screen(desk, "loop by component"), "→"))


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    config = tmp_path / "config.yaml"
    config.write_text("vendor: {name: Sample}\n", encoding="utf-8")
    url = f"sqlite+aiosqlite:///{tmp_path}/otklik.db"
    async with open_database(url) as database:
        await database.migrate()
        await troubled(database)
    return load_settings(config, {"OTKLIK_DATABASE__URL": url})


def test_the_command_gives_numbers_to_programs_and_words_to_people(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    migrate(settings)
    capfd.readouterr()
    report(settings, ASKED, "json", None, None)
    figures = {row["measure"]: row for row in json.loads(capfd.readouterr().out)}
    assert (figures["opened"]["value"], figures["confirmed"]["value"]) == (2, 1)
    assert (figures["first_contact_hours"]["value"], figures["closure_hours"]["p90"]) == (6.0, 30.0)
    report(settings, {**ASKED, "where": ["account=Верфь-Пример"]}, "text", "uk", None)
    told = capfd.readouterr().out
    assert "Відкрито кейсів: 1" in told
    assert not re.search("[a-z]{2}", told)
    report(settings, {**ASKED, "by": ["account"]}, "json", None, None)
    opened = {row["account"]: row["value"] for row in json.loads(capfd.readouterr().out) if row["measure"] == "opened"}
    assert opened == {None: 2, "Верфь-Пример": 1, "Комбинат-Пример": 1}
    report(settings, {**ASKED, "by": ["account"]}, "text", "en", None)
    assert [line for line in capfd.readouterr().out.splitlines() if line and line[0] != " "][1:] == [
        *("total", "Верфь-Пример", "Комбинат-Пример"),
    ]


@pytest.mark.parametrize(
    ("asked", "format_", "words"),
    [
        ({}, "png", "--format: there is no png of this"),
        ({"method": "top1"}, "text", "--method: not for loop"),
        ({"where": ["role=key_user"]}, "text", "does not go with this metric"),
        ({"by": ["role"]}, "text", "“role” does not go with this metric"),
        ({"by": ["account", "project"]}, "text", "--by: one dimension for loop"),
    ],
)
def test_what_it_cannot_tell_is_refused_in_a_sentence(
    settings: Settings, asked: dict[str, object], format_: str, words: str
) -> None:
    with pytest.raises(Trouble, match=words):
        report(settings, {**ASKED, **asked}, format_, None, None)
