"""`POST /v1/events`: bodies that are refused, each with its reason."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.intake.bench import EVENT, Door, Store, body_of, standard
from tests.intake.conftest import Serve

ACCEPTED = (202, {"status": "accepted"})
MISSING: dict[str, Any] = {
    key: {name: value for name, value in EVENT.items() if name != key} for key in ("id", "type", "occurred_at")
}
NOT_TIMES: list[Any] = [
    "yesterday",
    "2026-03-02",
    "2026-03-02T08:58:00",
    "2026-02-30T08:58:00Z",
    "1969-12-31T23:59:59Z",
]
NOT_TIMES += ["2100-01-01T00:00:00Z", "2026-03-02T25:00:00Z", "2026-03-02T08:58:00Z[Europe/Moscow]", "", 1772441880]
WRONG_FIELDS: list[tuple[str, Any, str]] = [
    *((key, value, "is missing") for key, value in MISSING.items()),
    *(("occurred_at", EVENT | {"occurred_at": moment}, "time zone") for moment in NOT_TIMES),
    *(("data.opened_at", EVENT | {"data": {"opened_at": moment}}, "time zone") for moment in NOT_TIMES),
    ("id", EVENT | {"id": ""}, "empty"),
    ("id", EVENT | {"id": "  "}, "blank"),
    ("id", EVENT | {"id": "a\nb"}, "control character"),
    ("id", EVENT | {"id": "x" * 201}, "more than 200 characters"),
    ("id", EVENT | {"id": 5}, "must be a text"),
    ("id", EVENT | {"id": None}, "must be a text"),
    ("type", EVENT | {"type": "ticket resolved"}, "is not 1 to 64 characters"),
    ("type", EVENT | {"type": "x" * 65}, "is not 1 to 64 characters"),
    ("type", EVENT | {"type": "решено"}, "is not 1 to 64 characters"),
    ("account", EVENT | {"account": " "}, "blank"),
    ("account", EVENT | {"account": ["ООО Пример"]}, "must be a text"),
    ("project", EVENT | {"project": "x\x1by"}, "control character"),
    ("person", EVENT | {"person": "p-1"}, "must be an object"),
    ("person.external_id", EVENT | {"person": {}}, "is missing"),
    ("person.external_id", EVENT | {"person": {"external_id": 1}}, "must be a text"),
    ("data", EVENT | {"data": []}, "must be an object"),
    ("data.ticket", EVENT | {"data": {"ticket": True}}, "must be a text"),
    ("data.touchpoint", EVENT | {"data": {"touchpoint": 1}}, "must be a text"),
    ("data.participants", EVENT | {"data": {"participants": "p-2"}}, "must be a list"),
    ("data.participants.1", EVENT | {"data": {"participants": ["p-2", " "]}}, "blank"),
    ("data.participants", EVENT | {"data": {"participants": ["p-2"] * 1001}}, "names more than 1000 people"),
    ("data.participants", EVENT | {"type": "own", "data": {"participants": [1] * 1001}}, "more than 1000 people"),
    ("data.closed_automatically", EVENT | {"data": {"closed_automatically": "no"}}, "must be true or false"),
    ("data.note", EVENT | {"data": {"note": "a\0b"}}, "NUL"),
    ("data.notes.1", EVENT | {"data": {"notes": ["", "\ud800"]}}, "half a character"),
    ("data", EVENT | {"data": {"\0": ""}}, "NUL"),
]


@pytest.mark.parametrize(("field", "event", "said"), WRONG_FIELDS)
async def test_a_bad_event_is_refused_with_its_field_named(
    door: Door, store: Store, field: str, event: Any, said: str
) -> None:
    body = json.dumps(event).encode()
    status, answer = await door.post("/v1/events", body, standard(body))
    assert (status, answer["field"]) == (422, field)
    assert answer["error"].startswith(f"{field}: ")
    assert said in answer["error"]
    assert store.all == []


def event_with(extra: bytes) -> bytes:
    return body_of(EVENT)[:-1] + b"," + extra + b"}"


WRONG_BODIES: list[tuple[bytes, str]] = [
    (b"", "is not JSON from character 1"),
    (b"{", "is not JSON from character 2"),
    (b"[]", "must be a JSON object"),
    (b"null", "must be a JSON object"),
    (b'"text"', "must be a JSON object"),
    (b"\xff", "is not text in UTF-8"),
    (body_of(EVENT).decode().encode("utf-16"), "is not text in UTF-8"),
    (body_of(EVENT) + b"{}", "is not JSON from character"),
    (event_with(b'"id": "evt-2"'), "stands twice in one object: 'id'"),
    (event_with(b'"x": {"k": 1, "k": 1}'), "stands twice in one object: 'k'"),
    (event_with(b'"x": NaN'), "NaN is not a number"),
    (event_with(b'"x": -Infinity'), "-Infinity is not a number"),
    (event_with(b'"x": 1e400'), "too large"),
    (event_with(b'"x": ' + b"9" * 5000), "too large"),
    (event_with(b'"x": ' + b"[" * 100_000), "nested too deeply"),
    (event_with(b'"x": "a\nb"'), "is not JSON from character"),
]


@pytest.mark.parametrize(("body", "said"), WRONG_BODIES, ids=[said for _, said in WRONG_BODIES])
async def test_a_body_that_can_be_read_in_two_ways_or_none_is_refused(
    door: Door, store: Store, body: bytes, said: str
) -> None:
    status, answer = await door.post("/v1/events", body, standard(body))
    assert (status, answer["field"]) == (422, "body")
    assert said in answer["error"]
    assert store.all == []


@pytest.mark.parametrize(("levels", "answer"), [(31, 202), (32, 422), (900, 422)])
async def test_data_may_be_nested_as_deeply_as_anybody_needs(door: Door, levels: int, answer: int) -> None:
    body = event_with(b'"x": ' + b"[" * levels + b"]" * levels)
    assert (await door.post("/v1/events", body, standard(body)))[0] == answer


async def test_a_byte_order_mark_and_long_numbers_do_no_harm(door: Door, store: Store) -> None:
    body = b"\xef\xbb\xbf" + body_of(EVENT | {"data": {"n": 10**300}})
    assert await door.post("/v1/events", body, standard(body)) == ACCEPTED
    assert store.all[0].data == {"n": 10**300}


async def in_chunks(body: bytes) -> Any:
    for start in range(0, len(body), 10_000):
        yield body[start : start + 10_000]


@pytest.mark.parametrize("sent", [lambda body: body, in_chunks], ids=["with its length", "in chunks"])
async def test_a_body_has_256_kib_at_most(door: Door, store: Store, sent: Callable[[bytes], Any]) -> None:
    largest = body_of(EVENT).ljust(256 * 1024)
    assert await door.post("/v1/events", sent(largest), standard(largest)) == ACCEPTED
    larger = body_of(EVENT | {"id": "evt-2"}).ljust(256 * 1024 + 1)
    status, answer = await door.post("/v1/events", sent(larger), standard(larger))
    assert (status, answer) == (413, {"error": "body: has more than 256 KiB", "field": "body"})
    assert len(store.all) == 1


async def test_a_compressed_body_is_refused(door: Door) -> None:
    body = body_of(EVENT)
    status, answer = await door.post("/v1/events", body, standard(body) | {"Content-Encoding": "gzip"})
    assert (status, answer["field"]) == (415, "body")


@asynccontextmanager
async def half_sent(door: Door) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection on which the door is reading a body in chunks."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(door.address.rpartition(":")[2]))
    signed = "".join(f"{name}: {value}\r\n" for name, value in standard(b"{").items())
    headers = f"Host: x\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n{signed}"
    writer.write(f"POST /v1/events HTTP/1.1\r\n{headers}\r\n".encode())
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"1\r\n{\r\n")
    yield reader, writer
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("rest", [b"", b"nonsense\r\n"])
async def test_a_body_that_does_not_go_on_is_refused(serve: Serve, store: Store, rest: bytes) -> None:
    async with serve(patience=0.05) as door, half_sent(door) as (reader, writer):
        writer.write(rest)
        assert (await reader.readline()).split()[1] == b"400"
    assert store.all == []


async def test_a_body_that_breaks_off_troubles_nobody(
    door: Door, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with half_sent(door):
        pass
    assert await door.send() == ACCEPTED
    assert len(store.all) == 1
    assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"])
async def test_what_the_body_is_called_does_not_matter(door: Door, kind: str) -> None:
    body = body_of(EVENT)
    assert await door.post("/v1/events", body, standard(body) | {"Content-Type": kind}) == ACCEPTED
