"""Alerts to staff: a budget for the day, and a digest of what goes beyond it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.alerts import LINES, LONGEST, WORDS, digest
from storage.database import Database
from surveys.alerts import ALERTS, DIGEST, digest_at, tell_staff
from surveys.calendar import ContactHours, QuietHours
from surveys.ports import Delivery
from surveys.rules import AlertBudget, Rules
from tests.storage.samples import NOW, later, row

ADMIN, OTHER = 1001, 1002
BUDGET = AlertBudget(per_day=2, zone=ZoneInfo("Europe/Moscow"), hours=ContactHours(quiet=QuietHours(time(20), time(9))))
RULES = Rules(vendor="V", language="en", languages=("en",), weights={}, alerts=BUDGET)
EVENING = datetime(2026, 11, 21, 16, tzinfo=UTC)
"""Seven in the evening in Moscow: an hour before the quiet begins."""


@dataclass(slots=True)
class Office:
    """Where alerts arise."""

    database: Database
    payload: dict[str, int]
    budget: AlertBudget = BUDGET

    async def alert(
        self, times: int, to: int = ADMIN, *, kind: str = "foreign_link", at: datetime = NOW
    ) -> Sequence[Delivery]:
        """What leaves at once."""
        async with self.database.unit_of_work() as uow:
            for _ in range(times):
                await tell_staff(uow, self.budget, to, kind, self.payload, at)
            await uow.commit()
        for one in uow.handed_over:
            await self.sent(one, at)
        return uow.handed_over

    async def due(self, at: datetime) -> Sequence[Delivery]:
        return await self.database.outbox.claim(100, at)

    async def sent(self, one: Delivery, at: datetime) -> None:
        async with self.database.unit_of_work() as uow:
            await uow.queue.sent([one.id], at)
            await uow.commit()

    async def digests(self, at: datetime) -> list[str]:
        """What digests say, one after another, until there are none."""
        said = []
        while found := await self.due(at):
            for one in found:
                assert one.kind == DIGEST
                call = await digest(self.database, RULES, one, at)
                said += [] if call is None else [str(call.params["text"])]
                await self.sent(one, at)
            at += timedelta(seconds=2)
        return said


@pytest.fixture
async def office(database: Database) -> Office:
    async with database.unit_of_work() as uow:
        await uow.directory.upsert([row()])
        (held,) = await uow.directory.stakeholders()
        await uow.commit()
    return Office(database, {"person_id": held.person.id, "project_id": held.project.id})


async def test_what_goes_beyond_the_budget_comes_as_one_digest_with_a_line_each(office: Office) -> None:
    assert len(await office.alert(1)) == 1
    assert len(await office.alert(3)) == 1
    assert len(await office.alert(1)) == 0
    assert await office.due(EVENING - timedelta(seconds=1)) == []
    (said,) = await office.digests(EVENING)
    lines = said.splitlines()[2:]
    assert len(lines) == 3
    assert all(line.startswith("21.11 12:30 Somebody else tried to open") for line in lines)


async def test_everybody_has_a_budget_of_their_own_and_a_new_one_every_day(office: Office) -> None:
    assert len(await office.alert(5)) == 2
    assert len(await office.alert(5, OTHER)) == 2
    assert len(await office.alert(5, at=later(days=1))) == 2


async def test_a_kind_that_asks_for_a_decision_takes_nothing_from_the_budget(office: Office) -> None:
    assert len(await office.alert(9, kind="successor")) == 9
    assert len(await office.alert(9)) == 2


@pytest.mark.parametrize(("per_day", "at_once"), [(None, 9), (0, 0)])
async def test_no_budget_lets_everything_through_and_a_budget_of_none_nothing(
    office: Office, per_day: int | None, at_once: int
) -> None:
    office.budget = replace(BUDGET, per_day=per_day)
    assert len(await office.alert(9)) == at_once
    assert len(await office.digests(EVENING)) == (0 if at_once else 1)


async def test_more_than_a_message_holds_follows_in_the_next_and_nothing_is_lost_or_told_twice(office: Office) -> None:
    await office.alert(2 + 2 * LINES + 5)
    said = await office.digests(EVENING)
    assert [len(one.splitlines()) - 2 for one in said] == [LINES, LINES, 5]
    assert all(len(one) <= 4096 and max(map(len, one.splitlines()[2:])) <= LONGEST for one in said)
    assert await office.digests(EVENING + timedelta(days=1)) == []


async def test_a_digest_sent_again_tells_the_same(office: Office) -> None:
    await office.alert(5)
    (found,) = await office.due(EVENING)
    first = await digest(office.database, RULES, found, EVENING)
    await office.alert(1, at=EVENING)
    assert await digest(office.database, RULES, found, EVENING) == first
    await office.sent(found, EVENING)
    assert len(await office.digests(EVENING + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-24T08:59:00+03:00", "2026-11-24T09:00:00+03:00"),
        ("2026-11-24T09:00:00+03:00", "2026-11-24T19:00:00+03:00"),
        ("2026-11-24T19:30:00+03:00", "2026-11-25T09:00:00+03:00"),
        ("2026-11-24T03:00:00+03:00", "2026-11-24T09:00:00+03:00"),
    ],
)
def test_a_digest_comes_in_the_morning_or_an_hour_before_the_quiet(now: str, then: str) -> None:
    assert digest_at(BUDGET, datetime.fromisoformat(now)) == datetime.fromisoformat(then)


def test_every_kind_of_alert_has_words() -> None:
    assert WORDS.keys() == ALERTS
