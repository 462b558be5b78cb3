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

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.confidential import confidential_rows
from benchmarks.contenders import ROOT, cpu_seconds, environment
from benchmarks.data import generate
from benchmarks.page import decimal, grouped
from benchmarks.rivals import QUESTIONS, Duck, Question, of_otklik, of_plain_sql
from bot.settings import Settings, load_settings
from storage.database import Database, open_database
from tests.postgres import Postgres, served

PAGE = ROOT / "docs" / "performance-reports.md"
HOME = ROOT / "var" / "bench"
ROUNDS = 7
COMMANDS: Mapping[str, Sequence[str]] = {
    "Холодный старт: `otklik report nps`": ("report", "nps", "--format", "json"),
    "Доля отклика: `otklik report response`": ("report", "response", "--by", "account", "--format", "json"),
    "Слова о компоненте: `otklik verbatims`": (
        *("verbatims", "--where", "component=stability", "--since", "2026-09-01"),
        *("--format", "json"),
    ),
    "`otklik export answers`": ("export", "answers", "-o", "answers.csv"),
}
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
TEMPLATE = """\
# Производительность отчётов

Страницу пишет `python -m benchmarks.reports РАЗМЕР…`, это часть `make bench`; полный размер – `make bench
SIZE=10000000`.
Ответы придуманы генератором: пять лет, до двухсот клиентов по три проекта, волны и пульсы, исправления и слова.
База – SQLite; те же данные лежат и в PostgreSQL: в памяти, `fsync` выключен, после свёртки – `VACUUM ANALYZE`.
На миллион ответов ему нужно 1,1 ГБ.
Соперники отвечают на тот же вопрос в том же прогоне по очереди, и числа у всех сходятся, иначе прогон обрывается.
Миллисекунды зависят и от того, чем ещё занята машина; отношения раундов – куда меньше. DuckDB читает собственный файл
с одной широкой таблицей, где соединять ничего не нужно; «простой SQL» – тот же запрос к самим ответам в той же базе.
Медианы раундов, их {rounds}; простой SQL – один раз. Ядер – {cores}.

{sizes}
"""
HEADING = "## Ответов: "
SIZE = """\
## Ответов: {size}

| вопрос | Отклик, мс | DuckDB, мс | простой SQL, мс | Отклик ÷ DuckDB | в PostgreSQL, мс | простой SQL, мс |
|---|---:|---:|---:|---:|---:|---:|
{rows}

| команда | секунд процессора | памяти, МБ | с PostgreSQL, секунд | памяти, МБ |
|---|---:|---:|---:|---:|
{commands}

Конфиденциальный режим на SQLite: сколько людей за каждым числом, читается впервые и помнится, пока нет новых ответов.

{confidential}

Свёртка: {upkeep}.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds. `duck` and `plain`: of those who do it another way."""

    name: str
    own: float
    duck: float
    plain: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Measured:
    """On one database: the median and the time of plain SQL for each question, and what each command takes."""

    asked: Sequence[tuple[float, float]]
    commands: Sequence[tuple[float, float]]
    upkeep: str


async def measure(home: Path, size: int, rounds: int, postgres: Postgres) -> str:
    """The part of the page about so many answers."""
    settings = _settings(home, environment(home))
    if not (home / "otklik.db").exists():
        await generate(settings, size)
    if not (home / "upkeep").exists():
        (home / "upkeep").write_text(await _folded(settings), encoding="utf-8")
    duck = Duck(home / "answers.duckdb")
    duck.fill(home / "otklik.db")
    async with open_database(_url(home)) as database:
        asked = [await _ask(database, duck, question, rounds) for question in QUESTIONS]
    other = await _on_postgresql(home, size, rounds, postgres)
    upkeep = (home / "upkeep").read_text(encoding="utf-8")
    return SIZE.format(
        size=grouped(size),
        rows="\n".join(_row(one, there) for one, there in zip(asked, other.asked, strict=True)),
        commands="\n".join(
            _line(name, *found, *there)
            for name, found, there in zip(COMMANDS, _commands(home, environment(home)), other.commands, strict=True)
        ),
        confidential=await confidential_rows(home, rounds),
        upkeep=f"{upkeep} мкс процессора на ответ, в PostgreSQL – {other.upkeep} вместе с сервером",
    )


def _row(one: Asked, there: tuple[float, float]) -> str:
    own = (1000 * one.own, 1000 * one.duck, 1000 * one.plain, one.ratio)
    return _line(one.name, *own, *(1000 * took for took in there))


