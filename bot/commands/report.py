"""`otklik report`."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from bot.commands.asking import asked_for, hand_over, refuse_terminal, room, sentences, spoken
from bot.commands.migrate import current_database
from bot.commands.past import of_then, past
from bot.console import DONE, Trouble
from bot.past_rules import learn
from bot.report_rules import current_labels, report_rules, why_questions
from bot.settings import Settings
from reports.labels import Labels
from storage.reading import Reading
from surveys.audit import CLI, Look, cut
from surveys.questionnaire import Language
from surveys.report import report as compute
from surveys.report_values import settled
from surveys.reporting import Dimension, Report, ReportQuery, ReportRules
from surveys.verbatims import verbatims

Result = str | bytes

UNDIVIDED: Final = ("clients", "importance")
"""Views that are not broken down."""


def report(settings: Settings, asked: Mapping[str, Any], format_: str, lang: str | None, output: Path | None) -> int:
    """Prints a metric, or writes it to a file."""
    language, view = spoken(settings, lang), asked.get("view")
    query, across = asked_for("report", asked)
    query = past(query, asked.get("as_of"), view)
    refuse_terminal(format_, output)
    if across and view:
        raise Trouble(f"--view: {view} is of one dimension; two are given by --by")
    if query.by and view in UNDIVIDED:
        raise Trouble(f"--by: not for {view}; what it tells is told of everything asked for at once")
    hand_over(asyncio.run(_answer(settings, query, across, view, format_, language)), output)
    return DONE


async def _answer(
    settings: Settings, query: ReportQuery, across: Dimension | None, view: str | None, format_: str, language: Language
) -> Result:
    async with current_database(settings) as database:
        await learn(database, settings, datetime.now(UTC))
        labels = await current_labels(settings, database)
        async with database.reading() as reading:
            rules = report_rules(settings, confidential=await reading.counts.confidential())
            if query.as_of is not None:
                rules = of_then(rules, await reading.rulings.held(query.as_of))
            with sentences("report", labels):
                wanted = await settled(query, reading.counts, labels)
                if format_ != "text":
                    await database.note(_look(wanted, view, format_))
                if across or view:
                    from bot.commands.views import looked_at

                    return await looked_at(view, wanted, across, reading, rules, labels, language, format_)
                found = await compute(wanted, reading.counts, rules)
            if format_ == "xlsx":
                return await _workbook(found, reading, rules, labels, language)
            return rendered(found, labels, language, format_)


def _look(query: ReportQuery, view: str | None, format_: str) -> Look:
    """For the log of looking: a report that is taken away."""
    looked_at = {**cut(query), "view": view, "format": format_}
    return Look(at=datetime.now(UTC), who=CLI, entrance="report", looked_at=looked_at, rows=0)


async def _workbook(found: Report, reading: Reading, rules: ReportRules, labels: Labels, language: Language) -> bytes:
    """With the words of the cut, where they may be shown; of the past no words are kept apart."""
    from reports.workbook import write_workbook

    written = BytesIO()
    words = None
    if found.query.as_of is None:
        words = await verbatims(found.query, reading.counts, reading.words, rules, await why_questions(reading))
    await write_workbook(written, found, labels, language, words)
    return written.getvalue()


def rendered(found: Report, labels: Labels, language: Language, format_: str) -> Result:
    """A report in any format but a workbook."""
    match format_:
        case "json":
            from reports.json import as_json

            return json.dumps(as_json(found, labels, language), ensure_ascii=False, indent=2) + "\n"
        case "csv":
            from reports.csv import as_csv, as_rows

            return as_csv(as_rows(found, labels, language))
        case "png":
            from reports.pictures.choice import picture

            return picture(found, labels, language)
        case "pdf":
            from reports.pictures.choice import one_page

            return one_page(found, labels, language)
        case _:
            from reports.text import as_text

            return as_text(found, labels, language, room=room()) + "\n"
