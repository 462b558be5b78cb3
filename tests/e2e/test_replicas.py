"""Three replicas on PostgreSQL: one is killed, one is paused and goes on, and nobody who answers sees any of it."""

import asyncio
import json
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from sandbox.people import Person
from sandbox.server import Sandbox
from storage.database import Database, open_database
from storage.replicas import ALIVE
from tests.e2e.conftest import free_port
from tests.e2e.crowd import answer_all, crowd, directory
from tests.e2e.otklik import CONFIG, Otklik
from tests.e2e.replicas import replicas
from tests.e2e.test_main_job import given, stored_once

PULSES = """
pulses: {ticket.resolved: {questionnaire: support_pulse, delay: 0s}}
"""
FIRST_ASKED = 70_000


@dataclass(frozen=True, slots=True)
class Toll:
    """What an ordeal came to. `doubtful`: cards on their way when a replica fell silent; `waited`: seconds for them."""

    doubtful: int
    copies: int
    waited: Sequence[float]


async def test_with_one_of_three_killed_and_one_paused_nothing_is_lost_or_doubled(
    sandbox: Sandbox, otklik: Otklik, postgres_url: str, rng: random.Random
) -> None:
    toll = await ordeal(sandbox, otklik, postgres_url, rng, answering=12, asked=20)
    assert toll.copies <= toll.doubtful


async def ordeal(
    sandbox: Sandbox, otklik: Otklik, database_url: str, rng: random.Random, *, answering: int, asked: int
) -> Toll:
    """So many people answer while others are asked; gives what it took, after checking what must hold."""
    otklik.prepare(CONFIG + PULSES)
    otklik.database_url = database_url
    otklik.mode, otklik.http_port = "webhook", free_port()
    rows = directory(answering)
    await otklik.import_directory([*rows, *(asked_row(number) for number in range(asked))])
    people, to_ask = crowd(sandbox, rows, rng), await acquaint(sandbox, database_url, asked)
    doubtful, waited = 0, []
    async with (
        open_database(database_url) as database,
        replicas(otklik, [free_port() for _ in range(3)], otklik.http_port) as (killed, paused, _),
    ):
        answers = asyncio.create_task(answer_all(people, await tokens(otklik)))
        events = asyncio.create_task(report(otklik, asked))
        for silent, how in ((killed, signal.SIGKILL), (paused, signal.SIGSTOP)):
            await given(people, len(people) * (1 + 2 * (how is signal.SIGSTOP)), answers)
            assert silent.process is not None
            silent.process.send_signal(how)
            behind = await undrawn(database)
            doubtful += len(behind)
            waited.append(await drawn(database, behind))
        await asyncio.sleep(ALIVE.total_seconds() - min(waited[-1], ALIVE.total_seconds()) + 2)
        assert paused.process is not None
        paused.process.send_signal(signal.SIGCONT)
        await answers
        await events
        for person in to_ask:
            await person.wait_for(pulses_of, 60)
        copies = sum(len(pulses_of(person)) - 1 for person in to_ask)
    await stored_once(otklik, people)
    return Toll(doubtful, copies, waited)


async def tokens(otklik: Otklik) -> dict[str, str]:
    """Of those who answer; the others are asked."""
    return {key: token for key, token in (await otklik.tokens()).items() if not key.startswith("asked")}


def asked_row(number: int) -> dict[str, str]:
    (row,) = directory(1)
    return row | {"external_id": f"asked{number}", "person": f"Sample Asked {number}", "language": "en"}


async def acquaint(sandbox: Sandbox, database_url: str, asked: int) -> list[Person]:
    """People whom the bot may write to."""
    async with open_database(database_url) as database, database.unit_of_work() as uow:
        for number in range(asked):
            (person,) = await uow.people.find(f"asked{number}")
            await uow.people.bind(person.id, FIRST_ASKED + number)
        await uow.commit()
    known = [sandbox.person(FIRST_ASKED + number, f"asked{number}", "en") for number in range(asked)]
    for one in known:
        await one.send("/start")
    return known


async def report(otklik: Otklik, asked: int) -> None:
    """A helpdesk reports a resolved request of everybody who is to be asked."""
    events = [
        {
            "id": f"e{number}",
            "type": "ticket.resolved",
            "occurred_at": datetime.now(UTC).isoformat(),
            "account": "Sample 0",
            "project": "Sample 0 project",
            "person": {"external_id": f"asked{number}"},
            "data": {"ticket": f"T-{number}"},
        }
        for number in range(asked)
    ]
    file = otklik.home / "events.json"
    file.write_text(json.dumps(events), encoding="utf-8")
    done = await otklik.cli("event", str(file))
    assert done.returncode == 0, done.stderr


def pulses_of(person: Person) -> list[object]:
    return [one for one in person.messages if one.from_bot and "T-" in one.text]


async def undrawn(database: Database) -> set[tuple[str, int]]:
    """Interviews whose card is not known to show their turn, each with its turn."""
    async with database.reading() as reading:
        rows = await reading.connection.execute(text("SELECT id, turn FROM interview WHERE shown_turn < turn"))
        return {(row.id, row.turn) for row in rows}


async def drawn(database: Database, behind: set[tuple[str, int]]) -> float:
    """Seconds until none of these is behind in the same turn any more."""
    began = time.monotonic()
    async with asyncio.timeout(60):
        while behind:
            await asyncio.sleep(0.1)
            behind = behind & await undrawn(database)
    return time.monotonic() - began
