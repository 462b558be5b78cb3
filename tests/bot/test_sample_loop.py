"""The loop in the sample: cases of the past, some still open, an improvement, and nobody disturbed by any of it."""

from collections import Counter
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sample import sample_directory, telegram_ids
from bot.sample.load import load_directory
from bot.sample.past import load_past
from bot.service import build
from bot.settings import Settings, load_settings
from storage.case_figures import CaseFigures
from storage.database import open_database
from storage.verification import wrong_rows
from surveys.cases.reporting import loop_report
from surveys.reporting import ReportQuery


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "config.yaml").write_text("access: {admins: [1001]}\n", encoding="utf-8")
    url = f"sqlite+aiosqlite:///{tmp_path}/otklik.db"
    return load_settings(
        tmp_path / "config.yaml", {"OTKLIK_DATABASE__URL": url, "OTKLIK_TELEGRAM__TOKEN": "4242:sandbox"}
    )


async def test_cases_end_in_every_way_some_are_open_and_no_card_or_question_of_the_past_is_sent(
    settings: Settings,
) -> None:
    rows = sample_directory(settings)
    async with open_database(settings.database_url) as database:
        await database.migrate()
        service = await build(settings, database, Clock())
        await load_directory(database, rows, telegram_ids(rows))
        await load_past(service, rows, 1001)
        async with database.reading() as reading:
            assert [wrong async for wrong in wrong_rows(reading.connection)] == []
            now = service.clock.now()
            found = await CaseFigures(reading.connection).keyed(ReportQuery(metric="nps"))
            figures = (await loop_report(ReportQuery(metric="nps"), CaseFigures(reading.connection), now)).figures
        async with database.unit_of_work() as uow:
            assert await uow.cases.behind() == []
            assert await uow.interviews.unshown() == []
            [improvement] = await uow.improvements.listed()
        await service.telegram.close()
    ways = Counter(case.outcome or case.status for _, case in found)
    assert ways.keys() == {"confirmed", "unconfirmed", "new", "contacted", "checking"}
    assert figures.reopened > 2
    assert figures.overdue == 1
    assert figures.recovery.n > 5
    assert improvement.status == "started"
