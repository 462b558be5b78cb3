"""The service and its people, one step at a time: nothing moves between two steps but what the step set going."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from telegram import Message

from bot import running as at_work
from bot.clock import Clock
from bot.ids import new_token
from bot.rounds import Rounds
from bot.scheduler import Sweep
from bot.service import Service, build
from bot.settings import Settings, load_settings
from handlers.buttons import CardButton, read
from sandbox.people import Person
from sandbox.rooms import Standing
from sandbox.server import Sandbox
from storage.database import Database, open_database
from surveys.directory import DirectoryRow
from surveys.interview import Phase
from surveys.invitations import issue
from tests.soak.ledger import Ledger, Stored, Unshown

T = TypeVar("T")

DATABASE = "otklik.db"
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
CHAIN = 3
MOMENT, PATIENCE = 0.005, 1000
LEAVING = 5.0
KEPT = timedelta(days=1)


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
        return [(post.message_id, data) for post in reversed(self.person.room.messages) for data in data_of(post)]

    @property
    def written(self) -> Sequence[int]:
        """The ids of what they wrote, oldest first."""
        return [post.message_id for post in self.person.room.messages if post.from_user == self.person.user]

    def look(self) -> None:
        """Remembers what is on the screen."""
        self.buttons.update(dict.fromkeys(self.screen))


def data_of(post: Message) -> Sequence[str]:
    """What the buttons under a message carry."""
    rows = post.reply_markup.inline_keyboard if post.reply_markup else ()
    return [str(key.callback_data) for row in rows for key in row if key.callback_data]


class Street:
    """Runs the service in a loop of its own. Updates reach it when, and as often as, the test says."""

    def __init__(self, home: Path) -> None:
        """`home`: a directory with an empty database in it."""
        self.clock = Clock()
        self.sandbox = Sandbox(token=TOKEN, clock=self.clock.now, webhook_retry=3600)
        self.url = f"sqlite+aiosqlite:///{home / DATABASE}"
        self.guests: list[Guest] = []
        self._first_brought: dict[int, datetime] = {}
        self._home = home
        self._loop = asyncio.new_event_loop()
        self._house = AsyncExitStack()
        self._service = AsyncExitStack()
        self.address = self.run(self._house.enter_async_context(self.sandbox.running()))
        self.settings = self._settings()
        self.database: Database = self.run(self._house.enter_async_context(open_database(self.url)))
        self._ledger = Ledger(home / DATABASE)
        self.service: Service = self.run(self._start())
        self.run(self.sandbox.person(1001, "Admin", "ru").send("/start"))
        self.deliver()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self.run(self._service.aclose())
        self._ledger.close()
        self.run(self._house.aclose())
        for thread in threading.enumerate():
            if "connection_worker" in thread.name:
                thread.join(LEAVING)  # it may still have a word for the loop
        self._loop.close()

    def restart(self) -> None:
        """Stops the service as SIGTERM does, and starts it anew."""
        self.run(self._service.aclose())
        self._service = AsyncExitStack()
        self.service = self.run(self._start())
        self.run(self._settle())

    def arrive(self) -> Guest:
        """Somebody new, invited to several questionnaires."""
        number = len(self.guests)
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
        self.guests.append(Guest(self.sandbox.person(FIRST + number, row.person, language), tokens))
        return self.guests[-1]

    def deliver(self, order: Sequence[int] = ()) -> None:
        """Brings the service every update that waits, in this order as far as it goes; returns when all is quiet."""
        waiting = list(self.sandbox.world.inbox.pending)
        first = [waiting[place] for place in dict.fromkeys(order) if place < len(waiting)]
        self.sandbox.world.inbox.forget_all()
        self.bring([*first, *(each for each in waiting if each not in first)])

    def bring(self, updates: Sequence[int]) -> None:
        """Brings these updates, perhaps not for the first time."""
        if updates:
            self._first_brought.update({each: self.clock.now() for each in updates if each not in self._first_brought})
            self.run(self._bring(updates))

    @property
    def brought(self) -> Sequence[int]:
        """The ids of the updates that Telegram, which keeps them for a day, may bring again."""
        return [each for each, at in self._first_brought.items() if self.clock.now() - at < KEPT]

    def wait(self, time: timedelta) -> None:
        """Lets this much time go by."""
        self.clock.move(time)
        self.run(self._catch_up())

    def stored(self, guest: Guest) -> Sequence[Stored]:
        return self._ledger.stored(guest.person.user.id)

    def set_aside(self) -> Sequence[str]:
        """Why updates could not be dealt with."""
        return self._ledger.set_aside()

    def refused(self) -> Sequence[str]:
        """What Telegram refused of the service's calls, and should not have been asked for."""
        faults = [f"{one.method}: {one.error} {one.args}" for one in self.sandbox.calls if one.error]
        self.sandbox.calls.clear()
        return [fault for fault in faults if not any(harmless in fault for harmless in HARMLESS)]

    def cards(self, guest: Guest, stored: Stored) -> Sequence[int]:
        """The ids of the messages that carry live buttons of this interview."""

        def live(data: str) -> bool:
            button = read(data)
            return isinstance(button, CardButton) and (button.interview_id, button.turn) == (stored.id, stored.turn)

        return [post.message_id for post in guest.person.room.messages if any(map(live, data_of(post)))]

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
        with patch.object(at_work, "scheduling", self._keep):
            await self._service.enter_async_context(at_work.running(service))
        async with asyncio.timeout(60):
            while service.waits is not None:
                self.sandbox.courier.url = ""
                await asyncio.sleep(0.01)
        self.sandbox.courier.url = ""
        return service

    def _keep(self, sweeps: Iterable[Sweep], _rounds: Rounds) -> AbstractAsyncContextManager[None]:
        """Instead of a scheduler: they are for `wait` to run."""
        self._sweeps = list(sweeps)
        return nullcontext()

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
        behind: Sequence[Unshown] = ()
        for _ in range(PATIENCE):
            await self.service.sender.idle()
            if not (self.service.outcomes or self.service.inbox.depth):
                behind = self._behind()
                if not behind:
                    return
            await asyncio.sleep(MOMENT)
        raise AssertionError(f"cards that nobody draws: {behind}")

    def _behind(self) -> Sequence[Unshown]:
        """What storage calls undrawn and could be drawn.

        The service cannot know of whoever is back if word of it waits; nor does anybody come back to what has ended.
        """
        unheard = {waiting.chat_id for waiting in self.sandbox.world.inbox.pending.values()}
        left = {guest.person.user.id for guest in self.guests if guest.has_blocked}
        unshown = [one for one in self._ledger.unshown() if one.chat_id not in unheard]
        here = [one for one in unshown if self.sandbox.chat(one.chat_id).standing is Standing.OPEN]
        return [one for one in here if one.phase != Phase.CLOSED or one.chat_id not in left]

    async def _catch_up(self) -> None:
        """Does what is due, and what comes of it."""
        for _ in range(CHAIN):
            for sweep in self._sweeps:
                await sweep.work()
            await self._settle()
