"""Everybody who is told, by the settings."""

import random
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp

from bot.loop import Loop
from bot.outward.jira import JiraMailbox
from bot.outward.jira_client import client_of
from bot.outward.jira_poll import JiraPoll
from bot.outward.mail import Mailbox, session
from bot.outward.matter import Describer
from bot.outward.postman import Postman
from bot.outward.webhooks import WebhookMailbox, secrets_of
from bot.settings import Settings
from bot.settings_outward import JIRA, WEBHOOK
from intake.doors import Take
from storage.database import Database
from surveys.interactions import Interaction
from surveys.outward.envelope import Discretion

LABEL: Final = "jira:label"
"""The fact that keeps it."""


@dataclass(frozen=True, slots=True)
class Office:
    """What brings events out, and what asks for news. `jiras`: sources of events that are a Jira."""

    postman: Postman
    poll: JiraPoll | None
    jiras: frozenset[str]

    async def take(self, event: Interaction, otherwise: Take) -> bool:
        """Takes in an event of a helpdesk; what Jira tells of issues that were made here is news, not a request."""
        if event.source in self.jiras and self.poll is not None and await self.poll.hears(event):
            return True
        return await otherwise(event)


@asynccontextmanager
async def post_office(settings: Settings, loop: Loop, holds: Callable[[], bool]) -> AsyncIterator[Office]:
    """Everything at work. `holds`: whether what this process has claimed is still its own."""
    async with AsyncExitStack() as stack:
        public = await stack.enter_async_context(session(internal=False))
        internal = await stack.enter_async_context(session(internal=True))
        sessions = {False: public, True: internal}
        jira = await _jira(settings, loop, sessions) if settings.jira.url else None
        mailboxes = {**_webhooks(settings, loop.database, sessions), **({JIRA: jira} if jira else {})}
        postman = Postman(loop.database, loop.clock, mailboxes, chance=random.random, holds=holds)
        await stack.enter_async_context(postman.working())
        jiras = frozenset(name for name, source in settings.intake.sources.items() if source.kind == "jira")
        yield Office(postman, JiraPoll(jira) if jira else None, jiras)


async def _jira(settings: Settings, loop: Loop, sessions: Mapping[bool, aiohttp.ClientSession]) -> JiraMailbox:
    jira, named = settings.jira, settings.privacy.mode == "named"
    client = client_of(jira, sessions[jira.internal])
    describer = Describer(
        loop=loop.loop,
        language=settings.vendor.language,
        discretion=Discretion(words=jira.words and named, people=named),
        severities=jira.severities,
        improvements=jira.improvements,
    )
    return JiraMailbox(jira=jira, client=client, describer=describer, loop=loop, label=await _label(loop.database))


async def _label(database: Database) -> str:
    """Of this installation: another one that has the same project of Jira has issues of its own."""
    async with database.unit_of_work() as uow:
        label = await uow.settings.get(LABEL)
        if label is None:
            label = f"otklik-{secrets.token_hex(4)}"
            await uow.settings.set(LABEL, label)
            await uow.commit()
    return label


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
