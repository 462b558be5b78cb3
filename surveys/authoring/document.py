"""A questionnaire as a document: plain data that a database keeps and any later day can ask from.

It repeats nothing of today's configuration: languages, roles and blocks are those of the day it was read.
What a file leaves out a document leaves out too, unless an older program would have written it: so a newer one does
not make another version of what nobody changed.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from surveys.authoring.bands import scores_of
from surveys.authoring.conditions import node_of
from surveys.authoring.raw import Entry, items, word
from surveys.authoring.shape import ChoiceShape, ChoicesShape, ItemShape, QuestionnaireShape
from surveys.authoring.subjects import Subject, row_key, scale_named, scored_keys, subjects, why_key
from surveys.questionnaire import EVERY_ROLE, TEXT_LIMIT, Role

Document = dict[str, Any]

TEXTS = ("title", "introduction", "closing")


def document_of(data: Entry, shape: QuestionnaireShape, offer: Mapping[str, Sequence[str]]) -> Document:
    """The document of a file that was found to be good: its data, and the same in its shape."""
    blocks = {component: block for block, components in offer.items() for component in components}
    entries = _Entries(data, shape, blocks)
    return {
        "key": shape.key,
        "kind": shape.kind,
        "minutes": shape.minutes,
        **{name: _text(getattr(shape, name)) for name in TEXTS},
        **_settings(data, shape, entries.subjects),
        "items": [entry for item in shape.items for entry in entries.of(item)],
    }


def digest(document: Document) -> str:
    """SHA-256 of the document, hexadecimal: the same for files that differ in comments and order of keys only."""
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _settings(data: Entry, shape: QuestionnaireShape, known: Mapping[str, Subject]) -> Document:
    """What not every questionnaire has."""
    closings = [
        {"when": node_of(raw["when"], known), "text": _text(closing.text)}
        for raw, closing in zip(data.get("closings", []), shape.closings, strict=True)
    ]
    given = {
        "consent": _text(shape.consent),
        "consent_for": {mode: _text(text) for mode, text in shape.consent_for.items()},
        "mode": shape.mode,
        "validity": int(shape.validity.removesuffix("d") or 0),
        "closings": closings,
        "script": _text(shape.script),
    }
    chosen = {"review": shape.review, "amend": _hours(shape.amend)}
    return {
        **{name: value for name, value in given.items() if value},
        **{name: value for name, value in chosen.items() if value is not None},
    }


def _hours(duration: str) -> int | None:
    """
    >>> _hours("2d"), _hours("0h"), _hours("")
    (48, 0, None)
    """
    return int(duration[:-1]) * (24 if duration.endswith("d") else 1) if duration else None


class _Entries:
    """Makes the entries of items: one for a question, one for the "why" after it."""

    def __init__(self, data: Entry, shape: QuestionnaireShape, blocks: Mapping[str, str]) -> None:
        self.data = data
        self.shape = shape
        self.blocks = blocks
        self.subjects = subjects(data)
        self._raw = {word(raw, "key"): raw for _, raw in items(data)}

    def of(self, item: ItemShape) -> Iterator[Document]:
        if item.grid:
            yield from self._rows(item)
            return
        asked = {"key": item.key, "wording": _wording(item), **_aloud(item), **self._place(item.component)}
        asked |= _short(item.short)
        yield {**asked, **self._answer(item), **self._ways(item), **self._routes(item)}
        yield from self._why(item, item.key, item.component)

    def _rows(self, item: ItemShape) -> Iterator[Document]:
        """Each row is a question: what the grid asks, of this row. Routes follow the last one."""
        for name, row in item.grid.items():
            key, component = row_key(item.key, name), row.component or item.component
            wording = {
                role: {language: f"{text[language]}\n{words}" for language, words in _text(row.text).items()}
                for role, text in _wording(item).items()
            }
            routes = self._routes(item) if name == list(item.grid)[-1] else {}
            asked = {"key": key, "wording": wording, **self._place(component), **_short(row.short)}
            yield {**asked, **self._answer(item), **self._ways(item), **routes}
            yield from self._why(item, key, component)

    def _place(self, component: str) -> Document:
        return {"component": component or None, "block": self.blocks.get(component)}

    def _answer(self, item: ItemShape) -> Document:
        """The kind of answer and what belongs to it."""
        if item.scale:
            return {"type": "scale", **self._scale(item.scale)}
        if item.choice:
            return {"type": "choice", **_choice(item.choice)}
        if item.choices:
            most = item.choices.at_most or len(item.choices.options) + bool(item.choices.other)
            return {"type": "choice", **_choice(item.choices), "at_least": item.choices.at_least, "at_most": most}
        if item.number:
            return {"type": "number", "low": item.number.from_, "high": item.number.to}
        if item.date:
            return {"type": "date", "since": item.date.from_, "until": item.date.to}
        if item.statement:
            return {"type": "statement"}
        least = {"at_least": item.at_least} if item.at_least > 1 else {}
        return {"type": "text", "limit": item.limit, **least}

    def _scale(self, name: str) -> Document:
        """The key of a vendor's own scale says what it is, so the document does without the file's name of it."""
        scale, ends = scale_named(self.data, name), self.shape.scales[name]
        if scale is None:
            raise ValueError(f"no such scale: {name!r}")
        anchors = {point: _text(words) for point, words in ends.anchors.items()}
        given = {"scale": scale.key, "low": _text(ends.low), "high": _text(ends.high)}
        return given | ({"anchors": anchors} if anchors else {})

    def _ways(self, item: ItemShape) -> Document:
        raw = self._raw[item.key]
        when = {"when": node_of(raw["when"], self.subjects)} if item.when else {}
        return when | ({"not_applicable": True} if item.not_applicable else {})

    def _routes(self, item: ItemShape) -> Document:
        routes = [
            {"go_to": self._target(route["go_to"])}
            | ({"when": node_of(route["when"], self.subjects)} if "when" in route else {})
            for route in self._raw[item.key].get("routes", [])
        ]
        return {"routes": routes} if routes else {}

    def _target(self, key: str) -> str:
        """A grid is reached by its first row."""
        return scored_keys(self._raw[key])[0] if key in self._raw else key

    def _why(self, item: ItemShape, key: str, component: str) -> Iterator[Document]:
        bands = item.why if "why" in item.model_fields_set else self.shape.why.get(item.scale, {})
        if item.scale and bands:
            place = self._place(component)
            why = {"type": "why", "key": why_key(key), "about": key, "bands": _bands(bands)}
            yield {**why, **place, "limit": TEXT_LIMIT}


def _choice(described: ChoiceShape | ChoicesShape) -> Document:
    """Options in their order, which a mapping would not make part of the version."""
    labels = {"other": _text(described.other), "none": _text(described.none)}
    options = [{"key": key, "label": _text(label)} for key, label in described.options.items()]
    return {"options": options, **{name: label for name, label in labels.items() if label}}


def _wording(item: ItemShape) -> dict[Role, dict[str, str]]:
    by_role = item.text_for or {EVERY_ROLE: item.text}
    return {role: _text(text) for role, text in by_role.items()}


def _aloud(item: ItemShape) -> Document:
    by_role = item.aloud_for or ({EVERY_ROLE: item.aloud} if item.aloud else {})
    return {"aloud": {role: _text(text) for role, text in by_role.items()}} if by_role else {}


def _short(words: Mapping[str, str]) -> Document:
    return {"short": _text(words)} if words else {}


def _bands(bands: Mapping[str, Mapping[str, str]]) -> list[Document]:
    entries = [{"scores": list(scores_of(band) or ()), "text": _text(text)} for band, text in bands.items()]
    return sorted(entries, key=lambda entry: entry["scores"])


def _text(text: Mapping[str, str]) -> dict[str, str]:
    return {language: unicodedata.normalize("NFC", words.strip()) for language, words in text.items()}
