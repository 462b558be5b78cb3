"""At every hour of a week: nobody is disturbed outside their hours because of a case, unless it is critical."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Clock
from bot.ids import new_id, new_token
from bot.service import Service, build
from bot.settings import load_settings
from handlers.case_drawing import drawn
from storage.database import Database, open_database
from storage.unit import StoredUnitOfWork
from surveys.cases.case import Case
from surveys.cases.closing import ask_whether_solved
from surveys.cases.signals import GRADES
from surveys.cases.watching import watch
from surveys.cases.work import LoopWork
from tests.storage.samples import later
from tests.storage.test_cases import MANAGER, kept, step

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
MOSCOW, FAR = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Vladivostok")
CONFIG = "access: {admins: [1001]}\nloop: {colleagues: {%d: {timezone: Asia/Vladivostok}}}\n"


def hours() -> Iterator[datetime]:
    """Every other hour of a week, half past."""
    return (MONDAY + timedelta(hours=2 * number, minutes=30) for number in range(84))


def office(moment: datetime, zone: ZoneInfo) -> bool:
    """Between nine and eight in the evening, from Monday to Friday, where somebody is."""
    there = moment.astimezone(zone)
    return 9 <= there.hour < 20 and there.weekday() < 5


@dataclass(slots=True)
class Loop:
    service: Service
    database: Database

    def work(self, uow: StoredUnitOfWork, now: datetime) -> LoopWork:
        return replace(self.service.loop.work(uow), now=now)


@pytest.fixture
async def loop(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Loop]:
    (tmp_path / "config.yaml").write_text(CONFIG % MANAGER, encoding="utf-8")
    environment = {"OTKLIK_DATABASE__URL": sqlite_url, "OTKLIK_TELEGRAM__TOKEN": "4242:sandbox"}
    async with open_database(sqlite_url) as database:
        service = await build(load_settings(tmp_path / "config.yaml", environment), database, Clock())
        yield Loop(service, database)
        await service.telegram.close()


@pytest.mark.parametrize("severity", GRADES)
async def test_a_case_is_pressed_on_and_its_card_makes_a_sound_only_in_the_managers_hours_or_if_it_is_critical(
    loop: Loop, severity: str
) -> None:
    case = await kept(loop.database, severity=severity, responsible=MANAGER, due_at=later(hours=1))
    for hour in hours():
        may = severity == "critical" or office(hour, FAR)
        async with loop.database.unit_of_work() as uow:
            await uow.cases.hand(case.id, [MANAGER])
            work = loop.work(uow, hour)
            await watch(work, loop.service.loop.policy, 10, new_id, new_token)
            after = await looked_at(uow, case)
            assert (after.version > case.version) == may, hour
            assert after.due_at is not None
            assert after.due_at > hour
            assert severity == "critical" or office(after.due_at, FAR), hour
            work.touched.add(case.id)
            [card] = await drawn(work)
            assert card.silent == (not may), hour


async def test_the_client_is_asked_whether_it_helped_in_waking_hours_alone_however_grave_it_was(loop: Loop) -> None:
    new = await kept(loop.database, severity="critical", responsible=MANAGER)
    case = replace(new, version=2, status="checking", due_at=later(hours=1))
    async with loop.database.unit_of_work() as uow:
        await uow.cases.save(case, step("done"))
        await uow.commit()
    with sqlite3.connect(loop.service.settings.database_url.partition("///")[2]) as file:
        file.execute("UPDATE interview SET phase = 'closed'")
    for hour in hours():
        async with loop.database.unit_of_work() as uow:
            asked = await ask_whether_solved(loop.work(uow, hour), loop.service.loop.policy, case, new_id, new_token)
            after = await looked_at(uow, case)
            assert (asked is not None) == office(hour, MOSCOW), hour
            assert after.due_at is not None
            assert after.due_at > hour, "it is looked at again"
            assert asked or office(after.due_at, MOSCOW), hour


async def looked_at(uow: StoredUnitOfWork, case: Case) -> Case:
    found = await uow.cases.lock(case.id)
    assert found is not None
    return found
