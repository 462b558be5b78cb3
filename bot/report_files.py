"""Reports to keep: pictures, workbooks and pages to print, as messages with a file."""

import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from io import BytesIO
from typing import Any, Final

from bot.apart import Workshop
from bot.report_rules import why_questions
from bot.report_views import TABLES, Desktop
from handlers.replies import Call, File
from reports.labels import Labels
from reports.speech import Speech
from reports.tables import Table
from surveys.headlines import Headlines
from surveys.places import OVERVIEWS, Place
from surveys.questionnaire import Language
from surveys.report import report
from surveys.reporting import Report, ReportQuery
from surveys.verbatims import Verbatim, verbatims

MOST_WORDS: Final = 5000
"""Verbatims in a workbook of the chat, the newest; `otklik verbatims` writes any number."""
PHOTO_SIDES: Final = 10_000
"""Pixels of width and height together that Telegram takes as a photo."""
PHOTO_BYTES: Final = 10_000_000
KINDS: Final = {
    "png": "image/png",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def made(
    kind: str, place: Place, query: ReportQuery, figures: Any, top: Desktop, workshop: Workshop, speech: Speech
) -> bytes:
    """The file. Raises Unmade, and BadQuery."""
    labels, language = speech.labels, speech.language
    if kind == "xlsx":
        return await _workbook(place, query, figures, top, workshop, speech)
    whole = kind == "pdf" and place.view in OVERVIEWS
    subject = figures if whole else await _drawn(place, query, figures, top)
    return await workshop.make(_picture if kind == "png" else _page, place.view, subject, labels, language)


def sent(chat_id: int, kind: str, data: bytes, title: str, name: str) -> Call:
    """The message that brings it: a photo, or a document of what is no photo."""
    file = File(f"{name}.{kind}", data, KINDS[kind])
    photo = kind == "png" and len(data) <= PHOTO_BYTES and sum(_sides(data)) <= PHOTO_SIDES
    method, field = ("sendPhoto", "photo") if photo else ("sendDocument", "document")
    return Call(method, {"chat_id": chat_id, "caption": title}, {field: file})


def _sides(png: bytes) -> tuple[int, int]:
    """Width and height, from the header."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


async def _drawn(place: Place, query: ReportQuery, figures: Any, top: Desktop) -> Any:
    """What there is a picture of: of a comparison its latter half, of clients their NPS."""
    match place.view:
        case "home" | "news":
            return figures.course
        case "change":
            return figures.now
        case "clients":
            return await report(replace(query, by="account"), top.reading.counts, top.rules)
        case _:
            return figures


def _picture(view: str, subject: Any, labels: Labels, language: Language) -> bytes:
    from reports.pictures.choice import PICTURES, picture

    return PICTURES.get(view, picture)(subject, labels, language)


def _page(view: str, subject: Any, labels: Labels, language: Language) -> bytes:
    from reports.pictures.choice import PAGES, one_page

    return PAGES.get(view, one_page)(subject, labels, language)


async def _workbook(
    place: Place, query: ReportQuery, figures: Any, top: Desktop, workshop: Workshop, t: Speech
) -> bytes:
    labels, language = t.labels, t.language
    if place.view not in (*OVERVIEWS, "metric"):
        return await workshop.make(_table, TABLES[place.view](figures, labels, language))
    words = await _words(query, top) if query.as_of is None else None
    return await workshop.make(_book, figures, labels, language, words)


async def _words(query: ReportQuery, top: Desktop) -> list[Verbatim] | None:
    """The newest words of the cut, without authors where the reader may not know them."""
    reading = top.reading
    stream = await verbatims(query, reading.counts, reading.words, top.rules, await why_questions(reading))
    if stream is None:
        return None
    read: list[Verbatim] = []
    async with aclosing(stream) as words:
        async for one in words:
            read.append(one if top.names else replace(one, person=None))
            if len(read) == MOST_WORDS:
                break
    return read


def _table(table: Table) -> bytes:
    from reports.workbook import write_table

    written = BytesIO()
    write_table(written, table)
    return written.getvalue()


def _book(main: Report | Headlines, labels: Labels, language: Language, words: Sequence[Verbatim] | None) -> bytes:
    import asyncio

    from reports.workbook import write_overview, write_workbook

    written = BytesIO()
    each = None if words is None else _one_by_one(words)
    if isinstance(main, Report):
        asyncio.run(write_workbook(written, main, labels, language, each))
    else:
        asyncio.run(write_overview(written, main, labels, language, each))
    return written.getvalue()


async def _one_by_one(words: Sequence[Verbatim]) -> AsyncIterator[Verbatim]:
    for one in words:
        yield one
