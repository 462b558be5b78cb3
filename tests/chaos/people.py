"""Who lives through it beside those who answer: people asked after a request, and a helpdesk that reports requests."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp

from sandbox.people import Person
from sandbox.rooms import Bubble
from tests.e2e.respondents import CLOSINGS
from tests.e2e.test_events import ACCEPTED, DUPLICATE
from tests.intake.bench import Door, Sent

LIMIT = aiohttp.ClientTimeout(total=5)
AGAIN = 0.05  # seconds until an event that was not taken is brought again


@dataclass(slots=True)
class Asked:
    """Somebody whose request was resolved: one question, answered by a tap or two. `score`: the one that must count."""

    person: Person
    key: str
    rng: random.Random
    patience: float
    score: int | None = None

    async def answer(self) -> None:
        """From the question to the thanks."""
        card = await self.person.wait_for(self._question, self.patience)
        chosen = self.rng.choice([button for button in card.buttons if button.text.isdigit()])
        self.score = int(chosen.text)
        for _ in range(self.rng.choice((1, 1, 2))):
            await self.person.press_forged(chosen.callback_data or "", card.message_id)
        await self.person.wait_for(_thanked, self.patience)

    def _question(self, person: Person) -> Bubble | None:
        return next((seen for seen in reversed(person.messages) if self.key in seen.text and seen.keyboard), None)


def _thanked(person: Person) -> bool:
    return any(seen.from_bot and seen.text.startswith(CLOSINGS) for seen in person.messages)


@dataclass(slots=True)
class Helpdesk:
    """Brings an event until it is acknowledged, and now and then once more after that.

    `forgotten`: events that were acknowledged, and then taken for new.
    """

    address: str
    rng: random.Random
    acknowledged: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    async def report(self, key: str) -> None:
        """That the request of this person is resolved."""
        now = datetime.now(UTC)
        event = {
            "id": key,
            "type": "ticket.resolved",
            "occurred_at": now.isoformat(),
            "account": "Sample",
            "project": "Sample project",
            "person": {"external_id": key},
            "data": {"ticket": key},
        }
        async with aiohttp.ClientSession(timeout=LIMIT) as http:
            door = Door(http, self.address)
            await _taken(door, event)
            self.acknowledged.append(key)
            if self.rng.random() < 0.5 and await _taken(door, event) != DUPLICATE:
                self.forgotten.append(key)


async def _taken(door: Door, event: object) -> Sent:
    while True:
        try:
            answer = await door.send(event, at=datetime.now(UTC))
            if answer in (ACCEPTED, DUPLICATE):
                return answer
        except (aiohttp.ClientError, TimeoutError):
            pass
        await asyncio.sleep(AGAIN)
