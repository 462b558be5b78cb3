"""The past of the sample, in its order: waves, requests, and each time what was done about those who were unhappy."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import groupby

from bot.sample.lives import PAST, RECENT
from bot.sample.load import load_waves
from bot.sample.loop import Past, gravest, load_improvement, load_lives
from bot.sample.tickets import sample_tickets
from bot.sample.waves import sample_pulses, sample_waves
from bot.service import Service
from surveys.directory import DirectoryRow


async def load_past(service: Service, rows: Sequence[DirectoryRow], admin: int) -> None:
    """Writes it for the people of these rows, who are in the directory. `admin`: who sits in the committee."""
    settings, loop, now = service.settings, service.loop.loop, service.clock.now()

    @asynccontextmanager
    async def begin() -> AsyncIterator[Past]:
        async with service.database.unit_of_work() as uow:
            work, language = service.loop.work(uow), settings.vendor.language
            yield Past(work=work, policy=service.loop.policy, language=language, admin=admin)
            await uow.commit()

    for _, wave in groupby(sample_waves(rows, settings, now), lambda asked: asked.wave):
        await load_waves(service.database, service.library, service.rules, gravest(loop), list(wave))
        await load_lives(begin, PAST)
    await load_waves(service.database, service.library, service.rules, loop, sample_pulses(rows, settings, now))
    await load_lives(begin, RECENT)
    async with begin() as past:
        for ticket in sample_tickets(rows, now):
            await past.work.uow.interactions.add(ticket, ticket.occurred_at)
        await load_improvement(past)
