"""What must agree inside one item of a file."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from surveys.authoring.conditions import is_day
from surveys.authoring.problems import Fault, Place, shown
from surveys.authoring.raw import Entry, mapping, whole, word
from surveys.authoring.subjects import KINDS, kind_of
from surveys.questionnaire import END, NONE, NOT_APPLICABLE, OTHER

RESERVED: Final = (OTHER, NONE, NOT_APPLICABLE)
BELONGS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "limit": (("text",), "is for open text"),
    "at_least": (("text",), "is for open text"),
    "why": (("scale",), "follows a score"),
    "grid": (("scale",), "is rated on a scale"),
    "short": (("text", "scale", "choice", "number", "date"), "is what a question is called in a list"),
    "not_applicable": (("scale", "choice", "number", "date"), "is for questions people might be unable to judge"),
}
"""Keys of an item, and the kinds of items that have them."""


def item_faults(place: Place, item: Entry) -> Iterator[Fault]:
    """What is wrong with an item of any shape."""
    yield from _address(place, item)
    yield from _kind(place, item)
    if "grid" in item and "short" in item:
        yield (*place, "short"), "stands in each row of a grid, not in the item"
    yield from _lengths(place, item)
    yield from _options(place, item)
    yield from _ranges(place, item)
    if word(item, "key") == END:
        yield (*place, "key"), f"{END!r} is where routes end; an item needs another key"


def _address(place: Place, item: Entry) -> Iterator[Fault]:
    match "text" in item, "text_for" in item:
        case False, False:
            yield place, "has no question; give text (for every role) or text_for (by role)"
        case True, True:
            yield place, "has both text and text_for; one of them is allowed"
    if "aloud" in item and "aloud_for" in item:
        yield (*place, "aloud_for"), "has its place taken by aloud; one of them is allowed"
    for role in mapping(item.get("aloud_for")) if "text_for" in item else ():
        if role not in mapping(item.get("text_for")):
            yield (*place, "aloud_for", role), "is for nobody: text_for has no question for this role"
    for key in ("aloud", "aloud_for"):
        if key in item and "grid" in item:
            yield (*place, key), "does not go with grid: its rows are read out as they are written"


def _kind(place: Place, item: Entry) -> Iterator[Fault]:
    """One kind of answer, and the keys that go with it."""
    given = [key for key in KINDS if key in item and item[key] is not False]
    yield from (
        ((*place, other), f"does not go with {key}; an item has one kind of answer") for key, other in pairwise(given)
    )
    kind = kind_of(item)
    for key, (kinds, reason) in BELONGS.items():
        if key in item and item[key] is not False and kind not in kinds:
            yield (*place, key), f"{reason}; {_called(kind)} has none"


def _called(kind: str) -> str:
    match kind:
        case "text":
            return "an item without a scale"
        case "scale":
            return "an item with a scale"
        case "statement":
            return "a statement"
        case _:
            return f"an item with a {kind}"


def _lengths(place: Place, item: Entry) -> Iterator[Fault]:
    least, most = whole(item.get("at_least")), whole(item.get("limit"))
    if least is not None and most is not None and least > most:
        yield (*place, "at_least"), f"{least} is more than the limit {most}"


def _options(place: Place, item: Entry) -> Iterator[Fault]:
    for name in ("choice", "choices"):
        described = mapping(item.get(name))
        keys = mapping(described.get("options"))
        for key in RESERVED:
            if key in keys:
                yield (*place, name, "options", key), f"{key!r} is kept for {_kept_for(key)}"
        number = len(keys) + ("other" in described)
        for limit in ("at_least", "at_most"):
            wanted = whole(described.get(limit))
            if keys and wanted is not None and wanted > number:
                yield (*place, name, limit), f"{wanted} is more than the {number} options there are"
        least, most = whole(described.get("at_least")), whole(described.get("at_most"))
        if least is not None and most is not None and least > most:
            yield (*place, name, "at_least"), f"{least} is more than at_most {most}"
        yield from _alike((*place, name), described)
        if name == "choices" and number == 1:
            yield (*place, name, "options"), "has one option only; several are chosen of two at least"


def _alike(place: Place, described: Mapping[str, object]) -> Iterator[Fault]:
    """Labels nobody could tell apart."""
    labels: dict[tuple[str, ...], object] = {
        ("options", key): label for key, label in mapping(described.get("options")).items()
    }
    labels |= {(key,): described[key] for key in (OTHER, NONE) if key in described}
    owner: dict[tuple[str, str], str] = {}
    for inside, label in labels.items():
        for language, words in mapping(label).items():
            said = (language, " ".join(str(words).split()).casefold())
            if said in owner:
                yield (*place, *inside, language), f"reads as {owner[said]} does; every option has its own words"
            owner.setdefault(said, inside[-1])


def _kept_for(key: str) -> str:
    return (
        "those who cannot judge: not_applicable: true" if key == NOT_APPLICABLE else f"the key {key!r} beside options"
    )


def _ranges(place: Place, item: Entry) -> Iterator[Fault]:
    number, day = mapping(item.get("number")), mapping(item.get("date"))
    low, high = whole(number.get("from")), whole(number.get("to"))
    for end, value in (("from", low), ("to", high)):
        if value is not None and abs(value) > 999_999_999:
            yield (*place, "number", end), "is out of range: nine digits at most"
    if low is not None and high is not None and low >= high:
        yield (*place, "number"), f"runs from {low} to {high}; the lower end comes first"
    for end in ("from", "to"):
        if isinstance(day.get(end), str) and not is_day(day[end]):
            yield (*place, "date", end), f"should be a date such as 2026-01-31, not {shown(day[end])}"
    first, last = word(day, "from"), word(day, "to")
    if is_day(first) and is_day(last) and first > last:
        yield (*place, "date"), f"runs from {first} to {last}; the earlier day comes first"
