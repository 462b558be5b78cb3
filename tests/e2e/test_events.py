"""Events through the real door into the real database: none is lost, none counts twice."""

import asyncio
import signal
from base64 import b64encode
from collections import Counter
from datetime import UTC, datetime

import aiohttp

from tests.e2e.otklik import Otklik
from tests.intake.bench import EVENT, KEYS, Door, body_of, jira, standard

ACCEPTED = (202, {"status": "accepted"})
DUPLICATE = (200, {"status": "duplicate"})
SECRETS = {
    "OTKLIK_INTAKE__SOURCES__HELPDESK__SECRET": f"whsec_{b64encode(KEYS['helpdesk']).decode()}",
    "OTKLIK_INTAKE__SOURCES__DESK__KIND": "jira",
    "OTKLIK_INTAKE__SOURCES__DESK__SECRET": KEYS["jira"].decode(),
}


async def report(otklik: Otklik, number: int) -> tuple[int, object]:
    async with aiohttp.ClientSession() as http:
        door = Door(http, f"http://127.0.0.1:{otklik.http_port}")
        return await door.send(EVENT | {"id": f"evt-{number}"}, at=datetime.now(UTC))


async def raw(otklik: Otklik, request: bytes) -> int:
    """The status of what comes back for these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", otklik.http_port)
    writer.write(request)
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


async def test_of_many_at_once_with_the_same_id_one_is_accepted(otklik: Otklik) -> None:
    otklik.extra = SECRETS
    async with otklik.running():
        answers = await asyncio.gather(*(report(otklik, number % 5) for number in range(100)))
    assert Counter(status for status, _ in answers) == {202: 5, 200: 95}


async def test_an_acknowledged_event_outlives_the_service(otklik: Otklik) -> None:
    otklik.extra = SECRETS
    async with otklik.running():
        sent = [asyncio.create_task(report(otklik, number)) for number in range(60)]
        await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
        await otklik.end(signal.SIGKILL)
        answers = await asyncio.gather(*sent, return_exceptions=True)
    kept = [number for number, answer in enumerate(answers) if answer == ACCEPTED]
    async with otklik.running():
        again = [await report(otklik, number) for number in range(60)]
    assert kept
    assert [again[number] for number in kept] == [DUPLICATE] * len(kept)
    assert set(map(repr, again)) <= {repr(ACCEPTED), repr(DUPLICATE)}


async def test_a_configured_helpdesk_has_its_door_and_an_unsigned_event_has_none(otklik: Otklik) -> None:
    otklik.extra = SECRETS
    payload = body_of({"webhookEvent": "jira:issue_created", "timestamp": 1772441940000, "issue": {"key": "SD-1"}})
    event = body_of(EVENT)
    async with otklik.running(), aiohttp.ClientSession() as http:
        door = Door(http, f"http://127.0.0.1:{otklik.http_port}")
        assert await door.post("/v1/hooks/desk", payload, jira(payload)) == ACCEPTED
        assert await door.post("/v1/hooks/desk", payload, jira(payload)) == DUPLICATE
        assert (await door.post("/v1/events", event, standard(event)))[0] == 401
        assert (await door.post("/v1/events", event, {}))[0] == 401
        assert (await door.post("/v1/hooks/nobody", event, {}))[0] == 404
        assert await raw(otklik, b"POST /v1/events HTTP/1.1\r\nHost: x\r\nX-Name: Anna \x7f\r\n\r\n") == 400
    log = (otklik.home / "run.log").read_text("utf-8")
    assert '"error": "BadHttpMessage"' in log
    assert [word for word in ("Traceback", "Anna") if word in log] == []
