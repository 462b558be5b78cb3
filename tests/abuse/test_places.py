"""Files that are asked for where none can stand, and files that are none."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.commands.asking import hand_over
from bot.commands.directory import import_
from bot.commands.export import export
from bot.commands.migrate import migrate
from bot.commands.verbatims import verbatims
from bot.console import DONE, Trouble
from bot.settings import Settings, load_settings
from bot.settings_sources import LARGEST, ConfigurationError

Write = Callable[[Settings, Path], object]
WAYS: dict[str, Write] = {
    "export": lambda settings, path: export(settings, "answers", "csv", path),
    "verbatims": lambda settings, path: verbatims(settings, {"where": []}, "csv", "en", path),
    "report": lambda settings, path: hand_over("figures", path),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    config = tmp_path / "config.yaml"
    config.write_text("vendor: {name: Sample}\n", encoding="utf-8")
    found = load_settings(config, {"OTKLIK_DATABASE__URL": f"sqlite+aiosqlite:///{tmp_path}/otklik.db"})
    migrate(found)
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_directory_a_device_a_link_and_a_pipe_are_left_as_they_are(
    settings: Settings, tmp_path: Path, way: str
) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "kept").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "dangling").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "pipe")
    for place in (*(tmp_path / name for name in ("directory", "link", "dangling", "pipe")), Path("/dev/null"), Path()):
        with pytest.raises(Trouble, match="is a directory, a link or a device; name a file"):
            WAYS[way](settings, place)
    with pytest.raises(Trouble, match=r"nowhere/x\.csv cannot be written: No such file or directory"):
        WAYS[way](settings, tmp_path / "nowhere" / "x.csv")
    assert Path("/dev/null").is_char_device()
    assert (tmp_path / "kept").read_text() == "kept"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("way", WAYS)
def test_a_link_put_where_the_unfinished_file_stands_leads_nowhere(
    settings: Settings, tmp_path: Path, way: str
) -> None:
    (tmp_path / "kept").write_text("kept")
    (tmp_path / ".out.csv.part").symlink_to(tmp_path / "kept")
    WAYS[way](settings, tmp_path / "out.csv")
    assert (tmp_path / "kept").read_text() == "kept"
    assert (tmp_path / "out.csv").is_file()
    assert not (tmp_path / ".out.csv.part").is_symlink()


def test_a_directory_file_that_never_ends_is_not_begun(settings: Settings, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    (tmp_path / "zero.xlsx").symlink_to("/dev/zero")
    for name in ("pipe.csv", "zero.csv", "zero.xlsx"):
        with pytest.raises(Trouble, match="is a directory or a device; name a file"):
            import_(settings, tmp_path / name)


def test_a_configuration_that_never_ends_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    with pytest.raises(ConfigurationError, match=f"more than {LARGEST >> 20} MiB"):
        load_settings(tmp_path / "zero.yaml", {})


def test_names_in_a_workbook_lead_out_of_no_directory(settings: Settings, tmp_path: Path) -> None:
    """What is imported is never a path: names of that kind are names."""
    book = Workbook()
    assert book.active is not None
    book.active.append(["account", "project", "person", "external_id", "roles"])
    book.active.append(["../../etc", "/etc/passwd", "..\\..\\x", "../1", "key_user"])
    book.save(tmp_path / "people.xlsx")
    assert import_(settings, tmp_path / "people.xlsx") == DONE
    assert {path.name for path in tmp_path.iterdir()} >= {"people.xlsx", "otklik.db"}
    assert not (tmp_path.parent / "1").exists()
