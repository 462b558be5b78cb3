"""The webhook's door: only with the secret, only what is an update, and 2xx only after the commit."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from bot.wire import identifier, parse
from intake.http import LARGEST_UPDATE, SECRET_HEADER, Busy, Webhook, make_app

SECRET = "a" * 64
HEADERS = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
UPDATE = {"update_id": 5, "message": {"text": "слово"}}


@dataclass(slots=True)
class Inbox:
    """What the service does with a body, as far as the door sees it."""

    taken: list[object] = field(default_factory=list)
    error: Exception | None = None
    committed: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, body: bytes) -> None:
        update = parse(body)
        if not isinstance(update, dict) or identifier(update.get("update_id")) is None:
            raise ValueError("not an update")
        if self.error:
            raise self.error
        await self.committed.wait()
        self.taken.append(update)


@pytest.fixture
def inbox() -> Inbox:
    made = Inbox()
    made.committed.set()
    return made


async def well() -> Mapping[str, str]:
    return {}


@pytest.fixture
async def door(inbox: Inbox) -> AsyncIterator[str]:
    app = make_app(ready=well, webhook=Webhook(path="/telegram", secret=SECRET, take=inbox.take))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    await runner.cleanup()


async def post(door: str, body: bytes, headers: Mapping[str, str] = HEADERS) -> int:
    async with aiohttp.ClientSession() as http, http.post(door, data=io.BytesIO(body), headers=headers) as response:
        await response.read()
        return response.status


def raw(update: object) -> bytes:
    return json.dumps(update).encode()


async def test_an_update_is_taken(door: str, inbox: Inbox) -> None:
    assert await post(door, raw(UPDATE)) == 200
    assert inbox.taken == [UPDATE]


@pytest.mark.parametrize("secret", ["", "b" * 64, SECRET[:-1], SECRET + "a", "тайна", "\x80\xff"])
async def test_without_the_secret_nothing_is_taken(door: str, inbox: Inbox, secret: str) -> None:
    assert await post(door, raw(UPDATE), HEADERS | {SECRET_HEADER: secret}) == 401
    assert await post(door, raw(UPDATE), {"Content-Type": "application/json"}) == 401
    assert inbox.taken == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"5",
        b'"x"',
        b"{",
        b"{}",
        b"\xff\xfe",
        b'{"update_id": 5',
        b"[" * 500_000,
        b'{"update_id": ' + b"9" * 5000 + b"}",
        *(raw({"update_id": wrong}) for wrong in (None, "5", True, 1.5, -1, 0, 2**63, [], {})),
    ],
)
async def test_what_is_no_update_is_refused_in_one_word(door: str, inbox: Inbox, body: bytes) -> None:
    assert await post(door, body) == 400
    assert inbox.taken == []


async def test_words_are_made_storable_on_the_way_in(door: str, inbox: Inbox) -> None:
    assert await post(door, b'{"update_id": 5, "message": {"text": "\\ud800 \\ud83d\\ude00"}}') == 200
    assert inbox.taken == [{"update_id": 5, "message": {"text": "\ufffd \U0001f600"}}]


async def test_a_body_over_the_limit_is_not_read(door: str, inbox: Inbox) -> None:
    assert await post(door, raw({"update_id": 5, "text": "x" * LARGEST_UPDATE})) == 413
    assert inbox.taken == []


async def test_only_a_post_is_an_update(door: str) -> None:
    async with aiohttp.ClientSession() as http, http.get(door, headers=HEADERS) as response:
        assert response.status == 405


async def test_a_service_that_is_stopping_asks_for_the_update_later(door: str, inbox: Inbox) -> None:
    inbox.error = Busy()
    assert await post(door, raw(UPDATE)) == 503


async def test_nothing_is_acknowledged_before_the_commit(door: str, inbox: Inbox) -> None:
    inbox.committed.clear()
    posting = asyncio.create_task(post(door, raw(UPDATE)))
    done, _ = await asyncio.wait([posting], timeout=0.2)
    assert not done
    inbox.committed.set()
    assert await posting == 200


async def test_a_commit_that_does_not_come_is_not_waited_for_for_ever(
    door: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.http.COMMIT_SECONDS", 0.1)
    inbox.committed.clear()
    assert await post(door, raw(UPDATE)) == 503


async def test_a_body_that_does_not_go_on_is_not_waited_for_for_ever(
    door: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.http.COMMIT_SECONDS", 0.1)

    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with aiohttp.ClientSession() as http, http.post(door, data=endless(), headers=HEADERS) as response:
        assert response.status == 503
    assert inbox.taken == []
