"""`otklik erase`."""

import asyncio
from datetime import UTC, datetime

from bot.clock import Clock
from bot.commands.migrate import current_database
from bot.console import DONE, Trouble, say
from bot.ids import new_token
from bot.loop_rules import loop_rules
from bot.settings import Settings
from bot.tombstones import Tombstones
from surveys import erasure
from surveys.audit import CLI, Look
from surveys.directory import Person
from surveys.outward.names import FORGOTTEN
from surveys.ports import UnitOfWork

SHOWN = 5


def erase(settings: Settings, person: str, *, answers: bool) -> int:
    """Forgets a person, found by name or external id."""
    asyncio.run(_erase(settings, person, answers=answers))
    say(f"Erased: the person{' and their answers' if answers else '; their answers stay without a name'}.")
    return DONE


async def _erase(settings: Settings, words: str, *, answers: bool) -> None:
    now = datetime.now(UTC)
    async with current_database(settings) as database:
        async with database.unit_of_work() as uow:
            person = await _found(uow, words)
            await uow.audit.add(
                Look(at=now, who=CLI, entrance="erase", looked_at={"person": person.id, "answers": answers}, rows=1)
            )
            listeners = loop_rules(settings).listeners(FORGOTTEN)
            await erasure.erase(uow, person, now, new_token(), answers=answers, listeners=listeners)
            await uow.commit()
        await Tombstones(database, settings.tombstones_file, Clock()).tell()


async def _found(uow: UnitOfWork, words: str) -> Person:
    found = await uow.people.find(words)
    if not found:
        raise Trouble(f"otklik erase: nobody in the directory is called {words!r}")
    if len(found) > 1:
        ids = ", ".join(sorted(one.external_id for one in found)[:SHOWN])
        raise Trouble(f"otklik erase: {len(found)} people are called {words!r}; name one by the external id: {ids}")
    [person] = (await uow.people.lock([found[0].id])).values()
    return person
