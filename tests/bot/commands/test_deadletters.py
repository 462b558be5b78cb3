"""What was set aside: listed, shown, handled or sent after all, thrown away."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.deadletters import drop, listed, replay, show
from bot.console import DONE, WITH_PROBLEMS, Trouble
from sandbox.server import Sandbox
from storage.database import open_database
from tests.bot.house import FIRST, TOKEN, House
from tests.bot.outward.office import Office
from tests.bot.outward.receiver import SECRET, receiving
from tests.handlers.hall import said


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN)
    async with sandbox.running() as address:
        yield House(tmp_path, sandbox, address, sqlite_url)


async def set_aside(house: House, *updates: dict[str, Any]) -> None:
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        for update in updates:
            await uow.inbox.dead_letter(
                "telegram", json.dumps({"update_id": 7, **update}).encode(), "KeyError: chat", 3, datetime.now(UTC)
            )
        await uow.commit()


async def test_what_was_set_aside_is_listed_without_what_is_in_it_and_shown_when_asked(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await set_aside(house, said(FIRST, text="/start private words"))
    assert await asyncio.to_thread(listed, house.settings, "json") == DONE
    text = capsys.readouterr().out
    assert [(row["id"], row["source"], row["attempts"], row["reason"]) for row in json.loads(text)] == [
        (1, "telegram", 3, "KeyError: chat")
    ]
    assert "private" not in text
    assert await asyncio.to_thread(show, house.settings, 1) == DONE
    assert json.loads(capsys.readouterr().out)["message"]["text"] == "/start private words"


async def test_what_is_replayed_has_its_effect_once_and_the_service_sends_what_comes_of_it(house: House) -> None:
    [guest] = await house.settle(1)
    await guest.person.send("/help")
    await set_aside(house, said(FIRST, text=f"/start {guest.token}"))
    assert await asyncio.to_thread(replay, house.settings, 1) == DONE
    with pytest.raises(Trouble, match="there is no 1;"):
        await asyncio.to_thread(replay, house.settings, 1)
    async with house.serving():
        await guest.sees("asks about")
    assert len(guest.cards) == 1


async def test_what_cannot_be_handled_yet_stays_until_it_is_thrown_away(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.settle(1)
    await set_aside(house, {"message": {"message_id": "not a number"}})
    assert await asyncio.to_thread(replay, house.settings, 1) == WITH_PROBLEMS
    assert "1 still cannot be handled (ValidationError); it stays" in capsys.readouterr().err
    assert await asyncio.to_thread(drop, house.settings, 1) == DONE
    for command in (drop, show, replay):
        with pytest.raises(Trouble, match="there is no 1; otklik deadletters lists them"):
            await asyncio.to_thread(command, house.settings, 1)


async def test_an_event_that_nobody_took_is_shown_and_sent_again_even_where_the_endpoint_said_it_is_gone(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    async with receiving() as receiver:
        endpoint = {"url": receiver.address, "internal": True}
        house.extra = {"OTKLIK_WEBHOOKS": json.dumps({"crm": endpoint}), "OTKLIK_WEBHOOKS__CRM__SECRET": SECRET}
        receiver.will(410)
        async with (
            open_database(house.database_url) as database,
            Office(database, receiver.address, house.home).open() as office,
        ):
            await office.happens()
            await office.round()
        capsys.readouterr()
        assert await asyncio.to_thread(listed, house.settings, "json") == DONE
        assert [(row["source"], row["reason"]) for row in json.loads(capsys.readouterr().out)] == [
            ("webhook:crm", "answered 410")
        ]
        assert await asyncio.to_thread(show, house.settings, 1) == DONE
        assert json.loads(capsys.readouterr().out)["type"] == "case.taken"
        removed = house.settings.model_copy(update={"webhooks": {}})
        with pytest.raises(Trouble, match="1 is for webhook:crm, which is not in the configuration"):
            await asyncio.to_thread(replay, removed, 1)
        assert await asyncio.to_thread(replay, house.settings, 1) == DONE
        assert "The running service sends it" in capsys.readouterr().out
        with pytest.raises(Trouble, match="there is no 1;"):
            await asyncio.to_thread(replay, house.settings, 1)
        async with house.serving():
            first, again = await receiver.came.get(), await receiver.came.get()
        assert first.name == again.name
