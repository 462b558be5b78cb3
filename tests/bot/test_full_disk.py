"""A disk without room: nothing is acknowledged, nothing is lost, and work goes on once there is room again."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.state import ill
from storage.errors import StorageUnavailable
from surveys.interactions import Interaction
from tests.bot.conversations.conftest import house
from tests.bot.house import House

__all__ = ["house"]
LONG = "слово " * 600  # takes pages of its own


@contextmanager
def full(home: Path) -> Iterator[None]:
    """No file of this process grows beyond what the log of the database has come to."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((home / "otklik.db-wal").stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def told(capsys: pytest.CaptureFixture[str], words: str) -> None:
    log = ""
    async with asyncio.timeout(60):
        while words not in log:
            await asyncio.sleep(0.05)
            log += "".join(capsys.readouterr())


def resolved() -> Interaction:
    return Interaction(
        source="helpdesk", id="e1", type="ticket.resolved", occurred_at=datetime.now(UTC), data={"words": LONG}
    )


async def test_words_that_find_no_room_are_not_acknowledged_and_count_once_there_is_room(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [guest] = await house.settle(1)
    async with house.serving() as service:
        await guest.begin()
        await guest.press("Agree and start", "Would you recommend us?")
        await guest.press("9", "What should be better?")
        with full(tmp_path):
            said = await guest.person.send(LONG)
            await told(capsys, "database out of reach")
            with pytest.raises(StorageUnavailable, match="disk"):
                await service.outreach.take(resolved())
            assert said in house.sandbox.world.inbox.pending
            assert (await ill(service)).keys() == {"database"}
        await guest.sees("Is it usable?")
        assert await ill(service) == {}
        assert await service.outreach.take(resolved())
        assert said not in house.sandbox.world.inbox.pending
    assert [words for _, item, words in await house.answers() if item == "words"] == [LONG.strip()]
