"""Parameters of a call: what came over HTTP becomes typed arguments, or a refusal in Telegram's words."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.errors import ApiError, bad_request
from sandbox.files import Upload

Kind = Callable[[str, object], object]

MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "user_id": "invalid user_id specified",
    "file_id": "invalid file_id specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "voice": "there is no voice in the request",
    "media": "media is empty",
    "action": "wrong parameter action in request",
    "commands": "can't parse commands JSON object",
}
JSON_NAMES = {"reply_markup": "reply keyboard markup"}


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carried: parameters by name and files by the name they are attached under."""

    values: Mapping[str, object]
    uploads: Mapping[str, Upload] = field(default_factory=dict)


def integer(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value):
        return int(value)
    raise bad_request(f'parameter "{name}" must be an Integer')


def chat(name: str, value: object) -> int:
    try:
        return integer(name, value)
    except ApiError:
        raise bad_request("chat not found") from None


def string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise bad_request(f'parameter "{name}" must be a String')
    return utf8(value)


def boolean(name: str, value: object) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    answer = value if isinstance(value, bool) else known.get(str(value).lower())
    if answer is None:
        raise bad_request(f'parameter "{name}" must be a Boolean')
    return answer


def json_object(name: str, value: object) -> dict[str, object]:
    decoded = _decoded(name, value)
    if not isinstance(decoded, dict):
        raise bad_request(f"object expected as {name.replace('_', ' ')}")
    return decoded


def json_array(name: str, value: object) -> list[object]:
    decoded = _decoded(name, value)
    if not isinstance(decoded, list):
        raise bad_request(f'parameter "{name}" must be an Array')
    return decoded


def integers(name: str, value: object) -> list[int]:
    return [integer(name, item) for item in json_array(name, value)]


def strings(name: str, value: object) -> list[str]:
    return [string(name, item) for item in json_array(name, value)]


def utf8(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return value


def _decoded(name: str, value: object) -> object:
    if not isinstance(value, str):
        return _all_utf8(value)
    try:
        return _all_utf8(json.loads(value))
    except (ValueError, RecursionError):
        raise bad_request(f"can't parse {JSON_NAMES.get(name, name)} JSON object") from None


def _all_utf8(value: object) -> object:
    utf8(json.dumps(value, ensure_ascii=False))
    return value


def arguments(
    method: str, body: Body, required: Mapping[str, Kind], optional: Mapping[str, Kind]
) -> Mapping[str, object]:
    """Typed arguments of a call. Unlike Telegram, which ignores what it does not know, refuses unknown names."""
    kinds = {**required, **optional}
    for name in body.values:
        if name not in kinds:
            raise bad_request(f'unknown parameter "{name}" of {method}')
    for name in required:
        if body.values.get(name) in (None, ""):
            raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
    return {name: kinds[name](name, value) for name, value in body.values.items() if value is not None}
