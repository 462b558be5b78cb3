"""Files people sent come into a directory whole or not at all, and no trouble tells the token."""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiohttp import web

from bot import fetching
from bot.fetching import fetch
from bot.file_names import Wanted, file_name
from bot.telegram import Telegram
from surveys.attachments import LARGEST

TOKEN = "4242:secret"
FOUND = {"ok": True, "result": {"file_id": "f", "file_path": "documents/file 1.pdf"}}
BUSY = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 0.01}}
GONE = {"ok": False, "error_code": 400, "description": "Bad Request: wrong file_id"}


class Server:
    """Says where files are as told in `places`, one after the other, then always the last; and hands out `body`."""

    def __init__(self) -> None:
        self.places: list[Mapping[str, object]] = [FOUND]
        self.body: bytes | None = b"%PDF"
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path == f"/bot{TOKEN}/getFile":
            place = self.places.pop(0) if len(self.places) > 1 else self.places[0]
            return web.Response(body=json.dumps(place))
        return web.Response(status=404) if self.body is None else web.Response(body=self.body)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def telegram(server: Server) -> AsyncIterator[Telegram]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    client = Telegram(TOKEN, f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield client
    await client.close()
    await runner.cleanup()


WANTED = [Wanted("f", "1-a.pdf")]


def left(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_a_file_is_fetched_once(server: Server, telegram: Telegram, tmp_path: Path) -> None:
    assert await fetch(telegram, WANTED, tmp_path) == []
    assert (tmp_path / "1-a.pdf").read_bytes() == b"%PDF"
    assert server.asked == [f"/bot{TOKEN}/getFile", f"/file/bot{TOKEN}/documents/file 1.pdf"]
    server.body = b"changed"
    assert await fetch(telegram, WANTED, tmp_path) == []
    assert (tmp_path / "1-a.pdf").read_bytes() == b"%PDF"
    assert len(server.asked) == 2


async def test_telegram_may_ask_to_wait(server: Server, telegram: Telegram, tmp_path: Path) -> None:
    server.places = [BUSY, BUSY, FOUND]
    assert await fetch(telegram, WANTED, tmp_path) == []
    assert (tmp_path / "1-a.pdf").exists()


@pytest.mark.parametrize(
    ("place", "body", "reason"),
    [
        (GONE, b"", "wrong file_id"),
        ({"ok": True, "result": {"file_id": "f"}}, b"", "does not say where"),
        (FOUND, bytes(LARGEST + 1), "more than Telegram lets a bot fetch"),
        (FOUND, None, "HTTP 404"),
    ],
    ids=["gone", "nowhere", "too large", "no page"],
)
async def test_what_cannot_be_had_is_told_without_the_token_and_leaves_nothing(
    server: Server,
    telegram: Telegram,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: Mapping[str, object],
    body: bytes | None,
    reason: str,
) -> None:
    monkeypatch.setattr(fetching, "TRIES", 1)
    server.places, server.body = [place], body
    [trouble] = await fetch(telegram, WANTED, tmp_path)
    assert trouble.startswith("1-a.pdf: not fetched: ")
    assert reason in trouble
    assert "secret" not in trouble
    assert left(tmp_path) == []


async def test_a_server_out_of_reach_does_not_tell_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TRIES", 1)
    telegram = Telegram(TOKEN, "http://127.0.0.1:1")
    [trouble] = await fetch(telegram, WANTED, tmp_path)
    again = await telegram.download("documents/a.pdf")
    await telegram.close()
    assert "secret" not in trouble + again.description


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "7-etc_passwd"),
        ("..", "7-document"),
        ("C:\\windows\\a.exe", "7-C_windows_a.exe"),
        ("Акт №3 (новый).pdf", "7-Акт_3_новый_.pdf"),
        ("a\x00b\n.txt", "7-a_b_.txt"),
        ("я" * 200 + ".pdf", "7-" + "я" * 60 + ".pdf"),
        ("x." + "y" * 200, "7-x." + "y" * 10),
        (None, "7-document"),
    ],
)
def test_a_name_is_safe_in_any_directory(name: str | None, expected: str) -> None:
    assert file_name(7, "document", name, None) == expected


def test_a_file_without_a_name_is_called_by_what_it_is() -> None:
    assert file_name(1, "sticker", None, "application/x-tgsticker") == "1-sticker.tgs"
    assert file_name(2, "video_note", None, "video/mp4") == "2-video_note.mp4"
