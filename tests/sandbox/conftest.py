import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from PIL import Image
from telegram import Bot
from telegram.request import HTTPXRequest

from sandbox.people import Person
from sandbox.server import Sandbox

TOKEN = "4242:abcDEF-_1"
Post = Callable[..., Awaitable[tuple[int, dict[str, object]]]]


@dataclass(slots=True)
class MovableClock:
    now: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def sandbox(clock: MovableClock) -> Sandbox:
    return Sandbox(TOKEN, clock=clock, webhook_retry=0.01)


@pytest.fixture
async def base(sandbox: Sandbox) -> AsyncIterator[str]:
    async with sandbox.running() as address:
        yield address


@pytest.fixture
async def bot(base: str) -> AsyncIterator[Bot]:
    """A client that shares nothing with the bot under test."""
    calling, polling = (HTTPXRequest(4, httpx_kwargs={"trust_env": False}) for _ in range(2))
    async with Bot(TOKEN, f"{base}/bot", f"{base}/file/bot", request=calling, get_updates_request=polling) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(base: str, http: aiohttp.ClientSession) -> Post:
    """A call without a library: what a client sends when it is wrong."""

    async def post(method: str, **params: object) -> tuple[int, dict[str, object]]:
        async with http.post(f"{base}/bot{TOKEN}/{method}", json=params) as response:
            return response.status, await response.json()

    return post


@pytest.fixture
async def ann(sandbox: Sandbox, base: str) -> Person:
    """Someone who has started the bot; that update is confirmed already."""
    person = sandbox.person(1001, "Анна", "ru", "ann")
    update_id = await person.send("/start")
    sandbox.world.inbox.confirm(update_id + 1)
    return person


@pytest.fixture(scope="session")
def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 400), (44, 110, 180)).save(buffer, "PNG")
    return buffer.getvalue()
