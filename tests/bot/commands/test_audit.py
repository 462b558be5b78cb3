import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.commands.audit import verify
from bot.commands.migrate import migrate
from bot.console import Trouble
from bot.settings import Settings, load_settings
from bot.sweeps import tell_audit_head
from storage.database import open_database
from surveys.audit import CLI, Look


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    config = tmp_path / "config.yaml"
    config.write_text("vendor: {name: Sample}\n", encoding="utf-8")
    found = load_settings(config, {"OTKLIK_DATABASE__URL": f"sqlite+aiosqlite:///{tmp_path}/otklik.db"})
    migrate(found)
    return found


async def look(settings: Settings, times: int) -> str:
    """What the service writes into its log of it."""
    async with open_database(settings.database_url) as database:
        for _ in range(times):
            await database.note(Look(at=datetime.now(UTC), who=CLI, entrance="export", looked_at={}, rows=1))
        with capture_logs() as said:
            await tell_audit_head(database)
    return str(said[0]["head"])


def tamper(settings: Settings, *statements: str) -> None:
    with sqlite3.connect(settings.database_url.partition(":///")[2]) as connection:
        for statement in ("DROP TRIGGER IF EXISTS audit_update", "DROP TRIGGER IF EXISTS audit_delete", *statements):
            connection.execute(statement)


def test_an_intact_log_is_said_to_be_with_its_last_row(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(settings, None) == 0
    head = asyncio.run(look(settings, 3))
    assert verify(settings, None) == verify(settings, head) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-3:] == [
        "Intact: nothing is written yet.",
        f"Intact: 3 rows; the last is {head}",
        f"Intact: 1 rows; the last is {head}",
    ]


def test_the_first_broken_row_is_told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    head = asyncio.run(look(settings, 3))
    tamper(settings, "DELETE FROM audit WHERE id = 3")
    assert (verify(settings, None), verify(settings, head)) == (0, 1)
    assert capsys.readouterr().out.splitlines()[-1].startswith("audit 3: it is not there any more")
    tamper(settings, "UPDATE audit SET who = '7' WHERE id = 2")
    assert verify(settings, None) == 1
    assert capsys.readouterr().out.startswith("audit 2: it, or a row right before it, was changed")


@pytest.mark.parametrize("written", ["", "3", "3:abc", "x:" + 64 * "a"])
def test_what_is_no_row_is_refused(settings: Settings, written: str) -> None:
    with pytest.raises(Trouble, match="--after"):
        verify(settings, written)
