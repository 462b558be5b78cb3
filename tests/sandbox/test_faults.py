"""Failures on demand, and flood control."""

import asyncio
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError

from sandbox.faults import Fault, FaultKind, Faults, Flood
from sandbox.people import Person
from sandbox.server import Sandbox

HELLO = {"chat_id": 1001, "text": "Привет"}


async def test_too_many_requests_says_how_long_to_wait(sandbox: Sandbox, call: Any, ann: Person) -> None:
    sandbox.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS, "sendMessage", retry_after=7))
    assert await call("sendMessage", **HELLO) == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        },
    )
    assert (await call("sendMessage", **HELLO))[0] == 200
    assert [(record.fault, record.error) for record in sandbox.calls] == [
        ("too_many_requests", "too_many_requests"),
        (None, None),
    ]


async def test_a_server_error_is_json_or_a_page(sandbox: Sandbox, bot: Bot, call: Any, base: str, http: Any) -> None:
    sandbox.faults.add(Fault(FaultKind.SERVER_ERROR, status=500))
    assert await call("getMe") == (500, {"ok": False, "error_code": 500, "description": "Internal Server Error"})
    sandbox.faults.add(Fault(FaultKind.HTML_PAGE, status=502))
    async with http.get(f"{base}/bot4242:abcDEF-_1/getMe") as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert "<h1>502 Bad Gateway</h1>" in await response.text()


async def test_a_blocked_person_is_a_403(sandbox: Sandbox, bot: Bot, ann: Person) -> None:
    sandbox.faults.add(Fault(FaultKind.BLOCKED, "send*", chat_id=1001))
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(**HELLO)


@pytest.mark.parametrize(("kind", "arrived"), [(FaultKind.RESET_BEFORE, 0), (FaultKind.RESET_AFTER, 1)])
async def test_a_reset_connection_hides_whether_the_message_arrived(
    sandbox: Sandbox, bot: Bot, ann: Person, kind: FaultKind, arrived: int
) -> None:
    sandbox.faults.add(Fault(kind, "sendMessage"))
    with pytest.raises(NetworkError):
        await bot.send_message(**HELLO)
    assert [seen.text for seen in ann.messages[1:]] == ["Привет"] * arrived
    assert sandbox.calls[-1].fault == kind


async def test_a_hanging_call_never_answers(sandbox: Sandbox, base: str, http: Any, ann: Person) -> None:
    sandbox.faults.add(Fault(FaultKind.HANG))
    with pytest.raises(asyncio.TimeoutError):
        await http.get(f"{base}/bot4242:abcDEF-_1/getMe", timeout=aiohttp.ClientTimeout(0.2))
    async with http.get(f"{base}/bot4242:abcDEF-_1/getMe") as response:
        assert response.status == 200


async def test_a_fault_strikes_as_often_as_told_and_only_what_it_names(
    sandbox: Sandbox, call: Any, ann: Person
) -> None:
    sandbox.faults.add(Fault(FaultKind.SERVER_ERROR, "send*", chat_id=1001, times=2))
    sandbox.faults.add(Fault(FaultKind.SERVER_ERROR, "getChat", times=None))
    statuses = [(await call(method, **HELLO))[0] for method in ("sendMessage", "sendMessage", "sendMessage")]
    assert statuses == [502, 502, 200]
    assert {(await call("getChat", chat_id=1001))[0] for _ in range(5)} == {502}
    sandbox.faults.clear()
    assert (await call("getChat", chat_id=1001))[0] == 200


def test_probable_faults_repeat_with_the_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add(Fault(FaultKind.HANG, times=None, probability=0.5))
        return [faults.pick("getMe", None) is not None for _ in range(50)]

    assert struck(1) == struck(1) != struck(2)
    assert 10 < sum(struck(1)) < 40


async def test_flood_control_counts_messages_in_a_window_of_one_second() -> None:
    moment = [100.0]
    flood = Flood(per_second=3, per_chat=1, now=lambda: moment[0])
    assert [flood.wait(chat) for chat in (1, 1, 2, 3, 4)] == [0, 1, 0, 0, 1]
    moment[0] += 0.99
    assert flood.wait(5) == 1
    moment[0] += 0.01
    assert [flood.wait(chat) for chat in (1, 1)] == [0, 1]


async def test_a_flooded_chat_gets_429_and_edits_go_on() -> None:
    sandbox = Sandbox("4242:abc", per_chat=1)
    await sandbox.person(1001, "Анна", "ru").send("/start")
    async with sandbox.running() as base, aiohttp.ClientSession(f"{base}/bot4242:abc/") as http:
        statuses = []
        for method, params in (
            ("sendMessage", HELLO),
            ("editMessageText", HELLO | {"message_id": 2, "text": "Пока"}),
            ("sendMessage", HELLO),
        ):
            async with http.post(method, json=params) as response:
                statuses.append((response.status, (await response.json()).get("parameters")))
    assert statuses == [(200, None), (200, None), (429, {"retry_after": 1})]
