"""Why somebody was, or was not, asked: the decisions about a person, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from handlers.notices import sentence
from handlers.reasons import line
from handlers.replies import Call, message
from storage.database import Database
from surveys.contact import Told
from surveys.questionnaire import Language
from surveys.rules import Access, Scope

LATEST: Final = 10
MESSAGE: Final = 4000
"""UTF-16 units of a message, with room for an ellipsis; markup counts as well, which is on the safe side."""

NAMESAKES: Final = 5


@dataclass(frozen=True, slots=True)
class Explained:
    """Decisions about somebody: `name` and id as the directory has them, or as events alone call them."""

    name: str
    decisions: Sequence[Told]


async def explain(database: Database, words: str, scope: Scope | None = None) -> Sequence[Explained]:
    """Everybody of this name or external id, with the latest decisions that this scope lets one see."""
    async with database.reading() as reading:
        people = (await reading.people.find(words))[:NAMESAKES]
        log = reading.decisions
        if not people:
            told = await log.about(None, words.strip(), scope, LATEST)
            return [Explained(words.strip(), told)] if told else []
        return [
            Explained(f"{one.name} ({one.external_id})", await log.about(one.id, one.external_id, scope, LATEST))
            for one in people
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyDesk:
    """Answers `/why`. `zone`: the vendor's."""

    database: Database
    access: Access
    zone: ZoneInfo

    async def message(self, chat_id: int, payload: Mapping[str, object]) -> Call:
        """What is known about the person named in `payload`, as far as its reader may see."""
        words, language = str(payload["words"]), str(payload["language"])
        found = await explain(self.database, words, self.access.scope(int(str(payload["reader"]))))
        paragraphs = [self._paragraph(one, language) for one in found if one.decisions]
        text = _fitting("\n\n".join(paragraphs)) or escape(sentence("why_nothing", language, {"name": words[:100]}))
        return message(chat_id, text, html=True)

    def _paragraph(self, found: Explained, language: Language) -> str:
        lines = (escape(line(told, language, self.zone)) for told in found.decisions)
        return "\n".join([f"<b>{escape(found.name)}</b>", *lines])


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
