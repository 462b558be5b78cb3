"""`otklik report`."""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.commands.migrate import current_database
from bot.console import DONE, Trouble
from bot.past_rules import as_of, learn
from bot.report_rules import current_labels, report_rules
from bot.settings import Settings
from reports.errors import query_problem
from reports.labels import Labels
from surveys.errors import BadQuery
from surveys.query import parse_report
from surveys.query_dates import after
from surveys.questionnaire import Language
from surveys.report import report as compute
from surveys.report_values import settled
from surveys.reporting import Report, ReportQuery, ReportRules


def report(settings: Settings, asked: Mapping[str, Any], format_: str, lang: str | None, output: Path | None) -> int:
    """Prints a metric, or writes it to a file."""
    language = lang or settings.vendor.language
    if language not in settings.vendor.languages:
        raise Trouble(f"--lang: there is no language {language!r}; allowed: {', '.join(settings.vendor.languages)}")
    try:
        query = parse_report(_words(asked), datetime.now(UTC).date())
    except BadQuery as error:
        raise Trouble(f"otklik report: {query_problem(error, 'en')}") from error
    if asked.get("as_of"):
        query = _past(query, asked["as_of"])
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


def _past(query: ReportQuery, said: str) -> ReportQuery:
    """The query as it was answered at the end of a day, or at a moment with its time zone."""
    if query.metric == "response":
        raise Trouble("--as-of: of invitations only their state of now is kept; allowed with: nps, csat, ces, csi")
    try:
        moment = datetime.fromisoformat(said)
        whole_day = len(said) == len("2026-07-01")
        at = after(moment.date()) - timedelta(microseconds=1) if whole_day else moment
    except (ValueError, BadQuery):
        raise Trouble(f"--as-of: {said!r} is not a date; allowed: 2026-07-01 or 2026-07-01T12:00:00+03:00") from None
    if at.tzinfo is None:
        raise Trouble(f"--as-of: {said!r} has no time zone; allowed: 2026-07-01 or 2026-07-01T12:00:00+03:00")
    return replace(query, as_of=at.astimezone(UTC))


def _of_then(rules: ReportRules, held: Mapping[str, Any] | None) -> ReportRules:
    if rules.mode == "confidential":
        raise Trouble(
            "--as-of: not allowed where confidentiality was promised: two close days would tell of one person"
        )
    return as_of(rules, held)


async def _compute(settings: Settings, query: ReportQuery) -> tuple[Report, Labels]:
    async with current_database(settings) as database:
        await learn(database, settings, datetime.now(UTC))
        labels = await current_labels(settings, database)
        async with database.reading() as reading:
            rules = report_rules(settings, confidential=await reading.counts.confidential())
            if query.as_of is not None:
                rules = _of_then(rules, await reading.rulings.held(query.as_of))
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
