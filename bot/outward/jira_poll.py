"""What became of issues in Jira, asked for again and again."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.outward.jira import JiraMailbox
from bot.outward.jira_client import Refused
from surveys.interactions import Interaction, name_in

log = structlog.get_logger()

TURN, HEARD = "jira:turn", "jira:heard"
"""Facts: when somebody last began to ask, and until when all is known."""
OVERLAP: Final = timedelta(minutes=5)
"""A search may not know what was changed in the last minutes."""
LONGEST: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class JiraPoll:
    """One replica asks at a time."""

    mailbox: JiraMailbox

    async def sweep(self) -> None:
        """Looks at every issue of ours that somebody touched since the last time."""
        now = self.mailbox.loop.clock.now()
        since = await self._turn(now)
        if since is None:
            return
        try:
            await self._look(max(since, now - LONGEST), now)
        except Refused as refused:
            log.warning("Jira does not tell", status=refused.status, reason=refused.outcome)
            return
        await self._heard(now)

    async def hears(self, event: Interaction) -> bool:
        """Whether the event is about an issue of ours, which nobody is to be asked about; then it is looked at."""
        ticket = name_in(event.data.get("ticket"))
        async with self.mailbox.loop.database.rehearsal() as uow:
            ours = await uow.issues.named([ticket]) if ticket else ()
        for issue in ours:
            try:
                await self.mailbox.look(issue)
            except Refused as refused:  # the next round of questions comes soon
                log.info("Jira does not tell", status=refused.status)
        return bool(ours)

    async def _look(self, since: datetime, now: datetime) -> None:
        minutes = math.ceil((now - since + OVERLAP) / timedelta(minutes=1))
        # Minutes ago, not a date: Jira would read a date in the time zone of whoever asks.
        keys = await self.mailbox.client.search(f'labels = "{self.mailbox.label}" AND updated >= "-{minutes}m"')
        async with self.mailbox.loop.database.rehearsal() as uow:
            issues = await uow.issues.named(keys)
        for issue in issues:
            if not issue.gone:
                await self.mailbox.look(issue)

    async def _turn(self, now: datetime) -> datetime | None:
        """From when on nothing is known yet; None while it is too early, or another replica asks."""
        database = self.mailbox.loop.database
        async with database.reading() as reading:
            if self._early(await reading.settings.get(TURN), now):
                return None
        async with database.unit_of_work() as uow:
            if self._early(await uow.settings.get(TURN), now):
                return None
            await uow.settings.set(TURN, now.isoformat())
            heard = await uow.settings.get(HEARD)
            await uow.commit()
        return datetime.fromisoformat(heard) if heard else now - LONGEST

    def _early(self, last: str | None, now: datetime) -> bool:
        return last is not None and datetime.fromisoformat(last) > now - self.mailbox.jira.poll

    async def _heard(self, now: datetime) -> None:
        async with self.mailbox.loop.database.unit_of_work() as uow:
            await uow.settings.set(HEARD, now.isoformat())
            await uow.commit()
