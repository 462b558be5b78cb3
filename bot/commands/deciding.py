"""Decisions on standard output, and what the commands that take them work with."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.commands.migrate import current_database
from bot.commands.rows import print_rows
from bot.console import Trouble, say
from bot.contact_policy import contact_policy
from bot.library import PublishedLibrary, load_library
from bot.settings import Settings
from handlers.reasons import reason
from reports.json import moment
from storage.database import Database
from surveys.contact import Policy, Told
from surveys.questionnaire import Language
from surveys.work import Work

COLUMNS: Final = ("decided_at", "person", "project", "questionnaire", "event_id", "decision", "rule", "due_at", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Where decisions are taken outside the service: `otklik run` then asks what is due."""

    settings: Settings
    database: Database
    library: PublishedLibrary
    policy: Policy

    @asynccontextmanager
    async def work(self, *, keep: bool) -> AsyncIterator[Work]:
        """A transaction that lasts if it is to be kept."""
        async with self.database.unit_of_work() as uow:
            rules = self.settings.rules()
            yield Work(uow=uow, library=self.library, rules=rules, policy=self.policy, now=Clock().now())
            if keep:
                await uow.commit()


@asynccontextmanager
async def office(settings: Settings) -> AsyncIterator[Office]:
    """Everything a decision needs."""
    async with current_database(settings) as database:
        library = await load_library(settings, database, Clock().now())
        yield Office(settings=settings, database=database, library=library, policy=contact_policy(settings))


def spoken(settings: Settings, language: str | None) -> Language:
    """The language to speak. Raises Trouble for one that is not offered."""
    if language is not None and language not in settings.vendor.languages:
        raise Trouble(f"--lang: there is no language {language!r}; allowed: {', '.join(settings.vendor.languages)}")
    return language or settings.vendor.language


def print_decisions(told: Sequence[Told], settings: Settings, language: Language, format_: str) -> None:
    """Every decision as a line, or as a row for other programs."""
    zone = ZoneInfo(settings.vendor.timezone)
    if format_ == "text":
        for one in told:
            say(f"{one.person or '-'}: {reason(one, language, zone)} [{one.rule}]")
    else:
        print_rows(COLUMNS, [row(one, language, zone) for one in told], format_)


def row(told: Told, language: Language, zone: ZoneInfo) -> Mapping[str, object]:
    """The decision for other programs."""
    return {
        **{name: getattr(told, name) for name in COLUMNS if name != "why"},
        "decided_at": moment(told.decided_at),
        "due_at": moment(told.due_at) if told.due_at else None,
        "why": reason(told, language, zone),
    }
