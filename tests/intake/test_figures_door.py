"""Prometheus' door: whoever is on the same machine, or shows the token; nobody by way of a proxy."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from intake.http import Figures, make_app
from tests.intake.conftest import all_well

TOKEN = "prometheus-of-the-vendor"


async def look() -> bytes:
    return b"otklik_ill 0\n"


@asynccontextmanager
async def serving(token: str | None) -> AsyncIterator[str]:
    runner = web.AppRunner(make_app(ready=all_well, figures=Figures(look, token)))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/metrics"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        (None, {}, 200),
        (None, {"X-Forwarded-For": "203.0.113.7"}, 401),
        (None, {"Forwarded": "for=203.0.113.7"}, 401),
        (TOKEN, {}, 401),
        (TOKEN, {"Authorization": "Bearer guessed"}, 401),
        (TOKEN, {"Authorization": "Bearer ключ"}, 401),
        (TOKEN, {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.7"}, 200),
    ],
)
async def test_the_figures_are_for_those_who_may_see_them(
    token: str | None, headers: Mapping[str, str], status: int
) -> None:
    async with serving(token) as url, aiohttp.ClientSession() as http, http.get(url, headers=headers) as response:
        assert response.status == status
        assert (b"otklik_ill" in await response.read()) == (status == 200)
