"""Everything the service leans on, looked at one by one: what is ill, and what to do about it."""

import os
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

import aiohttp
from pydantic import BaseModel

from bot.outward.jira_client import Refused, client_of
from bot.outward.mail import session
from bot.settings import ConfigurationError, Settings
from bot.settings_outward import Jira
from bot.telegram import Outcome, Result, Telegram
from bot.wire import identifier
from handlers.replies import Call
from handlers.router import ALLOWED_UPDATES
from storage.database import Database, open_database
from storage.errors import StorageUnavailable
from storage.soundness import Soundness

SKEW: Final = 30.0
"""Seconds the clock may be wrong: signatures of events bear five minutes, quiet hours and due times less."""

ROOM: Final = 1024**3
"""Bytes that must be free: a full disk stops every commit."""

MANY: Final = 100
"""Updates that may wait at Telegram before that is worth a word."""

LATELY: Final = 3600
"""Seconds for which a failure of Telegram to deliver is news."""

SECONDS: Final = 10.0
SEALED: Final = "sealed in the database"
UNSEALED: Final = "stored as they are; a key of `otklik keys new` in privacy.keys, and `otklik keys rotate`, seal them"
JIRA_SAYS: Final = {
    401: "check jira.email and the token: OTKLIK_JIRA__TOKEN",
    403: "check jira.email and the token: OTKLIK_JIRA__TOKEN",
    404: "check jira.project: there is none, or the account does not see it",
}
ANYBODY: Final = stat.S_IRWXO | stat.S_IWGRP


@dataclass(frozen=True, slots=True)
class Finding:
    """`todo`: what is to be done; empty where all is well."""

    check: str
    found: str
    todo: str = ""

    @property
    def state(self) -> str:
        """For those who read only one word."""
        return "ill" if self.todo else "ok"


async def examine(settings: Settings, config: Path) -> AsyncIterator[Finding]:
    """Every finding, one after the other. Changes nothing."""
    async for finding in _telegram(settings):
        yield finding
    async for finding in _database(settings):
        yield finding
    if settings.jira.url:
        yield await _jira(settings.jira)
    for finding in (*_disk(settings), *_files(settings, config)):
        yield finding


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    try:
        telegram = Telegram(settings.telegram_token(), str(settings.telegram.api_base))
    except ConfigurationError as error:
        yield Finding("token", "there is none", error.problems[0])
    else:
        try:
            yield _token(await telegram.call(Call("getMe")))
            yield _webhook(settings, await telegram.call(Call("getWebhookInfo")))
        finally:
            await telegram.close()
    yield await _clock(str(settings.telegram.api_base))


def _token(me: Outcome) -> Finding:
    if me.result is Result.DONE and isinstance(me.value, Mapping):
        return Finding("token", f"@{me.value.get('username')}")
    if "401" in me.description or "404" in me.description:
        return Finding("token", "Telegram does not know it", "take it from @BotFather, into OTKLIK_TELEGRAM__TOKEN")
    todo = "check the network, the proxy and telegram.api_base"
    return Finding("token", f"Telegram does not answer: {me.description}", todo)


def _webhook(settings: Settings, info: Outcome) -> Finding:
    if not isinstance(info.value, Mapping):
        return Finding("webhook", f"unknown: {info.description}", "see token")
    said, address = info.value, settings.webhook_address
    url, pending = str(said.get("url") or ""), identifier(said.get("pending_update_count")) or 0
    found = f"{'none' if not url else 'set'}, {pending} updates wait"
    if settings.telegram.mode == "polling":
        todo = "otklik run takes it away; whoever set it gets no updates then" if url else _backlog(pending)
        return Finding("webhook", found, todo)
    if url != address:
        return Finding("webhook", f"{found}; it is not {address}", "start otklik run: it registers the address")
    return Finding("webhook", found, _refusal(said) or _deaf(said) or _backlog(pending))


def _refusal(said: Mapping[str, object]) -> str:
    """Telegram's last failure to deliver, in its own words, unless it is long past."""
    words, at = " ".join(str(said.get("last_error_message") or "").split()), identifier(said.get("last_error_date"))
    fresh = at is not None and datetime.now(UTC).timestamp() - at < LATELY
    return f"Telegram could not deliver: {words}; check DNS, the certificate and the proxy" if words and fresh else ""


def _deaf(said: Mapping[str, object]) -> str:
    allowed = said.get("allowed_updates")
    missing = set(ALLOWED_UPDATES) - set(allowed if isinstance(allowed, list) else ALLOWED_UPDATES)
    return f"restart otklik run: it does not get {', '.join(sorted(missing))}" if missing else ""


def _backlog(pending: int) -> str:
    return "start otklik run, or see /readyz why it does not take them" if pending > MANY else ""


