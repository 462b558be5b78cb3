"""`otklik report`, `verbatims`, `service` and `export` in every format, on the sample."""

import asyncio
import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.commands.export import export
from bot.commands.report import report
from bot.commands.service import service
from bot.commands.verbatims import verbatims
from bot.console import DONE, Trouble
from bot.library import publish, read_catalogue
from bot.loop_rules import loop_rules
from bot.sample.directory import sample_directory
from bot.sample.load import load_directory, load_waves
from bot.sample.waves import sample_waves
from bot.settings import Settings, load_settings
from storage.database import open_database
from surveys.interactions import Interaction

CONFIG = 'vendor: {name: Sample, languages: [ru, en, uk]}\ndatabase: {url: "sqlite+aiosqlite:///%s/otklik.db"}\n'
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
Said = Callable[[], str]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("sample")
    file = home / "config.yaml"
    file.write_text(CONFIG % home, encoding="utf-8")
    found = load_settings(file, {})
    asyncio.run(_fill(found))
    return found


async def _fill(settings: Settings) -> None:
    async with open_database(settings.database_url) as database:
        await database.migrate()
        library = await publish(database, read_catalogue(settings)[0], NOW)
        rows = sample_directory(settings)
        await load_directory(database, rows, {})
        await load_waves(database, library, settings.rules(), loop_rules(settings), sample_waves(rows, settings, NOW))
        async with database.unit_of_work() as uow:
            await uow.interactions.add(_ticket(rows[0].account, rows[0].project), NOW)
            await uow.commit()


def _ticket(account: str, project: str) -> Interaction:
    times = {"opened_at": "2026-10-01T08:00:00Z", "first_response_at": "2026-10-01T09:00:00Z"}
    return Interaction(
        source="desk",
        id="e-1",
        type="ticket.resolved",
        occurred_at=NOW,
        account=account,
        project=project,
        data={**times, "resolved_at": "2026-10-01T10:00:00Z"},
    )


@pytest.fixture
def said(capsysbinary: pytest.CaptureFixture[bytes]) -> Said:
    return lambda: capsysbinary.readouterr().out.decode()


def asked(metric: str = "nps", **more: Any) -> dict[str, Any]:
    return {"metric": metric, "by": [], "where": [], "since": None, "until": None, "method": None, **more}


def written(settings: Settings, path: Path, query: dict[str, Any], view: str | None = None) -> bytes:
    assert report(settings, query | {"view": view}, path.suffix[1:], "en", path) == DONE
    return path.read_bytes()


@pytest.mark.parametrize("by", [[], ["month"], ["account"], ["stage", "component"]])
def test_a_picture_of_any_breakdown_is_a_png(settings: Settings, tmp_path: Path, by: list[str]) -> None:
    assert written(settings, tmp_path / "a.png", asked("csat", by=by)).startswith(b"\x89PNG")


@pytest.mark.parametrize("view", ["roles", "importance"])
def test_views_have_pictures(settings: Settings, tmp_path: Path, view: str) -> None:
    assert written(settings, tmp_path / "a.png", asked(), view).startswith(b"\x89PNG")
    assert written(settings, tmp_path / "a.pdf", asked(), view).startswith(b"%PDF")


def test_a_report_is_a_page_to_print(settings: Settings, tmp_path: Path) -> None:
    assert written(settings, tmp_path / "a.pdf", asked("response", by=["account"])).startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == [tmp_path / "a.pdf"]


def test_a_report_is_a_workbook_with_the_words_of_its_cut(settings: Settings, tmp_path: Path) -> None:
    written(settings, tmp_path / "a.xlsx", asked("csat", by=["component"], where=["component=stability"]))
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert made.sheetnames == ["Summary", "Breakdown", "Verbatims", "Method"]
    assert {row[4] for row in made["Verbatims"].iter_rows(min_row=2, values_only=True)} == {"Stability"}


