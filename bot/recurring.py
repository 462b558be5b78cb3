"""Recurring reports at work: when one is due, whoever it has news for is told, once."""

from dataclasses import dataclass

import structlog

from bot.clock import Clock
from bot.reporting import Desk
from storage.database import Database
from storage.recurring import Waiting
from surveys.calendar import next_allowed
from surveys.cron import next_fire
from surveys.recurring import Period, Recurring

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringDesk:
    """What it takes to send them."""

    database: Database
    reports: Desk
    recurring: Recurring
    clock: Clock

    async def plan(self) -> None:
        """Reckons when those are due that are new, or whose schedule has changed."""
        now = self.clock.now()
        async with self.database.unit_of_work() as uow:
            for one in self.recurring.reports.values():
                await uow.recurring.plan(one.key, one.schedule, one.to, next_fire(one.cron, one.zone, now), now)
            await uow.commit()

    async def sweep(self) -> None:
        """Sends what is due and has news."""
        if not self.recurring.reports:
            return
        async with self.database.reading() as reading:
            due = await reading.recurring.due(self.clock.now())
        for waiting in due:
            await self._send(waiting)

    async def _send(self, waiting: Waiting) -> None:
        """What was looked up before the transaction holds nobody up; `take` sees to it that it is sent once."""
        now, plan = self.clock.now(), self.recurring.reports.get(waiting.key)
        wanted = plan is not None and waiting.reader_id in plan.to
        next_at = next_fire(plan.cron, plan.zone, now) if plan and wanted else None
        news = await self.reports.news(waiting.reader_id, waiting.told_until, now) if wanted else None
        async with self.database.unit_of_work() as uow:
            told_until = news[1] if news else waiting.told_until
            taken = await uow.recurring.take(waiting, next_at, told_until)
            if taken and news:
                chosen = await uow.settings.get(f"language:{waiting.reader_id}")
                payload = self._payload(waiting.reader_id, chosen, news)
                opens = next_allowed(now, self.recurring.zone_of(waiting.reader_id), self.recurring.hours)
                await uow.deliveries.enqueue(waiting.reader_id, "report", payload, at=now, due_at=opens)
            await uow.commit()
        if taken and wanted:
            log.info("recurring report", report=waiting.key, sent=news is not None)

    def _payload(self, reader: int, language: str | None, news: Period) -> dict[str, object]:
        since, until = (moment.isoformat() for moment in news)
        return {"since": since, "until": until, "reader": reader, "language": self.reports.rules.speaks(language)}
