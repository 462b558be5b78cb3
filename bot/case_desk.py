"""Lists of cases as the bot shows them, with a reader's rights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final, get_args

from handlers import case_menus
from handlers.case_figures import lines
from handlers.replies import Call, message
from storage.case_figures import CaseFigures
from storage.database import Database
from surveys.audit import Look
from surveys.cases.ports import Which
from surveys.cases.reporting import loop_report
from surveys.locales import N_, translations
from surveys.reporting import ReportQuery
from surveys.rules import Access, Scope

PAGE: Final = 8
EMPTY: Final = {
    "mine": N_("You have no open cases."),
    "overdue": N_("Nothing is overdue."),
    "all": N_("There are no open cases."),
}
HEADS: Final = {"mine": N_("My cases"), "overdue": N_("Overdue cases"), "all": N_("All open cases")}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDesk:
    """Answers `/cases`."""

    database: Database
    access: Access

    async def screen(self, chat_id: int, payload: Mapping[str, object], now: datetime) -> Call:
        """The list of `payload`, as far as its reader may see, new or in place of a message."""
        language, place = str(payload["language"]), payload.get("message_id")
        if payload["which"] == "report":
            return await self._report(chat_id, payload, now)
        reader, page = int(str(payload["reader"])), int(str(payload["page"]))
        which: Which = next(known for known in get_args(Which) if known == payload["which"])
        scope = self._scope(reader)
        async with self.database.reading() as reading:
            found = await reading.cases.page(which, reader, scope, now, size=PAGE, page=page)
            if not found and place is None:  # whoever has nothing of their own comes to see the others'
                others = await reading.cases.page("all", reader, scope, now, size=PAGE, page=page)
                which, found = ("all", others) if others else (which, found)
        listed = {"list": which, "page": page}
        if found:
            await self.database.note(
                Look(at=now, who=str(reader), entrance="/cases", looked_at=listed, rows=len(found[:PAGE]))
            )
        t = translations("bot", language).gettext
        keyboard = case_menus.listed(found[:PAGE], which, page, len(found) > PAGE, language)
        text = t((HEADS if found else EMPTY)[which])
        return message(chat_id, f"<b>{text}</b>", keyboard, edit=place if isinstance(place, int) else None, html=True)

    async def _report(self, chat_id: int, payload: Mapping[str, object], now: datetime) -> Call:
        """How the loop works, as far as the reader may see."""
        language, reader = str(payload["language"]), int(str(payload["reader"]))
        scope = None if reader in self.access.viewers else self._scope(reader)
        async with self.database.reading() as reading:
            every = ReportQuery(metric="nps", scope=scope)
            told = await loop_report(every, CaseFigures(reading.connection, reader), now)
        found = lines(told.figures, language)
        rows = (f"{escape(name)}: <b>{escape(value)}</b>" for name, value in found)
        head = translations("bot", language).gettext("How the loop works")
        return message(chat_id, "\n".join([f"<b>{head}</b>", "", *rows]), case_menus.lists(language), html=True)

    def _scope(self, reader: int) -> Scope | None:
        return None if reader in self.access.admins else self.access.managers.get(reader, Scope())
