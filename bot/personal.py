"""All that is held of whoever asks, for programs and for themselves."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.report_rules import report_labels
from bot.settings import Settings
from handlers.reasons import line, moment
from handlers.received import NAMES
from handlers.replies import Call, File
from reports.labels import Labels, label
from storage.database import Database
from storage.personal import Held, held_of
from surveys.authoring.building import build
from surveys.locales import N_, translations
from surveys.piping import fill
from surveys.questionnaire import Item, Language, Questionnaire, Text, WhyItem
from surveys.reporting import Dimension
from surveys.rules import Rules

SECTIONS: Final[Mapping[str, str]] = {
    "person": N_("About you"),
    "projects": N_("Your projects and roles"),
    "invitations": N_("Invitations"),
    "responses": N_("Questionnaires"),
    "answers": N_("Answers"),
    "remarks": N_("What you passed on"),
    "draft": N_("Not passed on yet"),
    "files": N_("Files"),
    "successors": N_("Whom you named instead of yourself"),
    "asks": N_("What you will be asked"),
    "decisions": N_("Why you were or were not asked"),
    "events": N_("Events in support and projects"),
    "cases": N_("What is done about your answers"),
    "opportunities": N_("What we asked you for"),
    "told": N_("When we told you what came of your words"),
}
"""How each section of `storage.personal` is called; `messages` are for programs alone."""
DECISIONS: Final = 1000
"""The latest, in words; programs get all of them."""

FOR_PROGRAMS: Final = frozenset(
    {
        *("version", "consent", "mode", "channel", "language", "chosen_language", "extra", "data", "size", "state"),
        *("disposition", "status", "outcome", "expires_at", "superseded_at", "answer", "told"),
        *("in_progress", "files", "queued_at", "what"),
    }
)
"""What is of no use in the text that people read."""
LABELLED: Final[Mapping[str, Dimension]] = {
    "role": "role",
    "roles": "role",
    "item": "item",
    "component": "component",
    "questionnaire": "questionnaire",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDesk:
    """Answers `/mydata`."""

    database: Database
    settings: Settings

    async def file(self, chat_id: int, payload: Mapping[str, object], now: datetime) -> Call | None:
        """The file of the kind that `payload` names; None where nobody has this account any more."""
        language = str(payload["language"])
        async with self.database.unit_of_work() as uow:
            person = await uow.people.by_telegram(chat_id)
        if person is None:
            return None
        async with self.database.reading() as reading:
            held = await held_of(reading.connection, person.id)
            told = await reading.decisions.about(person.id, person.external_id, None, DECISIONS)
            asked = [build(one.document, one.version) for one in await reading.questionnaires.all()]
        if payload["as"] == "json":
            data, name, kind = as_json(held, now), "mydata.json", "application/json"
        else:
            labels = {**report_labels(self.settings, asked), "item": questions(asked, self.settings.rules())}
            zone = ZoneInfo(person.timezone or self.settings.vendor.timezone)
            reasons = [line(one, language, zone) for one in told]
            data, name, kind = as_text(held, reasons, labels, language, zone), "mydata.txt", "text/plain"
        return Call("sendDocument", {"chat_id": chat_id}, {"document": File(name, data.encode(), kind)})


def as_json(held: Held, now: datetime) -> str:
    """Everything, by section; moments in ISO 8601, UTC."""
    whole = {"generated_at": now, **held}
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def questions(asked: Sequence[Questionnaire], rules: Rules) -> Mapping[str, Text]:
    """What each item asks, in the newest wording."""
    return {
        item.key: {one: fill(words, {"vendor": rules.calls_itself(one)}) for one, words in _wording(item).items()}
        for questionnaire in asked
        for item in questionnaire.items
    }


def _wording(item: Item) -> Text:
    if isinstance(item, WhyItem):
        return item.bands[0].text if item.bands else {}
    return item.short or next(iter(item.wording.values()))


def as_text(held: Held, reasons: Sequence[str], labels: Labels, language: Language, zone: ZoneInfo) -> str:
    """What people read: a line for each row, sections without rows left out. `reasons`: the decisions in words."""
    t = translations("bot", language).gettext

    def lines() -> Iterator[str]:
        for name, rows in held.items():
            told = reasons if name == "decisions" else [_line(row, labels, language, zone) for row in rows]
            if any(told):
                yield t(SECTIONS[name])
                yield from (f"  {one}" for one in told if one)
                yield ""

    return "\n".join(lines())


def _line(row: Mapping[str, Any], labels: Labels, language: Language, zone: ZoneInfo) -> str:
    told = (_told(name, value, labels, language, zone) for name, value in row.items() if name not in FOR_PROGRAMS)
    return " · ".join(" ".join(each.split()) for each in told if each)


def _told(name: str, value: Any, labels: Labels, language: Language, zone: ZoneInfo) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return moment(value, language, zone)
        case tuple():
            return ", ".join(label(labels, LABELLED[name], str(each), language) for each in value)
        case str() if name == "kind":
            return translations("bot", language).gettext(NAMES[value])
        case str() if name in LABELLED:
            return label(labels, LABELLED[name], value, language)
        case _:
            return str(value)
