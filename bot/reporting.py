"""Reports as the bot shows them: the vendor's rules and titles, and a reader's rights, around one use case."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Final, get_args

from bot.report_cuts import is_kept, keep, recall
from bot.report_rules import current_labels, report_rules
from bot.settings import Settings
from handlers.buttons import OVERVIEW, ReportButton, write
from handlers.replies import Call, Keyboard, button, message
from reports.errors import query_problem
from reports.labels import Labels
from reports.overview import as_overview
from reports.phrases import NAMES, TITLES
from reports.text import as_text
from storage.database import Database
from surveys.errors import BadQuery
from surveys.locales import translations
from surveys.query import parse_report, split_words
from surveys.questionnaire import Language
from surveys.report import report
from surveys.report_values import settled
from surveys.reporting import ANSWERS_ALONE, Dimension, Metric, Report, ReportQuery
from surveys.rules import Rules

METRICS: Final[tuple[Metric, ...]] = get_args(Metric)
OFFERED: Final[tuple[Dimension, ...]] = (
    "role",
    "account",
    "project",
    "division",
    "product",
    "stage",
    "component",
    "block",
    "month",
    "wave",
)
A_ROW = 2
UNDIVIDED: Final[frozenset[Metric]] = frozenset({"nps", "response"})
"""Metrics of the whole relationship: no component or block is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers `/report`."""

    database: Database
    settings: Settings
    rules: Rules

    async def screen(self, chat_id: int, payload: Mapping[str, object], now: datetime) -> Call:
        """The screen for the words of `payload`, as far as its reader may see, new or in place of a message."""
        language, place = str(payload["language"]), payload.get("message_id")
        edit = place if isinstance(place, int) else None
        labels = await current_labels(self.settings, self.database)
        try:
            table, keyboard = await self._answer(chat_id, payload, labels, now)
        except BadQuery as error:
            problem = query_problem(error, language, labels, chat=True)
            return message(chat_id, problem, _metrics(language), edit=edit)
        return message(chat_id, f"<pre>{escape(table)}</pre>", keyboard, edit=edit, html=True)

    async def _answer(
        self, chat_id: int, payload: Mapping[str, object], labels: Labels, now: datetime
    ) -> tuple[str, Keyboard]:
        words, language = str(payload["words"]), str(payload["language"])
        scope = self.rules.access.scope(int(str(payload["reader"])))
        if not words.strip() or words == OVERVIEW:
            every = await self._reports([ReportQuery(metric=metric, scope=scope) for metric in METRICS], labels)
            return await asyncio.to_thread(as_overview, every, labels, language), _metrics(language)
        pressed = "message_id" in payload and is_kept(words)
        query = await recall(self.database, chat_id, words) if pressed else parse_report(split_words(words), now.date())
        (found,) = await self._reports([replace(query, scope=scope)], labels)
        subject: str = query.metric
        if pressed:
            subject = words.split()[0]
        elif query != ReportQuery(metric=query.metric, by=query.by):
            subject = await keep(self.database, chat_id, words, now.date())
        return await asyncio.to_thread(as_text, found, labels, language), _breakdowns(found, subject, language)

    async def _reports(self, queries: Sequence[ReportQuery], labels: Labels) -> Sequence[Report]:
        """Of one snapshot."""
        async with self.database.reading() as reading:
            rules = report_rules(self.settings, confidential=await reading.counts.confidential())
            wanted = [await settled(query, reading.counts, labels) for query in queries]
            return [await report(query, reading.counts, rules) for query in wanted]


def _metrics(language: Language) -> Keyboard:
    t = translations("reports", language).gettext
    buttons = [button(t(TITLES[metric]), write(ReportButton(metric, None))) for metric in METRICS]
    return [buttons[:4], buttons[4:]]


def _breakdowns(found: Report, subject: str, language: Language) -> Keyboard:
    """The ways to break the report down further. `subject`: what its buttons are about, a metric or a kept cut."""
    t = translations("reports", language).gettext
    back = [button(translations("bot", language).gettext("All metrics"), write(ReportButton(OVERVIEW, None)))]
    ways = [button(t(NAMES[way]), write(ReportButton(subject, way))) for way in OFFERED if _fits(found, way)]
    return [*(ways[at : at + A_ROW] for at in range(0, len(ways), A_ROW)), back]


def _fits(found: Report, way: Dimension) -> bool:
    """Whether the breakdown would tell anything new."""
    if found.total.n == 0 or way == found.query.by:
        return False
    return not (found.query.metric in UNDIVIDED and way in ANSWERS_ALONE)
