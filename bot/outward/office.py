"""Everybody who is told, by the settings."""

import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp

from bot.clock import Clock
from bot.outward.mail import Mailbox, session
from bot.outward.postman import Postman
from bot.outward.webhooks import WebhookMailbox, secrets_of
from bot.settings import Settings
from bot.settings_outward import WEBHOOK
from storage.database import Database
from surveys.outward.envelope import Discretion


@asynccontextmanager
async def post_office(
    settings: Settings, database: Database, clock: Clock, holds: Callable[[], bool]
) -> AsyncIterator[Postman]:
    """The postman at work. `holds`: whether what this process has claimed is still its own."""
    async with AsyncExitStack() as stack:
        public = await stack.enter_async_context(session(internal=False))
        internal = await stack.enter_async_context(session(internal=True))
        mailboxes = _webhooks(settings, database, {False: public, True: internal})
        postman = Postman(database, clock, mailboxes, chance=random.random, holds=holds)
        await stack.enter_async_context(postman.working())
        yield postman


def _webhooks(
    settings: Settings, database: Database, sessions: Mapping[bool, aiohttp.ClientSession]
) -> dict[str, Mailbox]:
    named = settings.privacy.mode == "named"
    return {
        f"{WEBHOOK}{key}": WebhookMailbox(
            url=endpoint.url,
            secrets=secrets_of(endpoint),
            discretion=Discretion(words=endpoint.words and named, people=named),
            session=sessions[endpoint.internal],
            database=database,
        )
        for key, endpoint in settings.webhooks.items()
    }
