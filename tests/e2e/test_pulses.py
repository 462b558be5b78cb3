"""From a support event to the answers, past every process and port there is."""

import asyncio
import json
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.faults import Fault, FaultKind
from sandbox.people import Person
from sandbox.rooms import Bubble
from sandbox.server import Sandbox
from storage.database import open_database
from tests.e2e.crowd import directory
from tests.e2e.otklik import ADMIN, CONFIG, PATIENCE, Otklik

PULSES = """
pulses: {ticket.resolved: {questionnaire: support_pulse, delay: 0s}}
"""
DUE = 5.0  # seconds in which what is due has to leave
TELEGRAM = {"p0": 70_000, "p1": 70_001}


@pytest.fixture
async def people(sandbox: Sandbox, otklik: Otklik) -> dict[str, Person]:
    """Two people of one project, whom the bot may write to."""
    otklik.prepare(CONFIG + PULSES)
    (row,) = directory(1)
    await otklik.import_directory([row | {"external_id": name, "person": f"Sample {name}"} for name in TELEGRAM])
    async with open_database(otklik.database_url) as database, database.unit_of_work() as uow:
        for name, telegram_id in TELEGRAM.items():
            (person,) = await uow.people.find(name)
            await uow.people.bind(person.id, telegram_id)
        await uow.commit()
    known = {name: sandbox.person(telegram_id, name, "en") for name, telegram_id in TELEGRAM.items()}
    for one in known.values():
        await one.send("/start")
    return known


def resolved(number: int, name: str = "p0") -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "type": "ticket.resolved",
        "occurred_at": datetime.now(UTC).isoformat(),
        "account": "Sample 0",
        "project": "Sample 0 project",
        "person": {"external_id": name},
        "data": {"ticket": f"T-{number}", "touchpoint": "support_ticket"},
    }


async def report(otklik: Otklik, *events: Mapping[str, Any], options: Sequence[str] = ()) -> list[str]:
    """Takes the events; gives the rules that decided."""
    file = otklik.home / "events.json"
    file.write_text(json.dumps(events), encoding="utf-8")
    done = await otklik.cli("event", str(file), *options)
    assert done.returncode == 0, done.stderr
    return rules(done.stdout)


def rules(said: str) -> list[str]:
    return [line.rpartition("[")[2].rstrip("]") for line in said.splitlines() if "[" in line]


def asking(person: Person) -> list[Bubble]:
    return [one for one in person.messages if one.keyboard and one.buttons[0].text.isdigit()]


async def tap(person: Person, label: str) -> None:
    before = person.last
    assert before is not None
    await person.press(label, before.message_id)
    await person.wait_for(lambda person: person.last if person.last != before else None, DUE)


async def test_a_resolved_request_is_asked_about_at_once_and_two_taps_are_stored_with_the_touchpoint(
    otklik: Otklik, people: dict[str, Person], sandbox: Sandbox
) -> None:
    anna, admin = people["p0"], sandbox.people[ADMIN]
    assert await report(otklik, resolved(1), resolved(2), options=["--dry-run"]) == ["asked", "merged"]
    async with otklik.running():
        assert await report(otklik, resolved(1)) == ["asked"]
        (card,) = await anna.wait_for(asking, DUE)
        assert "T-1" in card.text
        assert [button.text for button in card.buttons][:5] == ["1", "2", "3", "4", "5"]
        await tap(anna, "5")
        await tap(anna, "4")
        assert asking(anna) == []
        assert await report(otklik, resolved(2), resolved(3, "nobody")) == ["resting", "unknown_person"]
        await admin.send("/why p0")
        assert rules((await admin.wait_for(lambda person: person.last, DUE)).text) == ["resting", "asked"]
        await anna.send("/why p0")
        assert rules((await anna.wait_for(lambda person: person.last, DUE)).text) == []
    rows = await otklik.rows("export", "answers", "-o", str(otklik.home / "answers.csv"))
    assert [(row["item"], row["score"], row["touchpoint"]) for row in rows] == [
        ("satisfaction", "5", "support_ticket"),
        ("effort", "4", "support_ticket"),
    ]
    told = (await otklik.cli("why", "p0", "--lang", "en")).stdout
    assert "not asked: resting until" in told.splitlines()[0]
    decisions = await otklik.rows("export", "decisions", "-o", str(otklik.home / "decisions.csv"))
    assert [(row["event_id"], row["person"], row["decision"], row["rule"]) for row in decisions] == [
        ("e1", "p0", "ask", "asked"),
        ("e2", "p0", "drop", "resting"),
        ("e3", "nobody", "drop", "unknown_person"),
    ]


async def test_killed_before_anything_is_drawn_the_next_service_draws_each_pulse_once(
    otklik: Otklik, people: dict[str, Person], sandbox: Sandbox
) -> None:
    for telegram_id in TELEGRAM.values():
        sandbox.faults.add(Fault(FaultKind.SERVER_ERROR, "sendMessage", telegram_id, times=None))
    assert await report(otklik, resolved(0, "p0"), resolved(1, "p1")) == ["asked", "asked"]
    await otklik.start()
    await until(lambda: {call.chat_id for call in sandbox.calls if "T-" in str(call.args)} == set(TELEGRAM.values()))
    await otklik.end(signal.SIGKILL)
    sandbox.faults.clear()
    async with otklik.running():
        for person in people.values():
            await person.wait_for(asking, PATIENCE)
        assert await report(otklik, resolved(2)) == ["open"]
    assert [len(asking(person)) for person in people.values()] == [1, 1]


async def until(look: Callable[[], bool]) -> None:
    """Waits for something no chat shows. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if look():
                return
            await asyncio.sleep(0.05)
