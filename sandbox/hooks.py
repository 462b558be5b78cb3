"""What the page is told from outside. The sandbox knows nothing of the bot; the composition root fills this in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Text = str | Mapping[str, str]
"""One text for every language of the page, or one per language code: {"ru": ..., "en": ..., "uk": ...}."""


@dataclass(frozen=True, slots=True)
class StartLink:
    """An invitation the person has not opened yet; the page offers it as a button that sends /start `token`."""

    label: Text
    token: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A line in the list of people. `note` stands out: "invitation waits", for example."""

    telegram_id: int
    name: str
    subtitle: Text
    group: Literal["respondents", "staff"]
    language_code: str
    note: Text | None = None
    start_links: Sequence[StartLink] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a list. Offered while the last choice before it is one of `under`; empty means always."""

    value: str
    label: Text
    under: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class EventField:
    """A field of an event's `data`. `default` of a datetime is ISO 8601; empty means the time of the clock."""

    name: str
    label: Text
    kind: Literal["text", "number", "datetime", "choice"] = "text"
    choices: Sequence[Choice] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class EventType:
    value: str
    label: Text
    fields: Sequence[EventField] = ()


@dataclass(frozen=True, slots=True)
class EventForm:
    types: Sequence[EventType]
    accounts: Sequence[Choice]
    projects: Sequence[Choice]
    people: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Hooks:
    """A panel whose hook is None is not shown; without `people` the page lists the people of the sandbox.

    `move_clock` takes seconds. `report_event` takes {"type", "account", "project", "person", "data"} with
    the values chosen and answers with one sentence. Both may raise ValueError with a sentence for the person.
    """

    people: Callable[[], Awaitable[Sequence[PersonCard]]] | None = None
    clock_now: Callable[[], datetime] | None = None
    move_clock: Callable[[float], Awaitable[None]] | None = None
    events: Callable[[], Awaitable[EventForm]] | None = None
    report_event: Callable[[Mapping[str, object]], Awaitable[str]] | None = None
