"""The service and its people, one step at a time: nothing moves between two steps but what the step set going."""

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from bot.clock import Clock
from bot.ids import new_token
from bot.running import running
from bot.service import Service, build
from bot.settings import Settings, load_settings
from bot.sweeps import send_due
from handlers.buttons import CardButton, read
from sandbox.people import Person
from sandbox.rooms import Bubble, Standing
from sandbox.server import Sandbox
from storage.answers import unpacked
from storage.database import Database, open_database
from storage.engines import make_engines
from storage.tables import answer, dead_letter, interview
from surveys.directory import DirectoryRow
from surveys.interview import Answer
from surveys.invitations import issue

T = TypeVar("T")

TOKEN = "4242:sandbox"
FIRST = 80_000
ROLES = (("key_user",), ("senior_it", "project_office"))
LANGUAGES = ("ru", "en", "uk")
QUESTIONNAIRES = ("relationship", "lost_client", "support_pulse")
CONFIG = """
vendor: {name: Sample Vendor, language: ru, languages: [ru, en, uk], timezone: Europe/Moscow}
access: {admins: [1001]}
contact: {quiet_hours: null, weekends: true, expire_after: 30d}
"""
HARMLESS = ("message is not modified", "bot was blocked by the user", "user is deactivated")
CHAIN = 4
MOMENT, PATIENCE = 0.01, 1000


