"""A tap on a card takes a way of its own: it leads where the ordinary way leads."""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

import bot.service
from bot.clock import Clock
from bot.service import build
from handlers.replies import Reply, ShowCard
from handlers.taps import tap_of
from storage.database import open_database
from surveys.ports import Delivery
from tests.bot.house import ADMIN, House
from tests.handlers.hall import PEOPLE, STRANGER, Hall, gather, pressed, said

WORDS = ("9", "Too slow", "/start", "/stop", "/language", "<b>{vendor}</b>")
UNLIKE_A_TAP: Sequence[Mapping[str, object]] = (
    {"message": None},
    {"data": "l.ru"},
    {"data": None, "game_short_name": "x"},
    {"from": {"id": 7, "is_bot": False, "first_name": "Sample"}},
    {"from": {"id": ADMIN, "is_bot": True, "first_name": "Sample"}},
    {"message": {"message_id": 5, "date": 1, "chat": {"id": -1, "type": "group"}}},
    {"id": 77},
)


@dataclass(slots=True)
class Steady(Clock):
    """Goes on when it is told to: what is done twice is done at the same moment."""

    at: datetime = datetime(2026, 6, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at + self.moved


@dataclass(slots=True)
class Town:
    """Whims of many people. `seen`: person -> every button they have ever been shown."""

    rng: Random
    seen: dict[int, list[str]] = field(default_factory=dict)

    def notice(self, replies: Sequence[Reply]) -> None:
        for reply in replies:
            if isinstance(reply, ShowCard):
                shown = [str(one["callback_data"]) for row in reply.keyboard for one in row]
                self.seen.setdefault(reply.chat_id, []).extend(shown)

    def update(self, number: int) -> dict[str, object]:
        """Mostly a button of the newest card; at times an old one, somebody else's, or words."""
        who = self.rng.choice([*PEOPLE.values(), *3 * [one for one in self.seen if one != ADMIN]])
        theirs = self.seen.get(who, [])
        whim = self.rng.random()
        if not theirs or whim < 0.1:
            content = said(who, text=self.rng.choice(WORDS))
        elif whim < 0.15:
            content = pressed(who, self.rng.choice([one for all_of in self.seen.values() for one in all_of]))
        else:
            content = pressed(who, self.rng.choice(theirs[-8:] if whim < 0.8 else theirs))
        return {"update_id": number, **content}


def rows(path: Path) -> list[str]:
    """Everything in the database."""
    with sqlite3.connect(path) as connection:
        return list(connection.iterdump())


@asynccontextmanager
async def at(path: Path, house: House, clock: Clock) -> AsyncIterator[Hall]:
    async with open_database(f"sqlite+aiosqlite:///{path}", worker="this worker") as database:
        service = await build(house.settings, database, clock)
        yield Hall(service)
        await service.telegram.close()


async def taken(hall: Hall, update: Mapping[str, object]) -> tuple[Sequence[Reply], Sequence[Delivery]]:
    async with hall.service.database.unit_of_work() as uow:
        replies = await hall.service.handle(uow, update)
        await uow.commit()
        return replies, uow.handed_over


@pytest.mark.parametrize("seed", range(3))
async def test_both_ways_give_the_same_replies_and_the_same_rows(
    seed: int, house: House, tokens: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, town, short = Steady(), Town(Random(seed)), 0
    ours, theirs = (tmp_path / name for name in ("taps.db", "ordinary.db"))
    first = Path(house.database_url.partition("///")[2])
    async with at(first, house, clock) as hall:
        await gather(hall.service, tokens)
        for person in PEOPLE.values():
            town.notice((await taken(hall, {"update_id": person, **said(person, text="/start")}))[0])
    for copy in (ours, theirs):
        with sqlite3.connect(first) as source, sqlite3.connect(copy) as target:
            source.backup(target)
    async with at(ours, house, clock) as quick, at(theirs, house, clock) as ordinary:
        for number in range(100):
            clock.move(timedelta(minutes=1))
            update = town.update(number)
            short += tap_of(update) is not None
            monkeypatch.setattr(bot.service, "tap_of", tap_of)
            mine = await taken(quick, update)
            monkeypatch.setattr(bot.service, "tap_of", lambda update: None)
            assert mine == await taken(ordinary, update), update
            town.notice(mine[0])
    assert rows(ours) == rows(theirs)
    assert short > 40


@pytest.mark.parametrize("odd", UNLIKE_A_TAP)
def test_what_is_no_plain_tap_on_a_card_goes_the_ordinary_way(odd: Mapping[str, object]) -> None:
    tap = pressed(STRANGER, "i.Zx3.12.score7")["callback_query"]
    assert isinstance(tap, dict)
    assert tap_of({"update_id": 1, "callback_query": tap}) is not None
    assert tap_of({"update_id": 1, "callback_query": tap | odd}) is None
    assert tap_of({"update_id": 1, "callback_query": tap, "message": None}) is None
