"""The whole service among its people for years that pass in minutes: some hours, what is due, what people do, again."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from unittest.mock import patch

import aiohttp

from bot import drawing
from bot import running as at_work
from bot.clock import Clock
from bot.ids import new_token
from bot.rounds import Rounds
from bot.scheduler import Sweep
from bot.service import Service, build
from bot.settings import Settings, load_settings
from bot.telegram import Telegram
from handlers.buttons import CardButton, read
from storage.database import Database, open_database
from storage.due import Due
from surveys.directory import DirectoryRow
from surveys.invitations import issue
from tests.e2e.conftest import free_port
from tests.e2e.test_events import ACCEPTED, DUPLICATE, SECRETS
from tests.intake.bench import Door
from tests.soak.growth import Sample, sample
from tests.soak.street import KEPT, LANGUAGES, MOMENT, PATIENCE, ROLES
from tests.soak.town import COMMANDS, ONWARD, PASSED_ON, SATISFIED, Resident, Town, Update

STAFF, FIRST = (1001, 1002, 1003, 1004), 70_000
BATCH = 120  # people who come at once when everybody does
TURNS, REPORTED = 0.3, 0.06  # of the people: how many have a turn in a step of time, and a request that is resolved
STEP = timedelta(hours=4)
LITTLE = {"outreach": Due.at, "loop": Due.case}  # sweeps that take a little each time, and what tells that some is left
KNOWN = 1_000  # cards whose place is remembered: as many as there may be are there long before the second half
TOKEN = "4242:sandbox"
AGAIN, AWAY, BACK, OTHERWISE, REMARK = 0.02, 0.002, 0.2, 0.04, 0.05  # chances, for each turn of a resident
CONFIG = """
vendor: {name: Sample Vendor, language: ru, languages: [ru, en, uk], timezone: Europe/Moscow}
access: {admins: [1001, 1002, 1003, 1004]}
contact: {quiet_hours: null, weekends: true, pulse_rest: 2d, relationship_rest: 30d, yearly_minutes_per_person: null}
retention: {events: 60d, messages: 14d}
waves: [{key: quarterly, questionnaire: relationship, cron: "0 10 1 */2 *"}]
"""


@dataclass(slots=True)
class Years:
    """`home`: an empty database is there. `inhabitants`: people who are asked. `tell` is called after every sample.

    `reported`: events that were taken.
    """

    home: Path
    rng: random.Random
    inhabitants: int
    tell: Callable[["Years"], None] = lambda _: None
    clock: Clock = field(default_factory=Clock)
    town: Town = field(init=False)
    service: Service = field(init=False)
    samples: list[Sample] = field(default_factory=list)
    reported: int = 0
    began: float = field(default_factory=time.time)
    _sweeps: dict[Sweep, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = (*STAFF, *range(FIRST, FIRST + self.inhabitants))
        whims = {number: random.Random(self.rng.random()) for number in numbers}
        self.town = Town({number: Resident(number, whim) for number, whim in whims.items()}, self.clock)

    @property
    def settings(self) -> Settings:
        (self.home / "years.yaml").write_text(CONFIG, encoding="utf-8")
        environment = {
            **SECRETS,
            "OTKLIK_TELEGRAM__TOKEN": TOKEN,
            "OTKLIK_TELEGRAM__MODE": "webhook",
            "OTKLIK_TELEGRAM__WEBHOOK__URL": "https://example.org/telegram",
            "OTKLIK_TELEGRAM__RATE__PER_SECOND": "1000",
            "OTKLIK_TELEGRAM__RATE__PER_CHAT_PER_SECOND": "1000",
            "OTKLIK_DATABASE__URL": f"sqlite+aiosqlite:///{self.home / 'otklik.db'}",
            "OTKLIK_HTTP__PORT": str(free_port()),
        }
        return load_settings(self.home / "years.yaml", environment)

    @property
    def people(self) -> Sequence[Resident]:
        """Those who are asked."""
        return [one for number, one in self.town.residents.items() if number not in STAFF]

    @property
    def staff(self) -> Sequence[Resident]:
        """Those who work on cases."""
        return [self.town.residents[number] for number in STAFF]

    async def pass_by(self, signals: int, every: int, minutes: float = inf) -> None:
        """Until there have been so many, or so much real time is over; a sample is taken after `every` of them."""
        ends = time.monotonic() + 60 * minutes
        async with self._serving() as door:
            await self._settle_in()
            for due in range(every, signals + 1, every):
                while self.town.sent < due and time.monotonic() < ends:
                    await self._hours(door)
                self.samples.append(sample(self.town.sent))
                self.tell(self)
                if time.monotonic() > ends:
                    break
            await self._go_home()

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[Door]:
        settings = self.settings
        async with open_database(settings.database_url) as database, aiohttp.ClientSession() as http:
            self.service = await build(settings, database, self.clock)
            with (
                patch.object(Telegram, "_exchange", lambda _, call, seconds: self.town.exchange(call, seconds)),
                patch.object(at_work, "scheduling", self._keep),
                patch.object(at_work, "WEBHOOK_CATCHES_UP", 0),
                patch.object(drawing, "KNOWN", KNOWN),
            ):
                async with at_work.running(self.service):
                    yield Door(http, f"http://127.0.0.1:{settings.http.port}")

    def _keep(self, sweeps: Iterable[Sweep], _rounds: Rounds) -> AbstractAsyncContextManager[None]:
        """Instead of a scheduler: they are done when, by the moved clock, they are due."""
        self._sweeps = dict.fromkeys(sweeps, self.clock.now())
        return nullcontext()

    async def _settle_in(self) -> None:
        """Everybody is in the directory, and the bot knows them."""
        await self._bring([self.town.writes(one, "/start") for one in self.staff])
        tokens = await self._invite(self.service.database)
        for some in batches([self.town.writes(one, f"/start {tokens[str(one.id)]}") for one in self.people]):
            await self._bring(some)

    async def _invite(self, database: Database) -> dict[str, str]:
        async with database.unit_of_work() as uow:
            await uow.directory.upsert([row(one.id) for one in self.people])
            held = await uow.directory.stakeholders()
            current = self.service.library.current("relationship")
            issued = await issue(uow, current, held, self.settings.rules(), self.clock.now(), new_token)
            await uow.commit()
        return {one.stakeholder.person.external_id: one.token for one in issued}

    async def _hours(self, door: Door) -> None:
        """Some hours pass."""
        self.clock.move(STEP)
        await self._do_what_is_due()
        await asyncio.gather(*(self._report(door, one) for one in self._some(REPORTED)))
        turns = [*map(self._turn, self._some(TURNS)), *map(self._work, self.staff)]
        await self._bring([update for update in turns if update is not None])

    def _some(self, share: float) -> Sequence[Resident]:
        return self.rng.sample(self.people, round(share * self.inhabitants))

    async def _do_what_is_due(self) -> None:
        now = self.clock.now()
        for sweep in [sweep for sweep, due in self._sweeps.items() if due <= now]:
            self._sweeps[sweep] = now + sweep.every
            await self._wholly(sweep)
        await self._settled()

    async def _wholly(self, sweep: Sweep) -> None:
        """As if it had been done every second of these hours: those that take a little each time leave nothing."""
        await sweep.work()
        for _ in range(PATIENCE):
            if not await self._leaves(sweep):
                return
            await sweep.work()

    async def _leaves(self, sweep: Sweep) -> bool:
        """Whether something is still due of what it takes a little of each time."""
        if sweep.name not in LITTLE:
            return False
        async with self.service.database.reading() as reading:
            return bool(await LITTLE[sweep.name](reading.due, self.clock.now()))

    async def _bring(self, updates: Sequence[Update]) -> None:
        """All at once; each is acknowledged when it is committed."""
        self.town.sent += len(updates)
        await asyncio.gather(*(self.service.take(json.dumps(update).encode()) for update in updates))
        await self._settled()

    async def _settled(self) -> None:
        """Nothing is on its way, and what came of it is committed."""
        for _ in range(PATIENCE):
            await self.service.sender.idle()
            if not (self.service.outcomes or self.service.inbox.depth):
                return
            await asyncio.sleep(MOMENT)
        raise AssertionError("what was sent is not written down")

    def _turn(self, one: Resident) -> Update | None:
        """What somebody does who has the chat with the bot open."""
        chance = one.rng.random()
        if one.blocked:
            return self.town.turns_away(one, away=False) if chance < BACK else None
        if chance < AWAY:
            return self.town.turns_away(one, away=True)
        if chance < AGAIN and one.last is not None and self.clock.now() - one.last_at < KEPT:
            return one.last
        if chance < OTHERWISE:
            return self.town.writes(one, one.rng.choice(COMMANDS))
        return self._answer(one) or self._try(one)

    def _answer(self, one: Resident) -> Update | None:
        """The newest card is answered: by a score, by words, or by what leads on."""
        if one.card is None:
            return None
        message_id, buttons = one.card
        scores = [button for button in buttons if button.score is not None]
        comment = next((button for button in buttons if button.action == "comment"), None)
        if comment is not None:
            return self._press(one, message_id, comment)
        if scores:
            best = max(button.score or 0 for button in scores)
            given = [button for button in scores if (button.score or 0) > best - 2]
            chosen = one.rng.choice(given if one.rng.random() < SATISFIED else scores)
            one.scores[chosen.score or 0] += 1
            return self._press(one, message_id, chosen)
        if any(button.action == "skip" for button in buttons):
            return self._explain(one, message_id, buttons)
        onward = [button for button in buttons if button.action in (*ONWARD, "pick")]
        return self._press(one, message_id, one.rng.choice(onward)) if onward else None

    def _explain(self, one: Resident, message_id: int, buttons: Sequence[CardButton]) -> Update:
        if one.rng.random() < 0.5:
            return self._press(one, message_id, next(button for button in buttons if button.action == "skip"))
        one.words += 1  # beside options as well: they are kept by a button of their own, or at the end
        return self.town.writes(one, f"reason {one.rng.randrange(10**6)}")

    def _press(self, one: Resident, message_id: int, button: CardButton) -> Update:
        data = next(data for data in one.screens[message_id] if read(data) == button)
        return self.town.presses(one, message_id, data)

    def _try(self, one: Resident) -> Update | None:
        """There is no question: another button, if there is any, or a remark."""
        there = [(key, data) for key, held in one.screens.items() for data in held]
        other = [(key, data) for key, data in there if isinstance(read(data), PASSED_ON)]
        if other:
            return self.town.presses(one, *one.rng.choice(other))
        return self.town.writes(one, f"remark {one.rng.randrange(10**6)}") if one.rng.random() < REMARK else None

    def _work(self, one: Resident) -> Update:
        """What the manager does with the cases on the screen; a step may ask for words."""
        there = [(key, data) for key, held in one.screens.items() for data in held]
        pressed = [(key, data) for key, data in there if isinstance(read(data), PASSED_ON)]
        if not pressed or one.rng.random() < 0.1:
            return self.town.writes(one, one.rng.choice(("/cases", "/cases", "done as agreed")))
        return self.town.presses(one, *one.rng.choice(pressed))

    async def _report(self, door: Door, one: Resident) -> None:
        """A request of theirs is resolved; now and then the helpdesk says so twice."""
        now = self.clock.now()
        key = f"{one.id} {now.isoformat()}"
        about = {"account": "Sample", "project": "Sample project", "person": {"external_id": str(one.id)}}
        data = {"ticket": key[-12:], "resolved_at": now.isoformat()}
        event = {"id": key, "type": "ticket.resolved", "occurred_at": now.isoformat(), "data": data, **about}
        self.town.sent += 1
        self.reported += 1
        assert await door.send(event, at=now) == ACCEPTED
        if one.rng.random() < AGAIN:
            self.town.sent += 1
            assert await door.send(event, at=now) == DUPLICATE

    async def _go_home(self) -> None:
        """Everybody lets the bot write again, and what is due then is done."""
        for some in batches([self.town.turns_away(one, away=False) for one in self.people if one.blocked]):
            await self._bring(some)
        await self._do_what_is_due()


def batches(updates: Sequence[Update]) -> Iterator[Sequence[Update]]:
    """A few at a time."""
    for first in range(0, len(updates), BATCH):
        yield updates[first : first + BATCH]


def row(number: int) -> DirectoryRow:
    """One of the directory."""
    return DirectoryRow(
        account="Sample",
        project="Sample project",
        stage="operation",
        person=f"Sample {number}",
        external_id=str(number),
        roles=ROLES[number % len(ROLES)],
        language=LANGUAGES[number % len(LANGUAGES)],
    )
