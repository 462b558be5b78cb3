"""`GET /v1/openapi.json`: the description is served, hangs together and says what the doors check."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from intake.event import TICKET_TYPES, Ticket
from intake.openapi import document
from tests.intake.bench import EVENT, Door


def inside(value: Any) -> Iterator[Any]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(inner)


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"][name]
    return found


async def test_the_description_is_served(door: Door) -> None:
    status, served = await door.get("/v1/openapi.json")
    assert (status, served) == (200, json.loads(json.dumps(document())))
    assert served["openapi"].startswith("3.1.")


def test_all_that_is_referred_to_is_there() -> None:
    references = {value["$ref"] for value in inside(document()) if isinstance(value, dict) and "$ref" in value}
    assert {reference.rpartition("/")[2] for reference in references} == set(document()["components"]["schemas"])


def test_each_door_names_the_answers_it_gives() -> None:
    paths = document()["paths"]
    common = {"200", "202", "400", "401", "413", "415", "422", "503"}
    assert set(paths["/v1/events"]["post"]["responses"]) == common
    assert set(paths["/v1/hooks/{source}"]["post"]["responses"]) == common | {"404"}


def test_the_signature_is_in_the_description() -> None:
    parameters = document()["paths"]["/v1/events"]["post"]["parameters"]
    assert [one["name"] for one in parameters] == ["webhook-id", "webhook-timestamp", "webhook-signature"]


TEXTS = ["x", "", " ", "a b", "a\tb", "a\nb", "a\x7fb", "a\0b", "x" * 200, "x" * 201, "ООО Пример", "ticket.resolved"]
TEXTS += ["_x", "x" * 64, "x" * 65, "2026-03-02T08:58:00Z", "2026-03-02T08:58:00", "1969-12-31T23:59:59Z"]


def fits(text: str, described: dict[str, Any]) -> bool:
    within = described.get("minLength", 0) <= len(text) <= described.get("maxLength", len(text))
    return within and re.search(described["pattern"], text) is not None


@pytest.mark.parametrize("key", ["id", "type", "occurred_at", "account", "project"])
async def test_a_text_that_fits_the_description_is_taken_and_no_other(door: Door, key: str) -> None:
    described = schema("Event")["properties"][key]
    described = described["anyOf"][0] if "anyOf" in described else described
    for text in TEXTS:
        status, _ = await door.send(EVENT | {key: text})
        assert (status != 422) == fits(text, described), text


def test_the_data_of_tickets_is_described() -> None:
    event = schema("Event")
    assert event["if"]["properties"]["type"]["enum"] == list(TICKET_TYPES)
    assert event["then"]["properties"]["data"]["anyOf"][0]["$ref"].endswith("/Ticket")
    assert set(schema("Ticket")["properties"]) == set(Ticket.model_fields)
