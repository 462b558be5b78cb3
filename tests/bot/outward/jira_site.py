"""A Jira that speaks version 3 of its REST API as strictly as the real one, as far as this product needs it."""

import re
from base64 import b64encode
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

EMAIL, TOKEN = "bot@vendor.example", "a token of a sample"
STATUSES = {
    "11": {"name": "К выполнению", "statusCategory": {"key": "new"}},
    "21": {"name": "В работе", "statusCategory": {"key": "indeterminate"}},
    "31": {"name": "Готово", "statusCategory": {"key": "done"}},
}
BY_CATEGORY = {status["statusCategory"]["key"]: number for number, status in STATUSES.items()}  # type: ignore[index]
SETTABLE = {"summary", "description", "priority", "project", "issuetype", "labels"}
PRIORITIES = {"Highest", "Medium", "Low"}
JQL = re.compile(r'labels = "([a-z0-9-]+)"( AND updated >= "-([0-9]+)m")?')


@dataclass(slots=True)
class Issue:
    """`status`: number of the transition that led here. `minutes`: since it was touched."""

    key: str
    fields: dict[str, Any]
    status: str = "11"
    comments: list[dict[str, Any]] = field(default_factory=list)
    minutes: int = 0
    hidden: bool = False

    @property
    def category(self) -> str:
        return str(STATUSES[self.status]["statusCategory"]["key"])  # type: ignore[index]

    @property
    def text(self) -> str:
        return words(self.fields["description"])


class Wrong(Exception):
    """What Jira complains of: field -> sentence."""


