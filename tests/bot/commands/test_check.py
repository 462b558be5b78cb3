"""`otklik check`: what the configuration says of clients is compared with the directory, where there is one."""

from pathlib import Path

import pytest

from bot.commands.check import check
from bot.commands.directory import import_
from bot.console import DONE, WITH_PROBLEMS
from bot.settings import Settings, load_settings

CONFIG = """
database: {url: "sqlite+aiosqlite:///%s/otklik.db"}
access: {managers: {2001: {projects: [%s]}}}
"""
DIRECTORY = """account,project,person,external_id,roles
First,Stock,Anna,p-1,key_user
Second,Stock,Boris,p-2,key_user
Second,Port,Boris,p-2,key_user
"""


def configured(home: Path, projects: str) -> Settings:
    file = home / "config.yaml"
    file.write_text(CONFIG % (home, projects), encoding="utf-8")
    return load_settings(file, {})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    file = tmp_path / "directory.csv"
    file.write_text(DIRECTORY, encoding="utf-8")
    assert import_(configured(tmp_path, "Port"), file) == DONE
    return tmp_path


def test_a_manager_s_project_whose_name_several_accounts_use_is_to_be_named_with_its_account(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(configured(home, "Stock, Port")) == WITH_PROBLEMS
    assert capsys.readouterr().err == (
        "access.managers.2001.projects: several accounts have a 'Stock'; allowed: First / Stock, Second / Stock\n"
    )


def test_a_project_named_with_its_account_or_by_a_name_of_its_own_is_fine(home: Path) -> None:
    assert check(configured(home, "First / Stock, Port, Unknown yet")) == DONE


def test_a_check_makes_no_database(tmp_path: Path) -> None:
    assert check(configured(tmp_path, "Stock")) == DONE
    assert not (tmp_path / "otklik.db").exists()
