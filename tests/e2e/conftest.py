"""A Bot API server on the loopback, and Otklik beside it."""

import random
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.e2e.canaries import betrayed
from tests.e2e.otklik import ADMIN, TOKEN, Otklik

PORTS = 20_000, 32_000

collect_ignore = ["warm.py"]  # importing it is work


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[Sandbox, str]]:
    sandbox = Sandbox(token=TOKEN, username="otklik_sandbox_bot")
    async with sandbox.running() as api_base:
        sandbox.person(ADMIN, "Admin", "en")
        yield sandbox, api_base


@pytest.fixture
def sandbox(telegram: tuple[Sandbox, str]) -> Sandbox:
    return telegram[0]


@pytest.fixture
async def otklik(telegram: tuple[Sandbox, str], tmp_path: Path) -> AsyncIterator[Otklik]:
    """Configured, on SQLite, not started. Whatever happens in a test, its log holds no names, words or tokens."""
    made = Otklik(tmp_path, telegram[1], f"sqlite+aiosqlite:///{tmp_path}/otklik.db", http_port=free_port())
    made.prepare()
    yield made
    if made.process is not None:
        await made.end(9)
    assert betrayed(tmp_path, telegram[0], TOKEN) == set()


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """The same whims in every run of a test."""
    return random.Random(request.node.nodeid)


def free_port() -> int:
    """Below those that the system hands out by itself: between this and its use nobody else gets it."""
    while True:
        port = random.SystemRandom().randrange(*PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
