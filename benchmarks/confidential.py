"""The same reports where confidentiality is promised, beside those of the usual mode."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.contenders import environment
from benchmarks.page import decimal
from bot.report_rules import report_rules
from bot.settings import load_settings
from storage.database import Database, open_database
from surveys.grids import grid
from surveys.headlines import headlines
from surveys.report import report
from surveys.reporting import Counts, Dimension, ReportQuery, ReportRules

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEADING = "| отчёт | обычный режим, мс | конфиденциальный, мс | ÷ обычный | впервые, мс |\n|---|---:|---:|---:|---:|\n"

Ask = Callable[[Counts, ReportRules], Awaitable[Any]]


async def _first(counts: Counts, rules: ReportRules) -> object:
    return await headlines(ReportQuery(metric="nps"), counts, rules, NOW)


def _by(dimension: Dimension) -> Ask:
    async def ask(counts: Counts, rules: ReportRules) -> object:
        return await report(ReportQuery(metric="csat", by=dimension), counts, rules)

    return ask


async def _pair(counts: Counts, rules: ReportRules) -> object:
    return await grid(ReportQuery(metric="csat", by="account"), "role", counts, rules)


REPORTS: Mapping[str, Ask] = {
    "Первый экран": _first,
    **{f"CSAT по разрезу `{dimension}`": _by(dimension) for dimension in ("role", "component", "project", "month")},
    "CSAT: клиент × роль": _pair,
}


async def confidential_rows(home: Path, rounds: int) -> str:
    """A table: the medians of both modes, and the first time, when who answered has to be read."""
    settings = load_settings(home / "config.yaml", environment(home))
    secret, rows = report_rules(settings, confidential=True), []
    named = replace(secret, mode="named")
    for name, ask in REPORTS.items():
        async with open_database(settings.database_url) as database:
            usual = [await _seconds(database, ask, named) for _ in range(rounds + 1)][1:]
            first = await _seconds(database, ask, secret)
            again = [await _seconds(database, ask, secret) for _ in range(rounds)]
        ratio = median(one / another for one, another in zip(again, usual, strict=True))
        told = [1000 * median(usual), 1000 * median(again), ratio, 1000 * first]
        rows.append(f"| {name} | {' | '.join(map(decimal, told))} |")
    return HEADING + "\n".join(rows)


async def _seconds(database: Database, ask: Ask, rules: ReportRules) -> float:
    started = perf_counter()
    async with database.reading() as reading:
        await ask(reading.counts, rules)
    return perf_counter() - started
