"""A postman with a clock that a test moves."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

from sqlalchemy import select

from bot.clock import Clock
from bot.loop import Loop
from bot.outward.jira_poll import JiraPoll
from bot.outward.office import Office as Made
from bot.outward.office import post_office
from bot.outward.postman import Postman
from bot.service import make_loop
from bot.settings import Settings, load_settings
from storage.database import Database
from storage.outgoing_tables import outgoing
from surveys.outward.events import Event
from tests.bot.outward.jira_site import TOKEN
from tests.bot.outward.receiver import OLD_SECRET, SECRET

SOURCES = {"intake": {"sources": {"board": {"kind": "jira"}, "crm": {"kind": "standard"}}}}
WAITING = select(outgoing.c.free_at).where(outgoing.c.free_at.is_not(None))
ADMIN, ROUNDS = 1001, 4
CRM = "webhook:crm"
SECRETS = {"OTKLIK_WEBHOOKS__CRM__SECRET": SECRET, "OTKLIK_WEBHOOKS__CRM__PREVIOUS_SECRET": OLD_SECRET}


@dataclass(slots=True)
class Cards:
    """In the place of the sender: the cards that were to be drawn."""

    drawn: list[object] = field(default_factory=list)

    def card(self, card: object) -> None:
        self.drawn.append(card)


@dataclass(slots=True)
class Office:
    """`extra`: of the endpoint's configuration."""

    database: Database
    address: str
    home: Path
    extra: dict[str, Any] = field(default_factory=dict)
    privacy: str = "named"
    clock: Clock = field(default_factory=Clock)
    jira: dict[str, Any] = field(default_factory=dict)
    cards: "Cards" = field(default_factory=lambda: Cards())
    postman: Postman | None = None
    poll: JiraPoll | None = None
    loop: Loop = field(init=False)
    made: Made = field(init=False)

    @property
    def settings(self) -> Settings:
        endpoint = {"url": self.address, "internal": True, **self.extra}
        hooks = {"webhooks": {"crm": endpoint}} if self.address else {}
        told = {**hooks, "privacy": {"mode": self.privacy}, "jira": self.jira, "access": {"admins": [ADMIN]}, **SOURCES}
        (self.home / "office.yaml").write_text(json.dumps(told), encoding="utf-8")
        return load_settings(self.home / "office.yaml", SECRETS if self.address else {"OTKLIK_JIRA__TOKEN": TOKEN})

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Self]:
        settings = self.settings
        self.loop = make_loop(settings, self.database, cast("Any", None), self.clock, cast("Any", self.cards))
        async with post_office(settings, self.loop, lambda: True) as made:
            self.made, self.postman, self.poll = made, made.postman, made.poll
            yield self

    async def happens(self, *subjects: int, type_: str = "case.taken") -> None:
        """So many events, each of a case of its own."""
        async with self.database.unit_of_work() as uow:
            for subject in subjects or (7,):
                event = Event(
                    type=type_, subject="case", subject_id=subject, version=2, at=self.clock.now(), facts={"step": {}}
                )
                await uow.outgoing.add([event], [CRM])
            await uow.commit()

    async def round(self, **later: float) -> None:
        """What the postman does in a few seconds, after so much time."""
        self.clock.move(timedelta(**later))
        assert self.postman is not None
        for _ in range(ROUNDS):
            await self.postman.sweep()
            await self.postman.idle()

    async def letters(self) -> list[tuple[int, str, str, int]]:
        async with self.database.unit_of_work() as uow:
            rows = await uow.inbox.dead_letters()
        return [(row["id"], row["source"], row["reason"], row["attempts"]) for row in rows]

    async def waits(self) -> timedelta:
        """How long until the next attempt."""
        async with self.database.reading() as reading:
            until: datetime = (await reading.connection.scalars(WAITING)).one()
        return until - self.clock.now()
