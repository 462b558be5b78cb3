"""The report's card: every way down and back, from the headlines to the words."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.library import read_catalogue
from bot.report_places import KEPT
from bot.reporting import Desk
from bot.settings import Settings
from bot.sweeps import forget_places
from handlers.replies import Call
from storage.audit_tables import audit
from storage.database import Database
from surveys.authoring.document import digest
from surveys.events import AnswerGiven
from surveys.interview import Answer
from surveys.rules import Access, Rules, Scope
from tests.storage import samples
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, respond

ADMIN, MANAGER, VIEWER = 1, 2, 3
PIXELS = {"png": b"\x89PNG", "xlsx": b"PK", "pdf": b"%PDF"}
MONOSPACE = 40
SUPPORT = "Техническая поддержка"


def scored(item: str, score: int, role: str, scale: str, component: str | None = None) -> AnswerGiven:
    return AnswerGiven(Answer(item, score=score), role, scale, component)


ANNA = [scored("nps", 9, "senior_it", "nps"), AnswerGiven(Answer("anything", text="Всё в срок"), "senior_it")]
BORIS = [
    scored("nps", 3, "key_user", "nps"),
    scored("support", 2, "key_user", "csat_5", "support"),
    AnswerGiven(Answer("support_why", text="<b>Медленно</b>"), "key_user", component="support"),
]


@pytest.fixture
async def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(samples, "DOCUMENT", read_catalogue(Settings())[0]["relationship"])
    async with database.unit_of_work() as uow:
        await respond(uow, 1, ANNA_ROW, *ANNA)
        await respond(uow, 2, BORIS_ROW, *BORIS)
        for document in read_catalogue(Settings())[0].values():
            await uow.questionnaires.publish(document, digest(document), NOW)
        await uow.commit()
    return desk_of(database)


def desk_of(database: Database) -> Desk:
    access = Access(
        admins=frozenset({ADMIN}),
        viewers=frozenset({VIEWER}),
        managers={MANAGER: Scope(accounts=("Верфь-Пример",))},
    )
    rules = Rules(vendor="V", language="ru", languages=("ru",), weights={}, access=access)
    return Desk(database=database, settings=Settings(), rules=rules)


async def screen(desk: Desk, words: str, reader: int = ADMIN, now: datetime = NOW, language: str = "ru") -> Call:
    return await desk.screen(reader, {"words": words, "reader": reader, "language": language}, now)


async def press(desk: Desk, shown: Call, label: str, reader: int = ADMIN, now: datetime = NOW) -> Call:
    """As the handler of buttons puts it."""
    payload = {"button": buttons(shown)[label], "message_id": 5, "reader": reader, "language": "ru"}
    return await desk.screen(reader, payload, now)


async def walk(desk: Desk, shown: Call, *labels: str, reader: int = ADMIN) -> Call:
    for label in labels:
        shown = await press(desk, shown, label, reader)
    return shown


def buttons(shown: Call) -> dict[str, str]:
    markup: Any = shown.params["reply_markup"]
    return {one["text"]: one["callback_data"] for row in markup["inline_keyboard"] for one in row}


def text(shown: Call) -> str:
    return str(shown.params["text"])


async def test_the_first_screen_has_every_metric_its_change_and_a_chart(desk: Desk) -> None:
    first = text(await screen(desk, ""))
    assert all(metric in first for metric in ("NPS", "CSAT", "CES", "CSI", "Доля ответивших", "± 95"))
    assert "NPS по кварталам" in first
    assert max(len(line) for line in first.removeprefix("<pre>").removesuffix("</pre>").splitlines()) <= MONOSPACE


async def test_the_way_leads_down_to_the_words_and_back_the_same_way(desk: Desk) -> None:
    down = ["За всё время", "NPS", "Клиент", "Верфь-Пример", "Компоненты", SUPPORT, "Вопросы", SUPPORT]
    seen = [await screen(desk, "")]
    for label in (*down, "Слова клиентов"):
        seen.append(await press(desk, seen[-1], label))
        assert seen[-1].method == "editMessageText"
        assert seen[-1].params["message_id"] == 5
        assert all(len(data.encode()) <= 64 for data in buttons(seen[-1]).values())
        assert all(len(label) <= 40 for label in buttons(seen[-1]))
    assert "CSAT по компонентам" in text(seen[5])
    assert f"Вопрос: {SUPPORT}" in text(seen[8])
    assert "Медленно" in text(seen[-1])
    assert "Всё в срок" not in text(seen[-1])
    shown = seen[-1]
    for earlier in reversed(seen[1:-1]):
        shown = await press(desk, shown, "Назад")
        assert text(shown) == text(earlier)
    assert "Назад" not in buttons(shown)


async def test_words_come_with_score_role_project_day_and_author_and_are_no_markup(desk: Desk) -> None:
    words = text(await screen(desk, "слова"))
    assert "&lt;b&gt;Медленно&lt;/b&gt;" in words
    assert "Ключевой пользователь" in words
    assert BORIS_ROW.person in words
    assert BORIS_ROW.project in words


async def test_a_viewer_reads_the_words_without_names(desk: Desk) -> None:
    words = text(await screen(desk, "слова", VIEWER))
    assert "Медленно" in words
    assert BORIS_ROW.person not in words


@pytest.mark.parametrize(
    "report",
    [
        "Динамика NPS",
        "Распределение оценок",
        "Карта пути клиента",
        "Клиенты × компоненты",
        "Расхождение ролей",
        "Что влияет на NPS",
        "Ход опроса",
        "NPS по трём правилам",
        "Время ответа и решения",
    ],
)
async def test_every_other_report_is_two_presses_away_and_leads_back(desk: Desk, report: str) -> None:
    first = await screen(desk, "")
    menu = await press(desk, first, "Другие отчёты")
    shown = await press(desk, menu, report)
    lines = text(shown).removeprefix("<pre>").removesuffix("</pre>").splitlines()
    assert max(map(len, lines)) <= MONOSPACE
    assert text(await press(desk, shown, "Назад")) == text(menu)
    assert text(await press(desk, shown, "Все показатели")) == text(first)


@pytest.mark.parametrize(
    ("label", "kind", "method"),
    [
        ("Картинка", "png", "sendPhoto"),
        ("XLSX", "xlsx", "sendDocument"),
        ("PDF", "pdf", "sendDocument"),
    ],
)
async def test_a_report_comes_as_a_file_below_its_card(desk: Desk, label: str, kind: str, method: str) -> None:
    sent = await walk(desk, await screen(desk, "nps по ролям"), label)
    [file] = sent.files.values()
    assert sent.method == method
    assert sent.params == {"chat_id": ADMIN, "caption": "NPS по ролям · За всё время"}
    assert file.name == f"nps-{NOW:%Y-%m-%d}.{kind}"
    assert file.data.startswith(PIXELS[kind])


@pytest.mark.parametrize(("label", "kind"), [("XLSX", "xlsx"), ("PDF", "pdf")])
async def test_the_first_screen_comes_whole_as_a_file(desk: Desk, label: str, kind: str) -> None:
    sent = await walk(desk, await screen(desk, ""), "За всё время", label)
    [file] = sent.files.values()
    assert sent.params["caption"] == "Все показатели · За всё время"
    assert file.name == f"report-{NOW:%Y-%m-%d}.{kind}"


async def test_times_are_broken_down_on_their_own_card(desk: Desk) -> None:
    shown = await screen(desk, "сервис клиент=Верфь-Пример")
    assert "Клиент" not in buttons(shown)
    assert "Компоненты" not in buttons(shown)
    by_role = await press(desk, shown, "Роль")
    assert "Как быстро решают обращения" in text(by_role)
    assert "Роль" not in buttons(by_role)
    assert text(await press(desk, by_role, "Назад")) == text(shown)


async def test_other_reports_of_a_cut_are_those_that_know_it(desk: Desk) -> None:
    menu = await press(desk, await screen(desk, "nps роль=key_user"), "Другие отчёты")
    assert "Время ответа и решения" in buttons(menu)
    assert "Как работает замкнутый круг" not in buttons(menu)
    assert "Другие отчёты" not in buttons(await screen(desk, "csat компонент=support"))


async def test_the_buttons_of_a_cut_break_down_that_cut(desk: Desk) -> None:
    cut = await screen(desk, "nps клиент=верфь за 2026")
    by_role = await press(desk, cut, "Роль")
    assert "NPS по ролям" in text(by_role)
    assert "Клиент: Верфь-Пример" in text(by_role)
    one = await press(desk, by_role, "Ключевой пользователь")
    assert "Роль: Ключевой пользователь" in text(one)
    assert "Клиент: Верфь-Пример" in text(one)


async def test_a_button_means_the_same_day_by_today(desk: Desk) -> None:
    cut = await screen(desk, "nps until today")
    later = await press(desk, cut, "Роль", now=NOW + timedelta(days=40))
    assert text(cut).splitlines()[1] == text(later).splitlines()[1]


async def test_buttons_answer_after_a_restart(desk: Desk, database: Database) -> None:
    cut = await screen(desk, "nps клиент=верфь")
    assert "NPS по ролям" in text(await press(desk_of(database), cut, "Роль"))


async def test_a_button_too_old_asks_for_a_new_report_and_offers_one(desk: Desk, database: Database) -> None:
    class Later:
        def now(self) -> datetime:
            return NOW + KEPT

    cut = await screen(desk, "nps клиент=верфь")
    await forget_places(database, Later())  # type: ignore[arg-type]
    old = await press(desk, cut, "Роль")
    assert text(old) == "Этот экран устарел. Запросите отчёт заново."
    assert "NPS по кварталам" in text(await press(desk, old, "Все показатели"))


@pytest.mark.parametrize("data", ["r.nps.role", "r.nps.", "r.zabcdefghij.role", "r.nps.xxx", "r.all.page7"])
async def test_buttons_of_old_cards_answer(desk: Desk, data: str) -> None:
    shown = await desk.screen(ADMIN, {"button": data, "message_id": 5, "reader": ADMIN, "language": "ru"}, NOW)
    assert "Все показатели" in buttons(shown) or "Другие отчёты" in buttons(shown)


async def test_a_button_is_worthless_in_another_chat(desk: Desk) -> None:
    cut = await screen(desk, "nps клиент=верфь")
    assert text(await press(desk, cut, "Роль", MANAGER)) == "Этот экран устарел. Запросите отчёт заново."


async def test_rights_are_looked_at_with_every_press(desk: Desk, database: Database) -> None:
    cut = await screen(desk, "nps")
    narrowed = desk_of(database)
    access = Access(managers={ADMIN: Scope(accounts=("Верфь-Пример",))})
    fewer = Desk(
        database=database,
        settings=narrowed.settings,
        rules=Rules(vendor="V", language="ru", languages=("ru",), weights={}, access=access),
    )
    assert "2 ответа" in text(await press(desk, cut, "Роль"))
    assert "1 ответ" in text(await press(fewer, cut, "Роль"))


async def test_thirty_rows_are_paged_each_with_its_button(desk: Desk, database: Database) -> None:
    from dataclasses import replace

    async with database.unit_of_work() as uow:
        for number in range(30):
            row = replace(
                BORIS_ROW,
                account=f"Account with quite a long name number {number:02}",
                project=f"P{number}",
                external_id=f"many-{number}",
            )
            await respond(uow, 100 + number, row, BORIS[0])
        await uow.commit()
    shown, names = await screen(desk, "nps by account", language="en"), set[str]()
    while True:
        names |= {label for label in buttons(shown) if "number" in label}
        if "→" not in buttons(shown):
            break
        shown = await press(desk, shown, "→")
    assert len(names) == 30
    assert all(len(name) <= 40 for name in names)


async def test_breakdowns_that_tell_nothing_are_not_offered(desk: Desk) -> None:
    assert {"Компонент", "Блок"}.isdisjoint(buttons(await screen(desk, "nps")))
    assert list(buttons(await screen(desk, "ces"))) == ["Все показатели"]
    assert "Роль" not in buttons(await screen(desk, "nps по ролям"))


async def test_a_manager_reads_their_own_and_hears_of_nothing_else(desk: Desk) -> None:
    own = await screen(desk, "nps", MANAGER)
    assert text(own).startswith("<pre>Ваши клиенты: Верфь-Пример")
    assert "1 ответ" in text(own)
    said = text(await screen(desk, "слова", MANAGER))
    assert "Медленно" in said
    assert "Всё в срок" not in said
    other = text(await screen(desk, "nps клиент=Комбинат-Пример", MANAGER))
    assert other == "Среди ваших нет клиента «Комбинат-Пример». Можно: Верфь-Пример."


async def test_a_role_is_asked_for_as_the_bot_prints_it(desk: Desk) -> None:
    assert "1 ответ" in text(await screen(desk, 'nps роль="ИТ-руководитель"'))


async def test_questions_and_questionnaires_are_named(desk: Desk) -> None:
    assert "Опрос о сотрудничестве" in text(await screen(desk, "nps по анкетам"))
    assert "Русский" in text(await screen(desk, "nps по языкам"))
    assert "1 ответ" in text(await screen(desk, "nps анкета='опрос о сотр' роль=senior_it"))


async def test_words_ask_for_views_pairs_and_the_past(desk: Desk) -> None:
    assert "изменение" in text(await screen(desk, "nps изменение с 2026-06"))
    assert "укажите начало" in text(await screen(desk, "nps изменение"))
    assert "клиент × роль" in text(await screen(desk, "nps по клиентам и ролям"))
    assert "Нет данных" in text(await screen(desk, "nps по состоянию на 2020-01-01"))
    assert "только на сегодня" in text(await screen(desk, "важность по состоянию на 2020-01-01"))
    assert "изменение" in text(await screen(desk, "измененяе"))


async def test_any_period_of_the_calendar_is_answered_its_ends_too(desk: Desk) -> None:
    views = "nps/csat по месяцам/по ролям и кварталам/изменение/расхождение/правила/важность/сервис/отклик/круг/слова"
    for words in views.split("/"):
        for period in ("с 0001-01-01 по 0001-01-31", "с 9999-12-31 по 9999-12-31"):
            assert "не дата" not in text(await screen(desk, f"{words} {period}"))


async def test_words_and_files_are_written_down_before_they_are_shown(desk: Desk, database: Database) -> None:
    await screen(desk, "nps")
    await press(desk, await screen(desk, "слова клиент=верфь"), "Все показатели")
    await press(desk, await screen(desk, "nps по ролям"), "XLSX")
    async with database.reading() as reading:
        rows = (await reading.connection.execute(select(audit))).all()
    assert [(row.who, row.entrance, row.looked_at["view"]) for row in rows] == [
        (str(ADMIN), "report", "words"),
        (str(ADMIN), "report", "xlsx"),
    ]
