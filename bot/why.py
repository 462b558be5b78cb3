"""Why somebody was, or was not, asked: the decisions about a person, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from handlers.notices import sentence
from handlers.reasons import line
from handlers.replies import Call, message
from storage.database import Database
from surveys.audit import Look
from surveys.contact import Told
from surveys.questionnaire import Language
from surveys.rules import Access, Scope

LATEST: Final = 10
MESSAGE: Final = 4000
"""UTF-16 units of a message, with room for an ellipsis; markup counts as well, which is on the safe side."""

NAMESAKES: Final = 5


@dataclass(frozen=True, slots=True)
class Explained:
    """Decisions about somebody: `name` and id as the directory has them, or as events alone call them.

    `person_id`: their row in the directory.
    """

    name: str
    person_id: int | None
    decisions: Sequence[Told]


async def explain(database: Database, words: str, scope: Scope | None = None) -> Sequence[Explained]:
    """Everybody of this name or external id, with the latest decisions that this scope lets one see."""
    async with database.reading() as reading:
        people = (await reading.people.find(words))[:NAMESAKES]
        log = reading.decisions
        if not people:
            told = await log.about(None, words.strip(), scope, LATEST)
            return [Explained(words.strip(), None, told)] if told else []
        return [
            Explained(
                f"{one.name} ({one.external_id})", one.id, await log.about(one.id, one.external_id, scope, LATEST)
            )
            for one in people
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyDesk:
    """Answers `/why`. `zone`: the vendor's."""

    database: Database
    access: Access
    zone: ZoneInfo

    async def message(self, chat_id: int, payload: Mapping[str, object], now: datetime) -> Call:
        """What is known about the person named in `payload`, as far as its reader may see."""
        words, language = str(payload["words"]), str(payload["language"])
        reader = int(str(payload["reader"]))
        found = await explain(self.database, words, self.access.scope(reader))
        if any(one.decisions for one in found):
            await self.database.note(look(found, str(reader), now))
        paragraphs = [self._paragraph(one, language) for one in found if one.decisions]
        text = _fitting("\n\n".join(paragraphs)) or escape(sentence("why_nothing", language, {"name": words[:100]}))
        return message(chat_id, text, html=True)

    def _paragraph(self, found: Explained, language: Language) -> str:
        lines = (escape(line(told, language, self.zone)) for told in found.decisions)
        return "\n".join([f"<b>{escape(found.name)}</b>", *lines])


def look(found: Sequence[Explained], who: str, now: datetime) -> Look:
    """For the log of looking: of whom, by number."""
    people = [one.person_id for one in found if one.decisions]
    rows = sum(len(one.decisions) for one in found)
    return Look(at=now, who=who, entrance="/why", looked_at={"people": people}, rows=rows)


def _fitting(text: str) -> str:
    """The first lines of the text that are one message; each line is markup that is complete in itself."""
    kept: list[str] = []
    left = MESSAGE
    for each in text.split("\n"):
        left -= len(each.encode("utf-16-le")) // 2 + 1
        if left < 0:
            return "\n".join([*kept, "…"])
        kept.append(each)
    return text
