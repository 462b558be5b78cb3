"""`POST /v1/events`: what is taken, when it is acknowledged, and every refusal."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from prometheus_client import REGISTRY
from standardwebhooks import Webhook
from structlog.testing import capture_logs

from intake.signatures import Source
from surveys.interactions import Interaction
from tests.intake.bench import EVENT, KEYS, NOW, Clock, Door, Store, body_of, jira, standard, zendesk
from tests.intake.conftest import Serve

ACCEPTED = (202, {"status": "accepted"})
DUPLICATE = (200, {"status": "duplicate"})
UNSIGNED = (
    401,
    {"error": "The signature is missing, does not match the body or is more than 5 minutes old.", "field": None},
)


async def test_an_event_is_taken_as_it_was_told(door: Door, store: Store) -> None:
    assert await door.send() == ACCEPTED
    assert store.all == [
        Interaction(
            source="helpdesk",
            id="evt-1",
            type="ticket.resolved",
            occurred_at=datetime(2026, 3, 2, 8, 58, tzinfo=UTC),
            account="ООО Пример",
            project="Портал",
            person="p-1",
            data={"ticket": "HD-7", "priority": "high", "resolved_at": "2026-03-02T08:58:00Z"},
        )
    ]


async def test_the_reference_library_signs_what_is_taken(door: Door) -> None:
    body = body_of(EVENT).decode()
    signature = Webhook("whsec_" + b64encode(KEYS["helpdesk"]).decode()).sign("msg-9", NOW, body)
    stamp = str(int(NOW.timestamp()))
    headers = {"webhook-id": "msg-9", "webhook-timestamp": stamp, "webhook-signature": signature}
    assert await door.post("/v1/events", body.encode(), headers) == ACCEPTED


async def test_an_event_counts_once_however_often_it_comes(door: Door, store: Store) -> None:
    assert await door.send() == ACCEPTED
    assert await door.send() == DUPLICATE
    assert await door.send(EVENT | {"type": "ticket.closed"}, name="msg-2") == DUPLICATE
    assert [one.type for one in store.all] == ["ticket.resolved"]


async def test_the_same_id_from_another_source_is_another_event(door: Door, store: Store) -> None:
    body = body_of(EVENT)
    assert await door.send() == ACCEPTED
    assert await door.post("/v1/events", body, standard(body, KEYS["crm"])) == ACCEPTED
    assert {one.source for one in store.all} == {"helpdesk", "crm"}


async def test_of_many_at_once_with_the_same_id_one_is_taken(door: Door, store: Store) -> None:
    store.gate = asyncio.Event()
    many = [asyncio.create_task(door.send()) for _ in range(20)]
    store.gate.set()
    answers = await asyncio.gather(*many)
    assert answers.count(ACCEPTED) == 1
    assert answers.count(DUPLICATE) == 19


async def test_nothing_is_acknowledged_before_the_commit(door: Door, store: Store) -> None:
    store.gate = asyncio.Event()
    sent = asyncio.create_task(door.send())
    await store.asked.wait()
    assert not (await asyncio.wait([sent], timeout=0.05))[0]
    store.gate.set()
    assert await sent == ACCEPTED


async def test_what_cannot_be_committed_is_to_be_brought_again(door: Door, store: Store) -> None:
    store.trouble = RuntimeError("person p-1 of ООО Пример")
    body = body_of(EVENT)
    with capture_logs() as logs:
        async with door.http.post(f"{door.address}/v1/events", data=body, headers=standard(body)) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "30")
            assert "p-1" not in await response.text()
    assert "p-1" not in str(logs)
    assert logs[0]["error"] == "RuntimeError"
    store.trouble = None
    assert await door.send() == ACCEPTED


async def test_only_id_type_and_time_are_needed(door: Door, store: Store) -> None:
    assert await door.send({key: EVENT[key] for key in ("id", "type", "occurred_at")}) == ACCEPTED
    assert await door.send(EVENT | {"id": "2", "account": None, "project": None, "person": None, "data": None}) == (
        ACCEPTED
    )
    assert {(one.account, one.project, one.person, str(one.data)) for one in store.all} == {(None, None, None, "{}")}


async def test_names_are_read_as_the_directory_reads_them(door: Door, store: Store) -> None:
    spaced = {"account": " ООО \n Пример ", "person": {"external_id": " p-1 ", "name": "Анна"}}
    assert await door.send(EVENT | spaced) == ACCEPTED
    assert (store.all[0].account, store.all[0].person) == ("ООО Пример", "p-1")
    assert "Анна" not in str(store.all)


async def test_a_ticket_may_have_a_number_for_a_name(door: Door, store: Store) -> None:
    await door.send(EVENT | {"data": {"ticket": 4711, "priority": 1, "own": [1, {"a": None}]}})
    assert store.all[0].data == {"ticket": "4711", "priority": "1", "own": [1, {"a": None}]}


async def test_the_data_of_a_free_type_is_free(door: Door, store: Store) -> None:
    assert await door.send(EVENT | {"type": "crm.deal_won", "data": {"opened_at": "in spring"}}) == ACCEPTED
    assert store.all[0].data == {"opened_at": "in spring"}


WELL_SIGNED = standard(body_of(EVENT))
WRONG_HEADERS: dict[str, dict[str, str]] = {
    "none": {},
    "no id": {key: WELL_SIGNED[key] for key in ("webhook-timestamp", "webhook-signature")},
    "no time": {key: WELL_SIGNED[key] for key in ("webhook-id", "webhook-signature")},
    "no signature": {key: WELL_SIGNED[key] for key in ("webhook-id", "webhook-timestamp")},
    "an empty id": standard(body_of(EVENT), name=""),
    "another id": WELL_SIGNED | {"webhook-id": "msg-2"},
    "another time": WELL_SIGNED | {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
    "a time in words": WELL_SIGNED | {"webhook-timestamp": "now"},
    "a time with a fraction": WELL_SIGNED | {"webhook-timestamp": WELL_SIGNED["webhook-timestamp"] + ".0"},
    "a negative time": WELL_SIGNED | {"webhook-timestamp": "-1"},
    "a time beyond all": WELL_SIGNED | {"webhook-timestamp": "9" * 400},
    "another version": WELL_SIGNED | {"webhook-signature": WELL_SIGNED["webhook-signature"].replace("v1,", "v2,")},
    "no version": WELL_SIGNED | {"webhook-signature": WELL_SIGNED["webhook-signature"].removeprefix("v1,")},
    "nothing after the version": WELL_SIGNED | {"webhook-signature": "v1,"},
    "not ASCII": WELL_SIGNED | {"webhook-signature": "v1,подпись"},
    "half of it": WELL_SIGNED | {"webhook-signature": WELL_SIGNED["webhook-signature"][:20]},
    "another key": standard(body_of(EVENT), b"another key"),
    "the empty key": standard(body_of(EVENT), b""),
    "the key of a source of another kind": standard(body_of(EVENT), KEYS["jira"]),
    "the body of another event": standard(body_of(EVENT | {"id": "evt-2"})),
    "as Jira signs": jira(body_of(EVENT)),
    "as Zendesk signs": zendesk(body_of(EVENT)),
}


@pytest.mark.parametrize("headers", WRONG_HEADERS.values(), ids=WRONG_HEADERS)
async def test_an_event_that_is_not_signed_is_refused(door: Door, store: Store, headers: dict[str, str]) -> None:
    assert await door.post("/v1/events", body_of(EVENT), headers) == UNSIGNED
    assert store.all == []


@pytest.mark.parametrize(("seconds", "answer"), [(-301, 401), (-300, 202), (0, 202), (300, 202), (301, 401)])
async def test_a_signature_lives_five_minutes_of_the_services_clock(
    door: Door, clock: Clock, seconds: int, answer: int
) -> None:
    clock.move(days=40)
    body = body_of(EVENT)
    headers = standard(body, at=clock.now)
    clock.move(seconds=seconds)
    assert (await door.post("/v1/events", body, headers))[0] == answer


async def test_an_event_that_was_overheard_is_not_taken_later(door: Door, clock: Clock, store: Store) -> None:
    body = body_of(EVENT)
    headers = standard(body)
    clock.move(minutes=6)
    assert await door.post("/v1/events", body, headers) == UNSIGNED
    assert store.all == []


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["helpdesk"], 202),
        (["old"], 202),
        (["old", "helpdesk"], 202),
        (["jira", "helpdesk"], 202),
        (["jira", "zendesk"], 401),
    ],
)
async def test_while_keys_change_either_signs(door: Door, keys: list[str], answer: int) -> None:
    body = body_of(EVENT)
    headers = standard(body, *(KEYS[key] for key in keys))
    assert (await door.post("/v1/events", body, headers))[0] == answer


async def test_a_source_without_a_secret_is_closed(serve: Serve, store: Store) -> None:
    body = body_of(EVENT)
    async with serve(Source(name="closed", kind="standard")) as door:
        for path in ("/v1/events", "/v1/hooks/closed"):
            for headers in (standard(body), standard(body, b""), {}):
                assert await door.post(path, body, headers) == UNSIGNED
                assert await door.post(path, b"x" * 300_000, headers) == UNSIGNED
    assert store.all == []


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


async def test_the_doors_are_for_posting(door: Door) -> None:
    assert (await door.get("/v1/events"))[0] == 405


async def test_outcomes_are_counted_by_the_kind_of_source(door: Door) -> None:
    def counted(kind: str, outcome: str) -> float:
        labels = {"kind": kind, "outcome": outcome}
        return REGISTRY.get_sample_value("otklik_intake_events_total", labels) or 0.0

    outcomes = [("standard", name) for name in ("accepted", "duplicate", "unsigned", "invalid")] + [
        ("unknown", "unknown")
    ]
    before = [counted(*outcome) for outcome in outcomes]
    await door.send()
    await door.send()
    await door.post("/v1/events", b"{}", {})
    await door.send({})
    await door.post("/v1/hooks/nobody", b"{}", {})
    assert [counted(*outcome) - count for outcome, count in zip(outcomes, before, strict=True)] == [1.0] * 5
    assert "otklik_intake_events_total" in (await door.get("/metrics"))[1]


async def test_logs_tell_of_refusals_without_the_body(door: Door) -> None:
    with capture_logs() as logs:
        await door.send(EVENT | {"data": {"ticket": {"Анна": "звонила"}}})
    assert [(line["event"], line["source"], line["field"]) for line in logs] == [("event refused", "helpdesk", "data")]
    assert "Анна" not in str(logs)
