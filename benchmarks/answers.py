"""Answering: the service against bare aiogram, and against itself with a commit for every update."""

from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import monotonic
from typing import Any

from benchmarks.botapi import BotApi
from benchmarks.contenders import (
    BARE,
    OTKLIK,
    UNGROUPED,
    UNSTORED,
    Contender,
    Ground,
    cpu_seconds,
    running,
    stored_scores,
)
from benchmarks.figures import Figure, ratios
from benchmarks.people import Person, answer, answer_at_rate, begin, crowd

AIOGRAM = "голый aiogram: те же два вызова на нажатие, ничего не хранит"
PER_UPDATE = "тот же сервис с отдельной фиксацией каждого обновления"
FORGETFUL = (BARE, UNSTORED)
TAPS = 13  # an interview of the sample questionnaire takes about as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much is measured. `at_once`: people who answer at the same time; `rate`: taps per second, `taps` of them."""

    rounds: int
    people: int
    at_once: int
    alone: int
    rate: float
    taps: int


FULL = Load(rounds=3, people=64, at_once=32, alone=8, rate=80.0, taps=400)

Measure = Callable[[Ground, Contender, Path], Coroutine[Any, Any, float]]


async def measure(ground: Ground, work: Path, load: Load) -> Sequence[Figure]:
    """What an answer takes of the processor; `work`: a directory on the disk that is meant."""

    async def throughput(of: Ground, contender: Contender, home: Path) -> float:
        return await answers_per_cpu_second(of, contender, home, load.at_once)

    async def alone(of: Ground, contender: Contender, home: Path) -> float:
        return await answers_per_cpu_second(of.among(load.alone), contender, home, 1)

    many = await taking_turns(throughput, ground, (BARE, OTKLIK, UNGROUPED), work / "many", load.rounds)
    one = await taking_turns(alone, ground, (BARE, OTKLIK), work / "one", load.rounds)
    what = words_of(load)
    return [
        Figure(what=what, baseline=AIOGRAM, ratios=ratios(many[OTKLIK], many[BARE]), more_is_better=True),
        Figure(what=what, baseline=PER_UPDATE, ratios=ratios(many[OTKLIK], many[UNGROUPED]), more_is_better=True),
        Figure(
            what="То же, отвечает один человек: в группе одно обновление",
            baseline=AIOGRAM,
            ratios=ratios(one[OTKLIK], one[BARE]),
            more_is_better=True,
        ),
    ]


async def measure_latency(ground: Ground, work: Path, load: Load) -> Sequence[Figure]:
    """How long people wait for the next card at a fixed rate."""

    async def latency(of: Ground, contender: Contender, home: Path) -> float:
        return await slowest_percent(of, contender, home, load.rate, load.taps)

    slow = await taking_turns(latency, ground, (BARE, OTKLIK), work, load.rounds)
    return [
        Figure(
            what=f"99-й процентиль времени от нажатия до новой карточки, {load.rate:.0f} нажатий в секунду",
            baseline=AIOGRAM,
            ratios=ratios(slow[OTKLIK], slow[BARE]),
            more_is_better=False,
        )
    ]


def words_of(load: Load) -> str:
    """What is measured where many answer."""
    return f"Сохранённых ответов на секунду процессора, отвечают {load.at_once} человек сразу"


async def taking_turns(
    measured: Measure, ground: Ground, contenders: Sequence[Contender], work: Path, rounds: int
) -> dict[Contender, list[float]]:
    """Contender -> its value in every round. They take turns, so that what else the machine does meets all alike."""
    found: defaultdict[Contender, list[float]] = defaultdict(list)
    for number in range(rounds):
        for contender in contenders:
            home = work / f"{number}-{contender.module}"
            found[contender].append(await measured(ground, contender, home))
    return found


async def answers_per_cpu_second(ground: Ground, contender: Contender, home: Path, at_once: int) -> float:
    """Taps answered per second of processor time of the bot's process, in closed loop, on a copy of the ground."""
    return await _rate(ground, contender, home, at_once, cpu_seconds)


async def answers_per_second(ground: Ground, contender: Contender, home: Path, at_once: int) -> float:
    """The same per second of a clock."""
    return await _rate(ground, contender, home, at_once, lambda _: monotonic())


async def _rate(
    ground: Ground, contender: Contender, home: Path, at_once: int, seconds: Callable[[int], float]
) -> float:
    ground.copy(home)
    api, people = BotApi(), _people(ground, contender)
    async with api.running() as address, running(contender, home, address) as pid:
        await begin(api, people, at_once)
        before = seconds(pid)
        await answer(api, people, at_once)
        used = seconds(pid) - before
    check(contender, home, people)
    return sum(person.taps for person in people) / used


async def slowest_percent(ground: Ground, contender: Contender, home: Path, rate: float, taps: int) -> float:
    """Seconds from a tap to its card that 99 of 100 taps keep within, at a fixed rate, on a copy of the ground."""
    ground.copy(home)
    api, people = BotApi(), _people(ground, contender)
    async with api.running() as address, running(contender, home, address):
        await begin(api, people, len(people))
        took = await answer_at_rate(api, people, rate, taps)
    check(contender, home, people)
    return quantiles(took, n=100)[98]


def _people(ground: Ground, contender: Contender) -> Sequence[Person]:
    """Bare aiogram asks for ever; Otklik comes to an end by itself."""
    return crowd(ground.links, taps=TAPS if contender is BARE else 1000)


def check(contender: Contender, home: Path, people: Sequence[Person]) -> None:
    """Every score that was shown as taken is on disk, though the process was killed. Else the figures mean nothing."""
    given, stored = sum(person.scores for person in people), stored_scores(home)
    if contender not in FORGETFUL and given != stored:
        raise RuntimeError(f"{contender.name}: {given} scores were given, {stored} are stored")
