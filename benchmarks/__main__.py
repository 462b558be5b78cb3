"""`python -m benchmarks`: measures everything, prints the ratios and writes docs/performance.md.

With names of chapters it measures these alone, and their rows take the place of the old ones on the page.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import (
    alerts,
    answers,
    burst,
    dispatch,
    durability,
    growth,
    pending,
    readiness,
    stall,
    startup,
)
from benchmarks.answers import FULL
from benchmarks.contenders import ROOT, Ground, environment, lay_ground
from benchmarks.figures import Figure
from benchmarks.page import amended, page, summary
from benchmarks.shares import shares

PAGE = ROOT / "docs" / "performance.md"
SIZES = (10_000, 100_000)
PENDING = (10_000, 100_000, 1_000_000)
ROUNDS = 5

Chapter = Callable[[Ground, Path], Awaitable[Sequence[Figure]]]


async def _starting(ground: Ground, work: Path) -> Sequence[Figure]:
    await growth.lay(work, SIZES[0])
    return startup.measure(work, environment(work), ROUNDS)


async def _alarming(_: Ground, work: Path) -> Sequence[Figure]:
    unhappy = await lay_ground(work / "ground", alerts.PEOPLE)
    return await alerts.measure(unhappy, work / "alerts", alerts.FULL)


async def _bursting(_: Ground, work: Path) -> Sequence[Figure]:
    busy = await lay_ground(work / "ground", burst.PEOPLE)
    return await burst.measure(busy, work, burst.FULL)


CHAPTERS: Mapping[str, Chapter] = {
    "answers": lambda ground, work: answers.measure(ground, work, FULL),
    "durability": lambda ground, work: durability.measure(ground, work, FULL),
    "latency": lambda ground, work: answers.measure_latency(ground, work, FULL),
    "dispatch": lambda ground, work: dispatch.measure(ROUNDS),
    "start": _starting,
    "reports": lambda ground, work: growth.measure(work, SIZES, ROUNDS),
    "sweep": lambda ground, work: pending.measure(work, PENDING, ROUNDS),
    "ready": lambda ground, work: readiness.measure(ground, work, readiness.OPEN, FULL.rounds),
    "stall": lambda ground, work: stall.measure(ground, work, stall.FULL),
    "burst": _bursting,
    "alerts": _alarming,
}


async def main(wanted: Sequence[str]) -> None:
    """On the disk where Otklik keeps its database by default: a file system in memory has no commits to wait for."""
    (ROOT / "var").mkdir(exist_ok=True)
    figures: list[Figure] = []
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name:
        work = Path(name)
        ground = await lay_ground(work / "ground", FULL.people)
        for chapter in wanted or CHAPTERS:
            found = await CHAPTERS[chapter](ground, work / chapter)
            print(f"{chapter}\n{summary(found)}", flush=True)
            figures += found
        text = amended(PAGE.read_text(encoding="utf-8"), figures) if wanted else await _whole(figures, ground, work)
    PAGE.write_text(text, encoding="utf-8")
    print(f"Записано: {PAGE.relative_to(ROOT)}")


async def _whole(figures: Sequence[Figure], ground: Ground, work: Path) -> str:
    alone = await shares(ground.among(FULL.alone), work / "alone", 1)
    many = await shares(ground, work / "many", FULL.at_once)
    return page(figures, alone, many, at_once=FULL.at_once, small=SIZES[0])


if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - CHAPTERS.keys():
        sys.exit(f"no such chapter: {', '.join(sorted(unknown))}; there are {', '.join(CHAPTERS)}")
    sys.exit(asyncio.run(main(sys.argv[1:])))
