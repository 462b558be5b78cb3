"""Tokens, paths and the shapes a request body may have."""

import json
from typing import Any

import aiohttp
import pytest

from sandbox.people import Person

TOKEN = "4242:abcDEF-_1"


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        (f"bot{TOKEN}x/getMe", 401, "Unauthorized"),
        ("bot4242/getMe", 404, "Not Found"),
        ("bot4242:я/getMe", 404, "Not Found"),
        (f"bot{TOKEN}/getMoney", 404, "Not Found: method not found"),
        (f"file/bot{TOKEN}/documents/file_1.pdf", 404, "Not Found"),
        (f"file/bot{TOKEN}x/documents/file_1.pdf", 401, "Unauthorized"),
    ],
)
async def test_a_wrong_path_is_refused(base: str, http: Any, path: str, status: int, description: str) -> None:
    async with http.get(f"{base}/{path}") as response:
        assert response.status == status
        assert await response.json() == {"ok": False, "error_code": status, "description": description}


async def test_method_names_are_read_in_any_case(base: str, http: Any) -> None:
    async with http.get(f"{base}/bot{TOKEN}/getme") as response:
        assert (await response.json())["result"]["id"] == 4242


MARKUP = {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}
PARAMS = {"chat_id": 1001, "text": "Да?", "reply_markup": MARKUP}
AS_STRINGS = {"chat_id": "1001", "text": "Да?", "reply_markup": json.dumps(MARKUP)}


def multipart() -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in AS_STRINGS.items():
        form.add_field(name, value)
    return form


@pytest.mark.parametrize(
    "request_body",
    [{"json": PARAMS}, {"json": AS_STRINGS}, {"data": AS_STRINGS}, {"params": AS_STRINGS}, {"data": multipart}],
    ids=["json", "json strings", "urlencoded", "query", "multipart"],
)
async def test_every_body_says_the_same(base: str, http: Any, ann: Person, request_body: dict[str, Any]) -> None:
    body = {how: value() if callable(value) else value for how, value in request_body.items()}
    async with http.post(f"{base}/bot{TOKEN}/sendMessage", **body) as response:
        assert response.status == 200
    assert (ann.messages[-1].text, ann.messages[-1].buttons[0].callback_data) == ("Да?", "y")


@pytest.mark.parametrize("raw", [b"{", b"[]", b"\xff", b"[" * 100_000])
async def test_broken_json_is_a_bad_request(base: str, http: Any, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with http.post(f"{base}/bot{TOKEN}/getMe", data=raw, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["description"] == "Bad Request: can't parse request JSON object"


async def test_a_broken_form_is_a_bad_request(base: str, http: Any) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    async with http.post(f"{base}/bot{TOKEN}/getMe", data=b"--x", headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["description"] == "Bad Request: can't parse the form of the request"
