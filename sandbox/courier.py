"""Updates to the bot: the methods a bot fetches them with, and the courier that posts them to its webhook."""

import asyncio
import ipaddress
import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from telegram import WebhookInfo
from telegram.constants import PollingLimit, WebhookLimit

from sandbox.calls import Call
from sandbox.errors import bad_request, conflict
from sandbox.inbox import Inbox, Pending
from sandbox.params import Kind, boolean, integer, string, strings
from sandbox.rooms import wire
from sandbox.world import Clock

DEFAULT_CONNECTIONS = 40
LONGEST_POLL = 50
ANSWER_SECONDS = 60
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
WEBHOOK_IS_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
GET_UPDATES: dict[str, Kind] = {"offset": integer, "limit": integer, "timeout": integer, "allowed_updates": strings}
DROP: dict[str, Kind] = {"drop_pending_updates": boolean}
SET_WEBHOOK = DROP | {
    "max_connections": integer,
    "allowed_updates": strings,
    "secret_token": string,
}


@dataclass(slots=True)
class Courier:
    """Posts to a webhook: one update of a chat at a time, in order, again and again until it answers 2xx."""

    inbox: Inbox
    clock: Clock
    retry_seconds: float
    url: str = ""
    secret: str = ""
    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DEFAULT_CONNECTIONS))
    connections: int = DEFAULT_CONNECTIONS
    last_error: tuple[datetime, str] | None = None
    _busy: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    async def get_updates(self, call: Call) -> object:
        if self.url:
            raise conflict(WEBHOOK_IS_SET)
        limit = call.args.get("limit", PollingLimit.MAX_LIMIT)
        if not PollingLimit.MIN_LIMIT <= limit <= PollingLimit.MAX_LIMIT:
            raise bad_request('parameter "limit" must be from 1 to 100')
        self.inbox.allow(call.args.get("allowed_updates"))
        timeout = min(max(call.args.get("timeout", 0), 0), LONGEST_POLL)
        return await self.inbox.poll(call.args.get("offset", 0), limit, timeout)

    def set_webhook(self, call: Call) -> object:
        url = call.args.get("url", "")
        secret = call.args.get("secret_token", "")
        connections = call.args.get("max_connections", DEFAULT_CONNECTIONS)
        _check_webhook(url, secret, connections)
        self._forget(call)
        self.inbox.allow(call.args.get("allowed_updates"))
        self.url, self.secret, self.connections, self.last_error = url, secret, connections, None
        self.free = asyncio.Semaphore(connections)
        self.inbox.end_poll("terminated by setWebhook request")
        self.inbox.arrived.set()
        return True

    def delete_webhook(self, call: Call) -> object:
        self._forget(call)
        self.url = self.secret = ""
        return True

    def get_webhook_info(self) -> object:
        at, error = self.last_error or (None, None)
        return wire(
            WebhookInfo(
                self.url,
                has_custom_certificate=False,
                pending_update_count=len(self.inbox.pending),
                last_error_date=at,
                last_error_message=error,
                max_connections=self.connections if self.url else None,
                allowed_updates=self.inbox.allowed,
            )
        )

    async def run(self) -> None:
        """Carries updates for as long as the task lives."""
        async with ClientSession(timeout=ClientTimeout(ANSWER_SECONDS)) as session:
            try:
                while True:
                    await self.inbox.arrived.wait()
                    self.inbox.arrived.clear()
                    if self.url:
                        self._start(session)
            finally:
                self._stop()

    def _start(self, session: ClientSession) -> None:
        self.inbox.requeue()
        for chat_id in {item.chat_id for item in self.inbox.pending.values()} - set(self._busy):
            self._busy[chat_id] = asyncio.create_task(self._carry(session, chat_id))

    def _stop(self) -> None:
        for task in self._busy.values():
            task.cancel()

    async def _carry(self, session: ClientSession, chat_id: int) -> None:
        try:
            while self.url and (item := self._next(chat_id)):
                async with self.free:
                    delivered = await self._post(session, item)
                if delivered:
                    self.inbox.forget(item.update_id)
                else:
                    await asyncio.sleep(self.retry_seconds)
        finally:
            del self._busy[chat_id]

    def _next(self, chat_id: int) -> Pending | None:
        return next((item for item in self.inbox.pending.values() if item.chat_id == chat_id), None)

    async def _post(self, session: ClientSession, item: Pending) -> bool:
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=item.update, headers=headers) as response:
                if 200 <= response.status < 300:
                    return True
                reason = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (ClientError, TimeoutError) as error:
            reason = f"Connection failed: {type(error).__name__}"
        self.last_error = (self.clock(), reason)
        return False

    def _forget(self, call: Call) -> None:
        if call.args.get("drop_pending_updates"):
            self.inbox.forget_all()


def _check_webhook(url: str, secret: str, connections: int) -> None:
    if url and not _acceptable(url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > WebhookLimit.MAX_SECRET_TOKEN_LENGTH:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    if not WebhookLimit.MIN_CONNECTIONS_LIMIT <= connections <= WebhookLimit.MAX_CONNECTIONS_LIMIT:
        raise bad_request('parameter "max_connections" must be from 1 to 100')


def _acceptable(url: str) -> bool:
    """Loopback only, and without TLS: the sandbox never talks to another machine."""
    parts = urlsplit(url)
    try:
        return parts.scheme in ("http", "https") and (
            parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
        )
    except ValueError:
        return False
