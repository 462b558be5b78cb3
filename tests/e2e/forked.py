"""The product in a process of its own that begins where all is imported: most of a program's start is importing."""

import asyncio
import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.chaos.warm", "tests.e2e.warm"])  # there is one such server for all tests


@dataclass(frozen=True, slots=True)
class Forked:
    """As much of `asyncio.subprocess.Process` as is asked for here."""

    process: ForkServerProcess

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    async def wait(self) -> int | None:
        await asyncio.to_thread(self.process.join)
        return self.process.exitcode


async def fork(arguments: Sequence[str], home: Path, environment: Mapping[str, str], out: Path, err: Path) -> Forked:
    """`otklik` with these arguments; `out` and `err` are written on."""
    process = FORKS.Process(target=_program, args=(arguments, home, dict(environment), {1: out, 2: err}))
    await asyncio.to_thread(process.start)
    return Forked(process)


def _program(arguments: Sequence[str], home: Path, environment: Mapping[str, str], said: Mapping[int, Path]) -> None:
    for number, path in said.items():
        with path.open("ab") as file:
            os.dup2(file.fileno(), number)
    os.chdir(home)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["otklik", *arguments]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