@pytest.mark.parametrize(
    ("view", "query", "column"),
    [
        ("change", asked(by=["role"], since="2026-06"), "verdict"),
        ("roles", asked("csat"), "gap"),
        ("clients", asked(), "rule"),
        ("importance", asked(), "importance"),
        (None, asked("csi", by=["account", "block"]), "block"),
        (None, asked("response", by=["account", "role"]), "role"),
    ],
)
def test_views_come_as_text_json_and_csv(
    settings: Settings, said: Said, view: str | None, query: dict[str, Any], column: str
) -> None:
    report(settings, query | {"view": view}, "json", "en", None)
    found = json.loads(said())
    assert column in found["rows"][0]
    report(settings, query | {"view": view}, "csv", "en", None)
    assert column in next(csv.reader(io.StringIO(said())))
    report(settings, query | {"view": view}, "text", "ru", None)
    assert said().splitlines()[0]


def test_response_rates_by_two_dimensions_are_those_of_each_and_come_in_every_format(
    settings: Settings, said: Said, tmp_path: Path
) -> None:
    query = asked("response", by=["stage", "questionnaire"])
    pairs = json.loads(written(settings, tmp_path / "a.json", query))
    assert pairs["notes"][0] == "n is the number of delivered invitations."
    alone = json.loads(written(settings, tmp_path / "b.json", asked("response", by=["stage"])))
    delivered: Counter[str] = Counter()
    for row in pairs["rows"]:
        assert row["low"] <= row["value"] <= row["high"]
        delivered[row["stage"]] += row["n"]
    assert delivered == {group["label"]: group["n"] for group in alone["groups"]}
    assert written(settings, tmp_path / "a.png", query).startswith(b"\x89PNG")
    assert written(settings, tmp_path / "a.pdf", query).startswith(b"%PDF")
    written(settings, tmp_path / "a.xlsx", query)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)][: len(pairs["rows"])] == [
        row["n"] for row in pairs["rows"]
    ]
    report(settings, query | {"view": None}, "text", "uk", None)
    assert said().splitlines()[0] == "Рівень відповідей: етап × анкета"
    with pytest.raises(Trouble, match=r"“component” does not go with this metric. Allowed: account, .*wave\.$"):
        report(settings, asked("response", by=["stage", "component"], view=None), "text", "en", None)


def test_what_a_view_cannot_be_is_said(settings: Settings) -> None:
    with pytest.raises(Trouble, match="--since DATE"):
        report(settings, asked(view="change"), "text", "en", None)
    with pytest.raises(Trouble, match="there is no png of this; allowed: text, json, csv, xlsx"):
        report(settings, asked(since="2026-06", view="change"), "png", "en", None)
    with pytest.raises(Trouble, match="at most two"):
        report(settings, asked(by=["role", "stage", "month"]), "text", "en", None)
    with pytest.raises(Trouble, match="two are given"):
        report(settings, asked(by=["role", "stage"], view="roles"), "text", "en", None)
    with pytest.raises(Trouble, match="--by: 'role' is given twice"):
        report(settings, asked(by=["role", "role"]), "text", "en", None)
    for view in ("clients", "importance"):
        with pytest.raises(Trouble, match=f"--by: not for {view}"):
            report(settings, asked(by=["role"], view=view), "text", "en", None)


@pytest.mark.parametrize("more", [{"by": ["role", "stage"]}, {"view": "roles"}])
def test_a_table_without_rows_says_that_there_is_nothing(settings: Settings, said: Said, more: dict[str, Any]) -> None:
    report(settings, asked(until="2001-01", **more), "text", "en", None)
    assert "no data" in said()


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
@pytest.mark.parametrize("more", [{"view": "roles"}, {"by": ["account", "role"]}, {"by": ["account"]}])
def test_a_table_is_as_wide_as_the_terminal_and_breaks_no_word(
    settings: Settings, said: Said, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], columns: int
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    report(settings, asked("csat", **more), "text", "ru", None)
    lines = said().splitlines()
    assert max(map(len, lines)) <= columns
    assert more == {"by": ["account"]} or any("Бизнес-заказчик" in line for line in lines)


