"""A Telegram that fails in every way it can, a database that is held, and a service that goes on all the same."""

import asyncio
import random
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing

import aiohttp
import pytest

from sandbox.faults import Fault, FaultKind
from sandbox.server import Sandbox
from tests.bot.house import CATALOGUE, CONFIG, Guest, House
from tests.e2e.otklik import Otklik
from tests.e2e.respondents import Respondent
from tests.limits import TEN_SECONDS, within

STORM = [
    Fault(FaultKind.TOO_MANY_REQUESTS, times=None, probability=0.15),
    Fault(FaultKind.SERVER_ERROR, times=None, probability=0.1, status=500),
    Fault(FaultKind.HTML_PAGE, times=None, probability=0.1, status=502),
    Fault(FaultKind.RESET_BEFORE, times=None, probability=0.1),
    Fault(FaultKind.RESET_AFTER, times=None, probability=0.15),
    Fault(FaultKind.HANG, "sendMessage", times=1, probability=0.1),
    Fault(FaultKind.HANG, "answerCallbackQuery", times=3, probability=0.1),
    Fault(FaultKind.HANG, "getUpdates", times=1, probability=0.1),
]


@pytest.fixture
def house(otklik: Otklik, sandbox: Sandbox, sqlite_url: str) -> House:
    """The same place, configured for a short questionnaire."""
    otklik.prepare(CONFIG)
    otklik.extra = {"OTKLIK_CATALOGUE": str(CATALOGUE)}
    return House(otklik.home, sandbox, otklik.api_base, sqlite_url)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_with_half_of_all_calls_failing_everybody_finishes_and_every_answer_is_stored_once(
    mode: str, house: House, otklik: Otklik, rng: random.Random
) -> None:
    otklik.mode = mode
    guests = await house.settle(8)
    people = [Respondent(guest.person, "key_user", random.Random(rng.random())) for guest in guests]
    async with otklik.running():
        for fault in STORM:
            house.sandbox.faults.add(fault)
        await asyncio.gather(*(one.answer(guest.token) for one, guest in zip(people, guests, strict=True)))
        house.sandbox.faults.clear()
    said = [(guest.external_id, one) for guest, one in zip(guests, people, strict=True)]
    scores = [(key, SCALES[scale], score) for key, one in said for (_, scale), score in one.scores.items()]
    words = [(key, "words", words) for key, one in said for words in one.words.values()]
    assert await house.answers() == sorted([*scores, *words], key=str)
    failed = sum(call.fault is not None for call in house.sandbox.calls)
    assert failed / len(house.sandbox.calls) > 0.3


SCALES = {"nps": "recommend", "csat_5": "usable"}


async def test_a_database_that_another_program_holds_is_waited_for(house: House, otklik: Otklik) -> None:
    [guest] = await house.settle(1)
    async with otklik.running():
        await guest.begin()
        with closing(sqlite3.connect(otklik.home / "otklik.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await guest.person.press("Agree and start")
            await asyncio.sleep(5)
            assert not guest.person.answers
            other.execute("ROLLBACK")
        await guest.sees("Would you recommend us?")


async def test_a_service_that_finds_no_telegram_says_so_and_serves_when_it_comes_back(
    house: House, otklik: Otklik
) -> None:
    [guest] = await house.settle(1)
    house.sandbox.faults.add(Fault(FaultKind.SERVER_ERROR, times=None))
    starting = asyncio.create_task(otklik.start())
    await told(otklik, 503, "has not answered yet")
    house.sandbox.faults.clear()
    await starting
    await guest.begin()
    house.sandbox.faults.add(Fault(FaultKind.SERVER_ERROR, times=None, status=401))
    await guest.person.press("Agree and start")
    await told(otklik, 503, "HTTP 401")
    house.sandbox.faults.clear()
    await guest.sees("Would you recommend us?")
    await told(otklik, 200, "ok")


async def test_a_service_whose_telegram_hangs_ends_in_ten_seconds_and_forgets_nothing(
    house: House, otklik: Otklik
) -> None:
    [guest] = await house.settle(1)
    await otklik.start()
    await guest.begin()
    house.sandbox.faults.add(Fault(FaultKind.HANG, "[!g]*", times=None))  # all but getUpdates, for the press to come in
    await guest.person.press("Agree and start")
    await struck(house, guest)
    house.sandbox.faults.add(Fault(FaultKind.HANG, times=None))
    assert await within(TEN_SECONDS, otklik.end(signal.SIGTERM)) == 0
    house.sandbox.faults.clear()
    async with otklik.running():
        await guest.sees("Would you recommend us?")


async def struck(house: House, guest: Guest) -> None:
    """Until a call for this person has met with a failure: what they did is committed."""

    async def so() -> bool:
        return any(call.fault and call.chat_id == guest.id for call in house.sandbox.calls)

    await becomes(so)


async def told(otklik: Otklik, status: int, words: str) -> None:
    """Until /readyz says so."""

    async def so() -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{otklik.http_port}/readyz") as said:
                return said.status == status and words in await said.text()
        except aiohttp.ClientError:
            return False

    await becomes(so)


async def becomes(true: Callable[[], Awaitable[bool]]) -> None:
    so = False
    async with asyncio.timeout(60):
        while not so:
            await asyncio.sleep(0.05)
            so = await true()
