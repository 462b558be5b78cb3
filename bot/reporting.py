"""Reports as the bot shows them: the vendor's rules and titles, and a reader's rights, around one use case."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Final, get_args

from bot.report_rules import report_labels, report_rules
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
from surveys.rules import Rules, Scope

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers `/report`."""

    database: Database
    settings: Settings
    rules: Rules

    async def screen(self, chat_id: int, payload: Mapping[str, object], now: datetime) -> Call:
        """The screen for the words of `payload`, as far as its reader may see, new or in place of a message."""
        language, place = str(payload["language"]), payload.get("message_id")
        scope = self.rules.access.scope(int(str(payload["reader"])))
        edit = place if isinstance(place, int) else None
        try:
            table, keyboard = await self._answer(str(payload["words"]), scope, language, now)
        except BadQuery as error:
            problem = query_problem(error, language, report_labels(self.settings), chat=True)
            return message(chat_id, problem, _metrics(language), edit=edit)
        return message(chat_id, f"<pre>{escape(table)}</pre>", keyboard, edit=edit, html=True)

    async def _answer(self, words: str, scope: Scope | None, language: Language, now: datetime) -> tuple[str, Keyboard]:
        labels = report_labels(self.settings)
        if not words.strip() or words == OVERVIEW:
            every = await self._reports([ReportQuery(metric=metric, scope=scope) for metric in METRICS], labels)
            return await asyncio.to_thread(as_overview, every, labels, language), _metrics(language)
        query = parse_report(split_words(words), now.date())
        (figures,) = await self._reports([replace(query, scope=scope)], labels)
        return await asyncio.to_thread(as_text, figures, labels, language), _breakdowns(query, language)

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


def _breakdowns(query: ReportQuery, language: Language) -> Keyboard:
    """The ways to break the metric down; a cut that was asked for in words is left as it is."""
    t = translations("reports", language).gettext
    back = [button(translations("bot", language).gettext("All metrics"), write(ReportButton(OVERVIEW, None)))]
    if query.where or query.since or query.until:
        return [back]
    fitting = [way for way in OFFERED if way != query.by and not (query.metric == "response" and way in ANSWERS_ALONE)]
    ways = [button(t(NAMES[way]), write(ReportButton(query.metric, way))) for way in fitting]
    return [*(ways[at : at + A_ROW] for at in range(0, len(ways), A_ROW)), back]
