"""A thin client of Jira's REST API, version 3."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp

from bot.outward.adf import Doc
from bot.outward.mail import Again, Never, failure, retry_after
from bot.settings_outward import Jira
from surveys.outward.tracker import CATEGORIES, Category

LONGEST: Final = 4 * 1024 * 1024  # bytes of an answer
PAGE: Final = 50
FOR_GOOD: Final = (400, 413, 422)
NEEDED: Final = ("BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS")
MARK: Final = "otklik"
"""The property by which our own comments are known."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The status of an issue, by its name and by its kind."""

    status: str
    category: Category


class Refused(Exception):
    """The call did not succeed. `status`: of the answer, 0 where there is none. `certain`: it was not carried out."""

    def __init__(self, status: int, outcome: Again | Never, *, certain: bool) -> None:
        super().__init__(status)
        self.status = status
        self.outcome = outcome
        self.certain = certain


@dataclass(frozen=True, slots=True, kw_only=True)
class JiraClient:
    """Calls that succeed, or raise Refused. `url`: of the site."""

    url: str
    email: str
    token: str = field(repr=False)
    session: aiohttp.ClientSession

    async def create(self, fields: Mapping[str, Any]) -> str:
        """Makes an issue; its key."""
        made = await self._call("POST", "issue", {"fields": fields})
        return str(made["key"])

    async def edit(self, key: str, fields: Mapping[str, Any]) -> None:
        """Puts these fields in the place of what is there."""
        await self._call("PUT", f"issue/{key}", {"fields": fields})

    async def standing(self, key: str) -> Standing:
        """Where the issue stands at this moment, which a search may not know yet."""
        found = await self._call("GET", f"issue/{key}?fields=status")
        return _standing(found["fields"]["status"])

    async def search(self, jql: str) -> Sequence[str]:
        """The keys of the issues that match. What was changed in the last minutes may be missing."""
        keys: list[str] = []
        asked: dict[str, Any] = {"jql": jql, "fields": ["status"], "maxResults": PAGE}
        while True:
            page = await self._call("POST", "search/jql", asked)
            keys += [str(one["key"]) for one in page["issues"]]
            if not page.get("nextPageToken"):
                return keys
            asked["nextPageToken"] = page["nextPageToken"]

    async def transitions(self, key: str) -> Mapping[str, Standing]:
        """Where the issue can go from here, by the number of the transition."""
        found = await self._call("GET", f"issue/{key}/transitions")
        return {str(one["id"]): _standing(one["to"]) for one in found["transitions"]}

    async def move(self, key: str, transition: str) -> None:
        """Takes the issue through this transition."""
        await self._call("POST", f"issue/{key}/transitions", {"transition": {"id": transition}})

    async def comment(self, key: str, body: Doc, version: int) -> None:
        """Says something under the issue, marked with the version it tells of."""
        mark = {"key": MARK, "value": {"version": version}}
        await self._call("POST", f"issue/{key}/comment", {"body": body, "properties": [mark]})

    async def said(self, key: str) -> int:
        """The last version that one of the last comments tells of; 0 where none does."""
        page = f"issue/{key}/comment?orderBy=-created&maxResults={PAGE}&expand=properties"
        found = await self._call("GET", page)
        marks = [each for one in found["comments"] for each in one.get("properties", ()) if each["key"] == MARK]
        return max((int(mark["value"]["version"]) for mark in marks), default=0)

    async def lacking(self, project: str) -> Sequence[str]:
        """What this account may not do in the project, of what is needed."""
        asked = f"mypermissions?projectKey={project}&permissions={','.join(NEEDED)}"
        has = (await self._call("GET", asked))["permissions"]
        return [name for name in NEEDED if not has.get(name, {}).get("havePermission")]

    async def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            async with self.session.request(
                method, f"{self.url}/rest/api/3/{path}", json=body, headers=self._headers(), allow_redirects=False
            ) as response:
                return _read(response, await _bounded(response.content))
        except Refused:
            raise
        except Exception as error:  # a library's own mistakes included
            certain = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
            raise Refused(0, failure(error), certain=certain) from error

    def _headers(self) -> Mapping[str, str]:
        known = b64encode(f"{self.email}:{self.token}".encode()).decode()
        return {"Authorization": f"Basic {known}", "Accept": "application/json", "User-Agent": "Otklik"}


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    async for part in content.iter_any():
        body += part
        if len(body) > LONGEST:
            raise ValueError("too long")
    return bytes(body)


def _read(response: aiohttp.ClientResponse, body: bytes) -> Any:
    status = response.status
    if 200 <= status < 300:
        return json.loads(body) if body else None
    reason = f"answered {status}{_reason(body) if status in FOR_GOOD else ''}"
    wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
    outcome = Never(reason) if status in FOR_GOOD else Again(reason, wait, asked=wait > 0)
    raise Refused(status, outcome, certain=400 <= status < 500)


def _reason(body: bytes) -> str:
    """Which fields Jira complains of; its words may quote what stands in them."""
    try:
        fields = json.loads(body)["errors"].keys()
    except (ValueError, KeyError, AttributeError, TypeError):
        return ""
    return f": {', '.join(map(str, fields))}"[:200] if fields else ""


def _standing(status: Mapping[str, Any]) -> Standing:
    """A kind of status that is not known, as one of something yet to be begun."""
    said = status["statusCategory"]["key"]
    return Standing(str(status["name"]), next((each for each in CATEGORIES if each == said), "new"))


def client_of(jira: Jira, session: aiohttp.ClientSession) -> JiraClient:
    """The client of a Jira that is configured."""
    token = jira.token.get_secret_value() if jira.token else ""
    return JiraClient(url=str(jira.url), email=str(jira.email), token=token, session=session)
