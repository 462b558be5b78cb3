"""`otklik report`."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.commands.migrate import current_database
from bot.console import DONE, Trouble
from bot.report_rules import current_labels, report_rules
from bot.settings import Settings
from reports.errors import query_problem
from reports.labels import Labels
from surveys.errors import BadQuery
from surveys.query import parse_report
from surveys.questionnaire import Language
from surveys.report import report as compute
from surveys.report_values import settled
from surveys.reporting import Report, ReportQuery


def report(settings: Settings, asked: Mapping[str, Any], format_: str, lang: str | None, output: Path | None) -> int:
    """Prints a metric, or writes it to a file."""
    language = lang or settings.vendor.language
    if language not in settings.vendor.languages:
        raise Trouble(f"--lang: there is no language {language!r}; allowed: {', '.join(settings.vendor.languages)}")
    try:
        query = parse_report(_words(asked), datetime.now(UTC).date())
    except BadQuery as error:
        raise Trouble(f"otklik report: {query_problem(error, 'en')}") from error
    found, labels = asyncio.run(_compute(settings, query))
    text = _rendered(found, labels, language, format_)
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8", newline="")
    return DONE


def _words(asked: Mapping[str, Any]) -> list[str]:
    """The options as the words of a query, each checked where a chat's words are."""
    if len(asked["by"]) > 1:
        raise Trouble("--by: given twice; one dimension at a time")
    words = [asked["metric"], *(word for dimension in asked["by"] for word in ("by", dimension))]
    for cut in asked["where"]:
        if "=" not in cut:
            raise Trouble(f"--where: {cut!r} is not a cut; allowed: DIM=VALUE, for example role=key_user")
        words.append(cut)
    for option in ("since", "until", "method"):
        words += [option, asked[option]] if asked[option] else []
    return words


async def _compute(settings: Settings, query: ReportQuery) -> tuple[Report, Labels]:
    async with current_database(settings) as database:
        labels = await current_labels(settings, database)
        async with database.reading() as reading:
            rules = report_rules(settings, confidential=await reading.counts.confidential())
            try:
                wanted = await settled(query, reading.counts, labels)
            except BadQuery as error:
                raise Trouble(f"otklik report: {query_problem(error, 'en', labels)}") from error
            return await compute(wanted, reading.counts, rules), labels


def _rendered(found: Report, labels: Labels, language: Language, format_: str) -> str:
    match format_:
        case "json":
            from reports.json import as_json

            return json.dumps(as_json(found, labels, language), ensure_ascii=False, indent=2) + "\n"
        case "csv":
            from reports.csv import as_csv, as_rows

            return as_csv(as_rows(found, labels, language))
        case _:
            from reports.text import as_text

            return as_text(found, labels, language, wide=True) + "\n"
