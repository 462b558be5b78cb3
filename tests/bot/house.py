"""The service in this process, on a Telegram of its own: what people see of it, without starting programs."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import Clock
from bot.ids import new_token
from bot.library import load_library
from bot.running import running
from bot.service import Service, build
from bot.settings import Settings, load_settings
from sandbox.people import Person
from sandbox.rooms import Bubble
from sandbox.server import Sandbox
from storage.database import Database, open_database
from surveys.directory import DirectoryRow
from surveys.invitations import issue
from surveys.ports import OpenInterview

TOKEN = "4242:sandbox"
ADMIN, FIRST = 1001, 60_000
QUESTIONNAIRE = "short"
CATALOGUE = Path(__file__).with_name("catalogue")
CONFIG = """
vendor: {name: Sample Vendor, language: en, languages: [en, ru, uk], timezone: Europe/Moscow}
access: {admins: [1001]}
relationship: {questionnaire: short}
contact: {quiet_hours: null, weekends: true}
pulses: {}
"""


@dataclass(slots=True)
class House:
    """`home`: where the configuration and the database are. `keys`: with which the database is sealed."""

    home: Path
    sandbox: Sandbox
    address: str
    database_url: str
    extra: Mapping[str, str] = field(default_factory=dict)
    keys: Sequence[bytes] = ()

    @property
    def settings(self) -> Settings:
        (self.home / "house.yaml").write_text(CONFIG, encoding="utf-8")
        return load_settings(self.home / "house.yaml", self.environment)

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "OTKLIK_TELEGRAM__TOKEN": TOKEN,
            "OTKLIK_TELEGRAM__API_BASE": self.address,
            "OTKLIK_DATABASE__URL": self.database_url,
            "OTKLIK_HTTP__PORT": "0",
            "OTKLIK_PRIVACY__TOMBSTONES": str(self.home / "tombstones"),
            "OTKLIK_CATALOGUE": str(CATALOGUE),
            "OTKLIK_PRIVACY__KEYS": " ".join(urlsafe_b64encode(key).decode().rstrip("=") for key in self.keys),
            **self.extra,
        }

    @asynccontextmanager
    async def serving(self, clock: Clock | None = None) -> AsyncIterator[Service]:
        """The service at work from here to the end of the block; then it is stopped as SIGTERM stops it."""
        async with open_database(self.database_url, keys=self.keys) as database:
            service = await build(self.settings, database, clock or Clock())
            async with running(service):
                yield service

    async def invite(self, *people: str) -> dict[str, str]:
        """Invites those of the directory with these external ids; their tokens."""
        now = datetime.now(UTC)
        async with open_database(self.database_url, keys=self.keys) as database:
            library = await load_library(self.settings, database, now)
            async with database.unit_of_work() as uow:
                chosen = [one for one in await uow.directory.stakeholders() if one.person.external_id in people]
                questionnaire = library.current(QUESTIONNAIRE)
                issued = await issue(uow, questionnaire, chosen, self.settings.rules(), now, new_token)
                await uow.commit()
        return {one.stakeholder.person.external_id: one.token for one in issued}

    async def answers(self) -> list[tuple[str, str, object]]:
        """Who said what to which question, as it stands."""
        async with open_database(self.database_url, keys=self.keys) as database, database.reading() as reading:
            rows = [row async for row in reading.exports.answers()]
        said = [(row["person"], row["item"], row["text"] if row["score"] is None else row["score"]) for row in rows]
        return sorted(said, key=str)

    async def settle(self, number: int, language: str = "en") -> Sequence["Guest"]:
        """So many people in the directory and in Telegram, each with a fresh invitation."""
        rows = [person_row(index, language) for index in range(number)]
        async with open_database(self.database_url, keys=self.keys) as database, database.unit_of_work() as uow:
            await uow.directory.upsert(rows)
            await uow.commit()
        tokens = await self.invite(*(row.external_id for row in rows))
        return [
            Guest(self.sandbox.person(FIRST + index, row.person, language), row.external_id, tokens[row.external_id])
            for index, row in enumerate(rows)
        ]


@dataclass(slots=True)
class Guest:
    """A person with an invitation."""

    person: Person
    external_id: str
    token: str

    @property
    def id(self) -> int:
        return self.person.user.id

    @property
    def cards(self) -> list[Bubble]:
        """What stands in the chat with buttons under it."""
        return [seen for seen in self.person.messages if seen.from_bot and seen.keyboard]

    async def begin(self, token: str | None = None) -> Bubble:
        """Opens the invitation; the card that comes."""
        return await self.after(f"/start {token or self.token}", "Agree and start")

    async def after(self, words: str, expected: str) -> Bubble:
        """Writes this and waits for a new message of the bot that shows the expected words."""
        await self.person.send(words)
        last = self.person.messages[-1].message_id
        return await self.sees(expected, beyond=last)

    async def press(self, button: str, expected: str, card: int | None = None) -> Bubble:
        """Presses the button and waits until a message shows the expected words."""
        await self.person.press(button, card)
        return await self.sees(expected)

    async def sees(self, expected: str, beyond: int = 0) -> Bubble:
        return await self.person.wait_for(
            lambda person: next(
                (
                    seen
                    for seen in reversed(person.messages)
                    if seen.from_bot and seen.message_id > beyond and expected in f"{seen.text} {labels(seen)}"
                ),
                None,
            )
        )

    def data(self, card: Bubble, button: str) -> str:
        """What the button carries."""
        return next(one.callback_data or "" for one in card.buttons if one.text == button)


def labels(seen: Bubble) -> str:
    return " ".join(button.text for button in seen.buttons)


def person_row(index: int, language: str = "en") -> DirectoryRow:
    return DirectoryRow(
        account="Sample",
        project="Sample project",
        stage="operation",
        person=f"Sample {index}",
        external_id=f"p{index}",
        roles=("key_user",),
        language=language,
    )


async def stored(database: Database, telegram_id: int) -> OpenInterview | None:
    """The open interview of a person, as storage has it."""
    async with database.unit_of_work() as uow:
        return await uow.interviews.open_of(telegram_id)
