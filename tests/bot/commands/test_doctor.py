"""`otklik doctor`: each thing the service leans on, looked at by itself; what is ill comes with what to do."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from structlog.testing import capture_logs

from bot import doctor
from bot.commands.doctor import doctor as command
from bot.console import DONE, WITH_PROBLEMS
from sandbox.faults import Fault, FaultKind
from sandbox.server import Sandbox
from tests.bot.house import TOKEN, House
from tests.bot.outward.jira_site import EMAIL, jira_site
from tests.bot.outward.jira_site import TOKEN as JIRA_TOKEN

Examined = dict[str, tuple[str, str]]


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN, username="otklik_sandbox_bot")
    (tmp_path / "otklik.db").chmod(0o600)
    async with sandbox.running() as address:
        yield House(tmp_path, sandbox, address, sqlite_url)


async def examined(house: House) -> Examined:
    """Check -> what was found and what is to be done; of several, the one that is ill."""
    found: Examined = {}
    async for one in doctor.examine(house.settings, house.home / "house.yaml"):
        if one.check not in found or one.todo:
            found[one.check] = (one.found, one.todo)
    return found


async def test_where_all_is_well_every_line_says_so(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    settings = house.settings
    with capture_logs():
        assert await asyncio.to_thread(command, settings, house.home / "house.yaml", "json") == DONE
    rows = json.loads(capsys.readouterr().out)
    checks = [row["check"] for row in rows]
    assert checks == ["token", "webhook", "clock", "database", "names", "disk", "files", "files"]
    assert {(row["state"], row["todo"]) for row in rows} == {("ok", "")}
    assert rows[0]["found"] == "@otklik_sandbox_bot"


async def test_what_is_ill_ends_the_command_with_one_and_the_token_is_never_shown(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.extra = {"OTKLIK_TELEGRAM__TOKEN": "4242:wrong"}
    assert await asyncio.to_thread(command, house.settings, house.home / "house.yaml", "text") == WITH_PROBLEMS
    said = capsys.readouterr().out
    assert "@BotFather" in said
    assert "4242:wrong" not in said


async def test_without_a_token_everything_else_is_looked_at_all_the_same(house: House, tmp_path: Path) -> None:
    settings = house.settings
    bare = settings.model_copy(update={"telegram": settings.telegram.model_copy(update={"token": None})})
    found = {one.check: one.todo async for one in doctor.examine(bare, tmp_path / "house.yaml")}
    assert "OTKLIK_TELEGRAM__TOKEN" in found["token"]
    assert found["database"] == ""


async def test_a_telegram_that_does_not_answer_is_no_fault_of_the_token(house: House) -> None:
    house.sandbox.faults.add(Fault(FaultKind.HTML_PAGE, times=None))
    found, todo = (await examined(house))["token"]
    assert "does not answer" in found
    assert "api_base" in todo


async def test_a_webhook_in_the_way_of_polling_is_named(house: House) -> None:
    house.sandbox.courier.url = "https://somebody.example/telegram"
    assert "takes it away" in (await examined(house))["webhook"][1]


async def test_of_a_webhook_the_address_the_last_failure_and_the_missing_updates_are_told(house: House) -> None:
    house.extra = {"OTKLIK_TELEGRAM__MODE": "webhook", "OTKLIK_TELEGRAM__WEBHOOK__URL": "https://bot.example"}
    courier = house.sandbox.courier
    assert "registers" in (await examined(house))["webhook"][1]
    courier.url, courier.inbox.allowed = "https://bot.example/telegram", None
    assert (await examined(house))["webhook"] == ("set, 0 updates wait", "")
    courier.last_error = (datetime.now(UTC), "SSL error")
    assert "SSL error" in (await examined(house))["webhook"][1]
    courier.last_error = (datetime.now(UTC) - timedelta(days=1), "SSL error")
    assert (await examined(house))["webhook"][1] == ""
    courier.inbox.allowed = ["message"]
    assert "callback_query" in (await examined(house))["webhook"][1]


def test_a_clock_that_is_wrong_is_told_by_how_much_and_which_way() -> None:
    now = datetime.now(UTC)
    ahead = doctor._skew("clock", now - timedelta(minutes=2), now, now)
    assert (ahead.found, "timedatectl" in ahead.todo) == ("120 s ahead", True)
    behind = doctor._skew("clock", now + timedelta(minutes=2), now, now)
    assert behind.found == "120 s behind"
    assert doctor._skew("clock", now - timedelta(seconds=20), now, now).todo == ""


async def test_a_database_that_is_not_there_is_not_made_by_looking_for_it(house: House) -> None:
    missing = house.home / "new" / "otklik.db"
    house.database_url = f"sqlite+aiosqlite:///{missing}"
    assert (await examined(house))["database"] == (f"{missing}: does not exist yet", "otklik migrate makes it")
    assert not missing.parent.exists()


async def test_a_database_with_an_old_schema_is_to_be_migrated(house: House) -> None:
    (house.home / "otklik.db").write_bytes(b"")
    assert (await examined(house))["database"][1] == "otklik migrate"


async def test_a_server_that_may_lose_what_is_committed_is_named(house: House, postgres_url: str) -> None:
    house.database_url = postgres_url
    found = await examined(house)
    assert "fsync is off" in found["database"][0]
    assert found["database clock"][1] == ""
    house.database_url = postgres_url.replace("/test_", "/absent_")
    assert "no database of this name" in (await examined(house))["database"][0]


async def test_a_full_disk_and_files_that_others_may_read_are_named(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = house.home / "token"
    secret.write_text(TOKEN)
    secret.chmod(0o644)
    house.extra = {"OTKLIK_TELEGRAM__TOKEN_FILE": str(secret)}
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(2**40, 2**40 - 2**20, 2**20))
    found = await examined(house)
    assert "make room" in found["disk"][1]
    assert found["files"] == (f"{secret}: mode 644", f"others may read or change it: chmod 600 {secret}")


async def test_jira_is_asked_whether_its_account_may_do_what_is_needed(house: House) -> None:
    async with jira_site() as site:
        plain = {"OTKLIK_JIRA__URL": site.address, "OTKLIK_JIRA__EMAIL": EMAIL, "OTKLIK_JIRA__INTERNAL": "true"}
        house.extra = {**plain, "OTKLIK_JIRA__PROJECT": "CX", "OTKLIK_JIRA__TOKEN": JIRA_TOKEN}
        assert (await examined(house))["jira"] == ("CX", "")
        site.forbidden = ("EDIT_ISSUES", "ADD_COMMENTS")
        assert (await examined(house))["jira"] == (
            "CX: no EDIT_ISSUES, ADD_COMMENTS",
            "give the account of jira.email these rights in CX",
        )
        house.extra = {**house.extra, "OTKLIK_JIRA__PROJECT": "NO"}
        assert (await examined(house))["jira"][1].startswith("check jira.project")
        house.extra = {**house.extra, "OTKLIK_JIRA__TOKEN": "another"}
        assert (await examined(house))["jira"] == (
            "answered 401",
            "check jira.email and the token: OTKLIK_JIRA__TOKEN",
        )
