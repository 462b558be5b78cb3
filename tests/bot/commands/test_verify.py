import sqlite3
from pathlib import Path

import pytest

from bot.commands.migrate import migrate
from bot.commands.verify import verify
from bot.settings import Settings, load_settings

CELL = "INSERT INTO tally VALUES (1, 202611, 1, 0, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0)"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    config = tmp_path / "config.yaml"
    config.write_text("vendor: {name: Sample}\n", encoding="utf-8")
    found = load_settings(config, {"OTKLIK_DATABASE__URL": f"sqlite+aiosqlite:///{tmp_path}/otklik.db"})
    migrate(found)
    return found


def spoil(settings: Settings) -> None:
    with sqlite3.connect(settings.database_url.partition(":///")[2]) as connection:
        connection.execute(CELL)


def test_a_database_in_order_is_said_to_be(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(settings, repair=False) == 0
    assert "Every count is what the answers and invitations make of it" in capsys.readouterr().out


def test_what_is_wrong_is_told_line_by_line_and_left_as_it_is(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(settings)
    assert [verify(settings, repair=False) for _ in range(2)] == [1, 1]
    assert capsys.readouterr().out.splitlines()[-1].endswith("the answers make -3 of score 4")


def test_counts_are_repaired_when_told_to(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(settings)
    assert verify(settings, repair=True) == 0
    assert "Repaired: 0 answers have been counted again." in capsys.readouterr().out
    assert verify(settings, repair=False) == 0
