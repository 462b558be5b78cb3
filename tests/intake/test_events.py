"""`POST /v1/events`: what is taken, when it is acknowledged, what is counted and logged."""

import asyncio
from base64 import b64encode
from datetime import UTC, datetime

from prometheus_client import REGISTRY
from standardwebhooks import Webhook
from structlog.testing import capture_logs

from surveys.interactions import Interaction
from tests.intake.bench import EVENT, KEYS, NOW, Door, Store, body_of, standard

ACCEPTED = (202, {"status": "accepted"})
DUPLICATE = (200, {"status": "duplicate"})


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
