"""The page that looks like a messenger: its files, its data, its live events."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from aiohttp import web

from sandbox.feed import Event
from sandbox.hooks import Hooks, PersonCard
from sandbox.people import Person
from sandbox.rooms import bubble
from sandbox.views import bot_view, card_of, chat_view, clock_view, message_view, person_view
from sandbox.world import World

FILES = Path(__file__).parent / "page"
LOCAL_NAMES = {"127.0.0.1", "localhost"}
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
HEARTBEAT_SECONDS = 15
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Answer = Callable[[web.Request], Awaitable[object]]


class Host(Protocol):
    """What the page needs of the sandbox."""

    world: World
    people: dict[int, Person]

    def person(self, user_id: int, first_name: str, language_code: str, username: str | None = None) -> Person: ...


@dataclass(slots=True)
class Page:
    host: Host
    hooks: Hooks
    read_up_to: dict[int, int] = field(default_factory=dict)

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/", self._guarded(self.index))
        app.router.add_get("/page/{name}", self._guarded(self.asset))
        app.router.add_get("/api/state", self._guarded(self.state))
        app.router.add_get("/api/events", self._guarded(self.stream))
        app.router.add_get("/api/files/{file_id}", self._guarded(self.file))
        app.router.add_get("/api/chats/{id}", self._guarded(self.chat))
        app.router.add_post("/api/chats/{id}/{action:send|press|file|read|block}", self._guarded(self.act))
        app.router.add_post("/api/clock", self._guarded(self.move_clock))
        app.router.add_post("/api/report", self._guarded(self.report))

    def _guarded(self, handler: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Answers the page alone: another site open in the same browser must not reach it."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if request.url.host not in LOCAL_NAMES:
                raise web.HTTPForbidden(text="the sandbox answers on the loopback only")
            if request.method == "POST" and request.content_type != "application/json":
                raise web.HTTPUnsupportedMediaType
            result = await handler(request)
            response = result if isinstance(result, web.StreamResponse) else web.json_response(result)
            if not response.prepared:
                response.headers.update(HEADERS)
            return response

        return answer

    async def index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FILES / "index.html")

    async def asset(self, request: web.Request) -> web.StreamResponse:
        known = {path.name: path for path in FILES.iterdir()}
        if found := known.get(request.match_info["name"]):
            return web.FileResponse(found)
        raise web.HTTPNotFound

    async def state(self, request: web.Request) -> object:
        clock, form = self.hooks.clock_now, self.hooks.events
        return {
            "bot": bot_view(self.host.world),
            "people": [self._line(card) for card in await self._cards()],
            "clock": clock_view(clock()) if clock else None,
            "movable": self.hooks.move_clock is not None,
            "form": asdict(await form()) if form and self.hooks.report_event else None,
        }

    async def chat(self, request: web.Request) -> object:
        return chat_view(self._person(request))

    async def act(self, request: web.Request) -> object:
        """What the person does: {"text"}, {"data", "message"}, {"name", "type", "data"}, {"blocked"}, {"message"}."""
        person, body = self._person(request), await _body(request)
        try:
            match request.match_info["action"]:
                case "send":
                    return {"update": await person.send(str(body["text"]))}
                case "press":
                    return {"query": await person.press(str(body["data"]), int(str(body["message"])))}
                case "file":
                    return {"update": await _send_file(person, body)}
                case "block":
                    return {"update": await (person.block() if body["blocked"] else person.unblock())}
                case _:
                    self.read_up_to[person.user.id] = int(str(body["message"]))
                    return {}
        except (LookupError, ValueError) as error:
            raise web.HTTPUnprocessableEntity(text=str(error)) from error

    async def move_clock(self, request: web.Request) -> object:
        move, now = self.hooks.move_clock, self.hooks.clock_now
        if move is None or now is None:
            raise web.HTTPNotFound
        try:
            await move(float(str((await _body(request))["seconds"])))
        except (LookupError, ValueError) as error:
            raise web.HTTPUnprocessableEntity(text=str(error)) from error
        self.host.world.feed.publish("clock")
        return clock_view(now())

    async def report(self, request: web.Request) -> object:
        if self.hooks.report_event is None:
            raise web.HTTPNotFound
        try:
            return {"sentence": await self.hooks.report_event(await _body(request))}
        except ValueError as error:
            raise web.HTTPUnprocessableEntity(text=str(error)) from error

    async def file(self, request: web.Request) -> web.StreamResponse:
        stored = self.host.world.files.by_id.get(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        shown = stored.mime_type in PICTURES
        response = web.Response(
            body=stored.data, content_type=stored.mime_type if shown else "application/octet-stream"
        )
        if stored.kind == "document":
            response.headers["Content-Disposition"] = _attachment(stored.name)
        return response

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: everything that happens, for as long as the page listens."""
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        with self.host.world.feed.listening() as queue:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            while True:
                await response.write(await self._next_line(queue))

    async def _next_line(self, queue: "asyncio.Queue[Event]") -> bytes:
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                event = self._told(await queue.get())
        except TimeoutError:
            return b": still here\n\n"
        return f"data: {json.dumps(event, default=str)}\n\n".encode()

    def _told(self, event: Event) -> Event:
        """An event with the message it speaks of, if that is still there."""
        person = self.host.people.get(int(str(event.get("chat_id", 0))))
        message = person.room.posts.get(int(str(event.get("message_id", 0)))) if person else None
        if person is None or message is None:
            return event
        return event | {"message": message_view(bubble(message, self.host.world.files), person.user.id)}

    async def _cards(self) -> list[PersonCard]:
        if self.hooks.people is None:
            return [card_of(person) for person in self.host.people.values()]
        return list(await self.hooks.people())

    def _line(self, card: PersonCard) -> object:
        person = self.host.person(card.telegram_id, card.name, card.language_code)
        return person_view(card, person, self.read_up_to.get(card.telegram_id, 0))

    def _person(self, request: web.Request) -> Person:
        number = request.match_info["id"]
        found = self.host.people.get(int(number)) if number.isdecimal() else None
        if found is None:
            raise web.HTTPNotFound
        return found


async def _body(request: web.Request) -> Mapping[str, object]:
    try:
        data = await request.json()
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise web.HTTPUnprocessableEntity(text="a JSON object is expected")
    return data


async def _send_file(person: Person, body: Mapping[str, object]) -> int:
    data = base64.b64decode(str(body["data"]))
    if body["type"] in PICTURES:
        return await person.send_photo(data)
    return await person.send_document(str(body["name"]), data)


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
