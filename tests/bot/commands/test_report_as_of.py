import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from bot.commands.report import report
from bot.console import Trouble
from bot.library import read_catalogue
from bot.settings import Settings, load_settings
from storage.database import open_database
from storage.tables import questionnaire_version
from surveys.events import AnswerGiven
from surveys.interview import Answer
from tests.storage.samples import ANNA_ROW, BORIS_ROW, answered, respond

JUNE, JULY, AUGUST = (datetime(2026, month, 10, 12, tzinfo=UTC) for month in (6, 7, 8))


def said(role: str, score: int) -> AnswerGiven:
    return AnswerGiven(Answer("usability", score=score), role, "csat_5", "usability", "product")


def settings_of(home: Path, weight: float, mode: str = "named") -> Settings:
    config = home / "config.yaml"
    config.write_text(f"vendor: {{name: Sample}}\nprivacy: {{mode: {mode}}}\n", encoding="utf-8")
    weights = {"OTKLIK_ROLES__SENIOR_IT__WEIGHT": str(weight), "OTKLIK_ROLES__BUSINESS_OWNER__WEIGHT": "0.1"}
    return load_settings(config, {"OTKLIK_DATABASE__URL": f"sqlite+aiosqlite:///{home}/otklik.db", **weights})


def csi(settings: Settings, home: Path, metric: str = "csi", **asked: Any) -> Any:
    words = {"metric": metric, "by": [], "where": [], "since": None, "until": None, "method": None, **asked}
    report(settings, words, "json", "ru", home / "report.json")
    return json.loads((home / "report.json").read_text(encoding="utf-8"))


async def answer(settings: Settings, *, again: bool) -> None:
    async with open_database(settings.database_url) as database:
        await database.migrate()
        async with database.unit_of_work() as uow:
            if not again:
                await respond(uow, 1, ANNA_ROW, said("senior_it", 5), at=JUNE)
                await respond(uow, 2, BORIS_ROW, said("key_user", 1), at=JUNE)
            else:
                opened = await uow.interviews.get("i1")
                assert opened is not None
                event = said("senior_it", 1)
                await uow.interviews.save(opened, answered(opened, event), (event,), AUGUST)
            document = read_catalogue(settings)[0]["relationship"]
            await uow._connection.execute(update(questionnaire_version).values(document=document))
            await uow.commit()


def test_a_past_report_comes_out_to_the_digit_whatever_has_changed_since(tmp_path: Path) -> None:
    asyncio.run(answer(settings_of(tmp_path, 0.3), again=False))
    with time_machine.travel(JULY, tick=False):
        before = csi(settings_of(tmp_path, 0.3), tmp_path)
    asyncio.run(answer(settings_of(tmp_path, 0.3), again=True))
    with time_machine.travel(AUGUST + timedelta(days=1), tick=False):
        after = settings_of(tmp_path, 0.6)
        now, then = csi(after, tmp_path), csi(after, tmp_path, as_of="2026-07-10")
    assert then.pop("as_of") == "2026-07-10T23:59:59.999999Z"
    assert then == {key: value for key, value in before.items() if key != "as_of"}
    assert now["total"]["value"] != before["total"]["value"] == pytest.approx(60.0)


def test_a_moment_is_taken_as_exactly_as_it_is_said(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 0.3)
    asyncio.run(answer(settings, again=False))
    early = (JUNE - timedelta(microseconds=1)).isoformat()
    assert [csi(settings, tmp_path, as_of=at)["total"]["n"] for at in (early, JUNE.isoformat())] == [0, 2]


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "2026-07-01T12:00:00", "0001-01-01T00:00:00+03:00"])
def test_what_is_no_date_is_refused_in_a_sentence(tmp_path: Path, at: str) -> None:
    with pytest.raises(Trouble, match="--as-of"):
        csi(settings_of(tmp_path, 0.3), tmp_path, as_of=at)


def test_no_past_is_told_of_invitations_or_where_confidentiality_was_promised(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="allowed with: nps"):
        csi(settings_of(tmp_path, 0.3), tmp_path, metric="response", as_of="2026-07-01")
    with pytest.raises(Trouble, match="confidentiality"):
        csi(settings_of(tmp_path, 0.3, "confidential"), tmp_path, as_of="2026-07-01")
