"""Reports: how their cost grows with the answers."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from time import process_time

from benchmarks.contenders import environment
from benchmarks.data import lay_answers
from benchmarks.figures import Figure, ratios
from benchmarks.page import grouped
from bot.report_rules import report_rules
from bot.settings import Settings, load_settings
from storage.database import Database, open_database
from surveys.query import parse_report
from surveys.report import report
from surveys.reporting import ReportQuery

REPORTS: Mapping[str, Sequence[str]] = {
    "Отчёт `nps`": ("nps",),
    "Отчёт `csat by component`": ("csat", "by", "component"),
}


async def measure(home: Path, sizes: tuple[int, int], rounds: int) -> Sequence[Figure]:
    """Processor time of the same report on a small and on a large database, the database's thread included."""
    small, large = [await lay(home / str(size), size) for size in sizes]
    async with open_database(small.database_url) as few, open_database(large.database_url) as many:
        return [
            Figure(
                what=f"{name}: {grouped(sizes[1])} ответов",
                baseline=f"тот же отчёт, {grouped(sizes[0])} ответов",
                ratios=await _rounds(few, many, small, parse_report(list(words), date(2026, 7, 1)), rounds),
                more_is_better=False,
            )
            for name, words in REPORTS.items()
        ]


async def lay(home: Path, answers: int) -> Settings:
    """A directory with a configuration, and a database with so many answers."""
    settings = _settings(home)
    await lay_answers(settings, answers)
    return settings


def _settings(home: Path) -> Settings:
    home.mkdir(parents=True)
    (home / "config.yaml").write_text("vendor: {name: Sample Vendor}\n", encoding="utf-8")
    return load_settings(home / "config.yaml", environment(home))


async def _rounds(few: Database, many: Database, settings: Settings, query: ReportQuery, rounds: int) -> list[float]:
    """After a first time in each, in which statements are compiled and pages read."""
    for database in (few, many):
        await seconds(database, settings, query)
    small, large = [], []
    for _ in range(rounds):
        small.append(await seconds(few, settings, query))
        large.append(await seconds(many, settings, query))
    return ratios(large, small)


async def seconds(database: Database, settings: Settings, query: ReportQuery) -> float:
    """Processor time of a report from the snapshot to the figures."""
    started = process_time()
    async with database.reading() as reading:
        rules = report_rules(settings, confidential=await reading.counts.confidential())
        await report(query, reading.counts, rules)
    return process_time() - started
