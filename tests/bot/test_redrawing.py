"""Cards that are taken over: of a replica that was silent for a while, its own among them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.service import Service
from sandbox.server import Sandbox
from surveys.ports import OpenInterview
from tests.bot.house import TOKEN, Guest, House, stored


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN)
    async with sandbox.running() as address:
        yield House(tmp_path, sandbox, address, sqlite_url)


async def silent_for_too_long(service: Service, house: House) -> None:
    """What this replica had is nobody's; storage does not know where the card is that it has drawn."""
    await asyncio.to_thread(let_go, house.home / "otklik.db")
    service.sender.forget()
    await service.redrawing.take_over()
    await service.sender.idle()


@pytest.mark.parametrize(("known", "cards"), [(True, 1), (False, 2)], ids=["told of", "not told of"])
async def test_a_card_that_was_drawn_here_and_is_not_stored_yet_is_not_drawn_again(
    known: bool, cards: int, house: House
) -> None:
    [guest] = await house.settle(1)
    async with house.serving() as service:
        await guest.begin()
        drawn = await stored_card(service, guest)
        if known:
            service.outcomes.shown[drawn.interview.id] = drawn.card
        await silent_for_too_long(service, house)
        assert len(guest.cards) == cards


def let_go(database: Path) -> None:
    with closing(sqlite3.connect(database, timeout=60)) as other, other:
        other.execute("UPDATE interview SET drawer = NULL, shown_turn = -1, message_id = NULL")


async def stored_card(service: Service, guest: Guest) -> OpenInterview:
    """The interview once storage knows where its card stands."""
    opened = None
    async with asyncio.timeout(60):
        while opened is None or opened.card.message_id is None:
            await asyncio.sleep(0.01)
            opened = await stored(service.database, guest.id)
    return opened
