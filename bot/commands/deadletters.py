"""`otklik deadletters`: updates that could not be handled and events nobody took: looked at, tried again, dropped."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.commands.migrate import current_database
from bot.commands.rows import print_rows
from bot.console import DONE, WITH_PROBLEMS, Trouble, complain, say
from bot.inbox import sender_of
from bot.loop_rules import loop_rules
from bot.outward.postman import CLOSED
from bot.service import build
from bot.settings import Settings
from bot.wire import parse
from storage.database import Database, open_database

COLUMNS = ("id", "at", "source", "attempts", "reason")
TELEGRAM = "telegram"
NOW = timedelta(0)
"""What a replay brings about is sent by the service, which need not wait for this process."""


def listed(settings: Settings, format_: str) -> int:
    """Prints what was set aside, the oldest first."""
    rows = asyncio.run(_rows(settings))
    print_rows(COLUMNS, rows, format_)
    return DONE


def show(settings: Settings, letter_id: int) -> int:
    """Prints the update or the event itself, as JSON."""
    say(json.dumps(json.loads(asyncio.run(_body(settings, letter_id))), ensure_ascii=False, indent=2))
    return DONE


def drop(settings: Settings, letter_id: int) -> int:
    """Throws it away."""
    asyncio.run(_drop(settings, letter_id))
    say(f"Thrown away: {letter_id}.")
    return DONE


def replay(settings: Settings, letter_id: int) -> int:
    """Handles it as if it had come just now. What cannot be handled yet stays where it is."""
    if asyncio.run(_source(settings, letter_id)) != TELEGRAM:
        asyncio.run(_send_again(settings, letter_id))
        say(f"Queued: {letter_id}. The running service sends it.")
        return DONE
    if (trouble := asyncio.run(_replay(settings, letter_id))) is not None:
        complain([f"otklik deadletters: {letter_id} still cannot be handled ({trouble}); it stays"])
        return WITH_PROBLEMS
    say(f"Handled: {letter_id}. The running service sends what comes of it.")
    return DONE


async def _rows(settings: Settings) -> list[dict[str, object]]:
    async with current_database(settings) as database, database.unit_of_work() as uow:
        return [{**row, "at": row["at"].strftime("%Y-%m-%dT%H:%M:%SZ")} for row in await uow.inbox.dead_letters()]


async def _body(settings: Settings, letter_id: int) -> bytes:
    async with current_database(settings) as database:
        return await _read(database, letter_id)


async def _drop(settings: Settings, letter_id: int) -> None:
    async with current_database(settings) as database, database.unit_of_work() as uow:
        if not await uow.inbox.discard(letter_id):
            raise _unknown(letter_id)
        await uow.commit()


async def _source(settings: Settings, letter_id: int) -> str:
    async with current_database(settings) as database, database.unit_of_work() as uow:
        found = next((row["source"] for row in await uow.inbox.dead_letters() if row["id"] == letter_id), None)
    if found is None:
        raise _unknown(letter_id)
    return str(found)


async def _send_again(settings: Settings, letter_id: int) -> None:
    """An endpoint that said it is gone is tried again as well: somebody knows better."""
    async with current_database(settings) as database:
        body = await _read(database, letter_id)
        endpoint = json.loads(body)["endpoint"]
        if endpoint not in loop_rules(settings).told:
            raise Trouble(f"otklik deadletters: {letter_id} is for {endpoint}, which is not in the configuration")
        async with database.unit_of_work() as uow:
            if not await uow.inbox.discard(letter_id):
                raise _unknown(letter_id)
            await uow.parcels.send_again(body, datetime.now(UTC))
            await uow.settings.drop(CLOSED.format(endpoint=endpoint))
            await uow.commit()


async def _replay(settings: Settings, letter_id: int) -> str | None:
    async with current_database(settings) as database:
        body = await _read(database, letter_id)
    async with open_database(settings.database_url, keys=settings.keys, lease=NOW) as database:
        service = await build(settings, database, Clock())
        try:
            update = parse(body)
            if not isinstance(update, dict):
                raise ValueError("not an update")
            async with database.unit_of_work() as uow:
                await uow.prefetch([who] if (who := sender_of(update)) is not None else [])
                await service.handle(uow, update)
                await uow.inbox.discard(letter_id)
                await uow.commit()
        except Exception as error:
            return type(error).__name__
        finally:
            await service.telegram.close()
    return None


async def _read(database: Database, letter_id: int) -> bytes:
    async with database.unit_of_work() as uow:
        body = await uow.inbox.body(letter_id)
    if body is None:
        raise _unknown(letter_id)
    return body


def _unknown(letter_id: int) -> Trouble:
    return Trouble(f"otklik deadletters: there is no {letter_id}; otklik deadletters lists them")
