"""What the vendor's people are told without having asked: at once, within a budget for the day, then in a digest."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final

from surveys.calendar import instants
from surveys.ports import UnitOfWork
from surveys.rules import AlertBudget

ALERTS: Final = frozenset({"foreign_link", "guessed_links"})
"""Kinds of delivery under the budget. A kind whose buttons ask for a decision is not: a line has no buttons."""

DIGEST: Final = "alert_digest"
OFFICE: Final = time(9), time(18)


async def tell_staff(
    uow: UnitOfWork, budget: AlertBudget, chat_id: int, kind: str, payload: Mapping[str, object], at: datetime
) -> None:
    """Tells a member of staff now or, if today's budget is used up, in one line of the next digest."""
    if kind not in ALERTS:
        return await uow.deliveries.add(chat_id, kind, payload, at=at)
    today = at.astimezone(budget.zone).date().isoformat()
    if budget.per_day is None or await uow.deliveries.alerts(chat_id, today) < budget.per_day:
        return await uow.deliveries.add(chat_id, kind, payload, at=at, alerted_on=today)
    if not await uow.deliveries.holds(chat_id):
        await uow.deliveries.enqueue(chat_id, DIGEST, {}, at=at, due_at=digest_at(budget, at))
    await uow.deliveries.hold(chat_id, kind, payload, at=at, alerted_on=today)
    return None


def digest_at(budget: AlertBudget, now: datetime) -> datetime:
    """The next beginning of a working day, or the last hour of one, whichever is nearer.

    >>> from zoneinfo import ZoneInfo
    >>> digest_at(AlertBudget(zone=ZoneInfo("Europe/Moscow")), datetime(2026, 11, 24, 9, tzinfo=UTC)).isoformat()
    '2026-11-24T15:00:00+00:00'
    """
    local = now.astimezone(budget.zone)
    quiet = budget.hours.quiet
    clocks = OFFICE if quiet is None else (quiet.end, _an_hour_before(quiet.start))
    days = (local.date() + timedelta(days=day) for day in range(3))
    moments = (moment for day in days for clock in clocks for moment in instants(day, clock, budget.zone)[:1])
    return min(moment for moment in moments if moment > now)


def _an_hour_before(clock: time) -> time:
    return (datetime(2000, 1, 2, clock.hour, clock.minute, tzinfo=UTC) - timedelta(hours=1)).time()
