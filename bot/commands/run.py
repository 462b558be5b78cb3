"""`otklik run`."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.commands.migrate import current_database
from bot.console import DONE, complain
from bot.logs import configure_logging
from bot.running import run_until_told
from bot.service import build
from bot.settings import Settings
from bot.sole import sole_service

log = structlog.get_logger()

ANSWERS_WITHIN: Final = timedelta(seconds=15)  # longer than a replica that was paused may hold up the others


def run(settings: Settings) -> int:
    """Runs until SIGTERM or SIGINT."""
    settings.telegram_token()
    configure_logging(settings.log.level)
    with sole_service(settings.database_url):
        if not settings.keys:
            log.info("names are stored as they are; `otklik keys new` makes a key that seals them")
        asyncio.run(_run(settings))
    return DONE


async def _run(settings: Settings) -> None:
    async with current_database(settings, answers_within=ANSWERS_WITHIN) as database:
        service = await build(settings, database, Clock())
        http = settings.http
        await run_until_told(service, lambda: complain([f"Otklik is running: http://{http.host}:{http.port}/healthz"]))
