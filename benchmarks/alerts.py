"""How soon the manager has the card of an unhappy client, idle and while many short surveys leave."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.botapi import BotApi
from benchmarks.burst import FIRST, PATIENCE, PULSES, RATE, Burst, lay
from benchmarks.contenders import OTKLIK, Ground, running
from benchmarks.figures import Figure, ratios
from benchmarks.page import grouped
from benchmarks.people import agree, begin, complain_at_rate, crowd

FULL = Burst(what="коротких опросов", laid=PULSES, due=10_000, per_second=1000, rounds=3, taps=40)
MANAGERS = 900_000  # the manager of a project has this number and that of the project
PER_SECOND = 2.0  # people who give a low score
LOW = "3"
AT_ONCE = 32
PEOPLE = 2 * FULL.rounds * FULL.taps
HELD = """
SELECT person.telegram_id, project.manager FROM stakeholder
JOIN person ON person.id = stakeholder.person_id JOIN project ON project.id = stakeholder.project_id
"""


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds from taps to managers' cards, without the surveys and with them."""

    idle: Sequence[float]
    busy: Sequence[float]


async def measure(ground: Ground, work: Path, burst: Burst) -> Sequence[Figure]:
    """Median and 95th percentile against the same service when nothing else leaves."""
    rounds = await leave(ground, work, burst)
    what = f"{grouped(burst.due)} {burst.what}, которым пора разом"
    measures: tuple[tuple[str, Callable[[Sequence[float]], float]], ...] = (
        ("Медиана времени от низкой оценки до карточки у менеджера", median),
        ("95-й процентиль этого времени", lambda took: quantiles(took, n=20)[18]),
    )
    return [
        Figure(
            what=f"{name}; {what}",
            baseline="тот же сервис без них",
            ratios=ratios([of(one.busy) for one in rounds], [of(one.idle) for one in rounds]),
            more_is_better=False,
        )
        for name, of in measures
    ]


async def leave(ground: Ground, home: Path, burst: Burst) -> Sequence[Round]:
    """Rounds without and with the surveys in turn, one service. Everybody complains once: each time a new case."""
    ground.copy(home)
    with (home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(RATE.format(per_second=burst.per_second))
    appoint(home)
    api, people = BotApi(), crowd(ground.among(2 * burst.rounds * burst.taps).links, taps=1)
    async with api.running() as address, running(OTKLIK, home, address):
        await begin(api, people, AT_ONCE)
        await agree(api, people, AT_ONCE)
        managers = managers_of(home)
        rounds = []
        for number in range(burst.rounds):
            calm, rushed = (people[2 * number + half :: 2 * burst.rounds] for half in (0, 1))
            idle = await complain_at_rate(api, calm, managers, PER_SECOND, LOW)
            surveys = asyncio.create_task(api.unasked(burst.due))
            lay(home, burst, FIRST + number * burst.due)
            busy = await complain_at_rate(api, rushed, managers, PER_SECOND, LOW)
            await asyncio.wait_for(surveys, PATIENCE)
            rounds.append(Round(idle, busy))
    return rounds


def appoint(home: Path) -> None:
    """Gives every project a manager."""
    with sqlite3.connect(home / "otklik.db") as connection:
        connection.execute("UPDATE project SET manager = :first + id", {"first": MANAGERS})


def managers_of(home: Path) -> Mapping[int, int]:
    """Telegram id of everybody who has opened their link -> that of their manager."""
    with sqlite3.connect(home / "otklik.db") as connection:
        return dict(connection.execute(HELD).fetchall())
