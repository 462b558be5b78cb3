"""`otklik run`."""

import asyncio
import logging
import sys
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.commands.migrate import current_database
from bot.console import DONE, complain
from bot.running import run_until_told
from bot.service import build
from bot.settings import Settings
from bot.sole import sole_service

ANSWERS_WITHIN: Final = timedelta(seconds=15)  # longer than a replica that was paused may hold up the others


def run(settings: Settings) -> int:
    """Runs until SIGTERM or SIGINT."""
    settings.telegram_token()
    configure_logging()
    with sole_service(settings.database_url):
        asyncio.run(_run(settings))
    return DONE


async def _run(settings: Settings) -> None:
    async with current_database(settings, answers_within=ANSWERS_WITHIN) as database:
        service = await build(settings, database, Clock())
        http = settings.http
        await run_until_told(service, lambda: complain([f"Otklik is running: http://{http.host}:{http.port}/healthz"]))


def configure_logging() -> None:
    """Structured lines on standard error: ids and codes, never names, words or tokens."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # a sweep tells itself what went wrong in it
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
