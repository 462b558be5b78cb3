"""The bots that are measured: each a process of its own, talking to a Bot API server here."""

import asyncio
import csv
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.botapi import TOKEN

ROOT = Path(__file__).resolve().parent.parent
CONFIG = """
vendor: {name: Sample Vendor, language: ru, languages: [ru, en, uk], timezone: Europe/Moscow}
contact: {quiet_hours: null, weekends: true}
"""
ROLES = ("senior_it", "business_owner", "key_user", "project_office")
FIRST_ID = 50_000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Contender:
    """A bot: its name and the module to run."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()


OTKLIK = Contender("otklik", "bot", ("run",))
UNGROUPED = Contender("otklik, a commit per answer", "benchmarks.ungrouped", ("run",))
UNSYNCED = Contender("otklik, not waiting for the disk", "benchmarks.unsynced", ("run",))
UNSTORED = Contender("otklik, its database off", "benchmarks.unstored", ("run",))
SLOW = Contender("otklik on a slow disk", "benchmarks.slow_disk", ("run",))
SLOW_UNGROUPED = Contender("the same, a commit per answer", "benchmarks.slow_disk_ungrouped", ("run",))
BARE = Contender("bare aiogram", "benchmarks.bare")


@dataclass(frozen=True, slots=True)
class Ground:
    """A directory with a database in which everybody is invited. `links`: Telegram id -> token of their link."""

    home: Path
    links: Mapping[int, str]

    def copy(self, home: Path) -> None:
        """A directory to run in."""
        shutil.copytree(self.home, home)

    def among(self, people: int) -> "Ground":
        """The same with fewer people."""
        return replace(self, links=dict(islice(self.links.items(), people)))


async def lay_ground(home: Path, people: int) -> Ground:
    """Imports and invites `people` sample stakeholders of all roles, through the command line."""
    _write_files(home, [_row(number) for number in range(people)])
    await otklik(home, "import", "directory.csv")
    # The bot's name in the links is asked of Telegram, which nobody needs here.
    with sqlite3.connect(home / "otklik.db") as database:
        database.execute("INSERT INTO setting VALUES ('bot', ?)", (f"{TOKEN.partition(':')[0]} bench_bot",))
    printed = await otklik(home, "invite", "--questionnaire", "relationship")
    tokens = [row["link"].partition("?start=")[2] for row in csv.DictReader(printed.splitlines())]
    return Ground(home, dict(enumerate(tokens, FIRST_ID)))


def _write_files(home: Path, rows: Sequence[Mapping[str, str]]) -> None:
    home.mkdir(parents=True)
    (home / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with (home / "directory.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _row(number: int) -> Mapping[str, str]:
    return {
        "account": f"Sample {number % 20}",
        "project": f"Sample project {number % 20}",
        "stage": "operation",
        "person": f"Sample Person {number}",
        "external_id": f"p{number}",
        "roles": ROLES[number % len(ROLES)],
        "language": "ru",
    }


async def otklik(home: Path, *arguments: str) -> str:
    """Runs a command to its end; what it printed."""
    with TemporaryDirectory() as place:
        out, err = Path(place, "out"), Path(place, "err")
        process = await begun("bot", arguments, home, environment(home), out, err)
        if code := await process.wait():
            raise RuntimeError(f"otklik {' '.join(arguments)} ended with {code}: {_said(err)[-2000:]}")
        return _said(out)


async def begun(
    module: str, arguments: Sequence[str], home: Path, surroundings: Mapping[str, str], out: Path, err: Path
) -> asyncio.subprocess.Process:
    """A module of ours, run as a program that starts from nothing; what it says is written on to `out` and `err`."""
    with out.open("ab") as stdout, err.open("ab") as stderr:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments), cwd=home, env=surroundings, stdout=stdout, stderr=stderr
        )


def environment(home: Path, api_base: str = "http://127.0.0.1:9") -> dict[str, str]:
    """Everything a contender reads."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("OTKLIK_")}
    return inherited | {
        "PYTHONPATH": str(ROOT),
        "BENCH_API_BASE": api_base,
        "OTKLIK_TELEGRAM__TOKEN": TOKEN,
        "OTKLIK_TELEGRAM__API_BASE": api_base,
        "OTKLIK_DATABASE__URL": f"sqlite+aiosqlite:///{home}/otklik.db",
        "OTKLIK_HTTP__PORT": str(_free_port()),
        "OTKLIK_LOG__LEVEL": "warning",  # bare aiogram keeps no log either
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(contender: Contender, home: Path, api_base: str) -> AsyncIterator[int]:
    """The contender at work; its process id. It is killed, so that only what is on disk stays."""
    log = home / "log"
    process = await begun(contender.module, contender.arguments, home, environment(home, api_base), log, log)
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(_watch(process, log))
        try:
            yield process.pid
        finally:
            watch.cancel()
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _watch(process: asyncio.subprocess.Process, log: Path) -> None:
    """Ends the run when the contender ends on its own."""
    await process.wait()
    raise RuntimeError(f"the bot ended with {process.returncode}: {_said(log)[-2000:]}")


def _said(log: Path) -> str:
    return log.read_text(encoding="utf-8")


def cpu_seconds(pid: int, thread: int | None = None) -> float:
    """Processor time the process, or one thread of it, has used, its own and the kernel's on its behalf."""
    place = f"/proc/{pid}" if thread is None else f"/proc/{pid}/task/{thread}"
    fields = Path(place, "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_kib(pid: int) -> float:
    """Memory that the process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def stored_scores(home: Path) -> int:
    """How many scores stand in the database of this directory."""
    with sqlite3.connect(home / "otklik.db") as database:
        (found,) = database.execute(
            "SELECT count(*) FROM answer WHERE score IS NOT NULL AND superseded_at IS NULL"
        ).fetchone()
    return int(found)