async def _clock(api_base: str) -> Finding:
    """By the date in an answer of Telegram."""
    try:
        limit = aiohttp.ClientTimeout(total=SECONDS)
        before = datetime.now(UTC)
        async with aiohttp.ClientSession(timeout=limit) as http, http.get(api_base, allow_redirects=False) as answer:
            told = parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        return Finding("clock", f"unknown: {type(error).__name__}", "see token")
    return _skew("clock", told, before, datetime.now(UTC))


def _skew(check: str, told: datetime, before: datetime, after: datetime) -> Finding:
    """What was told lies between two looks at one's own clock."""
    skew = (before + (after - before) / 2 - told).total_seconds()
    found = f"{abs(skew):.0f} s {'ahead' if skew > 0 else 'behind'}"
    return Finding(check, found, "" if abs(skew) <= SKEW else "set the clock: timedatectl set-ntp true")


async def _jira(jira: Jira) -> Finding:
    async with session(internal=jira.internal) as http:
        try:
            lacking = await client_of(jira, http).lacking(str(jira.project))
        except Refused as refused:
            todo = JIRA_SAYS.get(refused.status, "check the network and jira.url")
            return Finding("jira", refused.outcome.reason, todo)
    todo = f"give the account of jira.email these rights in {jira.project}" if lacking else ""
    return Finding("jira", f"{jira.project}: no {', '.join(lacking)}" if lacking else str(jira.project), todo)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    file = settings.sqlite_file
    if file is not None and not file.exists():
        yield Finding("database", f"{file}: does not exist yet", "otklik migrate makes it")
        return
    try:
        before = datetime.now(UTC)
        async with open_database(settings.database_url, keys=settings.keys) as database:
            old = await database.needs_migration()
            async with database.reading() as reading:
                sound = await reading.soundness()
            yield _sound(sound, old=old)
            if sound.now is not None:
                yield _skew("database clock", sound.now, before, datetime.now(UTC))
            if not old:
                yield await _names(database)
    except StorageUnavailable as error:
        yield Finding("database", f"{error.address}: {error.reason}", "check that it runs, its address and its rights")


async def _names(database: Database) -> Finding:
    try:
        await database.check_keys()
    except StorageUnavailable as error:
        return Finding("names", "the keys do not fit", error.reason)
    return Finding("names", SEALED if database.keys else UNSEALED)


def _sound(sound: Soundness, *, old: bool) -> Finding:
    if old:
        return Finding("database", f"{sound.program}: the schema is not current", "otklik migrate")
    if sound.wrong:
        wrong = ", ".join(f"{name} is {value}" for name, value in sound.wrong.items())
        todo = "what is committed may be lost: see docs/deployment.md"
        return Finding("database", f"{sound.program}: {wrong}", todo)
    return Finding("database", f"{sound.program}: current, durable")


def _disk(settings: Settings) -> Iterator[Finding]:
    """Where the service writes."""
    file = settings.sqlite_file
    for place in {_existing(file.parent)} if file else {Path(tempfile.gettempdir())}:
        usage = shutil.disk_usage(place)
        found = f"{place}: {usage.free / ROOM:.1f} GiB free of {usage.total / ROOM:.1f}"
        yield Finding("disk", found, "" if usage.free >= ROOM else "make room, or move the database")


def _existing(directory: Path) -> Path:
    return next(one for one in (directory.absolute(), *directory.absolute().parents) if one.exists())


def _files(settings: Settings, config: Path) -> Iterator[Finding]:
    file = settings.sqlite_file
    if file is not None:
        yield _writable(file)
    for one in (file, *secret_files(settings)):
        if one is not None and one.exists():
            mode = stat.S_IMODE(one.stat().st_mode)
            todo = f"others may read or change it: chmod 600 {one}" if mode & ANYBODY else ""
            yield Finding("files", f"{one}: mode {mode:o}", todo)
    if config.exists() and config.stat().st_mode & stat.S_IWOTH:
        yield Finding("files", f"{config}: anybody may change it", f"chmod o-w {config}")


def _writable(file: Path) -> Finding:
    """SQLite writes beside its file as well."""
    beside = os.access(_existing(file.parent), os.W_OK | os.X_OK)
    if beside and (not file.exists() or os.access(file, os.W_OK)):
        return Finding("files", f"{file}: may be written, and its directory")
    todo = f"give it to the user of the service: chown -R USER {file.parent}"
    return Finding("files", f"{file}: it or its directory may not be written", todo)


def secret_files(section: BaseModel) -> Iterator[Path]:
    """Every file that a `*_file` key of the configuration names."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Path) and name.endswith("_file"):
            yield value
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else (value,)
        for one in inner:
            if isinstance(one, BaseModel):
                yield from secret_files(one)
