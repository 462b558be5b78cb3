"""A PostgreSQL that hangs, or is gone for a while: the service waits for it, and what was done counts once."""

import signal

import pytest

from sandbox.server import Sandbox
from tests.bot.house import CATALOGUE, CONFIG, House
from tests.e2e.otklik import Otklik
from tests.e2e.test_faults import becomes
from tests.limits import TEN_SECONDS, within
from tests.postgres import Postgres


@pytest.fixture
def house(otklik: Otklik, sandbox: Sandbox, postgres_url: str) -> House:
    """A place configured for a short questionnaire."""
    otklik.prepare(CONFIG)
    otklik.extra = {"OTKLIK_CATALOGUE": str(CATALOGUE)}
    otklik.database_url = postgres_url
    return House(otklik.home, sandbox, otklik.api_base, postgres_url)


async def complains(otklik: Otklik, words: str) -> None:
    async def so() -> bool:
        return words in (otklik.home / "run.log").read_text(encoding="utf-8")

    await becomes(so)


async def test_a_server_that_hangs_is_told_of_holds_up_no_end_and_loses_nothing(
    house: House, otklik: Otklik, postgres: Postgres
) -> None:
    [guest] = await house.settle(1)
    async with otklik.running():
        await guest.begin()
        with postgres.paused():
            await guest.person.press("Agree and start")
            await complains(otklik, "the server does not answer")
        await guest.sees("Would you recommend us?")
        with postgres.paused():
            await guest.person.press("9")
            await guest.person.send("/help")
            await within(TEN_SECONDS, otklik.end(signal.SIGTERM))
    async with otklik.running():
        await guest.sees("What should be better?")


async def test_a_server_that_is_gone_for_a_while_is_found_again_when_it_comes_back(
    house: House, otklik: Otklik, postgres: Postgres
) -> None:
    [guest] = await house.settle(1)
    async with otklik.running():
        await guest.begin()
        postgres.stop("fast")
        try:
            await guest.person.press("Agree and start")
            await complains(otklik, "database out of reach")
        finally:
            postgres.resume()
        await guest.sees("Would you recommend us?")
