"""Outgoing webhooks, signed as Standard Webhooks says."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import aiohttp
from standardwebhooks import Webhook

from bot.outward.mail import Again, Arrived, Never, Outcome, failure, retry_after
from bot.settings_outward import WebhookEndpoint
from storage.database import Database
from surveys.cases.case import Values
from surveys.outward import envelope
from surveys.outward.envelope import Discretion
from surveys.outward.ports import Parcel

GONE: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMailbox:
    """An endpoint. `secrets`: the present one first; while there are two, each signs."""

    url: str = field(repr=False)
    secrets: Sequence[str] = field(repr=False)
    discretion: Discretion
    session: aiohttp.ClientSession
    database: Database
    at_once: int = 8

    @property
    def address(self) -> str:
        """It may be known to the receiver alone, and is kept nowhere as it stands."""
        return self.url

    async def deliver(self, parcel: Parcel) -> Outcome:
        """One attempt. Redirects are not followed, and what is answered is not read: the status says it all."""
        body = json.dumps(await self._envelope(parcel), ensure_ascii=False, separators=(",", ":"))
        try:
            async with self.session.post(
                self.url, data=body.encode(), headers=self._headers(parcel.name, body), allow_redirects=False
            ) as response:
                return outcome(response.status, retry_after(response.headers.get("Retry-After"), datetime.now(UTC)))
        except Exception as error:  # a library's own mistakes included: they must not end the sending
            return failure(error)

    def _headers(self, name: str, body: str) -> Mapping[str, str]:
        now = datetime.now(UTC)  # the receiver compares it with a clock that nobody moves
        return {
            "Content-Type": "application/json",
            "User-Agent": "Otklik",
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(Webhook(secret).sign(name, now, body) for secret in self.secrets),
        }

    async def _envelope(self, parcel: Parcel) -> Values:
        event = parcel.event
        async with self.database.rehearsal() as uow:
            if event.subject == "case":
                return envelope.of_case(event, await uow.cases.view(event.subject_id), self.discretion)
            one = await uow.improvements.get(event.subject_id)
            if one is None:
                raise LookupError(event.subject_id)
            return envelope.of_improvement(event, one, await uow.improvements.cases(one.id))


def outcome(status: int, wait: float) -> Outcome:
    """What an answer means: anything but 2xx is tried again, until the receiver says that it is gone for good."""
    if 200 <= status < 300:
        return Arrived()
    if status == GONE:
        return Never(f"answered {status}", closed=True)
    return Again(f"answered {status}", wait, asked=wait > 0)


def secrets_of(endpoint: WebhookEndpoint) -> tuple[str, ...]:
    """The secrets that sign."""
    return tuple(one.get_secret_value() for one in (endpoint.secret, endpoint.previous_secret) if one)
