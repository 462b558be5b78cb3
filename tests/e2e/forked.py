"""The product in a process of its own that begins where all is imported: most of a program's start is importing."""

import asyncio
import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
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
        os.kill(self.pid, number)

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def kill(self) -> None:
        self.process.kill()

    async def wait(self) -> int | None:
        """May be called by several at once: what a process ended with is read by the one that asks first."""
        await asyncio.to_thread(_ended, os.dup(self.process.sentinel))
        return self.process.exitcode


def _ended(sentinel: int) -> None:
    """Returns when the process has ended. Nobody else closes this descriptor, so no other file gets its number."""
    try:
        wait([sentinel])
    finally:
        os.close(sentinel)


async def fork(
    arguments: Sequence[str], home: Path, environment: Mapping[str, str], out: Path, err: Path, module: str = "bot"
) -> Forked:
    """A program of ours, `otklik` if no other, with these arguments; `out` and `err` are written on."""
    return Forked(await asyncio.to_thread(forked, arguments, home, environment, out, err, module))


def forked(
    arguments: Sequence[str], home: Path, environment: Mapping[str, str], out: Path, err: Path, module: str = "bot"
) -> ForkServerProcess:
    """The same for those who wait themselves."""
    process = FORKS.Process(target=_program, args=(module, arguments, home, dict(environment), {1: out, 2: err}))
    process.start()
    return process


def _program(
    module: str, arguments: Sequence[str], home: Path, environment: Mapping[str, str], said: Mapping[int, Path]
) -> None:
    for number, path in said.items():
        with path.open("ab") as file:
            os.dup2(file.fileno(), number)
    os.chdir(home)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["otklik", *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