def _line(name: str, *figures: float) -> str:
    return f"| {name} | {' | '.join(map(decimal, figures))} |"


async def _on_postgresql(home: Path, size: int, rounds: int, postgres: Postgres) -> Measured:
    """The counts of Otklik and of plain SQL must agree here as well."""
    with postgres.fresh() as url:
        surroundings = environment(home) | {"OTKLIK_DATABASE__URL": url}
        settings = _settings(home, surroundings)
        await generate(settings, size)
        upkeep, asked = await _folded(settings, lambda: sum(map(cpu_seconds, postgres.processes))), []
        await _vacuumed(url)
        async with open_database(url) as database:
            for question in QUESTIONS:
                own, plain = await _both(database, question, rounds)
                asked.append((own, plain))
        return Measured(asked, _commands(home, surroundings), upkeep)


async def _vacuumed(url: str) -> None:
    """As autovacuum leaves it after a while."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


async def _both(database: Database, question: Question, rounds: int) -> tuple[float, float]:
    counted = await of_otklik(database, question)
    own = [await _seconds(lambda: of_otklik(database, question)) for _ in range(rounds)]
    started = perf_counter()
    if await of_plain_sql(database, question) != counted:
        raise RuntimeError(f"{question.name}: the counts differ")
    return median(own), perf_counter() - started


def sections(page: str) -> dict[int, str]:
    """The parts of the page by size.

    >>> sections("Intro\\n\\n## Ответов: 10\N{NO-BREAK SPACE}000\\n\\nx\\n")
    {10000: '## Ответов: 10\\xa0000\\n\\nx\\n'}
    """
    found = page.split(HEADING)[1:]
    return {int("".join(filter(str.isdigit, part.partition("\n")[0]))): HEADING + part for part in found}


def _settings(home: Path, surroundings: Mapping[str, str]) -> Settings:
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.yaml").write_text("vendor: {name: Sample Vendor}\n", encoding="utf-8")
    return load_settings(home / "config.yaml", surroundings)


async def _folded(settings: Settings, of_server: Callable[[], float] = lambda: 0.0) -> str:
    """Folds everything; the microseconds of processor that the folding of one answer takes, here and in the server."""
    async with open_database(settings.database_url) as database:
        await database.migrate()
        folded, started = 0, process_time() + of_server()
        while portion := await database.fold():
            folded += portion
        cost = process_time() + of_server() - started
        while await database.fold_reach():
            pass
        if not folded:
            raise RuntimeError("nothing is left to fold, and nobody has written down what it took: remove the database")
        return decimal(1e6 * cost / folded)


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


def _commands(home: Path, surroundings: Mapping[str, str]) -> Sequence[tuple[float, float]]:
    """Processor time and the most memory (MB) of whole commands, once everything they load has been loaded before."""
    run(home, next(iter(COMMANDS.values())), surroundings)
    found = [run(home, arguments, surroundings) for arguments in COMMANDS.values()]
    (home / "answers.csv").unlink()
    return found


def run(home: Path, arguments: Sequence[str], surroundings: Mapping[str, str]) -> tuple[float, float]:
    """Seconds of processor and megabytes of one command, without those of a server.

    Raises CalledProcessError when it does not succeed.

    A small process starts it: what a process has used at most counts from its parent on.
    """
    command = (sys.executable, "-c", PEAK, sys.executable, "-m", "bot", *arguments)
    done = subprocess.run(command, cwd=home, env=surroundings, check=True, capture_output=True, text=True)
    seconds, kilobytes = done.stdout.splitlines()[-1].split()
    return float(seconds), int(kilobytes) / 1024


async def main(sizes: Sequence[int]) -> None:
    """Writes the page, each size as soon as it is measured. What it tells of other sizes stays."""
    parts = sections(PAGE.read_text(encoding="utf-8"))
    with served(autovacuum="on") as postgres:
        for size in sizes:
            parts[size] = await measure(HOME / str(size), size, ROUNDS, postgres)
            ordered = "\n\n".join(parts[one].strip() for one in sorted(parts))
            PAGE.write_text(TEMPLATE.format(rounds=ROUNDS, cores=os.cpu_count(), sizes=ordered), encoding="utf-8")
    print(f"Записано: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    asyncio.run(main([int(size) for size in sys.argv[1:]]))
