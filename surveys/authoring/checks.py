"""What the shape of a questionnaire file cannot say: that its parts agree with each other and with the vendor.

Every check takes data of any shape and passes over what it cannot understand, for the shape is reported elsewhere:
so one reading of a file tells everything that is wrong with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from metrics.scales import SCALES, Scale, points
from surveys.authoring.document import scores_of, why_key
from surveys.authoring.problems import Fault, Place, unknown
from surveys.questionnaire import Role

Entry = dict[str, Any]


def structure_faults(data: Entry, offer: Mapping[str, Sequence[str]], roles: Sequence[Role]) -> Iterator[Fault]:
    """What is wrong between the parts of a questionnaire."""
    components = [component for block in offer.values() for component in block]
    for place, item in _items(data):
        yield from _unknown_words(place, item, components, roles)
        yield from _address(place, item)
        yield from _belongings(place, item)
        yield from _band_faults((*place, "why"), item.get("why"), _scale(item))
    yield from _keys(data)
    used = {_word(item, "scale") for _, item in _items(data)}
    waiting = {_word(item, "scale") for _, item in _items(data) if "why" not in item}
    yield from _scales(data, used)
    yield from _defaults(data, waiting)


def _unknown_words(place: Place, item: Entry, components: Sequence[str], roles: Sequence[Role]) -> Iterator[Fault]:
    for name, allowed in (("component", components), ("scale", list(SCALES))):
        word = item.get(name)
        if isinstance(word, str) and word not in allowed:
            yield (*place, name), unknown(name, word, allowed)
    for role in _mapping(item.get("text_for")):
        if role not in roles:
            yield (*place, "text_for", role), unknown("role", role, roles)


def _address(place: Place, item: Entry) -> Iterator[Fault]:
    match "text" in item, "text_for" in item:
        case False, False:
            yield place, "has no question; give text (for every role) or text_for (by role)"
        case True, True:
            yield place, "has both text and text_for; one of them is allowed"


def _belongings(place: Place, item: Entry) -> Iterator[Fault]:
    if "scale" in item and "limit" in item:
        yield (*place, "limit"), "is for open text; an item with a scale has none"
    if "scale" not in item and "why" in item:
        yield (*place, "why"), "follows a score; an item without a scale has none"


def _band_faults(place: Place, bands: object, scale: Scale | None) -> Iterator[Fault]:
    owner: dict[int, str] = {}
    for band in _mapping(bands):
        scores = scores_of(band)
        if not scores:
            yield (*place, band), "is no band of scores; write them as 0-6 or 5, the lower first"
        elif scale and not set(scores) <= set(points(scale)):
            yield (*place, band), f"leaves the scale {scale.key}: {scale.low} to {scale.high} are allowed"
        elif taken := [owner[score] for score in scores if score in owner]:
            yield (*place, band), f"overlaps with {taken[0]}; a score is allowed in one band"
        else:
            owner.update(dict.fromkeys(scores, band))


def _keys(data: Entry) -> Iterator[Fault]:
    """Keys of items, those of the "why" after them included."""
    seen: set[str] = set()
    for place, item in _items(data):
        for key in _item_keys(data, item):
            if key in seen:
                yield (*place, "key"), f"{key!r} is the key of another item too; each key is allowed once"
            seen.add(key)


def _item_keys(data: Entry, item: Entry) -> list[str]:
    key = item.get("key")
    if not isinstance(key, str):
        return []
    return [key, why_key(key)] if _has_why(data, item) else [key]


def _has_why(data: Entry, item: Entry) -> bool:
    default = _mapping(data.get("why")).get(_word(item, "scale"))
    return bool(_mapping(item.get("why", default)))


def _scales(data: Entry, used: set[str]) -> Iterator[Fault]:
    """Words for the ends: there for every scale in use, and for no other."""
    worded = _mapping(data.get("scales"))
    for key in worded:
        if key not in SCALES:
            yield ("scales", key), unknown("scale", key, SCALES)
        elif key not in used and _understood(used):
            yield ("scales", key), "no item uses this scale"
    for key in SCALES:
        if key in used and key not in worded:
            yield ("scales",), f"no words for the ends of {key}, which items use; give its low and high"


def _defaults(data: Entry, waiting: set[str]) -> Iterator[Fault]:
    for key, bands in _mapping(data.get("why")).items():
        if key not in SCALES:
            yield ("why", key), unknown("scale", key, SCALES)
        elif key not in waiting and _understood(waiting):
            yield ("why", key), "no item takes this default: each of this scale has its own why, or there is none"
        yield from _band_faults(("why", key), bands, SCALES.get(key))


def _understood(scales: set[str]) -> bool:
    """Whether they are all known: a misspelt one may be the very scale that seems to be missing."""
    return scales <= {"", *SCALES}


def _scale(item: Entry) -> Scale | None:
    return SCALES.get(_word(item, "scale"))


def _word(item: Entry, name: str) -> str:
    """The word under this name; empty when there is none."""
    word = item.get(name)
    return word if isinstance(word, str) else ""


def _items(data: Entry) -> Iterator[tuple[Place, Entry]]:
    items = data.get("items")
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield ("items", index), item


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
