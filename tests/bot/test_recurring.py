"""Reports by schedule: who gets which news, when, and that nobody gets them twice."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.library import read_catalogue
from bot.recurring import RecurringDesk
from bot.reporting import Desk
from bot.settings import Settings
from bot.settings_sections import Privacy
from handlers.replies import Call
from storage.database import Database
from storage.tables import delivery
from surveys.calendar import ContactHours, QuietHours
from surveys.cron import parse_cron
from surveys.events import AnswerGiven
from surveys.interview import Answer
from surveys.recurring import Recurring, RecurringReport
from surveys.rules import Access, Rules, Scope
from tests.storage import samples
from tests.storage.samples import ANNA_ROW, BORIS_ROW, NOW, respond

ADMIN, MANAGER = 1, 2
MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _a_questionnaire_with_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "DOCUMENT", read_catalogue(Settings())[0]["relationship"])


@dataclass
class SetClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


def plans(line: str = "0 10 * * mon", **changes: object) -> Recurring:
    weekly = RecurringReport(key="weekly", line=line, cron=parse_cron(line), zone=MOSCOW, to=(ADMIN, MANAGER))
    return replace(Recurring(reports={"weekly": weekly}, hours=ContactHours(), zone=MOSCOW), **changes)


def desk_of(database: Database, clock: SetClock, recurring: Recurring | None = None, **privacy: str) -> RecurringDesk:
    access = Access(admins=frozenset({ADMIN}), managers={MANAGER: Scope(accounts=(BORIS_ROW.account,))})
    rules = Rules(vendor="V", language="ru", languages=("ru", "en", "uk"), weights={}, access=access)
    settings = Settings(privacy=Privacy(**privacy)) if privacy else Settings()
    reports = Desk(database=database, settings=settings, rules=rules)
    return RecurringDesk(database=database, reports=reports, recurring=recurring or plans(), clock=clock)


async def told(database: Database) -> list[tuple[int, Mapping[str, object], datetime]]:
    """Whom a report waits for, and until when."""
    async with database.reading() as reading:
        rows = await reading.connection.execute(
            select(delivery.c.chat_id, delivery.c.payload, delivery.c.due_at).order_by(delivery.c.id)
        )
        return [tuple(row) for row in rows]


async def answer(database: Database, number: int, score: int, at: datetime, who: object = ANNA_ROW) -> None:
    given = AnswerGiven(Answer("nps", score=score), "senior_it", "nps")
    async with database.unit_of_work() as uow:
        await respond(uow, number, replace(who, external_id=f"p{number}"), given, at=at)
        await uow.commit()


async def card(desk: RecurringDesk, database: Database, now: datetime) -> Call:
    [*_, (reader, payload, _)] = await told(database)
    return await desk.reports.screen(reader, payload, now)


async def test_a_report_comes_on_its_day_to_those_who_have_news_and_only_once(database: Database) -> None:
    clock = SetClock()
    desk = desk_of(database, clock)
    await desk.plan()
    await answer(database, 1, 9, NOW)
    clock.at = MONDAY - timedelta(seconds=1)
    await desk.sweep()
    assert await told(database) == []
    clock.at = MONDAY
    await desk.sweep()
    await desk.sweep()
    assert [(who, due) for who, _, due in await told(database)] == [(ADMIN, MONDAY)]


async def test_replicas_that_find_it_due_at_once_send_it_once(database: Database) -> None:
    clock = SetClock()
    replicas = [desk_of(database, clock) for _ in range(4)]
    await asyncio.gather(*(desk.plan() for desk in replicas))
    await answer(database, 1, 9, NOW, BORIS_ROW)
    clock.at = MONDAY
    await asyncio.gather(*(desk.sweep() for desk in replicas))
    assert [who for who, _, _ in await told(database)] == [ADMIN, MANAGER]


async def test_news_wait_for_the_next_report_and_are_told_after_weeks_of_silence(database: Database) -> None:
    clock = SetClock()
    await desk_of(database, clock).plan()
    await answer(database, 1, 9, NOW)
    for clock.at in (MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK):
        restarted = desk_of(database, clock)
        await restarted.plan()
        await restarted.sweep()
    assert len(await told(database)) == 1
    await answer(database, 2, 3, MONDAY + 2 * WEEK + timedelta(days=1))
    clock.at = MONDAY + 5 * WEEK  # the service stood still for two of them
    await desk_of(database, clock).sweep()
    [_, (_, payload, _)] = await told(database)
    assert payload["since"] == MONDAY.isoformat()


async def test_a_changed_schedule_is_reckoned_anew_and_tells_what_the_old_one_would_have(database: Database) -> None:
    clock = SetClock()
    await desk_of(database, clock).plan()
    await answer(database, 1, 9, NOW)
    sooner = desk_of(database, clock, plans("0 10 * * sun"))
    await sooner.plan()
    clock.at = MONDAY - timedelta(days=1)
    await sooner.sweep()
    [(_, payload, _)] = await told(database)
    assert payload["since"] == NOW.isoformat()


async def test_who_is_taken_off_the_list_gets_nothing_and_everything_when_back_on_it(database: Database) -> None:
    clock = SetClock()
    both = desk_of(database, clock)
    await both.plan()
    await answer(database, 1, 9, NOW, BORIS_ROW)
    alone = replace(plans().reports["weekly"], to=(ADMIN,))
    clock.at = MONDAY
    await desk_of(database, clock, Recurring(reports={"weekly": alone})).sweep()
    assert [who for who, _, _ in await told(database)] == [ADMIN]
    await both.plan()
    clock.at = MONDAY + WEEK
    await both.sweep()
    assert [who for who, _, _ in await told(database)] == [ADMIN, MANAGER]


async def test_quiet_hours_are_those_of_the_reader(database: Database) -> None:
    clock = SetClock()
    hours = ContactHours(quiet=QuietHours(time(20), time(11)))
    desk = desk_of(database, clock, plans(hours=hours, zones={MANAGER: ZoneInfo("Asia/Tokyo")}))
    await desk.plan()
    await answer(database, 1, 9, NOW, BORIS_ROW)
    clock.at = MONDAY
    await desk.sweep()
    due = {who: at for who, _, at in await told(database)}
    assert due == {ADMIN: MONDAY + timedelta(hours=1), MANAGER: MONDAY}


async def test_the_card_tells_of_new_answers_what_changed_first_and_leads_into_the_reports(database: Database) -> None:
    clock = SetClock()
    desk = desk_of(database, clock)
    for number in range(40):
        await answer(database, number, 10, NOW - timedelta(days=60))
    await desk.plan()
    for number in range(40, 60):
        await answer(database, number, 1, NOW + timedelta(hours=1))
    clock.at = MONDAY
    await desk.sweep()
    shown = await card(desk, database, MONDAY)
    text = str(shown.params["text"])
    assert "Новые ответы: 21 нояб. 2026" in text
    assert "−200" in text
    assert "CSAT" not in text  # nobody has been asked
    assert max(map(len, text.removeprefix("<pre>").removesuffix("</pre>").splitlines())) <= 40
    markup: Any = shown.params["reply_markup"]
    nps = next(one["callback_data"] for row in markup["inline_keyboard"] for one in row if one["text"] == "NPS")
    pressed = {"button": nps, "message_id": 5, "reader": ADMIN, "language": "ru"}
    assert "20 ответов" in str((await desk.reports.screen(ADMIN, pressed, MONDAY)).params["text"])


async def test_a_manager_hears_of_their_own_clients_alone(database: Database) -> None:
    clock = SetClock()
    desk = desk_of(database, clock)
    await desk.plan()
    await answer(database, 1, 9, NOW, ANNA_ROW)
    await answer(database, 2, 3, NOW, BORIS_ROW)
    clock.at = MONDAY
    await desk.sweep()
    text = str((await card(desk, database, MONDAY)).params["text"])
    assert "Ваши клиенты: Верфь-Пример" in text
    assert "−100" in text


@pytest.mark.parametrize(("day", "sent"), [(MONDAY, []), (MONDAY + WEEK, []), (MONDAY + 2 * WEEK, [ADMIN])])
async def test_where_confidentiality_was_promised_only_whole_months_are_news(
    database: Database, day: datetime, sent: list[int]
) -> None:
    clock = SetClock()
    desk = desk_of(database, clock, mode="confidential")
    await desk.plan()
    await answer(database, 1, 9, NOW)
    clock.at = day
    await desk.sweep()
    assert [who for who, _, _ in await told(database)] == sent
    if sent:
        [(_, payload, _)] = await told(database)
        assert [str(payload[end])[:10] for end in ("since", "until")] == ["2026-11-01", "2026-12-01"]
        assert "скрыто" in str((await card(desk, database, day)).params["text"])
