"""What a command loads: a bot's libraries take seconds, and most commands start no bot."""

import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import sys
from bot.cli import main

try:
    main()
finally:
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""
OF_A_BOT = {"aiogram", "aiohttp", "apscheduler", "telegram"}
NOT_FOR_FIGURES = {"alembic", "matplotlib", "numpy"}
REPORT = ("report", "nps", "--format", "json")


def loaded(home: Path, *arguments: str) -> set[str]:
    """Libraries that this command has loaded."""
    command = (sys.executable, "-c", RUN, *arguments)
    done = subprocess.run(command, cwd=home, check=True, capture_output=True, text=True)
    return set(done.stderr.split())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text("vendor: {name: Sample Vendor}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [("check",), ("outline", "relationship"), REPORT, ("export", "answers", "-o", "answers.csv")],
    ids=lambda arguments: str(arguments[0]),
)
def test_a_command_without_a_bot_loads_no_library_of_one(home: Path, arguments: tuple[str, ...]) -> None:
    assert "alembic" in loaded(home, "migrate")
    assert not (OF_A_BOT | NOT_FOR_FIGURES) & loaded(home, *arguments)


def test_checking_the_questionnaires_loads_no_database(home: Path) -> None:
    assert "sqlalchemy" not in loaded(home, "check")
