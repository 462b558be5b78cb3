"""`otklik report loop`: how well the loop works, in figures."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.clock import Clock
from bot.commands.asking import asked_for, hand_over, refuse_terminal, sentences, spoken
from bot.commands.cases import FIGURES, rows_of
from bot.commands.migrate import current_database
from bot.commands.rows import written
from bot.commands.tables import as_bytes
from bot.console import DONE, Trouble
from bot.report_rules import current_labels
from bot.settings import Settings
from reports.labels import Labels
from reports.loop import loop_table
from storage.case_figures import CaseFigures
from surveys.cases.reporting import LoopReport, loop_report
from surveys.questionnaire import Language
from surveys.report_values import settled
from surveys.reporting import ReportQuery

FORMATS: Final = ("text", "json", "csv", "xlsx")
OTHERS: Final = ("as_of", "view", "method")


def report(settings: Settings, asked: Mapping[str, Any], format_: str, lang: str | None, output: Path | None) -> int:
    """Prints the figures, or writes them to a file."""
    language = spoken(settings, lang)
    strange = next((name for name in OTHERS if asked.get(name)), None)
    if strange:
        raise Trouble(f"--{strange.replace('_', '-')}: not for loop; it takes --by, --where, --since and --until")
    if format_ not in FORMATS:
        raise Trouble(f"--format: there is no {format_} of this; allowed: {', '.join(FORMATS)}")
    query, across = asked_for("report", {**asked, "metric": None})
    if across:
        raise Trouble("--by: one dimension for loop")
    refuse_terminal(format_, output)
    found, labels = asyncio.run(_read(settings, query))
    hand_over(_written(found, labels, language, format_), output)
    return DONE


async def _read(settings: Settings, query: ReportQuery) -> tuple[LoopReport, Labels]:
    async with current_database(settings) as database:
        labels = await current_labels(settings, database)
        async with database.reading() as reading:
            with sentences("report", labels):
                wanted = await settled(query, reading.counts, labels)
                return await loop_report(wanted, CaseFigures(reading.connection), Clock().now()), labels


def _written(found: LoopReport, labels: Labels, language: Language, format_: str) -> str | bytes:
    if format_ in ("text", "xlsx"):
        return as_bytes(loop_table(found, labels, language), language, labels, format_)
    group = found.query.by or "group"
    parts = [(None, found.figures), *((key or "", figures) for key, figures in found.groups.items())]
    columns = (*((group,) if found.query.by else ()), *FIGURES)
    rows = ({group: key, **row} for key, one in parts for row in rows_of(one))
    return written(columns, [{name: row[name] for name in columns} for row in rows], format_)
