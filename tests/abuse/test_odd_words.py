"""What no client of Telegram sends, in every place where words can stand: nothing is lost, nothing gets stuck."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

from bot.clock import Clock
from bot.service import build
from bot.telegram import Result
from handlers.replies import afresh
from sandbox.server import Sandbox
from storage.database import open_database
from tests.bot.house import FIRST, TOKEN, House
from tests.handlers.hall import PEOPLE, PRESSES, Hall, gather, pressed, said

ODD: Final = "a\x00b\ud800\x1b[31m\x07\x9b\u202e\ufeff\uffff=1+1;\"'<b>&{0}%s\\"
SENDERS: Final = [PEOPLE[kind] for kind in ("stranger", "staff", "asked", "in words")]
COMMANDS: Final = ("start", "help", "language", "report", "why", "verbatims", "fieldwork", "cases", "interview", "x")
STICKER: Final = {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
DEPTHS: Final = (100, 400, *range(900, 980, 2))


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN)
    async with sandbox.running() as address:
        for kind, telegram_id in PEOPLE.items():
            await sandbox.person(telegram_id, kind, "en").send("/start")
        yield House(tmp_path, sandbox, address, database_url)


@pytest.fixture
async def hall(house: House) -> AsyncIterator[Hall]:
    guests = await house.settle(len(PRESSES) + 2)
    async with open_database(house.database_url) as database:
        service = await build(house.settings, database, Clock())
        yield await gather(service, {guest.external_id: guest.token for guest in guests})
        await service.telegram.close()


def messages(odd: str = ODD) -> Iterator[Mapping[str, object]]:
    """Everything that holds words."""
    names = {"file_id": odd, "file_unique_id": odd}
    yield {"text": odd}
    yield from ({"text": f"/{command} {odd}"} for command in COMMANDS)
    yield {"text": f'/report nps by role account="{odd}"'}
    yield {"caption": odd, "document": {**names, "file_name": odd, "mime_type": odd, "file_size": 5}}
    yield {"voice": {**names, "duration": 1, "mime_type": odd}, "media_group_id": odd}
    yield {"contact": {"phone_number": odd, "first_name": odd}}
    yield {"sticker": {**names, **STICKER, "emoji": odd}}


def sent(odd: str = ODD) -> Iterator[dict[str, Any]]:
    """By everybody, in messages and under buttons, under such a name and in such a language."""
    who = {"first_name": odd, "last_name": odd, "username": odd, "language_code": odd}
    for person, content in product(SENDERS, messages(odd)):
        update: dict[str, Any] = said(person, **content)
        update["message"]["from"] |= who
        yield update
    for person, data in product(SENDERS, (odd, f"i.{odd}.0.begin", f"l.{odd}", f"c.1.1.{odd}")):
        update = pressed(person, data, id=odd)
        update["callback_query"]["from"] |= who
        yield update


async def test_every_update_is_committed_and_answered_whatever_its_words_are_made_of(hall: Hall) -> None:
    for update in sent():
        for call in await hall.calls(update, commit=True):
            outcome = await hall.service.telegram.call(afresh(call) or call)
            assert outcome.result is Result.DONE, (update, call, outcome.description)


async def test_no_update_is_lost_for_its_depth(house: House) -> None:
    with capture_logs() as logs:
        async with house.serving() as service:
            for number, depth in enumerate(DEPTHS, 1_000_000):
                body = json.dumps({"update_id": number, "message": {"message_id": "none", "x": []}})
                try:
                    await service.take(body.replace("[]", "[" * depth + "]" * depth).encode())
                except RecursionError:
                    break  # which the door answers with 400
    aside = [one["update_id"] for one in logs if one["event"] == "update set aside"]
    assert "update lost" not in {one["event"] for one in logs}
    assert len(aside) == number - 1_000_000 > 10
    reasons = await reasons_of_letters(house)
    assert len(reasons) == len(aside)
    assert {"none" in one for one in reasons} == {False}, "a reason is not sealed, and quotes nothing"


async def test_an_update_nobody_asked_for_is_committed_and_passed_over(house: House) -> None:
    with capture_logs() as logs:
        async with house.serving() as service:
            for number, content in enumerate(({}, {"novelty": {"text": ODD}}, {"poll": {"question": ODD}}), 1_000_000):
                await service.take(json.dumps({"update_id": number, **content}).encode())
    assert [one["outcome"] for one in logs if one["event"] == "update" and one["kind"] == "other"] == ["committed"] * 3
    assert await reasons_of_letters(house) == []


async def reasons_of_letters(house: House) -> list[str]:
    async with open_database(house.database_url) as database, database.unit_of_work() as uow:
        return [str(one["reason"]) for one in await uow.inbox.dead_letters()]


async def test_an_answer_with_a_nul_and_half_a_character_is_kept_with_all_that_can_be_written(house: House) -> None:
    [guest] = await house.settle(1)
    async with house.serving():
        await guest.begin()
        await guest.press("Agree and start", "Would you recommend us?")
        await guest.press("3", "What should be better?")
        sender = {"id": FIRST, "is_bot": False, "first_name": "\x00\ud800"}
        message = {"message_id": 10**6, "date": 1, "from": sender, "chat": {"id": FIRST, "type": "private"}}
        house.sandbox.world.inbox.put("message", FIRST, {**message, "text": "too\x00 slow \ud800"})
        await guest.sees("Is it usable?")
    assert [said for _, item, said in await house.answers() if item == "words"] == ["too slow \ufffd"]
