"""The HTTP face of the Bot API: tokens, methods, faults, and the record of what was called."""

import asyncio
import hmac
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.calls import Call, Method, Record
from sandbox.courier import DROP, GET_UPDATES, SET_WEBHOOK, Courier
from sandbox.errors import ApiError, forbidden, not_found, too_many_requests
from sandbox.faults import Fault, FaultKind, Faults, Flood
from sandbox.methods import METHODS
from sandbox.params import Body, arguments, string
from sandbox.requests import read_body
from sandbox.world import World

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
POLLING = "getUpdates"
HTML_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"


@dataclass(slots=True)
class BotApi:
    world: World
    courier: Courier
    token: str
    faults: Faults
    flood: Flood
    calls: list[Record] = field(default_factory=list)
    methods: dict[str, Method] = field(init=False)
    names: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        courier = self.courier
        self.methods = METHODS | {
            POLLING: Method(lambda _, call: courier.get_updates(call), {}, GET_UPDATES),
            "setWebhook": Method(lambda _, call: courier.set_webhook(call), {}, SET_WEBHOOK | {"url": string}),
            "deleteWebhook": Method(lambda _, call: courier.delete_webhook(call), {}, DROP),
            "getWebhookInfo": Method(lambda _, call: courier.get_webhook_info()),
        }
        self.names = {name.lower(): name for name in self.methods}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call. The shape of every refusal is Telegram's."""
        try:
            self._check_token(request)
            body = await read_body(request)
            name = self.names.get(request.match_info["method"].lower())
            if name is None:
                raise not_found("method not found")
            if fault := self.faults.pick(name, _chat_id(body)):
                return await self._strike(request, fault, name, body)
            return web.json_response({"ok": True, "result": await self._carry_out(name, body)})
        except ApiError as error:
            return web.json_response(error.payload(), status=error.code)

    async def download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request)
            stored = self.world.files.by_path.get(request.match_info["path"])
            if stored is None:
                raise not_found()
        except ApiError as error:
            return web.json_response(error.payload(), status=error.code)
        return web.Response(body=stored.data, content_type="application/octet-stream")

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not TOKEN.fullmatch(token):
            raise not_found()
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            raise ApiError(401, "Unauthorized")

    async def _carry_out(self, name: str, body: Body, fault: Fault | None = None) -> object:
        method, args = self.methods[name], body.values
        try:
            args = arguments(name, body, method.required, method.optional)
            result = await self._run(method, Call(args, body.uploads))
        except ApiError as error:
            self._record(name, args, error=error.description, fault=fault)
            raise
        self._record(name, args, result=result, fault=fault)
        return result

    async def _run(self, method: Method, call: Call) -> object:
        if method.sends and (wait := self.flood.wait(call.chat_id)):
            raise too_many_requests(wait)
        result = method.run(self.world, call)
        return await result if inspect.isawaitable(result) else result

    async def _strike(self, request: web.Request, fault: Fault, name: str, body: Body) -> web.StreamResponse:
        if fault.kind is FaultKind.RESET_AFTER:
            await self._carry_out(name, body, fault)
        else:
            self._record(name, body.values, error=fault.kind, fault=fault)
        match fault.kind:
            case FaultKind.TOO_MANY_REQUESTS:
                raise too_many_requests(fault.retry_after)
            case FaultKind.BLOCKED:
                raise forbidden("bot was blocked by the user")
            case FaultKind.SERVER_ERROR:
                raise ApiError(fault.status, web.Response(status=fault.status).reason)
            case FaultKind.HTML_PAGE:
                page = HTML_PAGE.format(f"{fault.status} {web.Response(status=fault.status).reason}")
                return web.Response(text=page, status=fault.status, content_type="text/html")
            case FaultKind.HANG:
                await asyncio.get_running_loop().create_future()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _record(
        self,
        name: str,
        args: Mapping[str, object],
        *,
        result: object = None,
        error: str | None = None,
        fault: Fault | None = None,
    ) -> None:
        if name != POLLING:
            kind = str(fault.kind) if fault else None
            self.calls.append(Record(self.world.clock(), name, dict(args), result, error, kind))


def _chat_id(body: Body) -> int | None:
    value: Any = body.values.get("chat_id")
    return int(value) if re.fullmatch(r"-?\d+", str(value)) else None