@dataclass(slots=True)
class Guest:
    """A person with invitations, and every button they ever saw."""

    person: Person
    tokens: Mapping[str, str]
    buttons: dict[tuple[int, str], None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    has_blocked: bool = False

    @property
    def screen(self) -> Sequence[tuple[int, str]]:
        """What may be pressed now, (message, data), newest message first."""
        return [
            (seen.message_id, button.callback_data)
            for seen in reversed(self.person.messages)
            for button in seen.buttons
            if button.callback_data
        ]

    @property
    def written(self) -> Sequence[int]:
        """The ids of what they wrote, oldest first."""
        return [seen.message_id for seen in self.person.messages if not seen.from_bot]

    def look(self) -> None:
        """Remembers what is on the screen."""
        self.buttons.update(dict.fromkeys(self.screen))


@dataclass(frozen=True, slots=True)
class Stored:
    """An interview as storage has it: its state, and the answers that stand beside it."""

    id: str
    phase: str
    turn: int
    shown_turn: int
    message_id: int | None
    disposition: str | None
    said: Mapping[str, Answer]
    standing: Mapping[str, Answer]


class Street:
    """Runs the service in a loop of its own. Updates reach it when, and as often as, the test says."""

    def __init__(self, home: Path, database_url: str) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(token=TOKEN, clock=self.clock.now, webhook_retry=3600)
        self.url = database_url
        self.guests = 0
        self._home = home
        self._loop = asyncio.new_event_loop()
        self._house = AsyncExitStack()
        self._service = AsyncExitStack()
        self.address = self.run(self._house.enter_async_context(self.sandbox.running()))
        self.settings = self._settings()
        self.database: Database = self.run(self._house.enter_async_context(open_database(database_url)))
        self.run(self.database.migrate())
        _, self._reading = make_engines(database_url)
        self.service: Service = self.run(self._start())
        self.run(self.sandbox.person(1001, "Admin", "ru").send("/start"))
        self.deliver()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self.run(self._service.aclose())
        self.run(self._reading.dispose())
        self.run(self._house.aclose())
        self._loop.close()

    def restart(self) -> None:
        """Stops the service as SIGTERM does, and starts it anew."""
        self.run(self._service.aclose())
        self._service = AsyncExitStack()
        self.service = self.run(self._start())
        self.run(self._settle())

    def arrive(self) -> Guest:
        """Somebody new, invited to several questionnaires."""
        number = self.guests
        self.guests += 1
        language = LANGUAGES[number % len(LANGUAGES)]
        row = DirectoryRow(
            account="Sample",
            project="Sample project",
            stage="operation",
            person=f"Sample {number}",
            external_id=f"p{number}",
            roles=ROLES[number % len(ROLES)],
            language=language,
        )
        tokens = self.run(self._invite(row))
        return Guest(self.sandbox.person(FIRST + number, row.person, language), tokens)

    def deliver(self, order: Sequence[int] = ()) -> None:
        """Brings the service every update that waits, in this order as far as it goes; returns when all is quiet."""
        waiting = list(self.sandbox.world.inbox.pending)
        first = [waiting[place] for place in dict.fromkeys(order) if place < len(waiting)]
        self.bring([*first, *(each for each in waiting if each not in first)])
        self.sandbox.world.inbox.forget_all()

    def bring(self, updates: Sequence[int]) -> None:
        """Brings these updates, perhaps not for the first time."""
        if updates:
            self.run(self._bring(updates))

    @property
    def brought(self) -> Sequence[int]:
        """The ids of all updates there have been."""
        return list(self.sandbox.world.inbox.history)

    def wait(self, time: timedelta) -> None:
        """Lets this much time go by."""
        self.clock.move(time)
        self.run(self._catch_up())

    def stored(self, guest: Guest) -> Sequence[Stored]:
        return self.run(self._stored(guest.person.user.id))

    def set_aside(self) -> Sequence[str]:
        """Why updates could not be dealt with."""
        return self.run(self._set_aside())

    def refused(self) -> Sequence[str]:
        """What Telegram refused of the service's calls, and should not have been asked for."""
        faults = [f"{one.method}: {one.error} {one.args}" for one in self.sandbox.calls if one.error]
        self.sandbox.calls.clear()
        return [fault for fault in faults if not any(harmless in fault for harmless in HARMLESS)]

    def cards(self, guest: Guest, stored: Stored) -> Sequence[Bubble]:
        """The messages that carry live buttons of this interview."""

        def live(data: str | None) -> bool:
            button = read(data or "")
            return isinstance(button, CardButton) and (button.interview_id, button.turn) == (stored.id, stored.turn)

        return [seen for seen in guest.person.messages if any(live(each.callback_data) for each in seen.buttons)]

    def _settings(self) -> Settings:
        (self._home / "street.yaml").write_text(CONFIG, encoding="utf-8")
        environment = {
            "OTKLIK_TELEGRAM__TOKEN": TOKEN,
            "OTKLIK_TELEGRAM__API_BASE": self.address,
            "OTKLIK_TELEGRAM__MODE": "webhook",
            "OTKLIK_TELEGRAM__WEBHOOK__URL": "http://127.0.0.1:9/",
            "OTKLIK_TELEGRAM__RATE__PER_SECOND": "1000",
            "OTKLIK_TELEGRAM__RATE__PER_CHAT_PER_SECOND": "1000",
            "OTKLIK_DATABASE__URL": self.url,
            "OTKLIK_HTTP__PORT": "0",
        }
        return load_settings(self._home / "street.yaml", environment)

    async def _start(self) -> Service:
        service = await build(self.settings, self.database, self.clock)
        await self._service.enter_async_context(running(service))
        async with asyncio.timeout(60):
            while service.waits is not None:
                self.sandbox.courier.url = ""
                await asyncio.sleep(0.01)
        self.sandbox.courier.url = ""
        return service

    async def _invite(self, row: DirectoryRow) -> Mapping[str, str]:
        now = self.clock.now()
        async with self.database.unit_of_work() as uow:
            await uow.directory.upsert([row])
            held = [one for one in await uow.directory.stakeholders() if one.person.external_id == row.external_id]
            tokens = {}
            for key in QUESTIONNAIRES:
                current = self.service.library.current(key)
                (issued,) = await issue(uow, current, held, self.settings.rules(), now, new_token)
                tokens[key] = issued.token
            await uow.commit()
        return tokens

    async def _bring(self, updates: Sequence[int]) -> None:
        history = self.sandbox.world.inbox.history
        for update_id in updates:
            await self.service.take(json.dumps(history[update_id].update).encode())
        await self._settle()

    async def _settle(self) -> None:
        """Waits until nothing is on its way, and what came of it is committed."""
        for _ in range(PATIENCE):
            await self.service.sender.idle()
            if not (self.service.outcomes or self.service.inbox.depth) and not await self._behind():
                return
            await asyncio.sleep(MOMENT)

    async def _behind(self) -> bool:
        """Whether a card that could have been drawn has not been, as far as storage knows."""
        async with self.database.unit_of_work() as uow:
            chats = {opened.card.chat_id for opened in await uow.interviews.unshown()}
        return any(self.sandbox.chat(chat_id).standing is Standing.OPEN for chat_id in chats)

    async def _catch_up(self) -> None:
        """Does what is due, and what comes of it."""
        for _ in range(CHAIN):
            await self.service.outreach.sweep()
            await send_due(self.database, self.service.sender, self.clock)
            await self._settle()

    async def _stored(self, chat_id: int) -> Sequence[Stored]:
        standing: dict[str, dict[str, Answer]] = {}
        async with self._reading.connect() as connection:
            rows = (await connection.execute(select(interview).where(interview.c.chat_id == chat_id))).all()
            of_these = select(answer).where(
                answer.c.interview_id.in_([row.id for row in rows]), answer.c.superseded_at.is_(None)
            )
            for row in await connection.execute(of_these):
                said = Answer(row.item, row.score, row.text, tuple(row.choice.split("|")) if row.choice else ())
                standing.setdefault(row.interview_id, {})[row.item] = said
        return [
            Stored(
                row.id,
                row.phase,
                row.turn,
                row.shown_turn,
                row.message_id,
                row.disposition,
                {item: replace(unpacked(item, said), attachments=()) for item, said in row.state["answers"].items()},
                standing.get(row.id, {}),
            )
            for row in rows
        ]

    async def _set_aside(self) -> Sequence[str]:
        async with self._reading.connect() as connection:
            letters = (await connection.execute(select(dead_letter.c.reason))).scalars().all()
        return list(letters)
