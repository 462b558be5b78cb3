"""The service: everything wired together, started in order, ended in order."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import Update
from aiohttp import web

from bot.clock import Clock
from bot.contact_policy import contact_policy
from bot.desks import make_renderer
from bot.ids import derived_token, new_id
from bot.inbox import Inbox, RawUpdate
from bot.library import PublishedLibrary, load_library
from bot.outcomes import Outcomes
from bot.outreach import Outreach
from bot.pace import Pace
from bot.past_rules import learn
from bot.profile import introduce
from bot.redrawing import Redrawing
from bot.scheduler import scheduling
from bot.sender import Sender
from bot.settings import Settings
from bot.sources import sources
from bot.standing import Standing
from bot.sweeps import sweeps
from bot.telegram import Outcome, Result, Telegram
from bot.updates import insist, poll
from bot.wire import parse
from handlers.attachments import Albums
from handlers.desk import Desk
from handlers.replies import Call, Replies
from handlers.router import ALLOWED_UPDATES, make_dispatcher
from intake.doors import Doors
from intake.http import Busy, Webhook, make_app
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.unit import StoredUnitOfWork
from surveys.rules import Rules

log = structlog.get_logger()

DRAIN_SECONDS = 5.0  # with what follows well within the ten seconds a service is usually given to end
SETTLE_SECONDS = 1.0
HTTP_SECONDS = 1.0
WEBHOOK_CATCHES_UP = 1.0  # seconds in which Telegram brings again what was waiting, before cards are drawn again
RECOVER_SECONDS = 1.0


@dataclass(slots=True, kw_only=True)
class Service:
    """The parts of a running service."""

    settings: Settings
    rules: Rules
    clock: Clock
    database: Database
    library: PublishedLibrary
    telegram: Telegram
    bot: Bot
    dispatcher: Dispatcher
    sender: Sender
    inbox: Inbox
    outcomes: Outcomes
    outreach: Outreach
    token_of: Callable[[str], str]
    standing: Standing
    redrawing: Redrawing
    waits: str | None = "has not answered yet"
    told: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: bool = False
    albums: Albums = field(default_factory=Albums)

    async def handle(self, uow: StoredUnitOfWork, update: RawUpdate) -> Replies:
        """One update through the dispatcher, in the transaction of its group."""
        parsed = Update.model_validate(update, context={"bot": self.bot})
        desk = Desk(
            uow=uow,
            library=self.library,
            rules=self.rules,
            now=self.clock.now(),
            new_id=new_id,
            policy=self.outreach.policy,
            token_of=self.token_of,
            albums=self.albums,
        )
        replies = await self.dispatcher.feed_update(self.bot, parsed, desk=desk)
        return replies if isinstance(replies, list | tuple) else ()

    async def take(self, body: bytes) -> None:
        """An update from the webhook; returns after its commit. Raises ValueError for what is no update, and Busy."""
        if self.stopping:
            raise Busy
        update = parse(body)
        if not isinstance(update, dict):
            raise ValueError("not an update")
        await self.inbox.put(update)

    async def ill(self) -> Mapping[str, str]:
        """What is not able to serve: part -> reason."""
        parts = {"service": "is stopping"} if self.stopping else {}
        if trouble := self.waits or self.telegram.trouble:
            parts["telegram"] = trouble
        try:
            async with self.database.reading():
                pass
        except StorageUnavailable as error:
            parts["database"] = error.reason
        return parts


async def build(settings: Settings, database: Database, clock: Clock) -> Service:
    """The parts, wired; nothing runs yet. Raises ConfigurationError and StorageUnavailable."""
    token = settings.telegram_token()
    rules = settings.rules()
    library = await load_library(settings, database, clock.now())
    await learn(database, settings, clock.now())
    telegram = Telegram(token, str(settings.telegram.api_base))
    outcomes = Outcomes()
    token_of = partial(derived_token, token)
    renderer = make_renderer(settings, database, library, clock, token_of)
    rate = settings.telegram.rate
    pace = Pace(rate.per_second, rate.per_chat_per_second)
    standing = Standing(database, pace)
    hold = database.lease.total_seconds() / 2
    sender = Sender(telegram, renderer, pace, clock, outcomes, hold=hold, holds=standing.holds)
    redrawing = Redrawing(database=database, library=library, sender=sender, rules=rules)
    service = Service(
        settings=settings,
        rules=rules,
        clock=clock,
        database=database,
        library=library,
        telegram=telegram,
        bot=Bot(token),
        dispatcher=make_dispatcher(),
        sender=sender,
        outcomes=outcomes,
        token_of=token_of,
        standing=standing,
        redrawing=redrawing,
        outreach=Outreach(
            database=database,
            library=library,
            rules=rules,
            policy=contact_policy(settings),
            clock=clock,
            sender=sender,
            keep_events=settings.retention.events,
        ),
        inbox=Inbox(
            database,
            lambda uow, update: service.handle(uow, update),
            redrawing.go_on,
            sender,
            clock,
            outcomes,
        ),
    )
    return service


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[Service]:
    """The service at work. On leaving, what has been taken in is committed and what is on its way is given time."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(service.telegram.close)
        await stack.enter_async_context(service.standing.kept(service.sender))
        await stack.enter_async_context(_committing(service))
        await stack.enter_async_context(_serving(service))
        await service.outreach.start_waves()
        await stack.enter_async_context(_sweeping(service))
        await stack.enter_async_context(_receiving(service))
        gc.collect()
        gc.freeze()
        yield service


