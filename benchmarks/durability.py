"""What it costs that nothing is shown as taken before it is on disk, and what committing in groups makes up for."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.answers import Load, answers_per_cpu_second, answers_per_second, taking_turns, words_of
from benchmarks.contenders import OTKLIK, SLOW, SLOW_UNGROUPED, UNSTORED, UNSYNCED, Contender, Ground
from benchmarks.figures import Figure, ratios

NO_DISK = "тот же сервис, который не ждёт диска: `synchronous = OFF`"
NO_DATABASE = "тот же сервис без базы: всё в памяти процесса"
SLOW_PER_UPDATE = "тот же сервис на таком же диске с отдельной фиксацией каждого обновления"


async def measure(ground: Ground, work: Path, load: Load) -> Sequence[Figure]:
    """Against the service that does not wait for the disk, against one without a database, and on a slow disk."""

    async def throughput(of: Ground, contender: Contender, home: Path) -> float:
        return await answers_per_cpu_second(of, contender, home, load.at_once)

    async def by_the_clock(of: Ground, contender: Contender, home: Path) -> float:
        return await answers_per_second(of, contender, home, load.at_once)

    fast = await taking_turns(throughput, ground, (OTKLIK, UNSYNCED, UNSTORED), work / "fast", load.rounds)
    slow = await taking_turns(by_the_clock, ground, (SLOW, SLOW_UNGROUPED), work / "slow", load.rounds)
    what = words_of(load)
    return [
        Figure(what=what, baseline=NO_DISK, ratios=ratios(fast[OTKLIK], fast[UNSYNCED]), more_is_better=True),
        Figure(what=what, baseline=NO_DATABASE, ratios=ratios(fast[OTKLIK], fast[UNSTORED]), more_is_better=True),
        Figure(
            what=f"Сохранённых ответов в секунду, отвечают {load.at_once} человек сразу, фиксация дольше на 3 мс",
            baseline=SLOW_PER_UPDATE,
            ratios=ratios(slow[SLOW], slow[SLOW_UNGROUPED]),
            more_is_better=True,
        ),
    ]
