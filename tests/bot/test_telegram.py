"""What became of a call, from whatever came back over the wire."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import Outcome, Result, Telegram, understand
from handlers.replies import Call, File, message

TOKEN = "4242:secret"
PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
DEEP = b'{"ok":' + b"[" * 100_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def refusal(code: object, description: object = "", **parameters: object) -> bytes:
    body = {"ok": False, "error_code": code, "description": description}
    return json.dumps(body | ({"parameters": parameters} if parameters else {})).encode()


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (200, b'{"ok":true,"result":{"message_id":5}}', Result.DONE),
        (200, b'{"ok":true,"result":true}', Result.DONE),
        (200, b'{"ok":true,"result":[]}', Result.DONE),
        (200, b'{"ok":true,"result":null}', Result.BROKEN),
        (200, b'{"ok":true}', Result.BROKEN),
        (200, b'{"ok":"true","result":{}}', Result.BROKEN),
        (200, b'{"ok":1,"result":{}}', Result.BROKEN),
        (200, b"{}", Result.BROKEN),
        (200, b"[]", Result.BROKEN),
        (200, b"null", Result.BROKEN),
        (200, b"", Result.BROKEN),
        (200, b'{"ok":true,"result":{"message_id"', Result.BROKEN),
        (200, b"\xff\xfe\x00", Result.BROKEN),
        (200, PAGE, Result.BROKEN),
        (200, DEEP, Result.BROKEN),
        (200, b"9" * 5000, Result.BROKEN),
        (302, b"", Result.RETRY),
        (502, PAGE, Result.RETRY),
        (503, b"", Result.RETRY),
        (504, PAGE, Result.BROKEN),
        (403, PAGE, Result.RETRY),
        (400, b"Bad Request", Result.RETRY),
        (429, PAGE, Result.WAIT),
        (500, refusal(500, "Internal Server Error"), Result.RETRY),
        (504, refusal(504, "Gateway Timeout"), Result.BROKEN),
        (401, refusal(401, "Unauthorized"), Result.RETRY),
        (404, refusal(404, "Not Found"), Result.RETRY),
        (409, refusal(409, "Conflict: terminated by other getUpdates request"), Result.CONFLICT),
        (403, refusal(403, "Forbidden: bot was blocked by the user"), Result.GONE),
        (403, refusal(403, "Forbidden: user is deactivated"), Result.GONE),
        (400, refusal(400, "Bad Request: chat not found"), Result.GONE),
        (400, refusal(400, "Bad Request: message to edit not found"), Result.REFUSED),
        (400, refusal(400, "Bad Request: can't parse entities"), Result.REFUSED),
        (400, refusal("400", None), Result.REFUSED),
        (400, b'{"ok":false}', Result.REFUSED),
        (200, b'{"ok":false}', Result.BROKEN),
        (400, refusal(400, "Bad Request: message is not modified: specified new ..."), Result.DONE),
        (400, refusal(400, "Bad Request: query is too old and response timeout expired"), Result.DONE),
        (400, refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100), Result.MOVED),
        (200, refusal(429, "Too Many Requests", retry_after=7), Result.WAIT),
    ],
)
def test_every_answer_has_its_meaning(status: int, body: bytes, result: Result) -> None:
    assert understand(status, body).result is result


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (7, 7.0),
        (0.5, 0.5),
        (0, 1.0),
        (-3, 1.0),
        (None, 1.0),
        ("soon", 1.0),
        ([], 1.0),
        pytest.param(10**400, 86_400.0, id="huge"),
        (float("nan"), 1.0),
        (float("inf"), 86_400.0),
    ],
)
def test_how_long_to_wait_is_always_a_time_one_can_wait(given: object, seconds: float) -> None:
    assert understand(429, refusal(429, "", retry_after=given)).retry_after == seconds


def test_where_a_chat_has_moved_to_is_told() -> None:
    assert understand(400, refusal(400, "", migrate_to_chat_id=-100123)).moved_to == -100123


@pytest.mark.parametrize("value", [None, True, "5", -5, 0, 2**63, [5], {"message_id": "5"}, {"message_id": True}])
def test_a_message_without_a_usable_number_has_none(value: object) -> None:
    found = Outcome(Result.DONE, value if isinstance(value, dict) else {"message_id": value})
    assert found.message_id is None


@given(st.integers(100, 599), st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_nothing_that_comes_back_is_an_exception(status: int, body: bytes) -> None:
    outcome = understand(status, body)
    assert outcome.result in Result
    assert 0 <= outcome.retry_after <= 86_400


@given(st.dictionaries(st.sampled_from(["ok", "result", "error_code", "description", "parameters"]), JSON))
def test_a_refusal_of_any_shape_is_understood(reply: dict[str, object]) -> None:
    assert understand(400, json.dumps(reply).encode()).result in Result


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def served() -> AsyncIterator[Callable[[Answer], Awaitable[Telegram]]]:
    """Starts a server that answers so, and gives a client of it."""
    runners, clients = [], []

    async def serve(answer: Answer) -> Telegram:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        clients.append(Telegram(TOKEN, f"http://127.0.0.1:{runner.addresses[0][1]}"))
        return clients[-1]

    yield serve
    for client in clients:
        await client.close()
    for runner in runners:
        await runner.cleanup()


Served = Callable[[Answer], Awaitable[Telegram]]
HELLO = message(7, "Привет")


async def test_a_call_is_json_under_the_token(served: Served) -> None:
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.path, request.content_type, await request.json()))
        return web.json_response({"ok": True, "result": {"message_id": 5}})

    outcome = await (await served(answer)).call(HELLO)
    assert outcome.message_id == 5
    assert seen == [(f"/bot{TOKEN}/sendMessage", "application/json", dict(HELLO.params))]


async def test_a_sent_message_without_a_number_is_in_doubt(served: Served) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": True})

    telegram = await served(answer)
    assert (await telegram.call(HELLO)).result is Result.DOUBT
    assert (await telegram.call(message(7, "Привет", edit=5))).result is Result.DONE


async def test_a_connection_that_breaks_is_told_apart_from_a_doubt(served: Served) -> None:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    assert (await (await served(answer)).call(HELLO)).result is Result.BROKEN


async def test_an_answer_cut_short_is_a_connection_that_broke(served: Served) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"ok":true')
        assert request.transport is not None
        request.transport.abort()
        return response

    assert (await (await served(answer)).call(HELLO)).result is Result.BROKEN


async def test_a_server_that_hangs_leaves_a_doubt(served: Served) -> None:
    async def answer(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    assert (await (await served(answer)).call(HELLO, timeout=0.1)).result is Result.DOUBT


async def test_an_answer_that_is_not_http_is_a_connection_that_broke() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"garbage\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    telegram = Telegram(TOKEN, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    outcome = await telegram.call(HELLO)
    await telegram.close()
    server.close()
    assert outcome.result is Result.BROKEN


async def test_where_nobody_listens_nothing_was_carried_out() -> None:
    telegram = Telegram(TOKEN, "http://127.0.0.1:1")
    outcome = await telegram.call(HELLO)
    await telegram.close()
    assert outcome.result is Result.RETRY
    assert TOKEN not in repr(outcome)


async def test_a_redirection_is_not_followed(served: Served) -> None:
    paths = []

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.path)
        raise web.HTTPFound("/elsewhere")

    assert (await (await served(answer)).call(HELLO)).result is Result.RETRY
    assert len(paths) == 1


async def test_words_that_cannot_be_sent_do_not_end_in_an_exception(served: Served) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": {"message_id": len((await request.json())["text"])}})

    assert (await (await served(answer)).call(message(7, "a\ud800b"))).message_id == 3


async def test_trouble_is_told_after_three_failures_in_a_row_and_over_with_the_next_answer(served: Served) -> None:
    answers = iter([502, 502, 200, 401, 401, 401, 200])

    async def answer(request: web.Request) -> web.Response:
        status = next(answers)
        body = {"ok": True, "result": True} if status == 200 else {"ok": False, "error_code": status}
        return web.json_response(body, status=status)

    telegram = await served(answer)
    told = []
    for _ in range(7):
        await telegram.call(Call("getMe"))
        told.append(telegram.trouble)
    assert told == [None, None, None, None, None, "HTTP 401", None]


async def test_a_file_is_uploaded_beside_the_other_parameters(served: Served) -> None:
    seen: list[object] = []

    async def answer(request: web.Request) -> web.Response:
        form = await request.post()
        file = form["photo"]
        assert isinstance(file, web.FileField)
        seen.extend((form["chat_id"], form["caption"], file.filename, file.content_type, file.file.read()))
        return web.json_response({"ok": True, "result": {"message_id": 5}})

    picture = File("nps.png", b"\x89PNG", "image/png")
    call = Call("sendPhoto", {"chat_id": 7, "caption": "NPS по ролям"}, {"photo": picture})
    assert (await (await served(answer)).call(call)).message_id == 5
    assert seen == ["7", "NPS по ролям", "nps.png", "image/png", b"\x89PNG"]
