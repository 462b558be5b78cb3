"""Much that is due at once: how fast messages leave, and how soon people are answered meanwhile."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import time

from benchmarks.botapi import BotApi
from benchmarks.contenders import OTKLIK, Ground, running
from benchmarks.figures import TAPS_PER_SECOND, Figure, ratios
from benchmarks.page import grouped
from benchmarks.people import Person, answer_at_rate, begin, crowd

RATE = "telegram: {{rate: {{per_second: {per_second}, per_chat_per_second: 1}}}}\n"
PEOPLE = 128
PATIENCE = 300.0  # seconds
FIRST = 1_000_000  # number of the first person who is written to; the others answer
PAYLOAD = '{"say": "nothing_open", "language": "ru"}'
NUMBERS = "WITH RECURSIVE number(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM number WHERE i + 1 < :first + :due) "
MESSAGES = (
    "INSERT INTO delivery (chat_id, kind, payload, priority, due_at, state, free_at, attempts, created_at)"
    " SELECT :first + (i - :first) % (:due * 9 / 10), 'notice', :payload, 9, :now, 'ready', :now, 0, :now FROM number",
)
"""The last tenth for chats that have had one already."""
PULSES = (
    "INSERT INTO account (id, name) SELECT i, 'Sample ' || i FROM number WHERE i % 10 = 0",
    "INSERT INTO project (id, account_id, name) SELECT i, i, 'Sample project' FROM number WHERE i % 10 = 0",
    "INSERT INTO person (id, external_id, name, name_folded, language, telegram_id)"
    " SELECT i, 's' || i, 'Sample ' || i, 'sample ' || i, 'ru', i FROM number",
    "INSERT INTO stakeholder (person_id, project_id, role) SELECT i, i - i % 10, 'key_user' FROM number",
    "INSERT INTO ask (person_id, project_id, questionnaire, kind, due_at, state, created_at)"
    " SELECT i, i - i % 10, 'support_pulse', 'pulse', :now, 'scheduled', :now FROM number",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """`due` at once, written by `laid`; `per_second` may leave. So many taps, before and meanwhile, at a fixed rate."""

    what: str
    laid: Sequence[str]
    due: int
    per_second: int
    rounds: int
    taps: int


@dataclass(frozen=True, slots=True)
class Round:
    """`rate`: messages in a second; the rest is seconds from taps to cards, without the burst and with it."""

    rate: float
    idle: Sequence[float]
    busy: Sequence[float]


FULL = (
    Burst(what="сообщений", laid=MESSAGES, due=300, per_second=30, rounds=3, taps=200),
    Burst(what="сообщений", laid=MESSAGES, due=10_000, per_second=1000, rounds=3, taps=200),
    Burst(what="коротких опросов", laid=PULSES, due=5_000, per_second=1000, rounds=3, taps=200),
)


async def measure(ground: Ground, work: Path, bursts: Sequence[Burst]) -> Sequence[Figure]:
    """The figures of each burst. Raises RuntimeError when Telegram would have had to refuse a message."""
    found = []
    for number, burst in enumerate(bursts):
        rounds = await leave(ground, work / str(number), burst)
        found += _figures(burst, rounds)
    return found


def _figures(burst: Burst, rounds: Sequence[Round]) -> Sequence[Figure]:
    what = f"{grouped(burst.due)} {burst.what}, которым пора разом, предел {grouped(burst.per_second)} в секунду"
    slow, slowest = [ratios([of(one.busy) for one in rounds], [of(one.idle) for one in rounds]) for of in (_slow, max)]
    taps = "99-й процентиль времени от нажатия до новой карточки"
    waited = [
        Figure(what=f"{taps}; {what}", baseline="тот же сервис без них", ratios=slow, more_is_better=False),
        Figure(what=f"Самое долгое из этих времён; {what}", baseline="то же", ratios=slowest, more_is_better=False),
    ]
    if burst.laid is PULSES:
        return waited
    rate = [one.rate / burst.per_second for one in rounds]
    return [Figure(what=f"Темп: {what}", baseline="предел", ratios=rate, more_is_better=True), *waited]


async def leave(ground: Ground, home: Path, burst: Burst) -> Sequence[Round]:
    """Without the burst and with it in turn, one service. Raises RuntimeError for a message too many in a second."""
    ground.copy(home)
    with (home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(RATE.format(per_second=burst.per_second))
    api, people = BotApi(), crowd(ground.links, taps=1000)
    async with api.running() as address, running(OTKLIK, home, address):
        await begin(api, people, len(people))
        await asyncio.sleep(1)  # these messages are no part of it
        api.limit(burst.per_second, 1)
        firsts = [FIRST + number * burst.due for number in range(burst.rounds)]
        rounds = [await _round(api, people, home, burst, first) for first in firsts]
    if api.refused:
        raise RuntimeError(f"{api.refused} messages too many were sent in a second")
    return rounds


async def _round(api: BotApi, people: Sequence[Person], home: Path, burst: Burst, first: int) -> Round:
    idle = await answer_at_rate(api, people, TAPS_PER_SECOND, burst.taps)
    arrivals = asyncio.create_task(api.unasked(burst.due))
    lay(home, burst, first)
    busy = await answer_at_rate(api, people, TAPS_PER_SECOND, burst.taps)
    moments = await asyncio.wait_for(arrivals, PATIENCE)
    return Round((len(moments) - 1) / (moments[-1] - moments[0]), idle, busy)


def _slow(took: Sequence[float]) -> float:
    return quantiles(took, n=100)[98]


def lay(home: Path, burst: Burst, first: int) -> None:
    """What is due from now on, for people from number `first` on."""
    values = {"first": first, "due": burst.due, "now": int(time() * 1_000_000), "payload": PAYLOAD}
    with sqlite3.connect(home / "otklik.db", timeout=PATIENCE) as connection:
        for statement in burst.laid:
            into, select = statement.split(" SELECT ", 1)
            connection.execute(f"{into} {NUMBERS} SELECT {select}", values)
