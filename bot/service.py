"""The service: everything wired together."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import Update

from bot.arrivals import RawUpdate
from bot.clock import Clock
from bot.contact_policy import contact_policy, recurring
from bot.desks import make_renderer
from bot.ids import derived_token, new_id
from bot.inbox import Inbox
from bot.library import PublishedLibrary, load_library
from bot.loop import Loop, find_others, heed
from bot.loop_rules import loop_rules
from bot.outcomes import Outcomes
from bot.outreach import Outreach
from bot.pace import Pace
from bot.past_rules import learn
from bot.recurring import RecurringDesk
from bot.redrawing import Redrawing
from bot.rounds import Rounds
from bot.sender import Sender
from bot.settings import Settings
from bot.standing import Standing
from bot.telegram import Telegram
from bot.tombstones import Tombstones
from bot.wire import parse
from handlers.attachments import Albums
from handlers.case_drawing import drawn
from handlers.desk import Desk
from handlers.replies import Replies, ShowCard
from handlers.router import ALLOWED_UPDATES, make_dispatcher, on_tap
from handlers.taps import tap_of
from intake.http import Busy
from storage.database import Database
from storage.unit import StoredUnitOfWork
from surveys.fieldwork import undelivered
from surveys.rules import Rules

log = structlog.get_logger()


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
    loop: Loop
    recurring: RecurringDesk
    token_of: Callable[[str], str]
    standing: Standing
    tombstones: Tombstones
    redrawing: Redrawing
    waits: str | None = "has not answered yet"
    told: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: bool = False
    albums: Albums = field(default_factory=Albums)
    rounds: Rounds = field(default_factory=Rounds)

    async def handle(self, uow: StoredUnitOfWork, update: RawUpdate) -> Replies:
        """One update, in the transaction of its group. What was not asked for is passed over."""
        if update.keys().isdisjoint(ALLOWED_UPDATES):
            return ()
        cases = self.loop.work(uow)
        desk = Desk(
            uow=uow,
            library=self.library,
            rules=self.rules,
            now=cases.now,
            new_id=new_id,
            cases=cases,
            policy=self.outreach.policy,
            token_of=self.token_of,
            albums=self.albums,
        )
        tap = tap_of(update)
        replies = await on_tap(tap, desk) if tap else await self._dispatched(update, desk)
        await heed(cases)
        shown = {reply.interview_id for reply in replies if isinstance(reply, ShowCard)}
        return (*replies, *await drawn(cases, shown))

    async def _dispatched(self, update: RawUpdate, desk: Desk) -> Replies:
        parsed = Update.model_validate(update, context={"bot": self.bot})
        answered = await self.dispatcher.feed_update(self.bot, parsed, desk=desk)
        return answered if isinstance(answered, list | tuple) else ()

    async def lose(self, uow: StoredUnitOfWork, chat_id: int) -> Replies:
        """Nobody can be reached in this chat: what was on its way there goes elsewhere."""
        cases = self.loop.work(uow)
        await undelivered(uow, chat_id, cases.now)
        await heed(cases)
        await find_others(cases, chat_id)
        return await drawn(cases)

    async def take(self, body: bytes) -> None:
        """An update from the webhook; returns after its commit. Raises ValueError for what is no update, and Busy."""
        if self.stopping:
            raise Busy
        update = parse(body)
        if not isinstance(update, dict):
            raise ValueError("not an update")
        await self.inbox.put(update)


def make_loop(settings: Settings, database: Database, library: PublishedLibrary, clock: Clock, sender: Sender) -> Loop:
    """The closed loop, by the settings."""
    return Loop(
        database=database,
        library=library,
        rules=settings.rules(),
        loop=loop_rules(settings),
        policy=contact_policy(settings),
        clock=clock,
        sender=sender,
    )


def make_outreach(settings: Settings, loop: Loop) -> Outreach:
    """Whom to ask and when, by the settings; whoever is unhappy then becomes a case of the loop."""
    return Outreach(
        database=loop.database,
        library=loop.library,
        rules=loop.rules,
        policy=loop.policy,
        loop=loop,
        clock=loop.clock,
        sender=loop.sender,
        keep_events=settings.retention.events,
    )


def make_inbox(service: Callable[[], Service], redrawing: Redrawing, clock: Clock, outcomes: Outcomes) -> Inbox:
    """What takes updates in for the service, which is asked for when the first one comes."""
    return Inbox(
        redrawing.database,
        lambda uow, update: service().handle(uow, update),
        lambda uow, chat_id: service().lose(uow, chat_id),
        redrawing.go_on,
        redrawing.sender,
        clock,
        outcomes,
    )


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
    loop = make_loop(settings, database, library, clock, sender)
    letters = RecurringDesk(database=database, reports=renderer.reports, recurring=recurring(settings), clock=clock)
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
        tombstones=Tombstones(database, settings.tombstones_file, clock),
        redrawing=redrawing,
        outreach=make_outreach(settings, loop),
        loop=loop,
        recurring=letters,
        inbox=make_inbox(lambda: service, redrawing, clock, outcomes),
    )
    pace.answering = lambda: service.inbox.busy
    return service
