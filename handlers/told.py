"""What a client is told: their own words, and what was done or decided. It promises nothing."""

from collections.abc import Iterator
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from handlers.committee_words import day
from handlers.replies import Call, message
from surveys.improvements.telling import Draft
from surveys.locales import translations

QUOTED: Final = 400


def letter(draft: Draft, vendor: str, zone: ZoneInfo) -> str:
    """HTML; neither words nor names are ever markup. Nobody else's words are in it."""
    return "\n\n".join(_parts(draft, vendor, zone))


def sent(chat_id: int, draft: Draft, vendor: str, zone: ZoneInfo) -> Call:
    """As a message."""
    return message(chat_id, letter(draft, vendor, zone), html=True)


def _parts(draft: Draft, vendor: str, zone: ZoneInfo) -> Iterator[str]:
    t = translations("bot", draft.language).gettext
    yield escape(t("{vendor} is writing about what you told us.").format(vendor=vendor))
    for voice in draft.said:
        words = voice.text or ""
        short = words if len(words) <= QUOTED else f"{words[:QUOTED]}…"
        said = t("You wrote on {day}:").format(day=day(voice.at, draft.language, zone))
        yield f"{escape(said)}\n<blockquote>{escape(short)}</blockquote>"
    head = escape(t("What was done:") if draft.done else t("What was decided:"))
    yield f"<b>{head}</b>\n{escape(draft.words or '…')}"
    yield escape(t("Thank you for helping us see it."))