@dataclass(slots=True)
class JiraSite:
    """`faults`: the next answers, instead of or after the work. `lagging`: a search does not find new issues yet."""

    address: str = ""
    issues: dict[str, Issue] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    faults: deque[Callable[[web.Request], web.Response | None]] = field(default_factory=deque)
    lagging: bool = False
    drop_after: str | None = None
    ways: tuple[str, ...] = tuple(STATUSES)
    forbidden: tuple[str, ...] = ()

    @property
    def only(self) -> Issue:
        [one] = self.issues.values()
        return one

    def counted(self, call: str) -> int:
        return sum(each.startswith(call) for each in self.calls)

    def user_moves(self, key: str, category: str) -> None:
        """Somebody drags the issue over the board."""
        self.issues[key].status, self.issues[key].minutes = BY_CATEGORY[category], 0

    def will(self, status: int, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.faults.append(lambda request: web.Response(status=status, headers=named, text="<html>"))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/rest/api/3/")
        self.calls.append(f"{request.method} {path}")
        known = b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {known}":
            return web.Response(status=401)
        if self.faults and (fault := self.faults.popleft()(request)):
            return fault
        try:
            response = await self._do(request, path)
        except Wrong as wrong:
            return web.json_response({"errorMessages": [], "errors": wrong.args[0]}, status=400)
        except KeyError:
            return web.json_response({"errorMessages": ["Issue does not exist."], "errors": {}}, status=404)
        if self.drop_after and f"{request.method} {path}".startswith(self.drop_after):
            self.drop_after = None
            assert request.transport is not None
            request.transport.close()
        return response

    async def _do(self, request: web.Request, path: str) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        match [request.method, *path.split("/")]:
            case ["GET", "mypermissions"]:
                return self._permissions(request.query)
            case ["POST", "issue"]:
                return self._create(body)
            case ["PUT", "issue", key]:
                self.issues[key].fields |= checked(body["fields"])
                self.issues[key].minutes = 0
                return web.Response(status=204)
            case ["GET", "issue", key]:
                assert request.query == {"fields": "status"}
                return web.json_response({"key": key, "fields": {"status": STATUSES[self.issues[key].status]}})
            case ["POST", "search", "jql"]:
                return self._search(body)
            case [method, "issue", key, "transitions"]:
                return self._transitions(method, self.issues[key], body)
            case [method, "issue", key, "comment"]:
                return self._comments(method, self.issues[key], body, request.query)
        raise AssertionError(f"no such call: {request.method} {path}")

    def _permissions(self, query: Mapping[str, str]) -> web.Response:
        if query["projectKey"] != "CX":
            raise KeyError
        asked = query["permissions"].split(",")
        return web.json_response(
            {"permissions": {name: {"havePermission": name not in self.forbidden} for name in asked}}
        )

    def _create(self, body: Mapping[str, Any]) -> web.Response:
        fields = checked(body["fields"])
        for name in ("project", "issuetype", "summary"):
            if name not in fields:
                raise Wrong({name: f"{name} is required"})
        key = f"CX-{len(self.issues) + 1}"
        self.issues[key] = Issue(key, fields, hidden=self.lagging)
        return web.json_response({"id": "10000", "key": key, "self": f"{self.address}/x"}, status=201)

    def _search(self, body: Mapping[str, Any]) -> web.Response:
        assert set(body) <= {"jql", "fields", "maxResults", "nextPageToken"}
        asked = JQL.fullmatch(body["jql"])
        if asked is None:
            raise Wrong({"jql": "unbounded"})
        label, _, minutes = asked.groups()
        found = [
            one
            for one in self.issues.values()
            if label in one.fields["labels"] and not one.hidden and one.minutes <= int(minutes or 10**9)
        ]
        at = int(body.get("nextPageToken") or 0)
        page = [{"key": one.key, "fields": {"status": STATUSES[one.status]}} for one in found[at : at + 1]]
        more = {"nextPageToken": str(at + 1)} if at + 1 < len(found) else {"isLast": True}
        return web.json_response({"issues": page} | more)

    def _transitions(self, method: str, issue: Issue, body: Mapping[str, Any]) -> web.Response:
        if method == "GET":
            ways = [{"id": number, "name": "x", "to": STATUSES[number]} for number in self.ways]
            return web.json_response({"transitions": ways})
        if body["transition"]["id"] not in self.ways:
            raise Wrong({"transition": "is not valid for the current state"})
        issue.status, issue.minutes = body["transition"]["id"], 0
        return web.Response(status=204)

    def _comments(self, method: str, issue: Issue, body: Mapping[str, Any], query: Mapping[str, str]) -> web.Response:
        if method == "GET":
            assert query == {"orderBy": "-created", "maxResults": "50", "expand": "properties"}
            return web.json_response({"comments": list(reversed(issue.comments))})
        assert set(body) == {"body", "properties"}
        valid(body["body"])
        issue.comments.append(dict(body))
        return web.json_response({"id": str(len(issue.comments))}, status=201)


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, if Jira would take them."""
    for name in fields.keys() - SETTABLE:
        raise Wrong({name: "cannot be set"})
    if "\n" in fields["summary"] or not 0 < len(fields["summary"]) <= 255:
        raise Wrong({"summary": "is not a line of at most 255 characters"})
    for name, key, known in (
        ("project", "key", {"CX"}),
        ("issuetype", "name", {"Task"}),
        ("priority", "name", PRIORITIES),
    ):
        if name in fields and fields[name].get(key) not in known:
            raise Wrong({name: "is not known"})
    if any(" " in label for label in fields.get("labels", ())):
        raise Wrong({"labels": "must not hold spaces"})
    valid(fields["description"])
    return dict(fields)


def valid(doc: Mapping[str, Any]) -> None:
    """An empty text, or text where blocks belong, is refused as Jira refuses it."""
    if (doc.get("type"), doc.get("version")) != ("doc", 1):
        raise Wrong({"description": "INVALID_INPUT"})
    for block in doc["content"]:
        _valid_block(block)


def _valid_block(block: Mapping[str, Any]) -> None:
    inside = {
        "paragraph": {"text", "hardBreak"},
        "heading": {"text"},
        "blockquote": {"paragraph"},
        "bulletList": {"listItem"},
        "listItem": {"paragraph"},
    }
    if block["type"] in ("text", "hardBreak"):
        if block["type"] == "text" and not block["text"]:
            raise Wrong({"description": "INVALID_INPUT"})
        return
    if block["type"] in ("bulletList", "listItem", "blockquote") and not block["content"]:
        raise Wrong({"description": "INVALID_INPUT"})
    for each in block["content"]:
        if each["type"] not in inside[block["type"]]:
            raise Wrong({"description": "INVALID_INPUT"})
        _valid_block(each)


def words(node: Any) -> str:
    """All the text of a document, a line for each block."""
    if isinstance(node, dict):
        own = node.get("text", "")
        return str(own) + "".join(words(each) for each in node.get("content", ())) + ("\n" if not own else "")
    return ""


@asynccontextmanager
async def jira_site() -> AsyncIterator[JiraSite]:
    """A site at an address of its own."""
    site = JiraSite()
    app = web.Application()
    app.router.add_route("*", "/rest/api/3/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()
