"""A service that is killed again and again while people answer it and a helpdesk reports to it."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.process import BaseProcess

from bot.library import read_catalogue
from bot.settings import load_settings
from storage.database import open_database
from tests.bot.house import Guest, House
from tests.chaos.life import Birth, Death, live
from tests.chaos.model import NOT_DONE, Books, Copies, Said, faults, too_early
from tests.chaos.people import Asked, Helpdesk
from tests.e2e.forked import FORKS
from tests.e2e.respondents import Respondent

AT_ONCE = 3  # people who answer at the same time, and as many who are asked
STRANGERS = 2
PAUSE = 0.1  # seconds between two requests
MOST_CALLS = 16  # whoever has not reached their point by then is killed from outside
MOMENT = 0.01
PATIENCE = 600.0  # seconds; on a busy machine a person may have to wait for many lives
ANY_MOMENT = "at any moment"
ITEMS = ("recommend", "words", "usable", "stable", "fast", "last_words")
EDGES = {
    "polling": {"getMe": 1, "getUpdates": 5},
    "webhook": {"setWebhook": 1, "/telegram": 4},
    "both": {"commit": 8, "sendMessage": 3, "editMessageText": 4, "answerCallbackQuery": 4, "/v1/events": 4},
}
"""Where the service meets the database, Telegram and the helpdesk, and how often it may pass there before it dies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What it came to. `found`: all that was lost, doubled, or got stuck; `deaths`: by the point they happened at."""

    kills: int
    people: int
    answers: int
    events: int
    updates: int
    copies: int
    deaths: Mapping[str, int]
    found: Sequence[str]


@dataclass(slots=True)
class Siege:
    """`mode`: how the service takes updates; `port`: of its HTTP doors."""

    house: House
    books: Books
    rng: random.Random
    mode: str
    port: int
    birth: Birth = field(init=False)
    copies: Copies = field(default_factory=Copies)
    deaths: Counter[str] = field(default_factory=Counter)
    said: list[Said] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    over: bool = False
    _calls: int = 0
    _numbers: Iterator[int] = field(default_factory=count)

    async def laid(self, kills: int) -> Toll:
        """Kills so many times, then lets everybody finish."""
        people = 2 * AT_ONCE + kills
        guests = await self.house.settle(2 * people)
        self.birth = self._begin()
        asked = guests[people:]
        await self._acquaint(asked)
        helpdesk = Helpdesk(f"http://127.0.0.1:{self.port}", self.rng)
        crowd = asyncio.gather(
            self._each(guests[:people], self._answer),
            self._each(asked, lambda guest: self._visit(guest, helpdesk)),
            *(self._strangers(helpdesk) for _ in range(STRANGERS)),
        )
        for _ in range(kills):
            await self._live_and_die()
        self.over = True
        async with self._life(None):
            await crowd
            stuck = await self._stuck()
        found = await faults(self.books, self.house.sandbox, self.said, helpdesk.acknowledged)
        forgotten = [f"event forgotten: {key}" for key in helpdesk.forgotten]
        return Toll(
            kills=self.deaths.total(),
            people=len({key for key, _, _ in self.said}),
            answers=len(self.said),
            events=len(helpdesk.acknowledged),
            updates=len(self.house.sandbox.world.inbox.history),
            copies=self.copies.extra,
            deaths=dict(self.deaths),
            found=[*self.early, *stuck, *found, *forgotten, *self.copies.wrong(self.house.sandbox)],
        )

    async def _acquaint(self, guests: Sequence[Guest]) -> None:
        """The bot may write to these people."""
        async with open_database(self.house.database_url) as database, database.unit_of_work() as uow:
            for guest in guests:
                (person,) = await uow.people.find(guest.external_id)
                await uow.people.bind(person.id, guest.id)
            await uow.commit()

    async def _each(self, guests: Sequence[Guest], does: Callable[[Guest], Awaitable[None]]) -> None:
        """One after another comes in, a few at a time, until it is over."""
        waiting = iter(guests)

        async def come() -> None:
            while not self.over:
                await does(next(waiting))

        await asyncio.gather(*(come() for _ in range(AT_ONCE)))

    async def _answer(self, guest: Guest) -> None:
        one = Respondent(guest.person, "key_user", random.Random(self.rng.random()), patience=PATIENCE)
        await one.answer(guest.token)
        scores = {ITEMS[number - 1]: score for (number, _), score in one.scores.items()}
        words = {ITEMS[number - 1]: words for number, words in one.words.items()}
        self.said += [(guest.external_id, item, value) for item, value in {**scores, **words}.items()]

    async def _visit(self, guest: Guest, helpdesk: Helpdesk) -> None:
        await guest.person.send("/help")
        one = Asked(guest.person, guest.external_id, random.Random(self.rng.random()), PATIENCE)
        await asyncio.gather(helpdesk.report(guest.external_id), one.answer())
        self.said.append((guest.external_id, "support", one.score))

    async def _strangers(self, helpdesk: Helpdesk) -> None:
        """Of whom the directory knows nothing; their requests are resolved one after another."""
        while not self.over:
            await helpdesk.report(f"stranger {next(self._numbers)}")
            await asyncio.sleep(PAUSE)

    async def _live_and_die(self) -> None:
        edges = EDGES["both"] | EDGES[self.mode]
        edge, when = self.rng.choice([*edges, ANY_MOMENT]), self.rng.choice(("before", "after"))
        here, there = FORKS.Pipe(duplex=False)
        death = Death(f"{edge}:{when}", self.rng.randint(1, edges.get(edge, 1)), there)
        with here, there:
            async with self._life(death) as process:
                await self._work(process, self.rng.randint(0, MOST_CALLS) if edge == ANY_MOMENT else MOST_CALLS)
            self.deaths[here.recv() if here.poll() else ANY_MOMENT] += 1

    @asynccontextmanager
    async def _life(self, death: Death | None) -> AsyncIterator[BaseProcess]:
        process = FORKS.Process(target=live, args=(self.birth, death))
        process.start()
        try:
            yield process
        finally:
            process.kill()
            process.join()
            await self._bury(process)

    async def _bury(self, process: BaseProcess) -> None:
        assert process.exitcode == -9, f"ended by itself: {process.exitcode}"
        await self.books.bury()
        await asyncio.sleep(MOMENT)  # what it has called for last may still be carried out
        calls = self.house.sandbox.calls
        done, self._calls = calls[self._calls :], len(calls)
        self.copies.over(done, await self.books.unsettled())
        self.early += too_early(done, await self.books.turns())

    async def _work(self, process: BaseProcess, calls: int) -> None:
        """Waits until it is dead, or has called Telegram so often."""
        for _ in range(round(PATIENCE / MOMENT)):
            if not process.is_alive() or len(self.house.sandbox.calls) > self._calls + calls:
                return
            await asyncio.sleep(MOMENT)

    async def _stuck(self) -> Sequence[str]:
        """What is still to be done after a while in which it should have been."""
        for _ in range(round(PATIENCE / MOMENT)):
            undone = [*await self.books.unsettled(), *await self.books.rows(NOT_DONE)]
            pending = self.house.sandbox.world.inbox.pending
            if not undone and not pending:
                break
            await asyncio.sleep(MOMENT)
        return [f"stuck: {one}" for one in (*undone, *pending)]

    def _begin(self) -> Birth:
        environment = {
            **self.house.environment,
            "OTKLIK_TELEGRAM__MODE": self.mode,
            "OTKLIK_TELEGRAM__WEBHOOK__URL": f"http://127.0.0.1:{self.port}",
            "OTKLIK_TELEGRAM__RATE__PER_SECOND": "1000",
            "OTKLIK_TELEGRAM__RATE__PER_CHAT_PER_SECOND": "1000",
            "OTKLIK_HTTP__PORT": str(self.port),
        }
        settings = load_settings(self.house.home / "house.yaml", environment)
        return Birth(self.house.home, settings, read_catalogue(settings))
