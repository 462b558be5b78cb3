"""`POST /v1/events`: who may say so, for how long, and with which of their keys."""

import pytest

from intake.signatures import Source
from tests.intake.bench import EVENT, KEYS, NOW, Clock, Door, Store, body_of, jira, standard, zendesk
from tests.intake.conftest import Serve

UNSIGNED = (
    401,
    {"error": "The signature is missing, does not match the body or is more than 5 minutes old.", "field": None},
)
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
