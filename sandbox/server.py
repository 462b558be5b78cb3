"""The sandbox: a Bot API server on the loopback, and the people who use it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from aiohttp import web
from telegram import User
from telegram.constants import FileSizeLimit

from sandbox.api import BotApi
from sandbox.calls import Record
from sandbox.courier import Courier
from sandbox.faults import Faults, Flood
from sandbox.hooks import Hooks
from sandbox.people import Group, Person
from sandbox.rooms import Room
from sandbox.web import Page
from sandbox.world import Clock, World, group_room, private_room

LOOPBACK = "127.0.0.1"
SHUTDOWN_SECONDS = 0.2
FORM_OVERHEAD = 1_000_000


def wall_clock() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """A local Telegram with one bot.

    `clock` gives the aware time that messages carry; `hooks` feed the page. `per_second` and `per_chat` switch
    flood control on: new messages per second, in all and in one chat. `seed` makes probable faults repeatable.
    `webhook_retry` is the pause before an update is posted again, in seconds.
    """

    def __init__(
        self,
        token: str,
        username: str = "otklik_sandbox_bot",
        clock: Clock = wall_clock,
        *,
        name: str = "Otklik",
        hooks: Hooks | None = None,
        per_second: int = 0,
        per_chat: int = 0,
        seed: int = 0,
        webhook_retry: float = 1.0,
    ) -> None:
        bot = User(int(token.partition(":")[0]), name, is_bot=True, username=username)
        self.world = World(bot, clock)
        self.faults = Faults(seed)
        self.courier = Courier(self.world.inbox, clock, webhook_retry)
        self.api = BotApi(self.world, self.courier, token, self.faults, Flood(per_second, per_chat, time.monotonic))
        self.people: dict[int, Person] = {}
        self.page = Page(self, hooks or Hooks())

    @property
    def calls(self) -> list[Record]:
        """Every call of the bot but getUpdates, in the order it was answered."""
        return self.api.calls

    def chat(self, chat_id: int) -> Room:
        """A chat with the messages present in it. Raises KeyError for an unknown one."""
        return self.world.rooms[chat_id]

    def person(self, user_id: int, first_name: str, language_code: str, username: str | None = None) -> Person:
        """The person with this id, made on the first call; the bot does not know them until they write."""
        if user_id not in self.people:
            user = User(user_id, first_name, is_bot=False, username=username, language_code=language_code)
            room = self.world.rooms[user_id] = private_room(user)
            self.people[user_id] = Person(self.world, user, room)
        return self.people[user_id]

    def group(self, chat_id: int, title: str) -> Group:
        """A group chat, made on the first call; `chat_id` is negative."""
        if chat_id not in self.world.rooms:
            self.world.rooms[chat_id] = group_room(chat_id, title)
        return Group(self.world, self.world.rooms[chat_id])

    def redeliver(self, update_id: int) -> None:
        """Delivers an update once more, confirmed or not. Raises KeyError for an unknown id."""
        self.world.inbox.put_again(update_id)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=FileSizeLimit.FILESIZE_UPLOAD + FORM_OVERHEAD)
        app.router.add_route("GET", "/bot{token}/{method}", self.api.answer)
        app.router.add_route("POST", "/bot{token}/{method}", self.api.answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self.api.download)
        self.page.add_to(app)
        return app

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[str]:
        """Serves on the loopback; gives the base address, such as http://127.0.0.1:8081. Port 0 takes a free one."""
        runner = web.AppRunner(
            self.application(), access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS
        )
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, port)
        courier = asyncio.create_task(self.courier.run())
        try:
            await site.start()
            yield site.name if port else f"http://{LOOPBACK}:{runner.addresses[0][1]}"
        finally:
            courier.cancel()
            with suppress(asyncio.CancelledError):
                await courier
            await runner.cleanup()
