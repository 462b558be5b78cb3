"""Telegram's HTML dialect, read as strictly as the server reads it: text in, plain text and entities out."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from telegram import MessageEntity
from telegram.constants import MessageEntityType as Kind

from sandbox.errors import ApiError, bad_request

TAGS = {
    "b": Kind.BOLD,
    "strong": Kind.BOLD,
    "i": Kind.ITALIC,
    "em": Kind.ITALIC,
    "u": Kind.UNDERLINE,
    "ins": Kind.UNDERLINE,
    "s": Kind.STRIKETHROUGH,
    "strike": Kind.STRIKETHROUGH,
    "del": Kind.STRIKETHROUGH,
    "span": Kind.SPOILER,
    "tg-spoiler": Kind.SPOILER,
    "a": Kind.TEXT_LINK,
    "code": Kind.CODE,
    "pre": Kind.PRE,
    "blockquote": Kind.BLOCKQUOTE,
}
TOKEN = re.compile(r"<|&(?:#\d+|#[xX][0-9a-fA-F]+|lt|gt|amp|quot);?|[^<&]+|&")
TAG_NAME = re.compile(r"<(/?)([^\s>]*)")
ATTRIBUTE = re.compile(r"\s+([^\s=>/\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.-]+)))?")
TAG_END = re.compile(r"\s*>")


@dataclass(frozen=True, slots=True)
class Opened:
    tag: str
    attributes: dict[str, str]
    offset: int


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: an emoji outside the basic plane is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


class HtmlReader:
    """One pass over one text. The wording of the errors and their byte offsets are those of TDLib."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.offset = 0
        self.opened: list[Opened] = []
        self.entities: list[MessageEntity] = []

    def read(self) -> tuple[str, list[MessageEntity]]:
        position = 0
        while position < len(self.source):
            token = next(TOKEN.finditer(self.source, position))
            position = self._tag(position) if token.group() == "<" else self._text(token)
        if self.opened:
            raise unparsable(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')
        return "".join(self.parts), sorted(self.entities, key=lambda entity: (entity.offset, -entity.length))

    def _text(self, token: re.Match[str]) -> int:
        text = html.unescape(token.group()) if token.group().startswith("&") else token.group()
        self.parts.append(text)
        self.offset += utf16_length(text)
        return token.end()

    def _tag(self, position: int) -> int:
        name = next(TAG_NAME.finditer(self.source, position))
        return self._end_tag(name) if name.group(1) else self._start_tag(name)

    def _at(self, name: re.Match[str]) -> str:
        return f"at byte offset {len(self.source[: name.start()].encode())}"

    def _start_tag(self, name: re.Match[str]) -> int:
        tag = name.group(2).lower()
        if name.end() == len(self.source):
            raise unparsable(f"Unclosed start tag {self._at(name)}")
        if tag not in TAGS:
            raise unparsable(f'Unsupported start tag "{tag}" {self._at(name)}')
        position, attributes = name.end(), {}
        while attribute := ATTRIBUTE.match(self.source, position):
            attributes[attribute.group(1)] = html.unescape(next(filter(None, attribute.groups()[1:]), ""))
            position = attribute.end()
        if not (end := TAG_END.match(self.source, position)):
            raise unparsable(f'Unclosed start tag "{tag}" {self._at(name)}')
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise unparsable(f'Tag "span" must have class "tg-spoiler" {self._at(name)}')
        self.opened.append(Opened(tag, attributes, self.offset))
        return end.end()

    def _end_tag(self, name: re.Match[str]) -> int:
        if not self.opened:
            raise unparsable(f"Unexpected end tag {self._at(name)}")
        if not (end := TAG_END.match(self.source, name.end())):
            raise unparsable(f"Unclosed end tag {self._at(name)}")
        last = self.opened.pop()
        if name.group(2) not in ("", last.tag):
            found = f'expected "</{last.tag}>", found "</{name.group(2)}>"'
            raise unparsable(f"Unmatched end tag {self._at(name)}, {found}")
        if self.offset > last.offset:
            self.entities.extend(self._entity(last))
        return end.end()

    def _entity(self, last: Opened) -> Iterator[MessageEntity]:
        length, kind = self.offset - last.offset, str(TAGS[last.tag])
        if last.tag == "a":
            covered = "".join(self.parts).encode("utf-16-le")[2 * last.offset :].decode("utf-16-le")
            url = last.attributes.get("href") or covered
            if re.match(r"(https?|tg)://\S+$", url):
                yield MessageEntity(kind, last.offset, length, url=url)
        elif language := self._language(last):
            yield MessageEntity(str(Kind.PRE), last.offset, length, language=language)
        elif last.tag == "pre" and self.entities[-1:] == [MessageEntity(kind, last.offset, length)]:
            return  # the code inside has named its language and covers it all
        elif last.tag == "blockquote" and "expandable" in last.attributes:
            yield MessageEntity(str(Kind.EXPANDABLE_BLOCKQUOTE), last.offset, length)
        else:
            yield MessageEntity(kind, last.offset, length)

    def _language(self, last: Opened) -> str:
        inside_pre = last.tag == "code" and self.opened and self.opened[-1].tag == "pre"
        name = last.attributes.get("class", "")
        return name.removeprefix("language-") if inside_pre and name.startswith("language-") else ""


def read_html(source: str) -> tuple[str, list[MessageEntity]]:
    """Plain text and entities of a text in Telegram's HTML.

    >>> read_html("<b>A &lt; B</b>")[0]
    'A < B'
    """
    return HtmlReader(source).read()
