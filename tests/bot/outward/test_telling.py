"""What happens in the loop is told to other systems, in the same commit, or not at all."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sandbox.server import Sandbox
from storage.case_tables import case_step
from storage.database import Database
from storage.outgoing import StoredOutgoing
from storage.outgoing_tables import outgoing
from surveys.cases.case import Happened
from surveys.improvements.causes import Cause
from surveys.improvements.committee import take_step
from surveys.improvements.improvement import Improvement
from tests.bot.conversations.test_cases import PROJECT, managed, met, sees, unhappy
from tests.bot.house import ADMIN, CATALOGUE, TOKEN, House
from tests.bot.outward.receiver import SECRET, Receiver

STEPS = select(func.count()).select_from(case_step)
EVENTS = select(func.count()).select_from(outgoing)


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str, receiver: Receiver) -> AsyncIterator[House]:
    sandbox = Sandbox(token=TOKEN)
    endpoint = {"url": receiver.address, "internal": True}
    extra = {
        "OTKLIK_CATALOGUE": str(CATALOGUE.with_name("catalogue_with_closure")),
        "OTKLIK_WEBHOOKS": json.dumps({"crm": endpoint}),
        "OTKLIK_WEBHOOKS__CRM__SECRET": SECRET,
    }
    async with sandbox.running() as address:
        yield House(tmp_path, sandbox, address, sqlite_url, extra=extra)


async def counted(database: Database) -> tuple[int, int]:
    """Steps of cases, and events."""
    async with database.reading() as reading:
        steps, events = await reading.connection.scalar(STEPS), await reading.connection.scalar(EVENTS)
    return steps or 0, events or 0


async def until(receiver: Receiver, type_: str) -> None:
    while (await receiver.came.get()).read()["type"] != type_:
        pass


async def test_another_system_follows_a_case_from_the_low_mark_to_the_no_of_the_client(
    house: House, receiver: Receiver
) -> None:
    guest = await managed(house)
    async with house.serving():
        manager = await met(house, PROJECT, "Pavel")
        await unhappy(guest)
        await guest.person.send("It is slow")
        card = await sees(manager, "It is slow", "Take")
        await guest.press("5", "Thank you!")
        await manager.press("Take", card.message_id)
        await sees(manager, "took the case")
        await manager.press("Done", card.message_id)
        await guest.sees("Has the problem been solved?")
        await guest.press("No", "What remains")
        await until(receiver, "case.escalated")
    assert [call.read()["type"] for call in receiver.calls] == [
        "signal.raised",
        "case.opened",
        "signal.raised",
        "case.taken",
        "case.done",
        "case.client_asked",
        "case.reopened",
        "case.escalated",
    ]
    cases = [call.read()["data"]["case"] for call in receiver.calls]
    assert [(one["id"], one["version"], one["status"]) for one in cases] == [
        (1, 1, "new"),
        (1, 1, "new"),
        (1, 2, "new"),
        (1, 3, "taken"),
        (1, 4, "checking"),
        (1, 5, "checking"),
        (1, 6, "taken"),
        (1, 7, "taken"),
    ]
    assert cases[-1]["responsible"] == PROJECT
    assert not any(said in call.body for call in receiver.calls for said in (b"Sample 0", b"It is slow", b"Pavel"))


async def test_a_step_and_its_event_are_committed_together_or_neither_is(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await managed(house)
    async with house.serving() as service:
        await unhappy(guest)
        await until(receiver, "case.opened")
        before = await counted(service.database)

        async def taken() -> None:
            async with service.loop.transaction() as work:
                case = await work.uow.cases.lock(1)
                assert case is not None
                await work.do(case, "take", ADMIN)

        async def broken(self: StoredOutgoing, events: object, endpoints: object) -> None:
            raise ConnectionError

        with monkeypatch.context() as patched:
            patched.setattr(StoredOutgoing, "add", broken)
            with pytest.raises(ConnectionError):
                await taken()
        assert await counted(service.database) == before
        await taken()
        assert await counted(service.database) == (before[0] + 1, before[1] + 1)


async def test_what_the_committee_decides_is_told_in_its_words(house: House, receiver: Receiver) -> None:
    async with house.serving() as service, service.loop.transaction() as work:
        new = Improvement(cause=Cause("support"), opened_at=work.now, owner=ADMIN)
        number = await work.uow.improvements.open(new, Happened(kind="opened", at=work.now), [])
        assert number is not None
        await take_step(work, number, None, "decided", ADMIN, {"decision": "do", "text": "It costs us clients"})
    async with house.serving():
        await until(receiver, "improvement.decided")
    [said] = [call.read()["data"] for call in receiver.calls]
    assert (said["improvement"]["status"], said["improvement"]["cause"]["component"]) == ("planned", "support")
    assert (said["words"]["reason"], said["cases"], said["step"]["decision"]) == ("It costs us clients", [], "do")
