"""Atlassian Document Format: what descriptions and comments are made of. Text is never markup in it."""

from collections.abc import Iterable, Mapping
from typing import Any

Doc = Mapping[str, Any]
Block = Mapping[str, Any]


def doc(blocks: Iterable[Block]) -> Doc:
    """A document."""
    return {"type": "doc", "version": 1, "content": list(blocks)}


def paragraph(text: str) -> Block:
    """Lines of text; a text node must not be empty.

    >>> paragraph("a\\nb")["content"]
    [{'type': 'text', 'text': 'a'}, {'type': 'hardBreak'}, {'type': 'text', 'text': 'b'}]
    """
    content: list[Mapping[str, Any]] = []
    for number, line in enumerate(text.splitlines()):
        content += [{"type": "hardBreak"}] if number else []
        content += [{"type": "text", "text": line}] if line else []
    return {"type": "paragraph", "content": content}


def quote(text: str) -> Block:
    """Somebody's words."""
    return {"type": "blockquote", "content": [paragraph(text)]}


def heading(text: str) -> Block:
    """The title of a part."""
    return {"type": "heading", "attrs": {"level": 3}, "content": [{"type": "text", "text": text}]}


def bullets(lines: Iterable[str]) -> list[Block]:
    """A list; nothing where it would be empty."""
    items = [{"type": "listItem", "content": [paragraph(line)]} for line in lines]
    return [{"type": "bulletList", "content": items}] if items else []
