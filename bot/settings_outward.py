"""The sections `webhooks` and `jira`: other systems that are told of signals, cases and improvements."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from bot.outward.addresses import is_public, literal
from bot.settings_secrets import variable
from bot.settings_sections import Section
from bot.settings_types import Duration, Name, OuterKey, WebAddress, has_password, word
from intake.signatures import key_of
from surveys.authoring.problems import Fault, shown
from surveys.cases.signals import Severity
from surveys.outward.names import EVENTS, meant

if TYPE_CHECKING:
    from bot.settings import Settings

WEBHOOK: Final = "webhook:"
"""Before the key of an endpoint, where it stands among others."""
JIRA: Final = "jira"
"""The same for Jira."""
PRIORITIES: Final[Mapping[Severity, str]] = {"critical": "Highest", "normal": "Medium", "low": "Low"}
FAMILIES: Final = tuple(f"{family}.*" for family in dict.fromkeys(type_.partition(".")[0] for type_ in EVENTS))


def _events(pattern: str) -> str:
    if not meant(pattern):
        near = get_close_matches(pattern, (*FAMILIES, *EVENTS), n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ValueError(
            f"unknown event {shown(pattern)}; {hint}allowed: {', '.join(FAMILIES)} or one of docs/webhooks.md"
        )
    return pattern


def _some(events: tuple[str, ...]) -> tuple[str, ...]:
    if not events:
        raise ValueError("must not be empty")
    return events


def _receiver(address: str) -> str:
    """The address as it stands. It may be a name only the receiver knows, so what is wrong with it is not shown."""
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s#]*)?", address):
        raise ValueError("must be an address such as https://crm.example.org/otklik")
    if has_password(address):
        raise ValueError("must not hold a password")
    return address


Events = Annotated[str, AfterValidator(_events)]
Receiver = Annotated[str, AfterValidator(_receiver)]


class WebhookEndpoint(Section):
    """A system that is told. `events`: types, or `case.*` for all of a family. `words`: what people wrote goes along.

    `internal`: it stands inside the vendor's network, where plain http and any address are allowed.
    """

    url: Receiver
    secret: SecretStr | None = None
    secret_file: Path | None = None
    previous_secret: SecretStr | None = None
    previous_secret_file: Path | None = None
    events: Annotated[tuple[Events, ...], AfterValidator(_some)] = FAMILIES
    words: bool = False
    internal: bool = False


Webhooks = Mapping[OuterKey, WebhookEndpoint]


class Jira(Section):
    """A project of Jira in which each case and improvement is an issue. `severities`: of cases; none: no cases.

    `priorities`: severity -> the name of the priority there; null leaves it to Jira. `poll`: how often statuses are
    asked for. `words`: what people wrote goes along. `internal`: as for webhooks.
    """

    url: WebAddress | None = None
    email: Name | None = None
    token: SecretStr | None = None
    token_file: Path | None = None
    project: Annotated[str, word(r"[A-Z][A-Z0-9_]{1,99}", "is not the key of a project; write it as CX")] | None = None
    issue_type: Name = "Task"
    severities: tuple[Severity, ...] = ("critical", "normal")
    priorities: Mapping[Severity, Name] | None = Field(default_factory=lambda: dict(PRIORITIES))
    improvements: bool = True
    poll: Duration = timedelta(minutes=1)
    words: bool = False
    internal: bool = False


def endpoints(settings: "Settings") -> Iterator[Fault]:
    """Every endpoint can be trusted with what it is told, and can tell who tells it."""
    for key, endpoint in settings.webhooks.items():
        for name, sentence in _wrong(key, endpoint):
            yield ("webhooks", key, name), sentence


def jira(settings: "Settings") -> Iterator[Fault]:
    """A Jira that is named can be reached, and knows who asks."""
    said = settings.jira
    if said.url is None:
        return
    for name in ("email", "project"):
        if getattr(said, name) is None:
            yield ("jira", name), "is needed where jira.url is given"
    if said.token is None:
        yield ("jira", "token"), f"is missing; set {variable(('jira', 'token'))}, or name a file in token_file"
    yield from ((("jira", "url"), sentence) for sentence in out_of_bounds(said.url, internal=said.internal))


def _wrong(key: str, endpoint: WebhookEndpoint) -> Iterator[tuple[str, str]]:
    if endpoint.secret is None:
        yield "secret", f"is missing; set {variable(('webhooks', key, 'secret'))}, or name a file in secret_file"
    for name, secret in (("secret", endpoint.secret), ("previous_secret", endpoint.previous_secret)):
        if secret is not None and not _is_key(secret):
            yield name, "is not a secret in base64, with or without whsec_ before it"
    yield from (("url", sentence) for sentence in out_of_bounds(endpoint.url, internal=endpoint.internal))


def out_of_bounds(url: str, *, internal: bool) -> Iterator[str]:
    """What keeps an address from being one that events may be sent to."""
    parts = urlsplit(url)
    if internal:
        return
    if parts.scheme != "https":
        yield "must begin with https://; internal: true allows http inside a network"
    if literal(parts.hostname or "") and not is_public(parts.hostname or ""):
        yield f"{shown(parts.hostname or '')} is inside a network; internal: true allows that"


def _is_key(secret: SecretStr) -> bool:
    try:
        return bool(key_of("standard", secret.get_secret_value()))
    except ValueError:
        return False
