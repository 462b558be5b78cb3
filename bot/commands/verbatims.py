"""`otklik verbatims`: the words, streamed as they are read."""

import asyncio
import csv
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from rich.console import Console
from rich.text import Text

from bot.commands.asking import asked_for, hand_over, refuse_terminal, sentences, spoken
from bot.commands.migrate import current_database
from bot.console import DONE, Trouble
from bot.outputs import written_whole
from bot.report_rules import current_labels, report_rules, why_questions
from bot.settings import Settings
from metrics.scales import EVERY_SCALE
from reports.csv import safe
from reports.json import moment
from reports.layout import TERMINAL, fold, tidy
from reports.speech import Speech
from reports.workbook import nothing_said
from surveys.audit import CLI, Look, cut
from surveys.questionnaire import Language
from surveys.report_values import settled
from surveys.reporting import Dimension, ReportQuery
from surveys.verbatims import Verbatim
from surveys.verbatims import verbatims as compute

Words = AsyncIterator[Verbatim]
SUPPRESSED = "otklik verbatims: suppressed: fewer people answered here than words may be shown of"


def verbatims(settings: Settings, asked: Mapping[str, Any], format_: str, lang: str | None, output: Path | None) -> int:
    """Prints the words, or writes them to a file."""
    language = spoken(settings, lang)
    query, _ = asked_for("verbatims", asked)
    refuse_terminal(format_, output)
    asyncio.run(_write(settings, query, language, format_, output))
    return DONE


async def _write(settings: Settings, query: ReportQuery, language: Language, format_: str, output: Path | None) -> None:
    async with current_database(settings) as database:
        labels = await current_labels(settings, database)
        async with database.reading() as reading:
            rules = report_rules(settings, confidential=await reading.counts.confidential())
            with sentences("verbatims", labels):
                wanted = await settled(query, reading.counts, labels)
            about = await why_questions(reading)
            words = await compute(wanted, reading.counts, reading.words, rules, about)
            if words is None:
                raise Trouble(SUPPRESSED)
            async with aclosing(words):
                await database.note(_look(query, format_))
                await _hand_over(words, Speech(language, labels), format_, output)


def _look(query: ReportQuery, format_: str) -> Look:
    """For the log of looking. How many words there are is not known before they are read."""
    looked_at = {**cut(query), "format": format_}
    return Look(at=datetime.now(UTC), who=CLI, entrance="verbatims", looked_at=looked_at, rows=0)


async def _hand_over(words: Words, t: Speech, format_: str, output: Path | None) -> None:
    if format_ == "xlsx":
        hand_over(await _xlsx(words, t), output)
        return
    with _opened(output) as file:
        await WRITERS[format_](words, file, t)


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    """The file, whole or not at all, or standard output."""
    if output is None:
        yield sys.stdout
        return
    with written_whole(output) as part, part.open("w", encoding="utf-8", newline="") as file:
        yield file


def _record(one: Verbatim) -> dict[str, Any]:
    return asdict(one) | {"at": moment(one.at)}


async def _json(words: Words, file: IO[str], t: Speech) -> None:
    begun = False
    async for one in words:
        file.write((",\n" if begun else "[\n") + json.dumps(_record(one), ensure_ascii=False))
        begun = True
    file.write("\n]\n" if begun else "[]\n")


async def _csv(words: Words, file: IO[str], t: Speech) -> None:
    writer = csv.writer(file)
    writer.writerow(Verbatim.__dataclass_fields__)
    async for one in words:
        writer.writerow([safe(cell) for cell in _record(one).values()])


async def _text(words: Words, file: IO[str], t: Speech) -> None:
    """A line of context in bold, the words below it."""
    console = Console(file=file, width=None if file.isatty() else TERMINAL, highlight=False, markup=False, emoji=False)
    none = True
    async for one in words:
        for line in fold(_context(t, one), console.width):
            console.print(Text(line, style="bold"))
        for line in fold(tidy(one.text), console.width - 2):
            console.print(Text(f"  {line}"))
        console.print()
        none = False
    if none:
        console.print(nothing_said(t))


def _context(t: Speech, one: Verbatim) -> str:
    """The score first: it is what one looks for."""
    named: list[tuple[Dimension, str | None]] = [
        ("component", one.component),
        ("account", one.account),
        ("project", one.project),
        ("role", one.role),
        ("stage", one.stage),
    ]
    scale = EVERY_SCALE.get(one.scale or "")
    score = f"{one.score}/{scale.high}" if scale and one.score is not None else "—"
    told = [t.name(by, key) for by, key in named if key]
    return " · ".join([score, *told, *([one.person] if one.person else []), t.day(one.at.date())])


async def _xlsx(words: Words, t: Speech) -> bytes:
    from reports.sheets import book
    from reports.workbook import add_verbatims

    written = BytesIO()
    with book(written) as made:
        await add_verbatims(made, t, words)
    return written.getvalue()


WRITERS: Mapping[str, Callable[[Words, IO[str], Speech], Any]] = {"text": _text, "json": _json, "csv": _csv}
