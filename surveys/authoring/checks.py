"""What the shape of a questionnaire file cannot say: that its parts agree with each other and with the vendor.

Every check takes data of any shape and passes over what it cannot understand, for the shape is reported elsewhere:
so one reading of a file tells everything that is wrong with it.
"""

from collections.abc import Iterator, Mapping, Sequence

from metrics.scales import OWN_POINTS, SCALES, Scale, points
from surveys.authoring.bands import scores_of
from surveys.authoring.item_checks import item_faults
from surveys.authoring.problems import Fault, Place, unknown
from surveys.authoring.raw import Entry, items, mapping, whole, word
from surveys.authoring.subjects import is_own, item_keys, scale_named, scale_of
from surveys.questionnaire import MODES, Role


def structure_faults(data: Entry, offer: Mapping[str, Sequence[str]], roles: Sequence[Role]) -> Iterator[Fault]:
    """What is wrong between the parts of a questionnaire."""
    components = [component for block in offer.values() for component in block]
    for place, item in items(data):
        yield from _unknown_words(place, item, _scales_of(data), components, roles)
        yield from item_faults(place, item)
        yield from _band_faults((*place, "why"), item.get("why"), scale_of(data, item))
    yield from _consent(data)
    used = {word(item, "scale") for _, item in items(data)}
    waiting = {word(item, "scale") for _, item in items(data) if "why" not in item}
    yield from _scales(data, used)
    yield from _defaults(data, waiting)


def _unknown_words(
    place: Place, item: Entry, scales: Sequence[str], components: Sequence[str], roles: Sequence[Role]
) -> Iterator[Fault]:
    for name, allowed in (("component", components), ("scale", scales)):
        told = item.get(name)
        if isinstance(told, str) and told not in allowed:
            yield (*place, name), unknown(name, told, allowed)
    for row, described in mapping(item.get("grid")).items():
        told = word(mapping(described), "component")
        if told and told not in components:
            yield (*place, "grid", row, "component"), unknown("component", told, components)
    for key in ("text_for", "aloud_for"):
        for role in mapping(item.get(key)):
            if role not in roles:
                yield (*place, key, role), unknown("role", role, roles)


def _band_faults(place: Place, bands: object, scale: Scale | None) -> Iterator[Fault]:
    owner: dict[int, str] = {}
    for band in mapping(bands):
        scores = scores_of(band)
        if not scores:
            yield (*place, band), "is no band of scores; write them as 0-6 or 5, the lower first"
        elif scale and not set(scores) <= set(points(scale)):
            yield (*place, band), f"leaves the scale {scale.key}: {scale.low} to {scale.high} are allowed"
        elif taken := [owner[score] for score in scores if score in owner]:
            yield (*place, band), f"overlaps with {taken[0]}; a score is allowed in one band"
        else:
            owner.update(dict.fromkeys(scores, band))


def repeated_keys(data: Entry) -> Iterator[tuple[Place, str, Place]]:
    """Places of keys that are taken already, the key, and the place of the first; rows and "why" included."""
    first: dict[str, Place] = {}
    for place, item in items(data):
        for key in item_keys(data, item):
            if key in first:
                yield (*place, "key"), key, (*first[key], "key")
            first.setdefault(key, place)


def _consent(data: Entry) -> Iterator[Fault]:
    by_mode = data.get("consent_for")
    match "consent" in data, "consent_for" in data:
        case False, False:
            yield ("consent",), "is missing"
        case True, True:
            yield ("consent_for",), "has its place taken by consent; one of them is allowed"
    wanted = [mode for mode in MODES if data.get("mode", mode) == mode]
    if isinstance(by_mode, dict):
        lacking = [mode for mode in wanted if mode not in by_mode]
        yield from ((("consent_for",), f"no text for the mode {mode}") for mode in lacking)


def _scales_of(data: Entry) -> list[str]:
    """Names of the scales an item may have."""
    own = [name for name, described in mapping(data.get("scales")).items() if is_own(mapping(described))]
    return [*SCALES, *(name for name in own if name not in SCALES)]


def _scales(data: Entry, used: set[str]) -> Iterator[Fault]:
    """Words for the ends: there for every scale in use, and for no other."""
    worded = mapping(data.get("scales"))
    for name in worded:
        if name not in _scales_of(data):
            yield ("scales", name), f"{unknown('scale', name, SCALES)}; one of your own has worst and best"
        elif name not in used and _understood(data, used):
            yield ("scales", name), "no item uses this scale"
        yield from _scale_faults(("scales", name), mapping(worded[name]), data)
    for name in SCALES:
        if name in used and name not in worded:
            yield ("scales",), f"no words for the ends of {name}, which items use; give its low and high"


def _scale_faults(place: Place, described: Mapping[str, object], data: Entry) -> Iterator[Fault]:
    name = str(place[-1])
    if name in SCALES:
        own = [key for key in ("worst", "best", "kind") if key in described]
        yield from (((*place, key), f"is for scales of your own; {name} has its own") for key in own)
    else:
        yield from _own_faults(place, described)
    scale = scale_named(data, name)
    between = range(scale.low + 1, scale.high) if scale else None
    for point in mapping(described.get("anchors")):
        if between is not None and point not in map(str, between):
            yield (
                (*place, "anchors", point),
                f"is no number between the ends: {between[0]} to {between[-1]} are allowed",
            )


def _own_faults(place: Place, described: Mapping[str, object]) -> Iterator[Fault]:
    if not is_own(described):
        return
    yield from ((place, f"{key} is missing") for key in ("worst", "best") if key not in described)
    worst, best = whole(described.get("worst")), whole(described.get("best"))
    if worst is not None and best is not None and abs(worst - best) < OWN_POINTS - 1:
        yield place, f"has too few points from {worst} to {best}; {OWN_POINTS} at least are needed"


def _defaults(data: Entry, waiting: set[str]) -> Iterator[Fault]:
    for name, bands in mapping(data.get("why")).items():
        if name not in _scales_of(data):
            yield ("why", name), unknown("scale", name, _scales_of(data))
        elif name not in waiting and _understood(data, waiting):
            yield ("why", name), "no item takes this default: each of this scale has its own why, or there is none"
        yield from _band_faults(("why", name), bands, scale_named(data, name))


def _understood(data: Entry, scales: set[str]) -> bool:
    """Whether they are all known: a misspelt one may be the very scale that seems to be missing."""
    return scales <= {"", *_scales_of(data)}
