"""The description of the doors for events, made from what checks the events."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from intake.event import MOST, TICKET_TYPES, Event, Ticket

REF: Final = "#/components/schemas/{model}"
SIGNATURE: Final = {
    "webhook-id": "The id of the message, signed with it",
    "webhook-timestamp": "Seconds since 1970, at most 5 minutes from the service's clock",
    "webhook-signature": "`v1,` and base64 of HMAC-SHA256 over `{id}.{timestamp}.{body}`; several, a space between",
}


class Taken(BaseModel):
    """What became of the event."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["accepted", "duplicate", "ignored"]


class Refusal(BaseModel):
    """Why the event is not taken."""

    model_config = ConfigDict(extra="forbid")

    error: str = Field(description="One sentence")
    field: str | None = Field(description="A dotted path into the event, or `body`")


def _ref(model: str) -> dict[str, str]:
    return {"$ref": REF.format(model=model)}


NO_NUL: Final = {"pattern": r"^[^\u0000]*$"}
ANY_KEYS: Final = {"propertyNames": NO_NUL, "additionalProperties": _ref("Value")}
ANY_JSON: Final[dict[str, Any]] = {
    "Object": {"type": "object", **ANY_KEYS},
    "Value": {
        "description": "Any JSON of at most 32 levels whose texts hold no NUL",
        "anyOf": [
            {"type": ["null", "boolean", "number"]},
            {"type": "string", **NO_NUL},
            {"type": "array", "items": _ref("Value")},
            _ref("Object"),
        ],
    },
}
ANSWERS: Final[Mapping[str, tuple[str, type[BaseModel]]]] = {
    "200": ("An event with this id was taken before", Taken),
    "202": ("Taken and committed, or of no interest to the mapping of the source", Taken),
    "400": ("The body does not arrive as a whole", Refusal),
    "401": ("The signature is missing, does not match or is too old", Refusal),
    "404": ("There is no such source", Refusal),
    "413": ("The body has more than 256 KiB", Refusal),
    "415": ("The body is compressed", Refusal),
    "422": ("The body is no event; the answer names the field", Refusal),
    "503": ("Not committed; bring it again after the seconds of Retry-After", Refusal),
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Otklik: events",
            "version": "1",
            "description": "Events from helpdesks, CRMs and project systems, acknowledged once they are committed.",
        },
        "paths": {"/v1/events": {"post": _events()}, "/v1/hooks/{source}": {"post": _hooks()}},
        "components": {"schemas": _schemas()},
    }


def _events() -> dict[str, Any]:
    headers = [
        {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
        for name, text in SIGNATURE.items()
    ]
    return {
        "operationId": "reportEvent",
        "summary": "An event, signed as the Standard Webhooks specification says",
        "parameters": headers,
        "requestBody": _body(_ref("Event")),
        "responses": _responses(set(ANSWERS) - {"404"}),
    }


def _hooks() -> dict[str, Any]:
    source = {"name": "source", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": "reportForeignEvent",
        "summary": "The same for the format and the signature of a helpdesk",
        "parameters": [source],
        "requestBody": _body({"type": "object"}),
        "responses": _responses(set(ANSWERS)),
    }


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _responses(statuses: set[str]) -> dict[str, Any]:
    return {
        status: {
            "description": text,
            "content": {"application/json": {"schema": _ref(model.__name__)}},
        }
        for status, (text, model) in ANSWERS.items()
        if status in statuses
    }


def _schemas() -> dict[str, Any]:
    models: tuple[type[BaseModel], ...] = (Event, Ticket, Taken, Refusal)
    _, defined = models_json_schema([(model, "validation") for model in models], ref_template=REF)
    schemas: dict[str, Any] = defined["$defs"]
    for name in ("Event", "Person", "Ticket"):
        schemas[name] |= ANY_KEYS
    concerned = {"participants": {"maxItems": MOST}}
    schemas["Event"]["properties"]["data"] |= {"anyOf": [_ref("Object"), {"type": "null"}], "properties": concerned}
    about_ticket = {"required": ["type"], "properties": {"type": {"enum": list(TICKET_TYPES)}}}
    ticket = {"anyOf": [_ref("Ticket"), {"type": "null"}]}
    schemas["Event"] |= {"if": about_ticket, "then": {"properties": {"data": ticket}}}
    return schemas | ANY_JSON
