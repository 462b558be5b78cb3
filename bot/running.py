"""The service at work: started in order, ended in order."""

import asyncio
import gc
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from functools import partial

import structlog
from aiohttp import web

from bot.console import WITH_PROBLEMS
from bot.outward.office import Office, post_office
from bot.profile import introduce
from bot.scheduler import scheduling
from bot.service import Service
from bot.sources import sources
from bot.state import exposition, ill
from bot.sweeps import sweeps
from bot.telegram import Outcome, Result
from bot.updates import insist, poll
from handlers.replies import Call
from handlers.router import ALLOWED_UPDATES
from intake.doors import Doors
from intake.http import Figures, Webhook, make_app

log = structlog.get_logger()

DRAIN_SECONDS = 5.0  # with what follows well within the ten seconds a service is usually given to end
SETTLE_SECONDS = 1.0
HTTP_SECONDS = 1.0
WEBHOOK_CATCHES_UP = 1.0  # seconds in which Telegram brings again what was waiting, before cards are drawn again
RECOVER_SECONDS = 1.0
LONGEST_END = 9.0  # a database or a thread that hangs may hold up every step of the end in turn


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[Service]:
    """The service at work. On leaving, what has been taken in is committed and what is on its way is given time."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(service.telegram.close)
        await stack.enter_async_context(service.standing.kept(service.sender))
        if again := await service.tombstones.obey():
            log.warning("people were forgotten again after a restore", number=again)
        await stack.enter_async_context(_committing(service))
        office = await stack.enter_async_context(post_office(service.settings, service.loop, service.standing.holds))
        await stack.enter_async_context(_serving(service, office))
        await service.outreach.start_waves()
        await service.recurring.plan()
        await service.database.prepare_folding()
        await stack.enter_async_context(_sweeping(service, office))
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
    await service.loop.redraw()
    service.waits = None


def _sweeping(service: Service, office: Office) -> AbstractAsyncContextManager[None]:
    kept = service.settings.retention
    return scheduling(
        sweeps(
            service.database,
            service.sender,
            service.clock,
            service.outreach,
            service.loop,
            service.recurring,
            office,
            keep_messages=kept.messages,
            keep={"words": kept.words, "decisions": kept.decisions, "set_aside": kept.set_aside},
            take_over=service.redrawing.take_over,
            redraw_lost=service.redrawing.redraw_lost,
            tell_tombstones=service.tombstones.tell,
        ),
        service.rounds,
    )


@asynccontextmanager
async def _receiving(service: Service) -> AsyncIterator[None]:
    work = [asyncio.create_task(each) for each in (_receive(service), introduce(service.telegram, service.rules))]
    try:
        yield
    finally:
        service.stopping = True
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


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
async def _serving(service: Service, office: Office) -> AsyncIterator[None]:
    settings = service.settings
    webhook = None
    if settings.telegram.mode == "webhook":
        webhook = Webhook(path=settings.telegram.webhook.path, secret=settings.webhook_secret(), take=service.take)
    take = partial(office.take, otherwise=service.outreach.take)
    doors = Doors(sources=sources(settings.intake), take=take, now=service.clock.now)
    token = settings.http.metrics_token
    figures = Figures(partial(exposition, service), token.get_secret_value() if token else None)
    app = make_app(ready=partial(ill, service), figures=figures, webhook=webhook, doors=doors)
    # A source signs the bytes that it sends: they are not unpacked.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=HTTP_SECONDS, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, settings.http.host, settings.http.port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def run_until_told(service: Service, ready: Callable[[], None] = lambda: None) -> None:
    """Runs until SIGTERM or SIGINT; after that the process ends, if need be in the middle of its work."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.told.set)
    async with running(service):
        ready()
        await service.told.wait()
        guard = threading.Timer(LONGEST_END, _end_anyway)
        guard.daemon = True
        guard.start()


def _end_anyway() -> None:
    """As a kill would: whatever has been acknowledged is committed, and the next start goes on with the rest."""
    log.error("not everything ended in time")
    os._exit(WITH_PROBLEMS)
