"""The HTTP doors: events, Telegram's webhook, health and metrics."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from intake.doors import Doors, add_doors

LARGEST_UPDATE = 1024 * 1024  # bytes; Telegram's own are far smaller
COMMIT_SECONDS = 25.0  # Telegram gives up after a minute
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

PASSED_ON: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


class Busy(Exception):
    """The update cannot be taken now; Telegram brings it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Telegram's door.

    `take` returns once the update is committed. It raises ValueError for what is no update, and Busy.
    """

    path: str
    secret: str
    take: Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Prometheus' door. `token`: what it must show; without one it is let in from the same machine alone."""

    look: Callable[[], Awaitable[bytes]]
    token: str | None = None


async def counted() -> bytes:
    """What has been counted in this process."""
    return generate_latest()


COUNTED: Final = Figures(counted)

Readiness = Callable[[], Awaitable[Mapping[str, str]]]


def make_app(
    *, ready: Readiness, figures: Figures = COUNTED, webhook: Webhook | None = None, doors: Doors | None = None
) -> web.Application:
    """The application. `ready` names what is ill, part -> reason; empty: all is well."""
    app = web.Application(client_max_size=LARGEST_UPDATE)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz(ready))
    app.router.add_get("/metrics", metrics(figures))
    if webhook is not None:
        app.router.add_post(webhook.path, telegram(webhook))
    if doors is not None:
        add_doors(app, doors)
    return app


async def healthz(request: web.Request) -> web.Response:
    """Alive."""
    return web.json_response({"status": "ok"})


def readyz(ready: Readiness) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Able to serve, or 503 with what is ill."""

    async def answer(request: web.Request) -> web.Response:
        ill = await ready()
        return web.json_response({"status": "ill" if ill else "ok", "parts": dict(ill)}, status=503 if ill else 200)

    return answer


def metrics(figures: Figures) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Prometheus, and nobody else: how much is asked and answered is the vendor's own business."""

    async def answer(request: web.Request) -> web.Response:
        if figures.token is None:
            admitted = _from_here(request)
        else:
            given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
            admitted = hmac.compare_digest(given, f"Bearer {figures.token}".encode())
        if not admitted:
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        return web.Response(body=await figures.look(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return answer


def _from_here(request: web.Request) -> bool:
    """Whether it comes from this machine, and not by way of a proxy that stands on it."""
    try:
        peer = ip_address((request.remote or "").removeprefix("::ffff:"))
    except ValueError:
        return False
    return peer.is_loopback and not any(name in request.headers for name in PASSED_ON)


def telegram(webhook: Webhook) -> Callable[[web.Request], Awaitable[web.Response]]:
    """2xx only after the commit: Telegram brings again what was not acknowledged."""

    async def answer(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, webhook.secret.encode()):
            return web.Response(status=401)
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await webhook.take(await request.read())
        except (ValueError, RecursionError, ConnectionError, web.RequestPayloadError):
            return web.Response(status=400)
        except (Busy, TimeoutError):
            return web.Response(status=503)
        return web.Response()

    return answer
