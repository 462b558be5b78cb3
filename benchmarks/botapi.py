"""A Bot API server that costs as little as it can: it hands out updates and takes calls, and checks nothing."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import count
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.faults import Flood

TOKEN = "4242:bench"  # noqa: S105 - known to this server alone
BOT = {"id": 4242, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
BATCH = 100  # as many updates as Telegram gives at once
SEND = "sendMessage"
CARDS = (SEND, "editMessageText")
TOO_MANY = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}

Message = Mapping[str, Any]


class BotApi:
    """One bot's Telegram. A person says or taps something and waits for the card that comes of it.

    `refused`: how many new messages were too many.
    """

    def __init__(self) -> None:
        self.refused = 0
        self.limit(0, 0)
        self.polled = asyncio.Event()  # the bot has asked for updates and is ready to wait for them
        self._unasked: list[float] = []
        self._enough, self._awaited = asyncio.Event(), 0
        self._updates: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._update_ids = count(1)
        self._message_ids = count(1)
        self._expecting: dict[int, asyncio.Future[Message]] = {}
        self._alarms: defaultdict[int, deque[asyncio.Future[Message]]] = defaultdict(deque)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Gives the address."""
        runner = web.ServerRunner(web.Server(self._serve, access_log=None), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield site.name
        finally:
            await runner.cleanup()

    def limit(self, per_second: int, per_chat: int) -> None:
        """So many new messages are taken within any second, and so many of them for one chat; 0: any number."""
        self._flood = Flood(per_second, per_chat, monotonic)

    async def unasked(self, number: int) -> Sequence[float]:
        """Waits for so many messages from now on that nobody waits for; when each came."""
        self._unasked, self._awaited = [], number
        self._enough.clear()
        await self._enough.wait()
        return self._unasked

    async def say(self, person: int, text: str) -> Message:
        """A message to the bot; the card that answers it."""
        command = {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}
        return await self._answered(person, "message", self._message(person, text) | {"from": _user(person)} | command)

    async def tap(self, person: int, card: Message, data: str) -> Message:
        """A button of a card; the card as it is then."""
        number = next(self._message_ids)
        query = {"id": str(number), "from": _user(person), "message": card, "chat_instance": str(person), "data": data}
        return await self._answered(person, "callback_query", query)

    async def alarm(self, person: int, card: Message, data: str, manager: int) -> None:
        """A button of a card, and the new card that somebody else has because of it."""
        expected: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._alarms[manager].append(expected)
        await self.tap(person, card, data)
        await expected

    async def _answered(self, person: int, kind: str, body: Mapping[str, Any]) -> Message:
        expected: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._expecting[person] = expected
        self._updates.append({"update_id": next(self._update_ids), kind: body})
        self._news.set()
        return await expected

    async def _serve(self, request: web.BaseRequest) -> web.Response:
        method = request.path.rpartition("/")[2]
        params = _params(await request.read(), request.content_type)
        result: object = True
        if method == SEND and self._flood.wait(int(params["chat_id"])):
            self.refused += 1
            return web.json_response(TOO_MANY, status=429)
        if method in CARDS:
            result = self._card(params)
        elif method == "getUpdates":
            result = await self._take(int(params.get("offset", 0)), float(params.get("timeout", 0)))
        elif method == "getMe":
            result = BOT
        return web.Response(body=json.dumps({"ok": True, "result": result}), content_type="application/json")

    def _card(self, params: Mapping[str, Any]) -> Message:
        """Telegram answers with the whole message; the least a client can read is answered here."""
        person = int(params["chat_id"])
        card = self._message(person, params["text"], params.get("message_id")) | {"from": BOT}
        markup = params.get("reply_markup")
        whole = card | ({"reply_markup": json.loads(markup) if isinstance(markup, str) else markup} if markup else {})
        if expected := self._expecting.pop(person, None):
            expected.set_result(whole)
        elif self._alarms[person]:
            self._alarms[person].popleft().set_result(whole)
        else:
            self._note()
        return {key: card[key] for key in ("message_id", "date", "chat")}

    def _note(self) -> None:
        self._unasked.append(monotonic())
        if len(self._unasked) == self._awaited:
            self._enough.set()

    async def _take(self, offset: int, patience: float) -> list[dict[str, Any]]:
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if patience:
            self.polled.set()
        if not self._updates and patience:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), patience)
            except TimeoutError:
                return []
        return self._updates[:BATCH]

    def _message(self, person: int, text: str, message_id: int | None = None) -> dict[str, Any]:
        number = next(self._message_ids) if message_id is None else int(message_id)
        chat = {"id": person, "type": "private", "first_name": f"Sample {person}"}
        return {"message_id": number, "date": 1_790_000_000, "chat": chat, "text": text}


def _user(person: int) -> Message:
    return {"id": person, "is_bot": False, "first_name": f"Sample {person}", "language_code": "ru"}


def _params(body: bytes, content_type: str) -> Mapping[str, Any]:
    """aiogram sends a form, Otklik JSON."""
    if content_type == "application/json":
        return dict(json.loads(body))
    return dict(parse_qsl(body.decode()))
