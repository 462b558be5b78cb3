"""Alerts to staff in words: by themselves, or as lines of a digest."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.notices import notice, sentence
from handlers.replies import Call, message
from storage.database import Database
from storage.unit import StoredUnitOfWork
from surveys.alerts import DIGEST
from surveys.ports import Delivery
from surveys.questionnaire import Language
from surveys.rules import Rules

LINES: Final = 20
LONGEST: Final = 180
"""Characters of a line: so many lines are one message."""

NEXT: Final = timedelta(seconds=1)


async def foreign_link(uow: StoredUnitOfWork, payload: Mapping[str, object], language: Language) -> str:
    """Names are looked up now: the row holds ids alone."""
    person_id, project_id = int(str(payload["person_id"])), int(str(payload["project_id"]))
    held = await uow.directory.stakeholder(person_id, project_id)
    person = await uow.people.get(person_id)
    account, project = (held.account.name, held.project.name) if held else ("?", "?")
    return sentence("foreign_link", language, {"person": person.name, "account": account, "project": project})


async def guessed_links(uow: StoredUnitOfWork, payload: Mapping[str, object], language: Language) -> str:
    """Nobody is named: whoever guesses is not in the directory, or it would not have helped them."""
    return sentence("guessed_links", language, payload)


WORDS: Final[Mapping[str, Callable[[StoredUnitOfWork, Mapping[str, object], Language], Awaitable[str]]]] = {
    "foreign_link": foreign_link,
    "guessed_links": guessed_links,
}
"""Every kind of alert -> what it says."""


async def alert(database: Database, rules: Rules, delivery: Delivery) -> Call:
    """One alert by itself."""
    async with database.unit_of_work() as uow:
        words = await WORDS[delivery.kind](uow, delivery.payload, rules.language)
    return message(delivery.chat_id, words)


async def digest(database: Database, rules: Rules, delivery: Delivery, now: datetime) -> Call | None:
    """What was held back, one line each; None when another digest has told it. What does not fit follows in the next.

    A digest that is sent again tells the same.
    """
    async with database.unit_of_work() as uow:
        held, more = await uow.queue.gather(delivery.chat_id, delivery.id, LINES)
        language = rules.speaks(await uow.settings.get(f"language:{delivery.chat_id}"))
        lines = [await _line(uow, one, language, rules.alerts.zone) for one in held]
        if more and held:
            await uow.deliveries.enqueue(delivery.chat_id, DIGEST, {}, at=now, due_at=now + NEXT)
        await uow.commit()
    payload = {"say": "alert_digest", "language": language, "values": {"lines": "\n".join(lines)}}
    return notice(delivery.chat_id, payload, rules.languages) if lines else None


async def _line(uow: StoredUnitOfWork, held: Delivery, language: Language, zone: ZoneInfo) -> str:
    words = " ".join((await WORDS[held.kind](uow, held.payload, language)).split())
    at = "" if held.due_at is None else f"{held.due_at.astimezone(zone):%d.%m %H:%M} "
    line = f"{at}{words}"
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
