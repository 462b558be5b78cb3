"""The doors for events: in their own format and in those of helpdesks. Acknowledged only after the commit."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web
from prometheus_client import Counter

from intake.event import read_event
from intake.openapi import document
from intake.signatures import Source
from intake.strict_json import BODY, Flaw, read_object
from intake.translation import to_event
from surveys.interactions import Interaction
from surveys.trace import traced

log = structlog.get_logger()

LARGEST_EVENT: Final = 256 * 1024  # bytes
RETRY_AFTER: Final = 30  # seconds; Zendesk gives up on a minute and more
STANDARD: Final = "standard"
UNKNOWN: Final = "unknown"

Take = Callable[[Interaction], Awaitable[bool]]
"""Returns after the commit: True, taken now; False, taken before. Raises what keeps it from being committed."""

OUTCOMES: Final = Counter("otklik_intake_events", "Requests at the doors for events.", ["kind", "outcome"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What stands behind the doors. `now`: the service's time, aware. `patience`: seconds in which a body arrives."""

    sources: Sequence[Source]
    take: Take
    now: Callable[[], datetime]
    patience: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request comes to: the word for it in figures, the status, the body."""

    outcome: str
    status: int
    body: Mapping[str, object]

    def response(self) -> web.Response:
        """As HTTP."""
        headers = {"Retry-After": str(RETRY_AFTER)} if self.status == 503 else {}
        return web.json_response(dict(self.body), status=self.status, headers=headers)


class Refused(Exception):
    """The request is not taken; the answer says why."""

    def __init__(self, outcome: str, status: int, error: str, field: str | None = None) -> None:
        super().__init__(error)
        self.answer = Answer(outcome, status, {"error": error, "field": field})


ACCEPTED: Final = Answer("accepted", 202, {"status": "accepted"})
DUPLICATE: Final = Answer("duplicate", 200, {"status": "duplicate"})
IGNORED: Final = Answer("ignored", 202, {"status": "ignored"})


def add_doors(app: web.Application, doors: Doors) -> None:
    """Adds `/v1/events`, `/v1/hooks/{source}` and their description, `/v1/openapi.json`."""
    standard = [replace(source, mapping=None) for source in doors.sources if source.kind == STANDARD]
    by_name = {source.name: source for source in doors.sources}

    async def events(request: web.Request) -> web.Response:
        return await _answer(request, doors, STANDARD, standard)

    async def hooks(request: web.Request) -> web.Response:
        source = by_name.get(request.match_info["source"])
        return await _answer(request, doors, source.kind, [source]) if source else _unknown()

    async def openapi(request: web.Request) -> web.Response:
        return web.json_response(document())

    app.router.add_post("/v1/events", events)
    app.router.add_post("/v1/hooks/{source}", hooks)
    app.router.add_get("/v1/openapi.json", openapi)


def _unknown() -> web.Response:
    OUTCOMES.labels(UNKNOWN, UNKNOWN).inc()
    return Answer(UNKNOWN, 404, {"error": "There is no such source.", "field": None}).response()


async def _answer(request: web.Request, doors: Doors, kind: str, sources: Sequence[Source]) -> web.Response:
    try:
        answer = await _receive(request, doors, sources)
    except Refused as refused:
        answer = refused.answer
    OUTCOMES.labels(kind, answer.outcome).inc()
    return answer.response()


async def _receive(request: web.Request, doors: Doors, sources: Sequence[Source]) -> Answer:
    """Takes an event that one of these sources has signed. Raises Refused."""
    if not any(source.keys for source in sources):
        raise _unsigned()
    body = await _body(request, doors.patience)
    source = _signer(request, body, doors.now(), sources)
    try:
        interaction = _interaction(source, body, request.headers)
    except Flaw as flaw:
        log.info("event refused", source=source.name, field=flaw.field.partition(".")[0])
        raise Refused("invalid", 422, str(flaw), flaw.field) from flaw
    return IGNORED if interaction is None else await _taken(doors.take, interaction)


async def _body(request: web.Request, patience: float) -> bytes:
    """The body as it was sent: it is what the source has signed. Raises Refused."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused("invalid", 415, f"{BODY}: is compressed; send it as it is", BODY)
    try:
        async with asyncio.timeout(patience):
            return await request.clone(client_max_size=LARGEST_EVENT).read()
    except web.HTTPRequestEntityTooLarge as error:
        raise Refused("too_large", 413, f"{BODY}: has more than {LARGEST_EVENT // 1024} KiB", BODY) from error
    except (web.RequestPayloadError, ConnectionError, TimeoutError) as error:
        raise Refused("invalid", 400, f"{BODY}: does not arrive as a whole", BODY) from error


def _signer(request: web.Request, body: bytes, now: datetime, sources: Sequence[Source]) -> Source:
    signers = [source for source in sources if source.signed(request.headers, body, now)]
    if not signers:
        raise _unsigned()
    return signers[0]


def _unsigned() -> Refused:
    return Refused("unsigned", 401, "The signature is missing, does not match the body or is more than 5 minutes old.")


def _interaction(source: Source, body: bytes, headers: Mapping[str, str]) -> Interaction | None:
    """What the source tells of; None: nothing that its mapping cares about. Raises Flaw."""
    said: Mapping[str, object] | None = read_object(body)
    if source.mapping is not None:
        said = to_event(source.mapping, said, headers)
    return None if said is None else read_event(said, source.name)


async def _taken(take: Take, interaction: Interaction) -> Answer:
    with traced(interaction.trace):
        answer = await _kept(take, interaction)
        log.info("event", source=interaction.source, outcome=answer.outcome)
        return answer


async def _kept(take: Take, interaction: Interaction) -> Answer:
    try:
        return ACCEPTED if await take(interaction) else DUPLICATE
    except Exception as error:  # whatever it was, the event is not committed, and its source is to bring it again
        where = traceback.extract_tb(error.__traceback__)[-1]
        at = f"{where.filename.rpartition('/')[2]}:{where.lineno}"
        log.error("event not taken", source=interaction.source, error=type(error).__name__, at=at)
        raise Refused("unavailable", 503, "The event could not be kept; bring it again later.") from error
