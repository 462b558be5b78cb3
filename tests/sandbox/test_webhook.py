"""The webhook: posted with the secret, in order for each chat, until it answers 2xx."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot

from sandbox.people import Person
from sandbox.server import Sandbox


@dataclass
class Hook:
    """A bot's webhook that answers as told: a list of statuses, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    inside: int = 0
    crowd: int = 0
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def answer(self, request: web.Request) -> web.Response:
        self.inside += 1
        self.crowd = max(self.crowd, self.inside)
        async with self.arrived:
            self.got.append(await request.json())
            self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
            self.arrived.notify_all()
        await self.open.wait()
        self.inside -= 1
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def texts(self, count: int) -> list[str]:
        async with asyncio.timeout(60), self.arrived:
            await self.arrived.wait_for(lambda: len(self.got) >= count)
        return [update["message"]["text"] for update in self.got]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    hook.open.set()
    app = web.Application()
    app.router.add_post("/telegram", hook.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield hook
    hook.open.set()
    await runner.cleanup()


async def settled(bot: Bot) -> None:
    async with asyncio.timeout(60):
        while (await bot.get_webhook_info()).pending_update_count:
            pass


async def test_an_update_is_posted_with_the_secret(sandbox: Sandbox, bot: Bot, ann: Person, hook: Hook) -> None:
    await bot.set_webhook(hook.url, secret_token="s3cret", allowed_updates=["message"], max_connections=5)
    update_id = await ann.send("привет")
    assert await hook.texts(1) == ["привет"]
    assert (hook.got[0]["update_id"], hook.secrets) == (update_id, ["s3cret"])
    await settled(bot)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == (hook.url, 5, ("message",))
    assert (info.pending_update_count, info.last_error_message) == (0, None)


async def test_updates_that_waited_are_posted_when_the_webhook_is_set(bot: Bot, ann: Person, hook: Hook) -> None:
    await ann.send("до вебхука")
    await bot.set_webhook(hook.url)
    assert await hook.texts(1) == ["до вебхука"]


async def test_anything_but_2xx_is_posted_again_before_the_next(
    sandbox: Sandbox, bot: Bot, ann: Person, hook: Hook
) -> None:
    hook.statuses = [500, 302, 404]
    await bot.set_webhook(hook.url)
    await ann.send("один")
    await ann.send("два")
    assert await hook.texts(5) == ["один", "один", "один", "один", "два"]
    await settled(bot)
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 404 Not Found"


async def test_a_webhook_that_is_down_gets_everything_when_it_is_up(
    sandbox: Sandbox, bot: Bot, ann: Person, hook: Hook
) -> None:
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    await ann.send("есть кто?")
    async with asyncio.timeout(60):
        while not (info := await bot.get_webhook_info()).last_error_message:
            pass
    assert (info.last_error_message, info.pending_update_count) == ("Connection failed: ClientConnectorError", 1)
    await bot.set_webhook(hook.url)
    assert await hook.texts(1) == ["есть кто?"]


async def test_one_chat_waits_for_itself_and_others_do_not(sandbox: Sandbox, bot: Bot, ann: Person, hook: Hook) -> None:
    bob = sandbox.person(1002, "Bob", "en")
    hook.open.clear()
    await bot.set_webhook(hook.url)
    await ann.send("один")
    await ann.send("два")
    await bob.send("one")
    assert sorted(await hook.texts(2)) == ["one", "один"]
    hook.open.set()
    assert (await hook.texts(3))[2] == "два"


async def test_no_more_connections_than_allowed(sandbox: Sandbox, bot: Bot, hook: Hook) -> None:
    """The first two are held; twenty round trips later nobody else has come."""
    hook.open.clear()
    await bot.set_webhook(hook.url, max_connections=2)
    for number in range(6):
        await sandbox.person(2000 + number, "Гость", "ru").send("привет")
    await hook.texts(2)
    for _ in range(20):
        await bot.get_webhook_info()
    hook.open.set()
    await hook.texts(6)
    assert hook.crowd == 2


async def test_an_update_can_be_posted_again(sandbox: Sandbox, bot: Bot, ann: Person, hook: Hook) -> None:
    await bot.set_webhook(hook.url)
    update_id = await ann.send("дважды")
    await hook.texts(1)
    await settled(bot)
    sandbox.redeliver(update_id)
    assert await hook.texts(2) == ["дважды", "дважды"]


async def test_pending_updates_can_be_dropped(bot: Bot, ann: Person) -> None:
    await ann.send("старое")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()