async def _receive(service: Service) -> None:
    """Gets to know the bot's own name, then takes updates the configured way, and begins anew whatever happens."""
    while True:
        try:
            await _greet(service)
            if service.settings.telegram.mode == "polling":
                await poll(service.telegram, service.inbox, lambda: _caught_up(service))
            await _set_webhook(service)
            await asyncio.sleep(WEBHOOK_CATCHES_UP)
            return await _caught_up(service)
        except Exception as error:
            log.error("receiving begins anew", error=type(error).__name__)
            await asyncio.sleep(RECOVER_SECONDS)


async def _greet(service: Service) -> None:
    me = await insist(service.telegram, Call("getMe"), lambda outcome: isinstance(outcome.value, Mapping))
    name = me.value.get("username") if isinstance(me.value, Mapping) else None
    async with service.database.unit_of_work() as uow:
        await uow.settings.set("bot", f"{service.bot.id} {name}")
        await uow.commit()


async def _set_webhook(service: Service) -> None:
    """Telegram may refuse an address that it cannot resolve yet."""
    address, secret = service.settings.webhook_address, service.settings.webhook_secret()
    call = Call("setWebhook", {"url": address, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES})

    def accepted(outcome: Outcome) -> bool:
        if outcome.result is not Result.DONE:
            service.waits = f"refuses the webhook: {outcome.description}"
        return outcome.result is Result.DONE

    await insist(service.telegram, call, accepted)


async def _caught_up(service: Service) -> None:
    await service.redrawing.start()
    service.waits = None


def _sweeping(service: Service) -> AbstractAsyncContextManager[None]:
    return scheduling(
        sweeps(
            service.database,
            service.sender,
            service.clock,
            service.outreach,
            take_over=service.redrawing.take_over,
            redraw_lost=service.redrawing.redraw_lost,
        )
    )


@asynccontextmanager
async def _receiving(service: Service) -> AsyncIterator[None]:
    work = asyncio.gather(_receive(service), introduce(service.telegram, service.rules))
    try:
        yield
    finally:
        service.stopping = True
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


@asynccontextmanager
async def _committing(service: Service) -> AsyncIterator[None]:
    """The inbox at work. In the end what was taken in is committed, and what is on its way leaves, time permitting."""
    task = asyncio.create_task(service.inbox.run())
    task.add_done_callback(lambda _: service.told.set())
    try:
        yield
    finally:
        service.inbox.stop()
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await task
                await service.sender.idle()
        except TimeoutError:
            log.warning("not everything left in time", chats=service.sender.busy)
        finally:
            await service.sender.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                await service.inbox.settle()


@asynccontextmanager
async def _serving(service: Service) -> AsyncIterator[None]:
    settings = service.settings
    webhook = None
    if settings.telegram.mode == "webhook":
        webhook = Webhook(path=settings.telegram.webhook.path, secret=settings.webhook_secret(), take=service.take)
    doors = Doors(sources=sources(settings.intake), take=service.outreach.take, now=service.clock.now)
    app = make_app(ready=service.ill, webhook=webhook, doors=doors)
    # A source signs the bytes that it sends: they are not unpacked.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=HTTP_SECONDS, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, settings.http.host, settings.http.port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def run_until_told(service: Service, ready: Callable[[], None] = lambda: None) -> None:
    """Runs until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.told.set)
    async with running(service):
        ready()
        await service.told.wait()
