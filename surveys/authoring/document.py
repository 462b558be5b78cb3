"""A questionnaire as a document: plain data that a database keeps and any later day can ask from.

It repeats nothing of today's configuration: languages, roles and blocks are those of the day it was read.
Defaults are spelled out in it, so that a change in how files are read never changes an old version.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from metrics.scales import SCALES
from surveys.authoring.shape import ItemShape, QuestionnaireShape
from surveys.questionnaire import (
    EVERY_ROLE,
    MODES,
    TEXT_LIMIT,
    Band,
    Item,
    Mode,
    Questionnaire,
    Role,
    ScaleItem,
    Text,
    TextItem,
    WhyItem,
)

Document = dict[str, Any]

TEXTS = ("title", "introduction", "consent", "closing")


def document_of(shape: QuestionnaireShape, offer: Mapping[str, Sequence[str]]) -> Document:
    """The document of a file that was found to be good."""
    blocks = {component: block for block, components in offer.items() for component in components}
    return {
        "key": shape.key,
        "kind": shape.kind,
        "minutes": shape.minutes,
        **{name: _text(getattr(shape, name)) for name in TEXTS},
        "items": [entry for item in shape.items for entry in _entries(shape, item, blocks)],
    }


def digest(document: Document) -> str:
    """SHA-256 of the document, hexadecimal: the same for files that differ in comments and order of keys only."""
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def build(document: Document, version: int) -> Questionnaire:
    """The questionnaire of a document, of whatever day."""
    return Questionnaire(
        key=document["key"],
        version=version,
        kind=document["kind"],
        minutes=document["minutes"],
        title=document["title"],
        introduction=document["introduction"],
        consent=_consent(document),
        closing=document["closing"],
        items=tuple(_item(entry) for entry in document["items"]),
    )


def _consent(document: Document) -> dict[Mode, Text]:
    """One text for both modes where the document has no others."""
    return dict.fromkeys(MODES, document["consent"])


def why_key(key: str) -> str:
    """Key of the open question that follows the item `key`."""
    return f"{key}_why"


def scores_of(band: str) -> range | None:
    """The scores of a band; empty when it runs backwards, None when it is no band.

    >>> scores_of("0-6"), scores_of("5"), scores_of("6-0"), scores_of("low")
    (range(0, 7), range(5, 6), range(6, 1), None)
    """
    low, dash, high = band.partition("-")
    if not _is_number(low) or (dash and not _is_number(high)):
        return None
    return range(int(low), int(high if dash else low) + 1)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3


def _entries(shape: QuestionnaireShape, item: ItemShape, blocks: Mapping[str, str]) -> Iterator[Document]:
    place = {"component": item.component or None, "block": blocks.get(item.component)}
    asked = {"key": item.key, "wording": _wording(item), **place}
    if not item.scale:
        yield {"type": "text", **asked, "limit": item.limit}
        return
    ends = shape.scales[item.scale]
    yield {"type": "scale", **asked, "scale": item.scale, "low": _text(ends.low), "high": _text(ends.high)}
    bands = item.why if "why" in item.model_fields_set else shape.why.get(item.scale, {})
    if bands:
        yield {
            "type": "why",
            "key": why_key(item.key),
            "about": item.key,
            "bands": _bands(bands),
            **place,
            "limit": TEXT_LIMIT,
        }


def _wording(item: ItemShape) -> dict[Role, dict[str, str]]:
    by_role = item.text_for or {EVERY_ROLE: item.text}
    return {role: _text(text) for role, text in by_role.items()}


def _bands(bands: Mapping[str, Mapping[str, str]]) -> list[Document]:
    entries = [{"scores": list(scores_of(band) or ()), "text": _text(text)} for band, text in bands.items()]
    return sorted(entries, key=lambda entry: entry["scores"])


def _text(text: Mapping[str, str]) -> dict[str, str]:
    return {language: unicodedata.normalize("NFC", words.strip()) for language, words in text.items()}


def _item(entry: Document) -> Item:
    place = {"component": entry["component"], "block": entry["block"]}
    match entry["type"]:
        case "scale":
            return ScaleItem(
                key=entry["key"],
                wording=entry["wording"],
                scale=SCALES[entry["scale"]],
                low=entry["low"],
                high=entry["high"],
                **place,
            )
        case "text":
            return TextItem(key=entry["key"], wording=entry["wording"], limit=entry["limit"], **place)
        case "why":
            return WhyItem(
                key=entry["key"],
                about=entry["about"],
                bands=tuple(_band(band) for band in entry["bands"]),
                limit=entry["limit"],
                **place,
            )
        case other:
            raise ValueError(f"no such item in a document: {other!r}")


def _band(entry: Document) -> Band:
    return Band(frozenset(entry["scores"]), entry["text"])
