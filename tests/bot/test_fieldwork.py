"""`/fieldwork` and `otklik fieldwork`: who sees what of invitations, of silence, and of waves to come."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.commands.fieldwork import fieldwork
from bot.console import DONE, Trouble
from bot.contact_policy import contact_policy
from bot.fieldwork import FieldworkDesk
from bot.library import read_catalogue
from bot.settings import Settings, load_settings
from handlers.replies import Call
from reports.layout import columns
from storage.database import Database, open_database
from storage.unit import StoredUnitOfWork
from surveys.authoring.document import digest
from surveys.interview import Disposition
from surveys.rules import Access, Rules, Scope
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, begin, invite, row
from tests.storage.test_voices import close, drop
from tests.surveys.contact.bench import SHELF

ADMIN, VIEWER, MANAGER = 1, 2, 3
ACCESS = Access(frozenset({ADMIN}), frozenset({VIEWER}), {MANAGER: Scope(accounts=(BORIS_ROW.account,))})
WAVES = 'waves: [{key: spring, questionnaire: relationship, cron: "0 10 15 3 *"}]\n'


async def publish(uow: StoredUnitOfWork) -> None:
    for document in read_catalogue(Settings())[0].values():
        await uow.questionnaires.publish(document, digest(document), NOW)


async def fill(uow: StoredUnitOfWork) -> None:
    await begin(uow, 501, ANNA_ROW, number=1, wave="w-1")
    await close(uow, "i1", Disposition.COMPLETE)
    await invite(uow, BORIS_ROW, number=2, wave="w-1")
    await uow.directory.upsert([row(person="Вера", external_id="p-3", roles=("key_user",))])
    await drop(uow, "p-3", "staff", "w-1")
    await publish(uow)


def configured(home: Path, config: str = WAVES) -> Settings:
    (home / "config.yaml").write_text(config, encoding="utf-8")
    return load_settings(home / "config.yaml", {"OTKLIK_DATABASE__URL": f"sqlite+aiosqlite:///{home}/otklik.db"})


def desk(database: Database, settings: Settings) -> FieldworkDesk:
    rules = Rules(vendor="V", language="ru", languages=("ru", "en"), weights={}, access=ACCESS)
    policy = contact_policy(settings)
    return FieldworkDesk(database=database, settings=settings, rules=rules, library=SHELF, policy=policy)


@pytest.fixture
async def asked(database: Database, tmp_path: Path) -> FieldworkDesk:
    async with database.unit_of_work() as uow:
        await fill(uow)
        await uow.commit()
    return desk(database, configured(tmp_path))


async def look(asked: FieldworkDesk, button: str = "f.all.wave.0", reader: int = ADMIN, **more: Any) -> Call:
    return await asked.screen(reader, {"button": button, "reader": reader, "language": "en", **more}, NOW)


def text(shown: Call) -> str:
    return str(shown.params["text"]).removeprefix("<pre>").removesuffix("</pre>")


def buttons(shown: Call) -> dict[str, str]:
    markup: Any = shown.params["reply_markup"]
    return {one["text"]: one["callback_data"] for row in markup["inline_keyboard"] for one in row}


async def test_the_card_tells_what_became_of_the_latest_wave_and_is_edited_in_place(asked: FieldworkDesk) -> None:
    shown = await look(asked, message_id=9)
    assert (shown.method, shown.params["message_id"]) == ("editMessageText", 9)
    assert "Wave: w-1" in text(shown)
    assert "Invited" in text(shown)
    assert "50% (9…91)" in text(shown)
    recent = await look(asked, buttons(shown)["All recent"])
    assert "since Aug 23, 2026" in text(recent)
    assert "Latest wave" in buttons(recent)


async def test_without_a_wave_it_tells_of_the_last_days(database: Database, tmp_path: Path) -> None:
    async with database.unit_of_work() as uow:
        await begin(uow, 501, ANNA_ROW, number=1)
        await publish(uow)
        await uow.commit()
    shown = await look(desk(database, configured(tmp_path)))
    assert "since" in text(shown)
    assert "Latest wave" in buttons(shown)


async def test_it_breaks_down_by_project_and_role(asked: FieldworkDesk) -> None:
    by_role = await look(asked, buttons(await look(asked))["By role"])
    assert "Key user" in text(by_role)
    assert "IT executive" in text(by_role)
    by_project = await look(asked, buttons(by_role)["By project"])
    assert "Учёт проката" in text(by_project)
    assert "Склад" in text(by_project)


async def test_an_admin_reads_who_was_not_heard_and_why(asked: FieldworkDesk) -> None:
    shown = text(await look(asked, "f.unheard.wave.0"))
    assert "Борис Ёлкин: invitation not opened" in shown
    assert "Вера: not asked: one of our own" in shown
    assert "Business owner: nobody known" in shown
    assert "IT executive: 1 of 1 heard" in shown


async def test_a_viewer_reads_figures_and_no_name(asked: FieldworkDesk) -> None:
    shown = text(await look(asked, "f.unheard.wave.0", VIEWER))
    assert "invitation not opened: 1" in shown
    assert not any(name in shown for name in ("Борис", "Вера", "Анна"))


async def test_a_manager_reads_of_their_own_alone(asked: FieldworkDesk) -> None:
    shown = text(await look(asked, "f.unheard.wave.0", MANAGER))
    assert "Борис Ёлкин" in shown
    assert "Вера" not in shown
    assert ANNA_ROW.account not in shown
    assert "Учёт проката" not in text(await look(asked, "f.project.wave.0", MANAGER))


async def test_nobody_is_named_where_confidentiality_was_promised(database: Database, tmp_path: Path) -> None:
    async with database.unit_of_work() as uow:
        await fill(uow)
        await begin(uow, 777, row(person="Гость", external_id="p-9"), number=7, mode="confidential")
        await publish(uow)
        await uow.commit()
    assert "Борис" not in text(await look(desk(database, configured(tmp_path)), "f.unheard.wave.0"))


async def test_admins_alone_see_the_next_wave_with_its_date_and_reasons(asked: FieldworkDesk) -> None:
    shown = await look(asked, buttons(await look(asked))["Next wave"])
    assert "15 Mar 2027, 10:00" in text(shown)
    assert "Would be asked: 1" in text(shown)
    assert "have not opened a personal link: 2" in text(shown)
    assert "Борис Ёлкин, Верфь-Пример" in text(shown)
    for reader in (VIEWER, MANAGER):
        assert "Next wave" not in buttons(await look(asked, reader=reader))
        assert "Next wave" not in text(await look(asked, "f.next.wave.0", reader))


async def test_many_accounts_make_pages_as_wide_as_a_phone_that_turn_round(database: Database, tmp_path: Path) -> None:
    async with database.unit_of_work() as uow:
        people = [
            row(account=f"Очень длинное название клиента {n:02}", person="П" * 70, external_id=f"x-{n}")
            for n in range(40)
        ]
        await uow.directory.upsert(people)
        await uow.commit()
    asked = desk(database, configured(tmp_path))
    seen, button = [], "f.unheard.days.0"
    while (shown := await look(asked, button)) and text(shown) not in seen:
        seen.append(text(shown))
        button = buttons(shown)["→"]
        assert max(columns(line) for line in text(shown).splitlines()) <= 40
        assert len(text(shown)) <= 4096
    assert len(seen) > 3
    assert sum(page.count("Очень длинное") for page in seen) == 40
    assert text(await look(asked, buttons(await look(asked, "f.unheard.days.0"))["←"])) == seen[-1]


async def test_a_page_that_is_no_more_shows_the_last_one(asked: FieldworkDesk) -> None:
    assert text(await look(asked, "f.unheard.wave.999")) == text(await look(asked, "f.unheard.wave.0"))


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    async with open_database(configured(tmp_path).database_url) as opened:
        await opened.migrate()
        async with opened.unit_of_work() as uow:
            await fill(uow)
            await uow.commit()
    return tmp_path


class TestCommand:
    """Of a database in a file."""

    @pytest.fixture
    def settings(self, home: Path) -> Settings:
        return configured(home)

    def test_json_has_the_figures_their_rates_and_the_silent(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert fieldwork(settings, "w-1", None, "en", "json", people=False) == DONE
        found = json.loads(capsys.readouterr().out)
        assert (found["wave"], found["total"]["invited"], found["total"]["rr1"]) == ("w-1", 2, 50.0)
        assert {one["key"] for one in found["by_role"]} == {"senior_it", "key_user"}
        assert {(one["person"], one["why"], one["rule"]) for one in found["unheard"] if one["person"]} == {
            ("p-2", "not_opened", None),
            ("p-3", "not_invited", "staff"),
        }

    def test_csv_has_figures_or_people(self, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
        for people, column in ((False, "rr1_low"), (True, "why")):
            assert fieldwork(settings, None, "2026-01-01", "en", "csv", people=people) == DONE
            rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
            assert column in rows[0]

    def test_text_says_everything(self, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
        assert fieldwork(settings, "w-1", None, "ru", "text", people=False) == DONE
        said = capsys.readouterr().out
        assert all(words in said for words in ("Приглашено", "Учёт проката", "Борис Ёлкин: приглашение не открыто"))

    def test_an_unknown_wave_is_refused_with_those_there_were(self, settings: Settings) -> None:
        with pytest.raises(Trouble, match="--wave: there has been no wave 'w-9'; allowed: w-1"):
            fieldwork(settings, "w-9", None, None, "text", people=False)
        with pytest.raises(Trouble, match="--since"):
            fieldwork(settings, None, "someday", None, "text", people=False)
