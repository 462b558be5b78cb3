"""`python -m benchmarks`: measures everything, prints the ratios and writes docs/performance.md."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import alerts, answers, burst, growth, pending, startup
from benchmarks.answers import FULL
from benchmarks.contenders import ROOT, environment, lay_ground
from benchmarks.figures import Figure
from benchmarks.page import page, summary
from benchmarks.shares import shares

PAGE = ROOT / "docs" / "performance.md"
SIZES = (10_000, 100_000)
PENDING = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 5


async def main() -> None:
    """On the disk where Otklik keeps its database by default: a file system in memory has no commits to wait for."""
    (ROOT / "var").mkdir(exist_ok=True)
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name:
        work = Path(name)
        ground = await lay_ground(work / "ground", FULL.people)
        answering = _told("Ответы", await answers.measure(ground, work / "answers", FULL))
        bursting = _told("Рассылка", await burst.measure(ground.among(FULL.at_once), work / "burst", burst.FULL))
        unhappy = await lay_ground(work / "unhappy", alerts.PEOPLE)
        alarming = _told("Сигналы", await alerts.measure(unhappy, work / "alerts", alerts.FULL))
        growing = _told("Отчёты", await growth.measure(work / "growth", SIZES, ROUNDS))
        waiting = _told("Обход", await pending.measure(work / "pending", PENDING, ROUNDS))
        small = work / "growth" / str(SIZES[0])
        starting = _told("Холодный старт", startup.measure(small, environment(small), ROUNDS))
        alone = await shares(ground.among(FULL.alone), work / "alone", 1)
        many = await shares(ground, work / "many", FULL.at_once)
    figures = [*answering, *starting, *growing, *waiting, *bursting, *alarming]
    PAGE.write_text(page(figures, alone, many, at_once=FULL.at_once, small=SIZES[0]), encoding="utf-8")
    print(f"Записано: {PAGE.relative_to(ROOT)}")


def _told(title: str, figures: Sequence[Figure]) -> Sequence[Figure]:
    print(f"{title}\n{summary(figures)}", flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
