"""Two services on one PostgreSQL: they get in each other's way nowhere, and nobody is asked twice."""

import asyncio
import random
from collections import Counter
from zoneinfo import ZoneInfo

from storage.database import open_database
from surveys.contact import PulseRule, WaveRule
from surveys.cron import parse_cron
from surveys.waves import start_due_wave
from tests.surveys.contact.bench import Bench, row, rules
from tests.surveys.contact.cases import event, policy

PEOPLE = {f"q-{number}": 9000 + number for number in range(12)}
RULES = policy(pulses={"ticket.resolved": PulseRule(questionnaire="support_pulse")})


async def test_events_sweeps_and_answers_from_everywhere_ask_everybody_once(postgres_url: str) -> None:
    whims = random.Random(7)
    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        benches = [Bench(one, RULES), Bench(two, RULES, names=iter(range(1000, 2000)))]
        await benches[0].prepare(PEOPLE, *[row(name) for name in PEOPLE])
        asked: Counter[int] = Counter()

        async def report(number: int) -> None:
            names = whims.sample(list(PEOPLE), 4)
            kind = whims.choice(["ticket.resolved", "ticket.resolved", "ticket.reopened"])
            happened = event(
                number, type=kind, person=names[0], data={"participants": names, "ticket": f"T-{number % 5}"}
            )
            await benches[number % 2].take(happened)

        async def sweep(number: int) -> None:
            for responded in await benches[number % 2].ask(whims.randrange(1, 5)):
                asked[responded.opened.card.chat_id] += 1
                await benches[(number + 1) % 2].press(responded, "score", 8)
            await benches[number % 2].look_after()

        for start in range(0, 40, 10):
            numbers = range(start, start + 10)
            await asyncio.gather(*map(report, numbers), *map(sweep, numbers))
        for responded in [each for bench in benches for each in await bench.ask()]:
            asked[responded.opened.card.chat_id] += 1
    assert asked
    assert max(asked.values()) == 1


async def test_a_wave_is_started_by_one_of_them(postgres_url: str) -> None:
    wave = WaveRule(
        key="w", questionnaire="relationship", line="* * * * *", cron=parse_cron("* * * * *"), zone=ZoneInfo("UTC")
    )
    async with open_database(postgres_url) as one, open_database(postgres_url) as two:
        benches = [Bench(one, RULES), Bench(two, RULES)]
        await benches[0].prepare(PEOPLE, *[row(name) for name in PEOPLE])

        async def start(bench: Bench) -> list[str]:
            async with bench.work() as work:
                return rules(await start_due_wave(work, wave))

        assert await start(benches[0]) == []
        for bench in benches:
            bench.later(minutes=5)
        started = await asyncio.gather(*map(start, benches * 2))
    assert sorted(map(len, started)) == [0, 0, 0, len(PEOPLE)]
