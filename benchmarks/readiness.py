"""How soon the service is ready, and what interviews that are open take of its memory."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.answers import taking_turns
from benchmarks.botapi import BotApi
from benchmarks.contenders import BARE, OTKLIK, Contender, Ground, resident_kib, running
from benchmarks.figures import Figure, ratios
from benchmarks.page import grouped
from benchmarks.people import agree, begin, crowd

OPEN = 100_000
SETTLED = 15.0  # seconds in which every sweep that runs often has run
NUMBERS = "WITH RECURSIVE number(i) AS (SELECT 1000000 UNION ALL SELECT i + 1 FROM number WHERE i < 999999 + :more) "
COPIED = {
    "person": {"id": "i", "external_id": "'sample-' || i", "telegram_id": "NULL"},
    "invitation": {"id": "i", "token_hash": "randomblob(32)", "person_id": "i"},
    "interview": {"id": "'sample-' || i", "invitation_id": "i", "person_id": "i"},
}
"""Copies of the one row there is but for these columns."""


async def measure(ground: Ground, work: Path, more: int, rounds: int, settled: float = SETTLED) -> Sequence[Figure]:
    """From the start of the process to its first long poll; resident memory with an open interview and with many."""
    starts = await taking_turns(seconds_to_ready, ground, (BARE, OTKLIK), work / "start", rounds)
    few = await opened(ground.among(1), work / "few")
    many = await with_copies(few, work / "many", more)
    memory: dict[str, list[float]] = {"few": [], "many": []}
    for number in range(rounds):
        for name, of in (("few", few), ("many", many)):
            memory[name].append(await resident(of, work / f"{number}-{name}", settled))
    return [
        Figure(
            what="Время от запуска до готовности: первый долгий `getUpdates`",
            baseline="голый aiogram",
            ratios=ratios(starts[OTKLIK], starts[BARE]),
            more_is_better=False,
        ),
        Figure(
            what=f"Память `otklik run`, открыто {grouped(more)} интервью",
            baseline="то же, открыто одно",
            ratios=ratios(memory["many"], memory["few"]),
            more_is_better=False,
        ),
    ]


async def seconds_to_ready(ground: Ground, contender: Contender, home: Path) -> float:
    """Of a clock."""
    ground.copy(home)
    api = BotApi()
    async with api.running() as address:
        began = perf_counter()
        async with running(contender, home, address):
            await api.polled.wait()
            return perf_counter() - began


async def opened(ground: Ground, home: Path) -> Ground:
    """The same ground when everybody has seen their first question."""
    ground.copy(home)
    api, people = BotApi(), crowd(ground.links, taps=1)
    async with api.running() as address, running(OTKLIK, home, address):
        await begin(api, people, len(people))
        await agree(api, people, len(people))
        await asyncio.sleep(1)  # word that the card is drawn is written as well
    return Ground(home, ground.links)


async def with_copies(ground: Ground, home: Path, more: int) -> Ground:
    """A ground with so many more such interviews."""
    ground.copy(home)
    with sqlite3.connect(home / "otklik.db") as connection:
        (whose,) = connection.execute("SELECT person_id FROM interview").fetchone()
        for table, other in COPIED.items():
            columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(other.get(name, f'"{name}"') for name in columns)
            key = "id" if table == "person" else "person_id"
            chosen = f"SELECT {values} FROM {table}, number WHERE {table}.{key} = :whose"  # noqa: S608 - names
            connection.execute(f"INSERT INTO {table} {NUMBERS} {chosen}", {"more": more, "whose": whose})
    return Ground(home, ground.links)


async def resident(ground: Ground, home: Path, settled: float) -> float:
    """KiB that the process holds once it has looked after everything."""
    ground.copy(home)
    api = BotApi()
    async with api.running() as address, running(OTKLIK, home, address) as pid:
        await api.polled.wait()
        await asyncio.sleep(settled)
        return resident_kib(pid)