def test_a_picture_does_not_go_to_a_terminal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(Trouble, match="-o FILE"):
        report(settings, asked(), "png", "en", None)


def test_verbatims_come_newest_first_in_every_format(settings: Settings, said: Said, tmp_path: Path) -> None:
    verbatims(settings, asked(), "json", "en", None)
    found = json.loads(said())
    assert [one["answer_id"] for one in found] == sorted((one["answer_id"] for one in found), reverse=True)
    assert all(one["text"] for one in found)
    verbatims(settings, asked(), "csv", "en", None)
    rows = list(csv.DictReader(io.StringIO(said())))
    assert [row["answer_id"] for row in rows] == [str(one["answer_id"]) for one in found]
    verbatims(settings, asked(), "xlsx", "en", tmp_path / "v.xlsx")
    assert openpyxl.load_workbook(tmp_path / "v.xlsx")["Verbatims"].max_row == len(found) + 1


def test_verbatims_are_read_on_a_terminal(settings: Settings, said: Said) -> None:
    verbatims(settings, asked(where=["component=stability"]), "text", "en", None)
    first, *_ = said().split("\n\n")
    assert first.split(" · ")[1] == "Stability"
    assert all(len(line) <= 100 for line in first.splitlines())
    verbatims(settings, asked(until="2001"), "text", "en", None)
    assert said() == "No words.\n"
    verbatims(settings, asked(until="2001"), "json", "en", None)
    assert json.loads(said()) == []


def test_service_is_timed_from_events(settings: Settings, said: Said) -> None:
    service(settings, asked(by=["account"]), "json", "en", None)
    total, account = json.loads(said())["rows"]
    assert (total["first_response_median"], total["resolution_p90"], total["first_response_within"]) == (
        3600,
        7200,
        100,
    )
    assert total["resolution_within"] is None
    assert account["first_response_n"] == 1
    with pytest.raises(Trouble, match="does not go with"):
        service(settings, asked(by=["component"]), "text", "en", None)


def test_an_exported_workbook_has_real_dates(settings: Settings, tmp_path: Path) -> None:
    assert export(settings, "answers", "xlsx", tmp_path / "a.xlsx") == DONE
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert isinstance(sheet.cell(2, heads.index("answered_at") + 1).value, datetime)
    assert sheet.freeze_panes == "A2"
    assert export(settings, "answers", "csv", tmp_path / "a.csv") == DONE
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0]["answered_at"].endswith("Z")


async def _audit(settings: Settings) -> list[dict[str, Any]]:
    async with open_database(settings.database_url) as database, database.reading() as reading:
        return [row async for row in reading.audit.audit()]


def test_whatever_is_taken_away_is_in_the_log_of_looking(settings: Settings, tmp_path: Path) -> None:
    before = len(asyncio.run(_audit(settings)))
    export(settings, "answers", "csv", tmp_path / "answers.csv")
    verbatims(settings, {"where": ["component=stability"]}, "csv", "ru", tmp_path / "words.csv")
    report(settings, {"metric": "nps", "by": ["role"], "where": []}, "json", "ru", tmp_path / "nps.json")
    report(settings, {"metric": "nps", "by": ["role"], "where": []}, "text", "ru", tmp_path / "nps.txt")
    taken, words, figures = asyncio.run(_audit(settings))[before:]
    assert (taken["who"], taken["entrance"], taken["looked_at"]["what"]) == ("cli", "export", "answers")
    lines = csv.reader(io.StringIO((tmp_path / "answers.csv").read_text("utf-8-sig"), newline=""))
    assert taken["rows"] == len(list(lines)) - 1
    assert (words["entrance"], words["looked_at"]["where"]) == ("verbatims", {"component": ["stability"]})
    assert (figures["entrance"], figures["looked_at"]["by"]) == ("report", "role")
    export(settings, "audit", "jsonl", tmp_path / "audit.jsonl")
    kept = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text("utf-8").splitlines()]
    assert list(kept[-1]) == ["at", "who", "entrance", "looked_at", "rows"]
    assert kept[-1]["entrance"] == "report"
