"""What a file's conditions can speak of: its items, in the order of asking, with the answers they take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from metrics.scales import OWN_HIGH, OWN_LOW, OWN_POINTS, SCALES, Scale, own_scale
from surveys.authoring.raw import Entry, items, mapping, whole, word
from surveys.questionnaire import NONE, OTHER

AnswerKind = Literal["scale", "choice", "number", "date", "text", "statement"]
KINDS: Final[Mapping[str, AnswerKind]] = {
    "scale": "scale",
    "choice": "choice",
    "choices": "choice",
    "number": "number",
    "date": "date",
    "statement": "statement",
}
"""By the key of an item that makes it one; without any of them it is open text."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An item as conditions see it. `position` counts the items of the file from 0; `options`: what may be chosen."""

    kind: AnswerKind
    position: int
    scale: Scale | None = None
    options: tuple[str, ...] = ()
    not_applicable: bool = False


def subjects(data: Entry) -> dict[str, Subject]:
    """By key, those of rows and of the "why" after a score included."""
    return {key: subject for _, item in items(data) for key, subject in _subjects(data, item)}


def why_key(key: str) -> str:
    """Key of the open question that follows the item `key`."""
    return f"{key}_why"


def row_key(grid: str, row: str) -> str:
    """Key of the item that a row of a grid becomes."""
    return f"{grid}_{row}"


def kind_of(item: Entry) -> AnswerKind:
    """What kind of answer the item takes."""
    return next((kind for key, kind in KINDS.items() if key in item and item[key] is not False), "text")


def scale_of(data: Entry, item: Entry) -> Scale | None:
    """The scale of the item."""
    return scale_named(data, word(item, "scale"))


def scale_named(data: Entry, name: str) -> Scale | None:
    """The usual scale of this name, or the vendor's own that the file describes."""
    return SCALES.get(name) or _own(mapping(mapping(data.get("scales")).get(name)))


def is_own(described: Mapping[str, object]) -> bool:
    """Whether these words are meant for a scale of the vendor's own."""
    return "worst" in described or "best" in described


def has_why(data: Entry, item: Entry) -> bool:
    """Whether an open question may follow the item."""
    default = mapping(data.get("why")).get(word(item, "scale"))
    return bool(mapping(item.get("why", default)))


def scored_keys(item: Entry) -> list[str]:
    """Keys of the items this one becomes: its own, or those of the rows of a grid."""
    key = word(item, "key")
    rows = mapping(item.get("grid"))
    return [row_key(key, row) for row in rows] if rows else [key] if key else []


def item_keys(data: Entry, item: Entry) -> list[str]:
    """The same, with those of the "why" after each."""
    keys = scored_keys(item)
    return [name for key in keys for name in (key, why_key(key))] if has_why(data, item) else keys


def _subjects(data: Entry, item: Entry) -> Iterator[tuple[str, Subject]]:
    position = next(at for at, (_, one) in enumerate(items(data)) if one is item)
    asked = Subject(
        kind_of(item), position, scale_of(data, item), tuple(_options(item)), item.get("not_applicable") is True
    )
    scored = scored_keys(item)
    for key in item_keys(data, item):
        yield key, asked if key in scored else Subject("text", position)


def _options(item: Entry) -> Iterator[str]:
    described = mapping(item.get("choice", item.get("choices")))
    yield from mapping(described.get("options"))
    yield from (key for key in (OTHER, NONE) if key in described)


def _own(described: Mapping[str, object]) -> Scale | None:
    worst, best, kind = whole(described.get("worst")), whole(described.get("best")), described.get("kind")
    if worst is None or best is None or kind not in (None, "csat", "ces"):
        return None
    fits = all(OWN_LOW <= end <= OWN_HIGH for end in (worst, best)) and abs(worst - best) >= OWN_POINTS - 1
    return own_scale(worst, best, "csat" if kind == "csat" else "ces" if kind == "ces" else None) if fits else None
