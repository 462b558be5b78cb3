"""Events as sources send them, and what stands behind the doors in these tests."""

import asyncio
import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientResponse, ClientSession

from intake.mapping import EventMapping
from intake.presets import completed
from intake.signatures import Source
from surveys.interactions import Interaction

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEYS = {name: f"the key of {name}".encode() for name in ("helpdesk", "crm", "old", "jira", "zendesk")}
EVENT: dict[str, Any] = {
    "id": "evt-1",
    "type": "ticket.resolved",
    "occurred_at": "2026-03-02T11:58:00+03:00",
    "account": "ООО Пример",
    "project": "Портал",
    "person": {"external_id": "p-1"},
    "data": {"ticket": "HD-7", "priority": "high", "resolved_at": "2026-03-02T08:58:00Z"},
}
Sent = tuple[int, Any]


@dataclass(slots=True)
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(slots=True)
class Store:
    """What is committed. `trouble`: it cannot commit; `gate`: `asked` is set, and it commits once this is set."""

    committed: dict[tuple[str, str], Interaction] = field(default_factory=dict)
    trouble: Exception | None = None
    gate: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, interaction: Interaction) -> bool:
        if self.trouble is not None:
            raise self.trouble
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        key = interaction.source, interaction.id
        is_new = key not in self.committed
        self.committed.setdefault(key, interaction)
        return is_new

    @property
    def all(self) -> list[Interaction]:
        return list(self.committed.values())


def mapping(kind: str, own: Mapping[str, Any] | None = None) -> EventMapping:
    return EventMapping.model_validate(completed(kind, own))


def sources() -> tuple[Source, ...]:
    return (
        Source(name="helpdesk", kind="standard", keys=(KEYS["helpdesk"], KEYS["old"])),
        Source(name="crm", kind="standard", keys=(KEYS["crm"],)),
        Source(name="jira", kind="jira", keys=(KEYS["jira"], KEYS["old"]), mapping=mapping("jira")),
        Source(name="zendesk", kind="zendesk", keys=(KEYS["zendesk"],), mapping=mapping("zendesk")),
        Source(name="closed", kind="standard"),
        Source(name="closed_jira", kind="jira", mapping=mapping("jira")),
    )


def mac(key: bytes, signed: bytes) -> bytes:
    return hmac.new(key, signed, hashlib.sha256).digest()


def standard(body: bytes, *keys: bytes, name: str = "msg-1", at: datetime = NOW) -> dict[str, str]:
    """Headers of Standard Webhooks, signed with every key."""
    stamp = str(int(at.timestamp()))
    signed = f"{name}.{stamp}.".encode() + body
    signatures = " ".join(f"v1,{b64encode(mac(key, signed)).decode()}" for key in keys or (KEYS["helpdesk"],))
    return {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signatures}


def jira(body: bytes, key: bytes = KEYS["jira"], name: str = "hook-1") -> dict[str, str]:
    return {"X-Hub-Signature": f"sha256={mac(key, body).hex()}", "X-Atlassian-Webhook-Identifier": name}


def zendesk(body: bytes, key: bytes = KEYS["zendesk"], at: datetime = NOW) -> dict[str, str]:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "X-Zendesk-Webhook-Signature": b64encode(mac(key, stamp.encode() + body)).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Invocation-Id": "8350205582",
    }


def body_of(event: object) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass")


@dataclass(slots=True)
class Door:
    """A client at the doors."""

    http: ClientSession
    address: str

    async def post(self, path: str, body: Any, headers: Mapping[str, str]) -> Sent:
        async with self.http.post(self.address + path, data=body, headers=headers) as response:
            return response.status, await self._said(response)

    async def send(self, event: object = EVENT, **signed: Any) -> Sent:
        """An event of the helpdesk, well signed unless said otherwise."""
        body = body_of(event)
        return await self.post("/v1/events", body, standard(body, **signed))

    async def get(self, path: str) -> Sent:
        async with self.http.get(self.address + path) as response:
            return response.status, await self._said(response)

    async def _said(self, response: ClientResponse) -> Any:
        return await (response.json() if response.content_type == "application/json" else response.text())
