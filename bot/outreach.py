"""Contact at work: events taken in, questions asked when they are due, reminders, ends, waves."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

import structlog

from bot.clock import Clock
from bot.console import place
from bot.ids import new_id, new_token
from bot.loop import Loop
from bot.meters import SWEEP_FAILURES
from bot.sender import Sender
from handlers.cards import show
from handlers.notices import sentence
from storage.database import Database
from storage.due import Chore
from storage.errors import StorageUnavailable
from surveys import due, fieldwork, talks
from surveys.answering import Responded
from surveys.contact import Policy
from surveys.fieldwork import Nudged, Step
from surveys.interactions import Interaction
from surveys.ports import Library
from surveys.pulses import take_event
from surveys.rules import Rules
from surveys.trace import traced
from surveys.waves import start_due_wave
from surveys.work import Work

log = structlog.get_logger()

T = TypeVar("T")

AT_ONCE = 10  # people in one transaction: nobody else is answered while it is put together
PORTIONS = 100  # of those who are asked in one sweep; other sweeps wait for it
FORGOTTEN_AT_ONCE = 1000
GREETINGS: Final[Mapping[Step, str]] = {"remind": "reminder", "wake": "woken"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outreach:
    """The use cases of contact with everything they need. `keep_events`: how long raw events are kept."""

    database: Database
    library: Library
    rules: Rules
    policy: Policy
    clock: Clock
    sender: Sender
    keep_events: timedelta
    loop: Loop

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A transaction, committed unless something goes wrong in it."""
        async with self.database.unit_of_work() as uow:
            yield Work(uow=uow, library=self.library, rules=self.rules, policy=self.policy, now=self.clock.now())
            to_draw = await self.loop.heeded(uow)
            await uow.commit()
        for one in to_draw:
            self.sender.card(one)

    async def take(self, event: Interaction) -> bool:
        """Takes an event in; returns after the commit. False: it had been taken before."""
        async with self.work() as work:
            return (await take_event(work, event)).fresh

    async def sweep(self) -> None:
        """Does what is due."""
        async with self.database.reading() as reading:
            waiting = await reading.due.at(self.clock.now())
        for chore, do in CHORES.items():
            if chore in waiting:
                await do(self)

    async def start_waves(self) -> None:
        """Starts the waves whose time has come, and reckons the next start of those that are new or changed."""
        for rule in self.policy.waves.values():
            async with self.work() as work:
                decided = await start_due_wave(work, rule)
            if decided:
                log.info("wave started", wave=rule.key, decisions=len(decided))

    async def ask(self) -> None:
        """Asks those whose time has come, a few at a time: others are answered in between."""
        for _ in range(PORTIONS):
            portion = await self._some(self._ask, due.give_up)
            for asked in portion:
                with traced(asked.trace):
                    self.sender.card(show(asked.opened, asked.questionnaire, self.rules, paced=True))
            if not portion:
                return

    async def look_after(self) -> None:
        """Reminds of what is open, and closes what is over."""
        for nudged in await self._some(self._look_after, fieldwork.give_up):
            opened, said = nudged.responded.opened, GREETINGS.get(nudged.step)
            greeting = sentence(said, opened.interview.language) if said else ""
            questionnaire = nudged.responded.questionnaire
            below = said is not None
            self.sender.card(show(opened, questionnaire, self.rules, below=below, paced=True, greeting=greeting))

    async def expire(self) -> None:
        """Closes invitations that nobody opened."""
        async with self.work() as work:
            await work.uow.fieldwork.expire(work.now, FORGOTTEN_AT_ONCE)

    async def withdraw(self) -> None:
        """Ends the talks with which their interviewers may not go on."""
        async with self.database.reading() as reading:
            lost = await reading.withdrawn_talks.of(self.rules.access)
        for interview_id, person_id in lost:
            async with self.work() as work:
                await work.uow.people.lock([person_id])
                ended = await talks.withdraw(work, interview_id)
                mine = await work.uow.interviews.draw([interview_id])
            if ended and mine:
                self.sender.card(show(ended.opened, ended.questionnaire, self.rules))

    async def forget(self) -> None:
        """Removes raw events that have been kept long enough."""
        removed = FORGOTTEN_AT_ONCE
        while removed == FORGOTTEN_AT_ONCE:
            async with self.work() as work:
                removed = await work.uow.interactions.prune(work.now - self.keep_events, FORGOTTEN_AT_ONCE)

    async def _ask(self, at_most: int) -> Sequence[Responded]:
        async with self.work() as work:
            asked = await due.ask_due(work, at_most, new_id, new_token)
            await work.uow.interviews.draw([one.opened.interview.id for one in asked])
            return asked

    async def _look_after(self, at_most: int) -> Sequence[Nudged]:
        async with self.work() as work:
            nudged = await fieldwork.look_after(work, at_most)
            mine = await work.uow.interviews.draw([one.responded.opened.interview.id for one in nudged])
            return [one for one in nudged if one.responded.opened.interview.id in mine]

    async def _some(
        self, do: Callable[[int], Awaitable[Sequence[T]]], give_up: Callable[[Work], Awaitable[None]]
    ) -> Sequence[T]:
        """As many as the sender takes. One that cannot be done is given up, so that it does not hold up the others."""
        room = min(AT_ONCE, self.sender.spare)
        for at_most in (room, 1) if room > 0 else ():
            try:
                return await do(at_most)
            except StorageUnavailable:
                raise
            except Exception as error:
                log.error("sweep failed", people=at_most, error=type(error).__name__, at=place(error))
                SWEEP_FAILURES.labels("outreach").inc()
        if room > 0:
            async with self.work() as work:
                await give_up(work)
        return ()


CHORES: Final[Mapping[Chore, Callable[[Outreach], Awaitable[None]]]] = {
    "interview": Outreach.look_after,
    "invitation": Outreach.expire,
    "wave": Outreach.start_waves,
    "ask": Outreach.ask,
}
"""What is done about what is due. What is over is closed first: an open interview keeps others from being asked."""
