"""Two managers at one case, and a service that dies before every write of what they do: one history comes of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.clock import Clock
from bot.inbox import Inbox
from bot.outcomes import Outcomes
from bot.service import Service, build
from bot.settings import load_settings
from handlers.case_buttons import CaseButton, write_case
from storage.database import Database, open_database
from surveys.cases.ports import CaseView
from tests.bot.receiving.desk import FakeDatabase, FakeSender
from tests.storage.test_cases import MANAGER, kept

ADMIN = 1001
RawUpdate = Mapping[str, object]


class Killed(BaseException):
    """What the service is not asked about."""


@dataclass(slots=True)
class Life:
    """The service from one start to the next."""

    service: Service
    database: Database
    numbers: Iterator[int]
    case_id: int = 0

    async def take(self, *updates: RawUpdate) -> None:
        """The updates arrive together; returns once they are committed."""
        inbox = Inbox(
            self.database,
            self.service.handle,
            self.service.lose,
            self.service.redrawing.go_on,
            FakeSender(FakeDatabase(seen=set(range(10_000)))),  # type: ignore[arg-type]
            self.service.clock,
            Outcomes(),
        )
        waiting = [asyncio.ensure_future(inbox.put(update)) for update in updates]
        await asyncio.sleep(0)
        try:
            await inbox.settle()
            await asyncio.gather(*waiting)
        finally:
            for one in waiting:
                one.cancel()

    async def survives(self, *updates: RawUpdate) -> int:
        """Dies before the first write of it, then before the second, and so on; each time the same arrives again."""
        for write in count():
            with dying_before(write):
                try:
                    await self.take(*updates)
                except Killed:
                    continue
            await self.take(*updates)  # it had died between the commit and the acknowledgement
            return write
        raise AssertionError

    async def view(self) -> CaseView:
        async with self.database.unit_of_work() as uow:
            found = await uow.cases.view(self.case_id)
        assert found is not None
        return found

    def press(self, who: int, verb: str, version: int, *arguments: int) -> RawUpdate:
        number = next(self.numbers)
        data = write_case(CaseButton(self.case_id, version, verb, arguments))
        query = {"id": str(number), "from": person(who), "chat_instance": "1", "data": data, "message": said(who, "…")}
        return {"update_id": number, "callback_query": query}

    def says(self, who: int, words: str) -> RawUpdate:
        return {"update_id": next(self.numbers), "message": {**said(who, words), "from": person(who)}}


def person(who: int) -> Mapping[str, object]:
    return {"id": who, "is_bot": False, "first_name": f"Sample {who}", "language_code": "en"}


def said(who: int, words: str) -> Mapping[str, object]:
    return {"message_id": 7, "date": 1, "chat": {"id": who, "type": "private"}, "text": words}


@contextmanager
def dying_before(write: int) -> Iterator[None]:
    """Of all that is written, the commit included, what has this number is not carried out, nor anything after it."""
    passed = count()

    def on_statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("SELECT"):
            on_write()

    def on_write(*_: object) -> None:
        if next(passed) >= write:
            raise Killed

    event.listen(Engine, "before_cursor_execute", on_statement)
    event.listen(Engine, "commit", on_write)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", on_statement)
        event.remove(Engine, "commit", on_write)


@pytest.fixture
async def life(database_url: str, tmp_path: Path) -> AsyncIterator[Life]:
    (tmp_path / "config.yaml").write_text("access: {admins: [1001]}\n", encoding="utf-8")
    environment = {"OTKLIK_DATABASE__URL": database_url, "OTKLIK_TELEGRAM__TOKEN": "4242:sandbox"}
    async with open_database(database_url) as database:
        service = await build(load_settings(tmp_path / "config.yaml", environment), database, Clock())
        yield Life(service, database, count(1), (await kept(database)).id)
        await service.telegram.close()


async def test_whatever_two_managers_do_at_once_and_wherever_the_service_dies_each_step_is_taken_once(
    life: Life,
) -> None:
    killed = [
        await life.survives(life.press(MANAGER, "take", 1), life.press(ADMIN, "take", 1)),
        await life.survives(life.press(ADMIN, "note", 2)),
        await life.survives(life.press(MANAGER, "contacted", 2), life.says(ADMIN, "They prefer calls")),
        await life.survives(life.press(MANAGER, "action", 4)),
        await life.survives(life.says(MANAGER, "Train them"), life.press(ADMIN, "cause", 4, 0, 0, 0, 0)),
        await life.survives(life.press(ADMIN, "done", 5), life.press(MANAGER, "done", 5)),
    ]
    assert min(killed) > 2, "it died in the middle of every step"
    view = await life.view()
    assert [(step.kind, step.actor) for step in view.steps] == [
        ("signal", None),
        ("take", MANAGER),
        ("contacted", MANAGER),
        ("note", ADMIN),
        ("action", MANAGER),
        ("done", ADMIN),
    ]
    assert (view.case.version, view.case.status, view.case.responsible) == (6, "checking", MANAGER)
