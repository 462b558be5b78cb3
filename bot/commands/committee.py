"""`otklik committee`."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.commands.asking import hand_over
from bot.commands.cases import bounds
from bot.commands.deciding import spoken
from bot.commands.migrate import current_database
from bot.commands.rows import written as rows_written
from bot.committee_papers import PAPERS, Papers
from bot.committee_sight import Sight
from bot.console import DONE
from bot.loop_rules import loop_rules
from bot.settings import Settings
from reports.json import moment
from surveys.audit import CLI, Look
from surveys.improvements.causes import Repeated
from surveys.improvements.improvement import Improvement
from surveys.questionnaire import Language

COLUMNS: Final = (
    *("component", "stage", "department", "cases", "accounts", "projects", "divisions", "revenue_share", "weight"),
    *("named", "partners", "first_seen", "last_seen", "improvement"),
)


def causes(
    settings: Settings, since: str | None, until: str | None, lang: str | None, format_: str, output: Path | None
) -> int:
    """Every cause that repeats in the period, a row each."""
    papers = asyncio.run(_read(settings, bounds("committee", since, until), spoken(settings, lang), "causes"))
    standing = {one.cause: one for one in reversed(papers.improvements)}
    rows = [_row(one, standing.get(one.cause)) for one in papers.causes]
    hand_over(rows_written(COLUMNS, rows, format_), output)
    return DONE


def written(
    settings: Settings, paper: str, since: str | None, until: str | None, lang: str | None, output: Path | None
) -> int:
    """The agenda or the minutes."""
    papers = asyncio.run(_read(settings, bounds("committee", since, until), spoken(settings, lang), paper))
    hand_over(PAPERS[paper](papers), output)
    return DONE


async def _read(
    settings: Settings, period: tuple[datetime | None, datetime | None], language: Language, what: str
) -> Papers:
    now = Clock().now()
    async with current_database(settings) as database:
        async with database.reading() as reading:
            sight = Sight(reading, settings, settings.rules(), loop_rules(settings).names, now)
            papers = await sight.papers(*period, language)
        rows = sum(len(one.complaints) for one in papers.causes)
        await database.note(Look(at=now, who=CLI, entrance="committee", looked_at={"paper": what}, rows=rows))
    return papers


def _row(one: Repeated, improvement: Improvement | None) -> Mapping[str, object]:
    cause = one.cause
    named = {"component": cause.component, "stage": cause.stage, "department": cause.department}
    counted = {"cases": len(one.complaints), "accounts": len(one.accounts), "projects": len(one.projects)}
    weighed = {"divisions": len(one.divisions), "revenue_share": one.revenue_share, "weight": one.weight}
    seen = {"first_seen": moment(one.first), "last_seen": moment(one.last)}
    said = {"named": one.named, "partners": one.partners, "improvement": improvement.status if improvement else None}
    return {**named, **counted, **weighed, **said, **seen}
