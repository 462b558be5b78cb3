"""A vendor's contact with a real database under it; questionnaires, time and names are made up."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from storage.database import Database
from surveys.answering import Responded, press, stop_asking
from surveys.contact import Decided, Policy, Told
from surveys.directory import DirectoryRow
from surveys.due import ask_due
from surveys.errors import UnknownQuestionnaire
from surveys.fieldwork import Nudged, look_after
from surveys.interactions import Interaction
from surveys.later import offer
from surveys.pulses import Taken, take_event
from surveys.questionnaire import Questionnaire
from surveys.rules import Access, Rules
from surveys.signals import Action, Pressed
from surveys.work import Work
from tests.surveys.contact.cases import NOW, policy
from tests.surveys.questionnaires import small, words

ANNA, BORIS, CLARA = 501, 502, 503
STAFF = 1001
RULES = Rules(
    vendor="Vendor",
    language="ru",
    languages=("ru", "en", "uk"),
    weights={"senior_it": 0.3, "key_user": 0.2},
    access=Access(admins=frozenset({STAFF})),
)


class Shelf:
    """The port Library, of questionnaires that have one version each."""

    def __init__(self, *questionnaires: Questionnaire) -> None:
        self._known = {one.key: one for one in questionnaires}

    def current(self, key: str) -> Questionnaire:
        if key not in self._known:
            raise UnknownQuestionnaire(key=key, allowed=", ".join(self._known))
        return self._known[key]

    async def version(self, key: str, version: int) -> Questionnaire:
        return self.current(key)


PULSE = replace(small(), key="support_pulse", kind="pulse", minutes=1, introduction=words("About {ticket}"))
SURVEY = replace(small(), key="relationship", minutes=4)
SHELF = Shelf(PULSE, SURVEY)


def row(name: str = "p-1", **changes: Any) -> DirectoryRow:
    usual: dict[str, Any] = {
        "account": "Комбинат-Пример",
        "project": "Учёт проката",
        "person": f"Person {name}",
        "external_id": name,
        "roles": ("key_user",),
        "stage": "operation",
        "adoption": 0.8,
    }
    return DirectoryRow(**usual | changes)


@dataclass(slots=True)
class Bench:
    """Every call is a transaction of its own, at `now`."""

    database: Database
    policy: Policy = field(default_factory=policy)
    now: datetime = NOW
    names: Any = field(default_factory=count)

    async def prepare(self, people: Mapping[str, int | None], *rows: DirectoryRow) -> None:
        """A directory of these people, by external id, with their Telegram accounts."""
        async with self.database.unit_of_work() as uow:
            for questionnaire in (PULSE, SURVEY):
                document = {"key": questionnaire.key, "kind": questionnaire.kind}
                await uow.questionnaires.publish(document, "digest", NOW)
            await uow.directory.upsert(rows or [row(name) for name in people])
            for name, telegram_id in people.items():
                (person,) = await uow.people.find(name)
                if telegram_id is not None and person.telegram_id is None:
                    await uow.people.bind(person.id, telegram_id)
            await uow.commit()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        async with self.database.unit_of_work() as uow:
            yield Work(uow=uow, library=SHELF, rules=RULES, policy=self.policy, now=self.now)
            await uow.commit()

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    async def take(self, event: Interaction) -> Taken:
        async with self.work() as work:
            return await take_event(work, event)

    async def taken(self, event: Interaction) -> list[str]:
        """The rules that decided after the event."""
        return rules((await self.take(event)).decided)

    async def ask(self, at_most: int = 100) -> Sequence[Responded]:
        async with self.work() as work:
            return await ask_due(work, at_most, self._name, lambda: self._name().rjust(32, "_"))

    async def look_after(self) -> Sequence[Nudged]:
        async with self.work() as work:
            return await look_after(work, 100)

    async def press(self, responded: Responded, action: Action, score: int | None = None) -> Responded:
        live = responded.opened.interview
        offered = offer(self.now, self.policy.zone, self.policy.hours, self.policy.expire_after)
        signal = Pressed(at=self.now, turn=live.turn, action=action, score=score, offer=offered)
        async with self.work() as work:
            return await press(work.uow, SHELF, responded.opened.card.chat_id, live.id, signal)

    async def finish(self, responded: Responded) -> Responded:
        """Skips through to the end."""
        while responded.opened.interview.current is not None:
            responded = await self.press(responded, "skip")
        return responded

    async def stop(self, telegram_id: int) -> None:
        async with self.work() as work:
            await stop_asking(work.uow, SHELF, telegram_id, self.now)

    async def told(self, name: str = "p-1") -> Sequence[Told]:
        """Decisions about somebody, the newest first."""
        async with self.database.reading() as reading:
            found = await reading.people.find(name)
            return await reading.decisions.about(found[0].id if found else None, name, None, 100)

    async def rules(self, name: str = "p-1") -> list[str]:
        return [one.rule for one in await self.told(name)]

    def _name(self) -> str:
        return f"n{next(self.names)}"


def rules(decided: Sequence[Decided]) -> list[str]:
    return [one.verdict.rule for one in decided]
