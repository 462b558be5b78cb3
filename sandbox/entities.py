"""Text as Telegram stores it: cleaned, trimmed, with the entities it was given and those it finds by itself."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from telegram import MessageEntity
from telegram.constants import MessageEntityType as Kind

from sandbox.errors import bad_request
from sandbox.markup import read_html, utf16_length

FOUND = {
    Kind.URL: re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)»]|(?<![\w/.])t\.me/[^\s<>\"]*[^\s<>\".,;:!?)»]"),
    Kind.BOT_COMMAND: re.compile(r"(?<![\w/@<>.])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])"),
    Kind.EMAIL: re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    Kind.MENTION: re.compile(r"(?<![\w/@.])@[A-Za-z][A-Za-z0-9_]{3,31}\b(?!\.\w)"),
    Kind.HASHTAG: re.compile(r"(?<!\w)#\w*[^\W\d]\w*"),
}
OPAQUE = {Kind.CODE, Kind.PRE, Kind.TEXT_LINK}
CONTROLS = {code: " " for code in range(32) if chr(code) != "\n"}


@dataclass(frozen=True, slots=True)
class Formatted:
    text: str
    entities: tuple[MessageEntity, ...] = ()


def formatted(text: str, parse_mode: str | None = None, entities: Iterable[Mapping[str, object]] = ()) -> Formatted:
    """What a text becomes once it is sent. Raises ApiError where Telegram does."""
    if parse_mode and parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    clean = text.replace("\r", "")
    if parse_mode:
        plain, given = read_html(clean)
    else:
        plain, given = clean, [_given(entity, utf16_length(clean)) for entity in entities]
    return _with_found(_trimmed(plain.translate(CONTROLS), given))


def _given(data: Mapping[str, object], length: int) -> MessageEntity:
    if not isinstance(data, Mapping):
        raise bad_request("can't parse MessageEntity: expected an Object")
    if data.get("type") not in set(map(str, Kind)):
        raise bad_request("can't parse MessageEntity: unsupported type specified")
    offset, size = data.get("offset"), data.get("length")
    if not isinstance(offset, int) or not isinstance(size, int):
        raise bad_request('can\'t parse MessageEntity: field "offset" and "length" must be of type Number')
    if offset < 0 or size <= 0 or offset + size > length:
        raise bad_request(f"entity beginning at UTF-16 offset {offset} ends after the end of the text")
    return MessageEntity.de_json(dict(data), None)


def _trimmed(text: str, entities: Sequence[MessageEntity]) -> Formatted:
    cut = utf16_length(text) - utf16_length(text.lstrip())
    body = text.strip()
    kept = (_clipped(entity, cut, utf16_length(body)) for entity in entities)
    return Formatted(body, tuple(entity for entity in kept if entity.length > 0))


def _clipped(entity: MessageEntity, cut: int, length: int) -> MessageEntity:
    start = max(entity.offset - cut, 0)
    end = min(entity.offset + entity.length - cut, length)
    return MessageEntity.de_json(entity.to_dict() | {"offset": start, "length": end - start}, None)


def _with_found(content: Formatted) -> Formatted:
    taken = [_span(entity) for entity in content.entities if entity.type in OPAQUE]
    found: list[MessageEntity] = []
    for kind, pattern in FOUND.items():
        for match in pattern.finditer(content.text):
            offset = utf16_length(content.text[: match.start()])
            span = (offset, offset + utf16_length(match.group()))
            if all(span[1] <= start or end <= span[0] for start, end in taken):
                taken.append(span)
                found.append(MessageEntity(str(kind), span[0], span[1] - span[0]))
    everything = sorted([*content.entities, *found], key=lambda entity: (entity.offset, -entity.length))
    return Formatted(content.text, tuple(everything))


def _span(entity: MessageEntity) -> tuple[int, int]:
    return entity.offset, entity.offset + entity.length
