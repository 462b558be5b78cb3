"""Cold start: a command that needs no bot against importing aiogram."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import DEVNULL, run
from time import perf_counter

from benchmarks.figures import Figure, ratios

IMPORT = ("-c", "import aiogram")
COMMANDS: Mapping[str, Sequence[str]] = {
    "otklik report nps --format json": ("-m", "bot", "report", "nps", "--format", "json"),
    "otklik check": ("-m", "bot", "check"),
}


def measure(home: Path, environment: Mapping[str, str], rounds: int) -> Sequence[Figure]:
    """Wall time, as people wait for it. `home`: a directory with a configuration and a small database."""
    runs = {"import": IMPORT, **COMMANDS}
    for arguments in runs.values():
        seconds(arguments, home, environment)  # fills the disk cache and writes the compiled modules
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, arguments in runs.items():
            found[name].append(seconds(arguments, home, environment))
    return [
        Figure(
            what=f"Холодный старт: `{name}`",
            baseline='`python -c "import aiogram"`',
            ratios=ratios(found[name], found["import"]),
            more_is_better=False,
        )
        for name in COMMANDS
    ]


def seconds(arguments: Sequence[str], home: Path, environment: Mapping[str, str]) -> float:
    """From start to end of a Python process. Raises CalledProcessError when it does not succeed."""
    started = perf_counter()
    run(
        (sys.executable, *arguments),
        cwd=home,
        env={**os.environ, **environment},
        stdout=DEVNULL,
        check=True,
    )
    return perf_counter() - started
