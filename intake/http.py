"""The HTTP doors: events, Telegram's webhook, health and metrics."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from intake.doors import Doors, add_doors

LARGEST_UPDATE = 1024 * 1024  # bytes; Telegram's own are far smaller
COMMIT_SECONDS = 25.0  # Telegram gives up after a minute
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


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


Readiness = Callable[[], Awaitable[Mapping[str, str]]]


def make_app(*, ready: Readiness, webhook: Webhook | None = None, doors: Doors | None = None) -> web.Application:
    """The application. `ready` names what is ill, part -> reason; empty: all is well."""
    app = web.Application(client_max_size=LARGEST_UPDATE)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz(ready))
    app.router.add_get("/metrics", metrics)
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


async def metrics(request: web.Request) -> web.Response:
    """Prometheus."""
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def telegram(webhook: Webhook) -> Callable[[web.Request], Awaitable[web.Response]]:
    """2xx only after the commit: Telegram brings again what was not acknowledged."""

    async def answer(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, webhook.secret.encode()):
            return web.Response(status=401)
        body = await request.read()
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await webhook.take(body)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        except (Busy, TimeoutError):
            return web.Response(status=503)
        return web.Response()

    return answer
