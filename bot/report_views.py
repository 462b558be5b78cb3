"""The figures behind each screen of reports, and the screen as text."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any, Final

from bot.report_rules import why_questions
from bot.settings import Settings
from reports import tables
from reports.loop import loop_table
from reports.overview import as_overview, overview_table
from reports.pairs import as_divergence, as_pair
from reports.quoted import quoted
from reports.records import as_records
from reports.scores import as_scores
from reports.screens import menu, nothing_quoted, numbered, quoted_title
from reports.service import service_table
from reports.speech import Speech
from reports.tables import Table
from reports.text import as_text
from storage.case_figures import CaseFigures
from storage.reading import Reading
from surveys.cases.reporting import loop_report
from surveys.changes import compare, previous
from surveys.clients import clients, divergence
from surveys.errors import BadQuery
from surveys.grids import grid
from surveys.headlines import headlines, news
from surveys.importance import importance
from surveys.places import Place, View
from surveys.report import report
from surveys.reporting import Report, ReportQuery, ReportRules
from surveys.service import Targets, service
from surveys.verbatims import Verbatim, verbatims

ROWS: Final = 8
"""Rows of a breakdown on one screen: each has a button."""
QUOTED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """What the figures are made from. `names`: whether people may be named to this reader."""

    reading: Reading
    rules: ReportRules
    settings: Settings
    now: datetime
    names: bool


@dataclass(frozen=True, slots=True)
class Quotes:
    """Verbatims of a page, None: suppressed; whether there are more; and what those who may be named are called."""

    words: list[Verbatim] | None
    more: bool = False
    names: Mapping[str, str] | None = None
    by_month: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """HTML. `place`: with the page that is shown; `keys`, `names`: of its rows; `total`: pages."""

    html: str
    place: Place
    total: int = 1
    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    empty: bool = False


async def found(place: Place, query: ReportQuery, top: Desktop) -> Any:
    """The figures of a place. `query`: that of the place as far as the reader may see. Raises BadQuery."""
    counts, rules = top.reading.counts, top.rules
    match place.view:
        case "home":
            return await headlines(query, counts, rules, top.now)
        case "news":
            return await news(query, counts, rules, top.now)
        case "metric":
            return await report(query, counts, rules)
        case "pair":
            return await grid(query, place.across or "component", counts, rules)
        case _:
            return await FIGURES[place.view](query, place, top)


async def _change(query: ReportQuery, place: Place, top: Desktop) -> Any:
    earlier = previous(query, query.as_of or top.now)
    if earlier is None:
        raise BadQuery(reason="no_beginning", word="", allowed=(), nearest=None)
    return await compare(query, earlier, top.reading.counts, top.rules)


async def _service(query: ReportQuery, place: Place, top: Desktop) -> Any:
    promised = top.settings.service
    targets = Targets(first_response=promised.first_response, resolution=promised.resolution)
    return await service(query, top.reading.handled, targets, top.rules, place.across)


async def _loop(query: ReportQuery, place: Place, top: Desktop) -> Any:
    return await loop_report(query, CaseFigures(top.reading.connection), top.now)


async def _words(query: ReportQuery, place: Place, top: Desktop) -> Quotes:
    """Those of one page."""
    reading, first = top.reading, place.page * QUOTED
    about = await why_questions(reading)
    stream = await verbatims(query, reading.counts, reading.words, top.rules, about)
    if stream is None:
        return Quotes(None)
    read: list[Verbatim] = []
    async with aclosing(stream) as words:
        async for one in words:
            read.append(one)
            if len(read) > first + QUOTED:
                break
    shown = read[first : first + QUOTED]
    told = {one.person for one in shown if one.person} if top.names else set()
    names = await reading.words.names(told) if told else {}
    return Quotes(shown, len(read) > first + QUOTED, names, top.rules.mode == "confidential")


async def _nothing(query: ReportQuery, place: Place, top: Desktop) -> None:
    return None


FIGURES: Final[Mapping[View, Callable[[ReportQuery, Place, Desktop], Awaitable[Any]]]] = {
    "change": _change,
    "words": _words,
    "service": _service,
    "loop": _loop,
    "more": _nothing,
    "roles": lambda query, place, top: divergence(query, top.reading.counts, top.rules),
    "clients": lambda query, place, top: clients(query, top.reading.counts, top.rules),
    "importance": lambda query, place, top: importance(query, top.reading.counts, top.rules),
}
TABLES: Final[Mapping[View, Callable[..., Table]]] = {
    "home": overview_table,
    "news": overview_table,
    "pair": tables.grid_table,
    "change": tables.change_table,
    "roles": tables.roles_table,
    "clients": tables.clients_table,
    "importance": tables.importance_table,
    "service": service_table,
    "loop": loop_table,
}


def told(place: Place, query: ReportQuery, figures: Any, t: Speech) -> Screen:
    """The screen of a place."""
    match place.view:
        case "home" | "news":
            return Screen(html=_pre(as_overview(figures, t.labels, t.language)), place=place)
        case "more":
            return Screen(html=escape(menu(t, query)), place=place)
        case "metric":
            return _metric(place, figures, t)
        case "words":
            return _quoted(place, query, figures, t)
        case "pair":
            return _paged(place, as_pair(t, figures))
        case "roles":
            return _paged(place, as_divergence(t, figures))
        case view:
            table = TABLES[view](figures, t.labels, t.language)
            return _paged(place, as_records(t, table, query))


def _pre(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


def _paged(place: Place, pages: list[str]) -> Screen:
    page = min(place.page, len(pages) - 1)
    return Screen(html=_pre(pages[page]), place=replace(place, page=page), total=len(pages))


def _metric(place: Place, figures: Report, t: Speech) -> Screen:
    by, parts = figures.query.by, [figures.groups[at : at + ROWS] for at in range(0, len(figures.groups), ROWS)]
    page = min(place.page, max(len(parts) - 1, 0))
    shown = parts[page] if parts else ()
    text = as_text(replace(figures, groups=shown), t.labels, t.language)
    keys = tuple(group.key for group in shown if group.key is not None)
    return Screen(
        html=_pre(text + as_scores(t, figures) + numbered(t, page, len(parts))),
        place=replace(place, page=page),
        total=len(parts),
        keys=keys,
        names=tuple(t.name(by, key) for key in keys) if by else (),
        empty=figures.total.n == 0,
    )


def _quoted(place: Place, query: ReportQuery, quotes: Quotes, t: Speech) -> Screen:
    title = f"<b>{escape(quoted_title(t, query))}</b>"
    if not quotes.words:
        return Screen(html=f"{title}\n\n{escape(nothing_quoted(t, quotes.words))}", place=place, total=place.page + 1)
    parts = quoted(t, quotes.words, quotes.names or {}, by_month=quotes.by_month)
    said = [f"<b>{escape(context)}</b>\n{escape(words)}" for context, words in parts]
    return Screen(html="\n\n".join([title, *said]), place=place, total=place.page + 1 + quotes.more)
