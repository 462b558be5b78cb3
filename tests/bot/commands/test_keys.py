"""`otklik keys`, and what every other command says of keys that do not fit."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import doctor
from bot.commands import keys
from bot.commands import run as service
from bot.commands.backup import backup, restore
from bot.commands.directory import import_
from bot.console import DONE, Trouble
from bot.settings import Settings, load_settings
from bot.sole import sole_service
from storage.database import open_database
from storage.errors import StorageUnavailable
from storage.keys import NO_KEY, NOT_YET

NAME = "Vera Canary"
DIRECTORY = f"account,project,person,external_id,roles\nSample,Sample project,{NAME},p1,key_user\n"


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Two keys, as the command prints them."""
    assert [keys.new(), keys.new()] == [DONE, DONE]
    return capsys.readouterr().out.split()


def settings(home: Path, *given: str) -> Settings:
    (home / "config.yaml").write_text("vendor: {name: Sample Vendor}\n", encoding="utf-8")
    return load_settings(home / "config.yaml", environment(home, *given))


def environment(home: Path, *given: str) -> dict[str, str]:
    url = f"sqlite+aiosqlite:///{home / 'otklik.db'}"
    return {
        "OTKLIK_DATABASE__URL": url,
        "OTKLIK_PRIVACY__KEYS": " ".join(given),
        "OTKLIK_TELEGRAM__API_BASE": "http://127.0.0.1:9",
    }


def filled(home: Path, *given: str) -> None:
    directory = home / "directory.csv"
    directory.write_text(DIRECTORY, encoding="utf-8")
    assert import_(settings(home, *given), directory) == DONE


def names(home: Path, *given: str) -> list[str]:
    async def read() -> list[str]:
        chosen = settings(home, *given)
        async with open_database(chosen.database_url, keys=chosen.keys) as database, database.reading() as reading:
            return [one.person.name for one in await reading.directory.stakeholders()]

    return asyncio.run(read())


def written(home: Path) -> bool:
    """Whether the name can be read in the files."""
    return NAME.encode() in b"".join(one.read_bytes() for one in home.glob("otklik.db*"))


def test_no_two_keys_are_alike_and_each_is_one_that_the_settings_take(printed: list[str], tmp_path: Path) -> None:
    one, other = settings(tmp_path, *printed).keys
    assert (len(one), len(other), one != other) == (64, 64, True)


def test_names_are_sealed_sealed_anew_and_opened_again(printed: list[str], tmp_path: Path) -> None:
    old, new = printed
    filled(tmp_path)
    assert written(tmp_path)
    assert keys.rotate(settings(tmp_path, old), plain=False) == DONE
    assert (names(tmp_path, old), written(tmp_path)) == ([NAME], False)
    assert keys.rotate(settings(tmp_path, new, old), plain=False) == DONE
    assert (names(tmp_path, new), written(tmp_path)) == ([NAME], False)
    assert keys.rotate(settings(tmp_path, new), plain=True) == DONE
    assert (names(tmp_path), written(tmp_path)) == ([NAME], True)


def test_nothing_is_sealed_anew_without_a_key_or_beside_a_service(printed: list[str], tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="there is no key"):
        keys.rotate(settings(tmp_path), plain=False)
    chosen = settings(tmp_path, printed[0])
    with sole_service(chosen.database_url), pytest.raises(Trouble, match="another otklik run uses this file"):
        keys.rotate(chosen, plain=False)


@pytest.mark.parametrize(("given", "sentence"), [([0], NOT_YET), ([], NO_KEY)], ids=["a key too soon", "no key"])
def test_a_command_with_keys_that_do_not_fit_says_what_to_do_and_changes_nothing(
    printed: list[str], tmp_path: Path, given: list[int], sentence: str
) -> None:
    filled(tmp_path, *([] if given else printed[:1]))
    before = names(tmp_path, *([] if given else printed[:1]))
    with pytest.raises(StorageUnavailable, match=sentence.split(":")[0]):
        filled(tmp_path, *(printed[one] for one in given))
    shown = {**os.environ, **environment(tmp_path, *(printed[one] for one in given))}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "why", NAME], cwd=tmp_path, env=shown, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert sentence in done.stderr
    assert names(tmp_path, *([] if given else printed[:1])) == before


def test_a_backup_from_before_the_keys_were_changed_is_sealed_as_it_is_put_back(
    printed: list[str], tmp_path: Path
) -> None:
    old, new = printed
    filled(tmp_path, old)
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    assert backup(settings(tmp_path, old), copy) == DONE
    assert old.encode() not in copy.read_bytes()
    assert keys.rotate(settings(tmp_path, new, old), plain=False) == DONE
    with pytest.raises(Trouble, match="put it there, after the one that is to seal"):
        restore(settings(tmp_path, new), copy, [])
    assert names(tmp_path, new) == [NAME]
    assert restore(settings(tmp_path, new, old), copy, []) == DONE
    assert names(tmp_path, new) == [NAME]


@pytest.mark.parametrize("sealed", [True, False])
def test_a_service_without_a_key_says_so_in_its_log(
    printed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sealed: bool
) -> None:
    async def nothing(_settings: Settings) -> None: ...

    monkeypatch.setattr(service, "_run", nothing)
    monkeypatch.setattr(service, "configure_logging", lambda _level: None)
    chosen = {**environment(tmp_path, *(printed[:1] if sealed else [])), "OTKLIK_TELEGRAM__TOKEN": "1:sample"}
    settings(tmp_path)
    with capture_logs() as lines:
        assert service.run(load_settings(tmp_path / "config.yaml", chosen)) == DONE
    assert ["otklik keys new" in line["event"] for line in lines] == ([] if sealed else [True])


def test_the_doctor_tells_whether_names_are_sealed_and_whether_the_keys_fit(printed: list[str], tmp_path: Path) -> None:
    async def said(*given: str) -> doctor.Finding:
        chosen = settings(tmp_path, *given)
        found = [one async for one in doctor.examine(chosen, tmp_path / "config.yaml")]
        return next(one for one in found if one.check == "names")

    filled(tmp_path)
    assert asyncio.run(said()) == doctor.Finding("names", doctor.UNSEALED)
    assert asyncio.run(said(printed[0])) == doctor.Finding("names", "the keys do not fit", NOT_YET)
    keys.rotate(settings(tmp_path, printed[0]), plain=False)
    assert asyncio.run(said(printed[0])) == doctor.Finding("names", doctor.SEALED)


@pytest.mark.parametrize("wrong", ["short", "*" * 86, "A" * 85])
def test_what_is_no_key_is_refused_without_being_shown(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(Exception, match="must be keys as `otklik keys new` prints them") as refused:
        settings(tmp_path, wrong)
    assert wrong not in str(refused.value)
