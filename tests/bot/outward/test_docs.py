"""docs/webhooks.md: the receiver works, what is shown is what comes, every event is there."""

import json
import re
from http.server import HTTPServer
from pathlib import Path
from runpy import run_path
from threading import Thread

import aiohttp
import pytest
from sqlalchemy import select, update

from bot.settings import load_settings
from storage.database import Database
from storage.outgoing_tables import outgoing
from surveys.cases.case import Happened
from surveys.outward.events import of_case
from surveys.outward.names import EVENTS
from tests.bot.outward.office import CRM, Office
from tests.bot.outward.receiver import SECRET, Receiver
from tests.storage.samples import NOW
from tests.storage.test_cases import MANAGER, opened

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")
SIGNAL = Happened(
    kind="signal", at=NOW, detail={"rules": ["csat"], "item": "usability", "severity": "normal", "text": "no"}
)


def block(kind: str) -> str:
    [found] = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


async def happen(database: Database) -> None:
    async with database.unit_of_work() as uow:
        case = await opened(uow, responsible=MANAGER)
        _, event = of_case(None, case, SIGNAL)
        await uow.outgoing.add([event], [CRM])
        await uow.commit()


async def test_what_the_page_shows_is_what_comes(office: Office, receiver: Receiver) -> None:
    await happen(office.database)
    await office.round()
    assert [call.read() for call in receiver.calls] == [json.loads(block("json"))]


async def test_the_receiver_of_the_page_takes_what_is_signed_once_and_nothing_else(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OTKLIK_WEBHOOKS__CRM__SECRET", SECRET)
    code, _, last_line = block("python").strip().rpartition("\n")
    assert last_line.endswith(".serve_forever()")
    (tmp_path / "receiver.py").write_text(code, encoding="utf-8")
    page = run_path(str(tmp_path / "receiver.py"))
    page["Receiver"].log_message = lambda *_: None
    with HTTPServer(("127.0.0.1", 0), page["Receiver"]) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        async with Office(database, f"http://127.0.0.1:{server.server_port}/", tmp_path).open() as office:
            await happen(database)
            await office.round()
            again = update(outgoing).values(state="ready", free_at=NOW)
            async with database.unit_of_work() as uow:
                await uow.parcels._connection.execute(again)
                await uow.commit()
            await office.round()
        async with aiohttp.ClientSession() as stranger:
            refused = await stranger.post(f"http://127.0.0.1:{server.server_port}/", json={"type": "case.opened"})
        server.shutdown()
    assert refused.status == 401
    assert capsys.readouterr().out.splitlines().count("case.opened 1") == 1
    async with database.reading() as reading:
        sent = (await reading.connection.execute(select(outgoing.c.state, outgoing.c.attempts))).one()
    assert tuple(sent) == ("sent", 2)


@pytest.mark.parametrize("type_", EVENTS)
def test_every_event_is_on_the_page(type_: str) -> None:
    assert f"`{type_}`" in PAGE


def test_the_configuration_of_the_page_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(block("yaml"), encoding="utf-8")
    settings = load_settings(tmp_path / "config.yaml", {"OTKLIK_WEBHOOKS__CRM__SECRET": SECRET})
    assert settings.webhooks["crm"].url == "https://crm.example.org/otklik"


def test_the_configuration_of_jira_on_its_page_can_be_used(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "jira.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "config.yaml").write_text(shown, encoding="utf-8")
    settings = load_settings(tmp_path / "config.yaml", {"OTKLIK_JIRA__TOKEN": "sample"})
    assert (settings.jira.project, settings.jira.words) == ("CX", False)
