"""Sweeps: what is due is handed to the sender after the commit, and one that fails holds up no other."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import Clock
from bot.loop import Loop
from bot.loop_rules import loop_rules
from bot.outreach import AT_ONCE, Outreach
from bot.settings import Settings
from handlers.replies import ShowCard
from storage.database import Database, open_database
from surveys.contact import Policy, PulseRule, WaveRule
from surveys.cron import parse_cron
from surveys.ports import Card
from surveys.questionnaire import Questionnaire
from tests.surveys.contact.bench import ANNA, PULSE, RULES, SURVEY, Bench, Shelf, row
from tests.surveys.contact.cases import MOSCOW, event, policy

CROWD = {f"q-{number}": 9000 + number for number in range(AT_ONCE + 20)}
AT_ONCE_RULE = {"ticket.resolved": PulseRule(questionnaire="support_pulse")}


@dataclass(slots=True)
class Post:
    """A sender that keeps what it is given."""

    cards: list[ShowCard] = field(default_factory=list)
    room: int = 1000

    @property
    def spare(self) -> int:
        return self.room - len(self.cards)

    def card(self, card: ShowCard) -> None:
        self.cards.append(card)

    def chats(self) -> set[int]:
        return {card.chat_id for card in self.cards}


class Torn(Shelf):
    """A library in which the version that one interview began in cannot be read."""

    torn = ""

    async def version(self, key: str, version: int) -> Questionnaire:
        if key == self.torn:
            raise ZeroDivisionError
        return await super().version(key, version)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    async with open_database(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def bench(database: Database) -> Bench:
    made = Bench(database, policy(pulses=AT_ONCE_RULE))
    await made.prepare({"p-1": ANNA})
    return made


def outreach(bench: Bench, post: Post, rules: Policy | None = None, library: Shelf | None = None) -> Outreach:
    """From the bench's time on; its own clock goes on by itself."""
    clock = Clock()
    clock.move(bench.now - datetime.now(UTC))
    parts: dict[str, Any] = {
        "database": bench.database,
        "library": library or Torn(PULSE, SURVEY),
        "rules": RULES,
        "policy": rules or bench.policy,
        "clock": clock,
        "sender": post,
    }
    return Outreach(**parts, keep_events=timedelta(days=30), loop=Loop(**parts, loop=loop_rules(Settings())))


async def drawn(bench: Bench, card: ShowCard, message_id: int = 77) -> None:
    async with bench.work() as work:
        shown = Card(chat_id=card.chat_id, message_id=message_id, shown_turn=card.turn)
        await work.uow.interviews.shown({card.interview_id: shown})


async def test_an_event_is_taken_once_and_asked_about_in_the_next_sweep(bench: Bench) -> None:
    post = Post()
    at_work = outreach(bench, post)
    assert await at_work.take(event())
    assert not await at_work.take(event())
    await at_work.sweep()
    await at_work.sweep()
    (card,) = post.cards
    assert (card.chat_id, card.paced, card.below, card.message_id) == (ANNA, True, False, None)
    assert card.trace == event().trace


async def test_a_reminder_comes_below_with_a_friendly_line_and_the_end_in_its_place(bench: Bench) -> None:
    post = Post()
    at_work = outreach(bench, post)
    await at_work.take(event())
    for _ in range(2):
        await at_work.sweep()
    await drawn(bench, post.cards[0])
    at_work.clock.move(timedelta(days=1))
    await at_work.sweep()
    reminder = post.cards[-1]
    assert (reminder.below, reminder.paced, reminder.message_id) == (True, True, 77)
    assert reminder.text.startswith("Напоминаем о себе")
    await drawn(bench, reminder, 78)
    at_work.clock.move(timedelta(days=7))
    await at_work.sweep()
    over = post.cards[-1]
    assert (over.below, over.message_id, over.keyboard, len(post.cards)) == (False, 78, (), 3)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_jumps_an_hour_asks_nobody_twice_and_reminds_nobody_early(hours: int, bench: Bench) -> None:
    post = Post()
    at_work = outreach(bench, post)
    await at_work.take(event())
    await at_work.sweep()
    await drawn(bench, post.cards[0])
    at_work.clock.move(timedelta(hours=hours))
    assert not await at_work.take(event())
    for _ in range(3):
        await at_work.sweep()
    assert len(post.cards) == 1
    at_work.clock.move(timedelta(days=1))
    for _ in range(3):
        await at_work.sweep()
    assert len(post.cards) == 1 + (hours > 0)


async def test_a_sweep_takes_no_more_than_the_sender_has_room_for(bench: Bench) -> None:
    await bench.prepare(CROWD, *[row(name) for name in CROWD])
    post = Post(room=0)
    at_work = outreach(bench, post)
    await at_work.take(event(data={"participants": list(CROWD)}))
    await at_work.sweep()
    assert post.cards == []
    post.room = 5
    await at_work.sweep()
    assert len(post.cards) == 5
    post.room = 1000
    await at_work.sweep()
    assert post.chats() == {ANNA, *CROWD.values()}
    assert len(post.cards) == len(CROWD) + 1


async def test_one_that_cannot_be_asked_is_given_up_and_the_others_are_asked(bench: Bench) -> None:
    at_work = outreach(bench, post := Post())
    await bench.prepare({"p-2": 502, "p-5": 505}, row("p-2"), row("p-5"))
    await at_work.take(event(person="p-2", data={"participants": ["p-1", "p-5"]}))
    await bench.prepare({}, row("p-2", timezone="Nowhere/At_all"))
    for _ in range(3):
        await at_work.sweep()
    assert post.chats() == {ANNA, 505}
    assert await bench.rules("p-2") == ["failed", "asked"]


async def test_an_interview_that_cannot_be_looked_after_waits_a_day_and_the_others_are_reminded(bench: Bench) -> None:
    await bench.prepare({"p-2": 502}, row("p-2"))
    library = Torn(PULSE, SURVEY)
    at_work = outreach(bench, post := Post(), library=library)
    await at_work.take(event(data={"participants": ["p-2"]}))
    for _ in range(2):
        await at_work.sweep()
    for card in post.cards:
        await drawn(bench, card)
    at_work.clock.move(timedelta(days=1))
    library.torn = "support_pulse"
    for _ in range(3):
        await at_work.sweep()
    assert len(post.cards) == 2
    library.torn = ""
    at_work.clock.move(timedelta(days=1))
    await at_work.sweep()
    assert len(post.cards) == 4


async def test_a_wave_starts_by_itself_once_its_time_has_come(bench: Bench) -> None:
    line = "0 12 * * *"
    wave = WaveRule(key="w", questionnaire="relationship", line=line, cron=parse_cron(line), zone=MOSCOW)
    bench.later(minutes=-1)
    at_work = outreach(bench, post := Post(), replace(bench.policy, waves={"w": wave}))
    await at_work.start_waves()
    await at_work.sweep()
    assert post.cards == []
    at_work.clock.move(timedelta(minutes=1))
    for _ in range(2):
        await at_work.sweep()
    assert post.chats() == {ANNA}


async def test_events_are_forgotten_when_they_have_been_kept_long_enough(bench: Bench) -> None:
    at_work = outreach(bench, Post())
    await at_work.take(event())
    await at_work.sweep()
    await at_work.forget()
    assert len(await kept(bench)) == 1
    at_work.clock.move(timedelta(days=30))
    await at_work.forget()
    assert await kept(bench) == []
    assert await bench.rules() == ["asked"]


async def kept(bench: Bench) -> list[dict[str, Any]]:
    async with bench.database.reading() as reading:
        return [record async for record in reading.decisions.events()]
