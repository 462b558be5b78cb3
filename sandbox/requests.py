"""Reading a Bot API request: query string, JSON, urlencoded form, multipart with files."""

import json

from aiohttp import web
from aiohttp.web_request import FileField

from sandbox.errors import bad_request
from sandbox.files import Upload
from sandbox.params import Body

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_body(request: web.Request) -> Body:
    """Parameters of the query string and of the body together."""
    values: dict[str, object] = dict(request.query)
    if request.method == "GET" or not request.can_read_body:
        return Body(values)
    if request.content_type == "application/json":
        return Body(values | _json_object(await request.read()))
    if request.content_type in FORMS:
        return await _form(request, values)
    return Body(values)


def _json_object(raw: bytes) -> dict[str, object]:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise bad_request("can't parse request JSON object")
    return data


async def _form(request: web.Request, values: dict[str, object]) -> Body:
    try:
        form = await request.post()
    except ValueError:
        raise bad_request("can't parse the form of the request") from None
    uploads: dict[str, Upload] = {}
    for name, value in form.items():
        if isinstance(value, FileField):
            uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            values[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    return Body(_with_direct_files(values, uploads), uploads)


def _with_direct_files(values: dict[str, object], uploads: dict[str, Upload]) -> dict[str, object]:
    """A file may come as `photo=<bytes>` or as `photo=attach://x` with `x=<bytes>`: make the first the second."""
    mentioned = " ".join(str(value) for value in values.values())
    direct = {name: f"attach://{name}" for name in uploads if f"attach://{name}" not in mentioned}
    return values | direct
