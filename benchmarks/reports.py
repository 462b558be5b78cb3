"""`python -m benchmarks.reports SIZE…`: reports on so many answers, beside DuckDB and plain SQL; writes the page.

Databases are kept in var/bench, to be asked again. The counts of all contenders must agree.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from benchmarks.contenders import ROOT, environment
from benchmarks.data import generate
from benchmarks.page import decimal, grouped
from benchmarks.rivals import QUESTIONS, Duck, Question, of_otklik, of_plain_sql
from bot.settings import load_settings
from storage.database import Database, open_database

PAGE = ROOT / "docs" / "performance-reports.md"
HOME = ROOT / "var" / "bench"
ROUNDS = 7
COMMANDS: Mapping[str, Sequence[str]] = {
    "Холодный старт: `otklik report nps`": ("report", "nps", "--format", "json"),
    "`otklik export answers`": ("export", "answers", "-o", "answers.csv"),
}
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
TEMPLATE = """\
# Производительность отчётов

Страницу пишет `python -m benchmarks.reports РАЗМЕР…`, это часть `make bench`; полный размер – `make bench
SIZE=10000000`.
Ответы придуманы генератором: пять лет, до двухсот клиентов по три проекта, волны и пульсы, исправления и слова.
База – SQLite. Соперники отвечают на тот же вопрос в том же прогоне по очереди, и числа у всех сходятся, иначе прогон
обрывается. DuckDB читает собственный файл с одной широкой таблицей, где соединять ничего не нужно; «простой SQL» –
тот же запрос к самим ответам в той же базе. Медианы раундов, их {rounds}; простой SQL – один раз. Ядер – {cores}.

{sizes}
"""
SIZE = """\
## Ответов: {size}

| вопрос | Отклик, мс | DuckDB, мс | простой SQL, мс | Отклик ÷ DuckDB |
|---|---:|---:|---:|---:|
{rows}

| команда | секунд | памяти, МБ |
|---|---:|---:|
{commands}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds. `duck` and `plain`: of those who do it another way."""

    name: str
    own: float
    duck: float
    plain: float
    ratio: float


async def measure(home: Path, size: int, rounds: int) -> str:
    """The part of the page about so many answers."""
    if _is_new(home):
        await _lay(home, size)
    duck = Duck(home / "answers.duckdb")
    duck.fill(home / "otklik.db")
    async with open_database(_url(home)) as database:
        asked = [await _ask(database, duck, question, rounds) for question in QUESTIONS]
    commands = [f"| {name} | {decimal(took)} | {decimal(memory)} |" for name, took, memory in _commands(home)]
    rows = [
        f"| {one.name} | {decimal(1000 * one.own)} | {decimal(1000 * one.duck)} | {decimal(1000 * one.plain)} |"
        f" {decimal(one.ratio)} |"
        for one in asked
    ]
    return SIZE.format(size=grouped(size), rows="\n".join(rows), commands="\n".join(commands))


def _is_new(home: Path) -> bool:
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.yaml").write_text("vendor: {name: Sample Vendor}\n", encoding="utf-8")
    return not (home / "otklik.db").exists()


async def _lay(home: Path, size: int) -> None:
    """Made-up answers, folded; told is what the folding of one takes."""
    await generate(load_settings(home / "config.yaml", environment(home)), size)
    async with open_database(_url(home)) as database:
        folded, started = 0, process_time()
        while portion := await database.fold():
            folded += portion
        print(f"{grouped(size)}: {decimal(1e6 * (process_time() - started) / folded)} мкс на ответ", flush=True)


def _url(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home}/otklik.db"


async def _ask(database: Database, duck: Duck, question: Question, rounds: int) -> Asked:
    """After a first time, in which statements are compiled and pages read."""

    async def of_duck() -> int:
        return duck.ask(question)

    async def of_own() -> int:
        return await of_otklik(database, question)

    agreed = {await of_own(), await of_duck()}
    own, other = [], []
    for _ in range(rounds):
        own.append(await _seconds(of_own))
        other.append(await _seconds(of_duck))
    started = perf_counter()
    agreed.add(await of_plain_sql(database, question))
    plain = perf_counter() - started
    if len(agreed) > 1:
        raise RuntimeError(f"{question.name}: the counts differ: {sorted(agreed)}")
    ratio = median(one / another for one, another in zip(own, other, strict=True))
    return Asked(question.name, median(own), median(other), plain, ratio)


async def _seconds(work: Callable[[], Awaitable[Any]]) -> float:
    started = perf_counter()
    await work()
    return perf_counter() - started


def _commands(home: Path) -> Sequence[tuple[str, float, float]]:
    """Wall time and the most memory (MB) of whole commands, once everything they load has been loaded before."""
    run(home, next(iter(COMMANDS.values())))
    found = [(name, *run(home, arguments)) for name, arguments in COMMANDS.items()]
    (home / "answers.csv").unlink()
    return found


def run(home: Path, arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds and megabytes of one command. Raises CalledProcessError when it does not succeed.

    A small process starts it: what a process has used at most counts from its parent on.
    """
    command = (sys.executable, "-c", PEAK, sys.executable, "-m", "bot", *arguments)
    started = perf_counter()
    done = subprocess.run(command, cwd=home, env=environment(home), check=True, capture_output=True, text=True)
    return perf_counter() - started, int(done.stdout.splitlines()[-1]) / 1024


async def main(sizes: Sequence[int]) -> None:
    """Writes the page, each size as soon as it is measured."""
    parts: list[str] = []
    for size in sizes:
        parts.append(await measure(HOME / str(size), size, ROUNDS))
        text = TEMPLATE.format(rounds=ROUNDS, cores=os.cpu_count(), sizes="\n".join(parts).rstrip())
        PAGE.write_text(text, encoding="utf-8")
    print(f"Записано: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    asyncio.run(main([int(size) for size in sys.argv[1:]]))
