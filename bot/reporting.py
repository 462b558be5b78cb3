"""Reports as the bot shows them: one card, edited in place from the headlines down to the words, and files below it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.apart import Unmade, Workshop
from bot.past_rules import as_of
from bot.report_files import made, sent
from bot.report_keys import home_alone, keyboard
from bot.report_places import keep, recall
from bot.report_rules import current_labels, report_rules
from bot.report_views import Desktop, Quotes, Screen, found, told
from bot.settings import Settings
from handlers.buttons import FILES, OVERVIEW, ReportButton, read
from handlers.replies import Call, message
from metrics.scales import EVERY_SCALE
from reports.errors import query_problem
from reports.screens import title_of, unmade
from reports.speech import Speech
from storage.database import Database
from storage.reading import Reading
from surveys.audit import Look, cut
from surveys.errors import BadQuery
from surveys.places import METRICS, OVERVIEWS, Place, home, news, onward
from surveys.query import split_words
from surveys.recurring import Period, news_period
from surveys.report_values import settled
from surveys.reporting import DIMENSIONS, ReportQuery, ReportRules
from surveys.requests import requested
from surveys.rules import Rules

OF_NOW: Final = frozenset({"importance", "words", "service", "loop"})
"""Views of which no past is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers `/report`."""

    database: Database
    settings: Settings
    rules: Rules
    workshop: Workshop = field(default_factory=Workshop)

    async def screen(self, chat_id: int, payload: Mapping[str, object], now: datetime) -> Call:
        """What `payload` asks for, as far as its reader may see: a screen, new or in place of a message, or a file."""
        language, at = str(payload["language"]), payload.get("message_id")
        speech = Speech(language, await current_labels(self.settings, self.database))
        reader, edit = int(str(payload["reader"])), at if isinstance(at, int) else None
        pressed = read(str(payload.get("button", "")))
        try:
            if isinstance(pressed, ReportButton):
                if pressed.step in FILES:
                    return await self._file(chat_id, pressed, reader, speech, now)
                place = await self._pressed(chat_id, pressed, now)
            elif "since" in payload:
                place = news(*(datetime.fromisoformat(str(payload[end])) for end in ("since", "until")))
            else:
                place = _said(str(payload["words"]), now)
            return await self._card(chat_id, place, reader, speech, now, edit)
        except BadQuery as error:
            problem = query_problem(error, language, speech.labels, chat=True)
            return message(chat_id, problem, home_alone(language), edit=edit)

    async def news(self, reader: int, told_until: datetime, now: datetime) -> Period | None:
        """What this reader, told up to then, has not been told yet; None: nobody whose answers they see gave any."""
        async with self.database.reading() as reading:
            rules = report_rules(self.settings, confidential=await reading.counts.confidential())
            period = news_period(told_until, now, confidential=rules.mode == "confidential")
            if period is None:
                return None
            since, until = period
            scope = self.rules.access.scope(reader)
            query = ReportQuery(metric="nps", since=since, until=until, scope=scope)
            given = await reading.counts.scores(query, tuple(EVERY_SCALE))
        return period if any(one.n for one in given) else None

    async def _card(
        self, chat_id: int, place: Place, reader: int, speech: Speech, now: datetime, edit: int | None
    ) -> Call:
        screen = await self._screen(place, reader, speech, now)
        name = await keep(self.database, chat_id, screen.place, screen.keys, now)
        return message(chat_id, screen.html, keyboard(screen, name, speech.language), edit=edit, html=True)

    async def _screen(self, place: Place, reader: int, speech: Speech, now: datetime) -> Screen:
        async with self.database.reading() as reading:
            top, query = await self._top(reading, place, reader, now), place.query
            wanted = await settled(replace(query, scope=self.rules.access.scope(reader)), reading.counts, speech.labels)
            figures = await found(place, wanted, top)
        if isinstance(figures, Quotes) and figures.words:
            await self._written_down(reader, wanted, "words", len(figures.words), now)
        return told(replace(place, query=replace(wanted, scope=None)), wanted, figures, speech)

    async def _file(self, chat_id: int, pressed: ReportButton, reader: int, speech: Speech, now: datetime) -> Call:
        kept = await recall(self.database, chat_id, pressed.screen)
        if kept is None:
            raise _outdated()
        place = kept.place
        async with self.database.reading() as reading:
            top, scope = await self._top(reading, place, reader, now), self.rules.access.scope(reader)
            wanted = replace(place.query, scope=scope)
            figures = await found(place, wanted, top)
            title = title_of(speech, place, wanted, drawn=pressed.step == "png")
            try:
                data = await made(pressed.step, place, wanted, figures, top, self.workshop, speech)
            except Unmade:
                return message(chat_id, unmade(speech))
        await self._written_down(reader, wanted, pressed.step, 1, now)
        about = "report" if place.view in OVERVIEWS else wanted.metric
        return sent(chat_id, pressed.step, data, title, f"{about}-{now:%Y-%m-%d}")

    async def _written_down(self, reader: int, query: ReportQuery, what: str, rows: int, now: datetime) -> None:
        """Before it is shown."""
        look = Look(at=now, who=str(reader), entrance="report", looked_at={**cut(query), "view": what}, rows=rows)
        async with self.database.unit_of_work() as uow:
            await uow.audit.add(look)
            await uow.commit()

    async def _top(self, reading: Reading, place: Place, reader: int, now: datetime) -> Desktop:
        """What the figures are made from, with names for whom they are meant."""
        rules = report_rules(self.settings, confidential=await reading.counts.confidential())
        if place.query.as_of is not None:
            rules = await _of_then(place, place.query.as_of, reading, rules)
        names = self.rules.access.names(reader) and rules.mode == "named"
        return Desktop(reading=reading, rules=rules, settings=self.settings, now=now, names=names)

    async def _pressed(self, chat_id: int, pressed: ReportButton, now: datetime) -> Place:
        if pressed.screen == OVERVIEW:
            return home(now.date())
        if pressed.screen in METRICS:
            return _of_old(pressed)
        kept = await recall(self.database, chat_id, pressed.screen)
        if kept is None:
            raise _outdated()
        place = onward(kept.place, pressed.step, pressed.number, kept.keys, now.date())
        if place is None:
            raise _outdated()
        return place


def _said(words: str, now: datetime) -> Place:
    return requested(split_words(words), now.date()) if words.strip() else home(now.date())


def _of_old(pressed: ReportButton) -> Place:
    """A button from before cards knew where they stand: a metric and perhaps a breakdown."""
    metric = next(known for known in METRICS if known == pressed.screen)
    by = next((known for known in DIMENSIONS if known == pressed.step), None)
    return Place(view="metric", query=ReportQuery(metric=metric, by=by))


async def _of_then(place: Place, at: datetime, reading: Reading, rules: ReportRules) -> ReportRules:
    """The rules that held then. Raises BadQuery for what is not told of the past."""
    if rules.mode == "confidential":
        raise BadQuery(reason="not_then_confidential", word="", allowed=(), nearest=None)
    if place.view in OF_NOW or place.query.metric == "response":
        raise BadQuery(reason="not_then", word="", allowed=(), nearest=None)
    return as_of(rules, await reading.rulings.held(at))


def _outdated() -> BadQuery:
    return BadQuery(reason="outdated", word="", allowed=(), nearest=None)
