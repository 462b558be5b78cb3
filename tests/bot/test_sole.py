"""One service per SQLite file, by whatever name the file is called."""

from pathlib import Path

import pytest

from bot.console import Trouble
from bot.sole import sole_service


def test_a_file_is_the_same_by_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "otklik.db")
    monkeypatch.chdir(tmp_path)
    with sole_service(f"sqlite+aiosqlite:///{tmp_path}/otklik.db"):
        for name in ("otklik.db", f"{tmp_path}/otklik.db?timeout=5", f"{tmp_path}/link.db"):
            with pytest.raises(Trouble, match="another otklik run uses this file"), sole_service(f"sqlite:///{name}"):
                pass
        with sole_service("sqlite:///another.db"):
            pass
