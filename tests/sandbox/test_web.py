"""The doors of the page: what they give, and to whom they are shut."""

import json
from typing import Any

import pytest

from sandbox.people import Person
from sandbox.web import FILES

PAGE = {path.name: path.read_bytes() for path in FILES.iterdir()}


async def test_the_page_runs_nothing_but_its_own_files(base: str, http: Any) -> None:
    async with http.get(base) as response:
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "https://" not in text.replace("https://www.w3.org", "")


@pytest.mark.parametrize(("name", "content"), sorted(PAGE.items()), ids=sorted(PAGE))
async def test_every_file_of_the_page_is_served(base: str, http: Any, name: str, content: bytes) -> None:
    async with http.get(f"{base}/page/{name}") as response:
        assert (response.status, await response.read()) == (200, content)


@pytest.mark.parametrize("name", ["..%2fweb.py", "web.py", "%2e%2e/web.py"])
async def test_no_other_file_is_served(base: str, http: Any, name: str) -> None:
    async with http.get(f"{base}/page/{name}") as response:
        assert response.status == 404


async def test_another_site_cannot_reach_the_page(base: str, http: Any, ann: Person) -> None:
    """Neither under a name of its own that leads here, nor with a form, which a browser sends without asking."""
    async with http.get(f"{base}/api/state", headers={"Host": "evil.example"}) as response:
        assert response.status == 403
    async with http.post(f"{base}/api/chats/1001/send", data={"text": "/stop"}) as response:
        assert response.status == 415
    assert [seen.text for seen in ann.messages] == ["/start"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("chats/5/send", {"text": "привет"}, 404),
        ("chats/me/send", {"text": "привет"}, 404),
        ("chats/1001/dance", {}, 404),
        ("chats/1001/send", {}, 422),
        ("chats/1001/send", [], 422),
        ("chats/1001/press", {"message": 1, "data": "нет такой"}, 422),
        ("chats/1001/file", {"name": "a", "type": "", "data": "не base64"}, 422),
        ("clock", {"seconds": 60}, 404),
        ("report", {}, 404),
    ],
)
async def test_a_wrong_request_is_refused(
    base: str, http: Any, ann: Person, path: str, body: object, status: int
) -> None:
    async with http.post(f"{base}/api/{path}", json=body) as response:
        assert response.status == status


async def test_without_hooks_the_people_of_the_sandbox_are_listed(base: str, http: Any, ann: Person) -> None:
    async with http.get(f"{base}/api/state") as response:
        state = await response.json()
    assert [(line["id"], line["name"], line["last"]["text"]) for line in state["people"]] == [(1001, "Анна", "/start")]
    assert (state["clock"], state["form"], state["movable"]) == (None, None, False)


async def test_changes_are_streamed_with_the_message(base: str, http: Any, call: Any, ann: Person) -> None:
    async with http.get(f"{base}/api/events") as response:
        assert response.content_type == "text/event-stream"
        assert await response.content.readuntil(b"\n\n") == b"retry: 1000\n\n"
        await call("sendMessage", chat_id=1001, text="<b>Привет</b>", parse_mode="HTML")
        line = await response.content.readuntil(b"\n\n")
    event = json.loads(line.removeprefix(b"data: "))
    assert (event["kind"], event["chat_id"], event["message"]["text"]) == ("message", 1001, "Привет")
    assert event["message"]["entities"] == [{"type": "bold", "offset": 0, "length": 6}]


async def test_a_document_is_downloaded_and_never_opened(base: str, http: Any, ann: Person) -> None:
    await ann.send_document("стр.html", b"<script>alert(1)</script>")
    async with http.get(f"{base}/api/files/document-1") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%D1%81")
    async with http.get(f"{base}/api/files/document-2") as response:
        assert response.status == 404
