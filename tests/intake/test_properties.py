"""Whatever is sent: no error of the server, nothing taken unsigned, taken exactly when signature and body are good."""

import json
import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.event import read_event
from intake.strict_json import Flaw, read_json
from intake.translation import to_event
from tests.intake.bench import KEYS, Door, Store, jira, mapping, standard, zendesk

OVER_HTTP = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
BRIEFLY = settings(max_examples=300)
TEXT = st.text(max_size=30) | st.sampled_from(["", " ", "\0", "\ud800", "a\nb", "x" * 200, "x" * 201, "ООО Пример"])
NUMBERS = st.integers() | st.floats() | st.just(10**400)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
MOMENTS = st.integers(-(10**9), 5 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC).isoformat())
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).filter(str.strip)
GOOD_MOMENTS = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC).isoformat())
GOOD = st.fixed_dictionaries(
    {"id": WORDS, "type": st.sampled_from(["ticket.resolved", "project.adoption", "own"]), "occurred_at": GOOD_MOMENTS},
    optional={
        "account": WORDS | st.none(),
        "person": st.fixed_dictionaries({"external_id": WORDS}, optional={"name": WORDS}) | st.none(),
        "data": st.fixed_dictionaries({}, optional={"ticket": WORDS, "opened_at": GOOD_MOMENTS, "own": WORDS}),
    },
)
CHANGES = st.dictionaries(
    st.sampled_from(["id", "type", "occurred_at", "account", "project", "other"]), JSON | MOMENTS, max_size=1
) | st.fixed_dictionaries(
    {},
    optional={
        "person": st.dictionaries(st.sampled_from(["external_id", "name"]), JSON),
        "data": st.dictionaries(st.sampled_from(["ticket", "opened_at", "touchpoint", "own"]), JSON | MOMENTS),
    },
)
ANYTHING = GOOD | st.builds(lambda event, changes: event | changes, GOOD, CHANGES)


def is_text(value: object, allowed: str = "") -> bool:
    """Some words of at most 200 characters, without control characters but those allowed."""
    if not isinstance(value, str) or not 1 <= len(value) <= 200 or not value.strip():
        return False
    return all(unicodedata.category(one) not in ("Cc", "Cs") or one in allowed for one in value)


def is_name(value: object) -> bool:
    return is_text(value, "\t\n\r")


def is_moment(value: object) -> bool:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return moment is not None and moment.tzinfo is not None and 1970 <= moment.year <= 2099


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_plain(value: object) -> bool:
    """JSON that everybody reads alike and every database holds."""
    match value:
        case str():
            return all(one != "\0" and unicodedata.category(one) != "Cs" for one in value)
        case int() | float() if not isinstance(value, bool):
            return abs(value) <= 1.7976931348623157e308
        case list():
            return all(map(is_plain, value))
        case dict():
            return all(map(is_plain, [*value, *value.values()]))
        case _:
            return True


def is_ticket(data: dict[str, Any]) -> bool:
    labels = (data.get(key) for key in ("ticket", "priority"))
    moments = (data.get(key) for key in ("opened_at", "first_response_at", "resolved_at"))
    return (
        all(one is None or is_name(one) or (is_whole(one) and len(str(one)) <= 200) for one in labels)
        and all(one is None or is_moment(one) for one in moments)
        and (data.get("touchpoint") is None or is_name(data["touchpoint"]))
    )


def is_good(event: dict[str, Any]) -> bool:
    """The rules of the public interface, told a second time."""
    type_, data, person = event.get("type"), event.get("data"), event.get("person")
    return (
        is_plain(event)
        and is_text(event.get("id"))
        and isinstance(type_, str)
        and re.fullmatch(r"[A-Za-z0-9][\w.-]{0,63}", type_, re.ASCII) is not None
        and is_moment(event.get("occurred_at"))
        and all(event.get(key) is None or is_name(event[key]) for key in ("account", "project"))
        and (person is None or (isinstance(person, dict) and is_name(person.get("external_id"))))
        and (data is None or (isinstance(data, dict) and (not type_.startswith("ticket.") or is_ticket(data))))
    )


@OVER_HTTP
@given(event=ANYTHING, is_signed=st.booleans())
async def test_an_event_is_taken_when_it_is_good_and_signed(
    door: Door, store: Store, event: dict[str, Any], is_signed: bool
) -> None:
    store.committed.clear()
    body = json.dumps(event).encode()
    headers = standard(body, KEYS["helpdesk"] if is_signed else b"another key")
    status, _ = await door.post("/v1/events", body, headers)
    assert status == (401 if not is_signed else 202 if is_good(event) else 422)
    assert len(store.all) == (status == 202)


@OVER_HTTP
@given(body=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
async def test_any_bytes_are_refused_or_taken_and_never_break_a_door(door: Door, body: bytes) -> None:
    for path, headers in (
        ("/v1/events", standard(body)),
        ("/v1/hooks/jira", jira(body)),
        ("/v1/hooks/zendesk", zendesk(body)),
    ):
        assert (await door.post(path, body, headers))[0] in (202, 422)
        assert (await door.post(path, body + b" ", headers))[0] == 401


VISIBLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60)


@OVER_HTTP
@given(
    names=st.lists(VISIBLE, min_size=3, max_size=3),
    shape=st.sampled_from(
        [
            ("/v1/events", ["webhook-id", "webhook-timestamp", "webhook-signature"]),
            ("/v1/hooks/jira", ["X-Hub-Signature", "X-Atlassian-Webhook-Identifier", "x"]),
            (
                "/v1/hooks/zendesk",
                ["X-Zendesk-Webhook-Signature", "X-Zendesk-Webhook-Signature-Timestamp", "webhook-id"],
            ),
        ]
    ),
)
async def test_no_headers_open_a_door_but_a_signature(
    door: Door, store: Store, names: list[str], shape: tuple[str, list[str]]
) -> None:
    path, headers = shape
    status, _ = await door.post(path, b"{}", dict(zip(headers, names, strict=True)))
    assert status == 401
    assert store.all == []


@BRIEFLY
@given(value=JSON)
def test_what_is_read_is_what_was_written(value: Any) -> None:
    assert outcome(lambda: read_json(json.dumps(value).encode())) in (value, "body")


@BRIEFLY
@given(
    payload=st.dictionaries(
        st.sampled_from(["type", "id", "time", "timestamp", "webhookEvent", "issue", "changelog", "detail", "event"]),
        JSON,
    ),
    kind=st.sampled_from(["jira", "zendesk"]),
)
def test_a_payload_is_an_event_or_has_a_field_that_is_wrong(payload: dict[str, Any], kind: str) -> None:
    told = mapping(kind, {"types": [{"type": "own"}]})
    headers = {"X-Atlassian-Webhook-Identifier": "1"}
    assert outcome(lambda: read_event(to_event(told, payload, headers) or {}, "s").source).partition(".")[0] in (
        "s",
        "id",
        "occurred_at",
        "person",
        "data",
    )


def outcome(work: Callable[[], Any]) -> Any:
    """What comes of it, or the field that is wrong."""
    try:
        return work()
    except Flaw as flaw:
        return flaw.field


@pytest.mark.parametrize("number", [math.nextafter(math.inf, 0), -math.nextafter(math.inf, 0), 5e-324])
def test_every_number_of_a_double_is_read(number: float) -> None:
    assert read_json(json.dumps(number).encode()) == number
