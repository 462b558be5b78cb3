"""`otklik service`: how soon requests of clients are answered and resolved."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.commands.asking import asked_for, hand_over, refuse_terminal, sentences, spoken
from bot.commands.migrate import current_database
from bot.commands.tables import as_bytes
from bot.console import DONE
from bot.report_rules import current_labels, report_rules
from bot.settings import Settings
from reports.service import service_table
from surveys.questionnaire import Language
from surveys.report_values import settled
from surveys.reporting import Dimension, ReportQuery
from surveys.service import Targets
from surveys.service import service as compute


def service(settings: Settings, asked: Mapping[str, Any], format_: str, lang: str | None, output: Path | None) -> int:
    """Prints the times, or writes them to a file."""
    language = spoken(settings, lang)
    query, across = asked_for("service", asked)
    refuse_terminal(format_, output)
    hand_over(asyncio.run(_answer(settings, query, across, language, format_)), output)
    return DONE


async def _answer(
    settings: Settings, query: ReportQuery, across: Dimension | None, language: Language, format_: str
) -> bytes:
    targets = Targets(first_response=settings.service.first_response, resolution=settings.service.resolution)
    async with current_database(settings) as database:
        labels = await current_labels(settings, database)
        async with database.reading() as reading:
            rules = report_rules(settings, confidential=False)
            with sentences("service", labels):
                wanted = await settled(query, reading.counts, labels)
                found = await compute(wanted, reading.handled, targets, rules, across)
    return as_bytes(service_table(found, labels, language), language, labels, format_)
