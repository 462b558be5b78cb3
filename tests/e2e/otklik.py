"""The product as its users have it: a command line, a process, a configuration file, a Bot API server to talk to."""

import asyncio
import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.e2e.forked import Forked, fork

TOKEN = "4242:sandbox"
ADMIN = 1001
CONFIG = """
vendor: {name: Sample Vendor, language: ru, languages: [ru, en, uk], timezone: Europe/Moscow}
access: {admins: [1001]}
contact: {quiet_hours: null, weekends: true}
"""
PATIENCE = 120.0


@dataclass(slots=True)
class Otklik:
    """A directory with a configuration, and the environment to run in. `fresh`: every program starts from nothing."""

    home: Path
    api_base: str
    database_url: str
    mode: str = "polling"
    http_port: int = 0
    extra: Mapping[str, str] = field(default_factory=dict)
    fresh: bool = False
    process: asyncio.subprocess.Process | Forked | None = None

    def prepare(self, config: str = CONFIG) -> None:
        (self.home / "config.yaml").write_text(config, encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("OTKLIK_")}
        return inherited | {
            "OTKLIK_TELEGRAM__TOKEN": TOKEN,
            "OTKLIK_TELEGRAM__API_BASE": self.api_base,
            "OTKLIK_TELEGRAM__MODE": self.mode,
            "OTKLIK_TELEGRAM__WEBHOOK__URL": f"http://127.0.0.1:{self.http_port}",
            "OTKLIK_DATABASE__URL": self.database_url,
            "OTKLIK_HTTP__PORT": str(self.http_port),
            **self.extra,
        }

    async def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs one command to its end; the server of this process goes on meanwhile."""
        with tempfile.TemporaryDirectory() as place:
            out, err = Path(place, "out"), Path(place, "err")
            process = await self._begin(arguments, out, err)
            code = await asyncio.wait_for(process.wait(), PATIENCE)
            return subprocess.CompletedProcess(arguments, code or 0, *(each.read_text("utf-8") for each in (out, err)))

    async def _begin(self, arguments: Sequence[str], out: Path, err: Path) -> asyncio.subprocess.Process | Forked:
        if not self.fresh:
            return await fork(arguments, self.home, self.environment, out, err)
        with out.open("ab") as stdout, err.open("ab") as stderr:
            return await asyncio.create_subprocess_exec(
                *command(*arguments), cwd=self.home, env=self.environment, stdout=stdout, stderr=stderr
            )

    async def report(self, *arguments: str) -> dict[str, Any]:
        done = await self.cli("report", *arguments, "--format", "json")
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    async def rows(self, *arguments: str) -> list[dict[str, str]]:
        """What a command printed as CSV, or wrote with -o."""
        done = await self.cli(*arguments)
        assert done.returncode == 0, done.stderr
        return records(Path(arguments[arguments.index("-o") + 1]) if "-o" in arguments else done.stdout)

    async def import_directory(self, rows: Sequence[Mapping[str, str]]) -> None:
        file = self.home / "directory.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        done = await self.cli("import", str(file))
        assert done.returncode == 0, done.stderr

    async def tokens(self) -> dict[str, str]:
        """Invites everybody to the relationship survey: external id -> token of their link."""
        rows = await self.rows("invite", "--questionnaire", "relationship")
        return {row["person"]: row["link"].partition("?start=")[2] for row in rows}

    async def start(self) -> None:
        """Starts `otklik run` and waits until it is ready."""
        log = self.home / "run.log"
        self.process = await self._begin(["run"], log, log)
        await self._until_ready()

    async def _until_ready(self) -> None:
        assert self.process is not None
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
            while True:
                assert self.process.returncode is None, (self.home / "run.log").read_text()
                try:
                    async with session.get(f"http://127.0.0.1:{self.http_port}/readyz") as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int | None:
        """Ends the service with a signal; its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Otklik"]:
        await self.start()
        try:
            yield self
        finally:
            await self.end(signal.SIGKILL)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def records(source: Path | str) -> list[dict[str, str]]:
    """The rows of CSV text, or of a CSV file."""
    text = source if isinstance(source, str) else source.read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
