"""The event of the public interface: what it may say, and the interaction that comes of it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from intake.kinds import Id, Label, Moment, MomentText, Name, Type
from intake.strict_json import BODY, Flaw, refuse_odd
from surveys.interactions import Interaction

P = TypeVar("P", bound="Payload")

MOST: Final = 1000
"""People one event can be about: each is decided about, and others wait meanwhile."""

SENTENCES: Final = {
    "missing": "is missing",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "string_too_long": "has more than {max_length} characters",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "bool_type": "must be true or false",
    "value_error": "{error}",
}


class Payload(BaseModel):
    """A part of an event. Keys nobody asked for are not read: a name or a phone number is not kept by accident."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", hide_input_in_errors=True)


class Person(Payload):
    """The client's person the event is about."""

    external_id: Annotated[Name, Field(description="As in the directory file")]


class Event(Payload):
    """Something that happened between client and vendor. Keys that are not named here are not read."""

    id: Annotated[Id, Field(description="The source's own id of the event; the same id again is the same event")]
    type: Annotated[Type, Field(description="A known type or a free one", examples=["ticket.resolved"])]
    occurred_at: Annotated[Moment, Field(description="When it happened", examples=["2026-01-31T12:00:00Z"])]
    account: Annotated[Name | None, Field(description="The client company, as in the directory")] = None
    project: Annotated[Name | None, Field(description="The project, as in the directory")] = None
    person: Person | None = None
    data: Annotated[dict[str, Any] | None, Field(description="More about the event; any JSON")] = None


class Ticket(Payload):
    """`data` of an event about a support ticket; other keys are free."""

    model_config = ConfigDict(extra="allow")

    ticket: Annotated[Label | None, Field(description="The number or key of the ticket")] = None
    priority: Label | None = None
    opened_at: MomentText | None = None
    first_response_at: MomentText | None = None
    resolved_at: MomentText | None = None
    touchpoint: Annotated[Name | None, Field(description="A touchpoint of the journey")] = None
    participants: Annotated[list[Name] | None, Field(description="External ids of others who took part")] = None
    resolution: Annotated[Name | None, Field(description="How the ticket ended")] = None
    closed_automatically: Annotated[bool | None, Field(description="Nobody worked on it: it closed itself")] = None
    duplicate_of: Annotated[Label | None, Field(description="The ticket that this one repeats")] = None


TICKET_TYPES: Final = ("ticket.created", "ticket.resolved", "ticket.reopened", "ticket.closed")


def read_event(value: Mapping[str, object], source: str) -> Interaction:
    """The interaction that an event of this source tells of. Raises Flaw."""
    refuse_odd(value)
    event = _read(Event, value)
    return Interaction(
        source=source,
        id=event.id,
        type=event.type,
        occurred_at=event.occurred_at,
        account=event.account,
        project=event.project,
        person=event.person.external_id if event.person else None,
        data=_data(event),
    )


def _data(event: Event) -> Mapping[str, object]:
    said = event.data or {}
    named = said.get("participants")
    if isinstance(named, list) and len(named) > MOST:
        raise Flaw("data.participants", f"names more than {MOST} people")
    if event.type not in TICKET_TYPES:
        return said
    return said | _read(Ticket, said, "data").model_dump(exclude_unset=True)


def _read(shape: type[P], value: Mapping[str, object], above: str = "") -> P:
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise _flaw(error.errors(include_url=False)[0], above) from error


def _flaw(details: ErrorDetails, above: str) -> Flaw:
    place = ".".join(str(part) for part in (above, *details["loc"]) if part != "")
    rule = SENTENCES.get(details["type"], "cannot be read").format(**details.get("ctx", {}))
    return Flaw(place or BODY, rule)
