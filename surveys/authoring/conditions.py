"""Conditions of a file: what is wrong with them, and what they mean.

A condition in a document is a mapping of one key, its name: {"scored": {"item": …, "scores": […]}}.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from metrics.scales import points
from surveys.authoring.bands import scores_of
from surveys.authoring.problems import Fault, Place, shown, unknown
from surveys.authoring.raw import Entry, mapping, sequence, whole, word, words
from surveys.authoring.shape import ConditionShape, names
from surveys.authoring.subjects import Subject
from surveys.questionnaire import Language, Role

Node = dict[str, Any]
ENDS: Final = ("from", "to")
OF_ITEMS: Final = ("answered", "skipped", "not_applicable")


class Meaningless(Exception):
    """A value that is no answer its item could have."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a condition may name. `before`: items at lower positions than this one are asked before it.

    Without `stages` nothing is known of them, and any will do.
    """

    subjects: Mapping[str, Subject]
    before: int
    roles: Sequence[Role]
    stages: Sequence[str]
    languages: Sequence[Language]


def condition_faults(place: Place, condition: object, known: Known) -> Iterator[Fault]:
    """What is wrong with a condition of any shape."""
    if not isinstance(condition, dict):
        return
    if not condition:
        yield place, f"names nothing; allowed: {', '.join(names(ConditionShape))}"
    for item, value in mapping(condition.get("answer")).items():
        yield from _answer_faults((*place, "answer", item), item, value, known)
    for name in OF_ITEMS:
        if item := word(condition, name):
            yield from _item_faults((*place, name), name, item, known)
    for name, allowed in (("role", known.roles), ("stage", known.stages), ("language", known.languages)):
        strangers = [one for one in words(condition.get(name)) if allowed and one not in allowed]
        yield from (((*place, name), unknown(name, one, allowed)) for one in strangers)
    for name, value in mapping(condition.get("event")).items():
        if not _event_values(value):
            yield (*place, "event", name), "should be a value or a list of values"
    yield from _inner_faults(place, condition, known)


def node_of(condition: Entry, subjects: Mapping[str, Subject]) -> Node:
    """The meaning of a condition that is in order."""
    parts = [
        *(_meaning(item, value, subjects[item]) for item, value in mapping(condition.get("answer")).items()),
        *({name: {"item": condition[name]}} for name in OF_ITEMS if word(condition, name)),
        *({name: {"in": words(condition[name])}} for name in ("role", "stage", "language") if condition.get(name)),
        *(
            {"event": {"name": name, "in": _event_values(value)}}
            for name, value in mapping(condition.get("event")).items()
        ),
        *(
            {name: [node_of(one, subjects) for one in condition[name]]}
            for name in ("all", "any")
            if condition.get(name)
        ),
        *([{"not": node_of(condition["not"], subjects)}] if condition.get("not") else []),
    ]
    return parts[0] if len(parts) == 1 else {"all": parts}


def _inner_faults(place: Place, condition: Entry, known: Known) -> Iterator[Fault]:
    for name in ("all", "any"):
        inner = sequence(condition.get(name))
        if name in condition and not inner:
            yield (*place, name), "should be a list of conditions"
        for index, one in enumerate(inner):
            yield from condition_faults((*place, name, index), one, known)
    if "not" in condition:
        yield from condition_faults((*place, "not"), condition["not"], known)


def _answer_faults(place: Place, item: str, value: object, known: Known) -> Iterator[Fault]:
    wrong = list(_item_faults(place, "answer", item, known))
    yield from wrong
    if not wrong:
        try:
            _meaning(item, value, known.subjects[item])
        except Meaningless as error:
            yield place, str(error)


def _item_faults(place: Place, name: str, item: str, known: Known) -> Iterator[Fault]:
    earlier = [key for key, subject in known.subjects.items() if subject.position < known.before]
    subject = known.subjects.get(item)
    if subject is None:
        yield place, unknown("item", item, earlier)
    elif item not in earlier:
        yield (
            place,
            f"{shown(item)} is not asked before; a condition looks back, at {', '.join(earlier) or 'nothing here'}",
        )
    elif subject.kind == "statement":
        yield place, f"{shown(item)} is a statement; nobody answers it"
    elif name == "answer" and subject.kind == "text":
        yield place, f"{shown(item)} is open text; ask whether it was answered or skipped"
    elif name == "not_applicable" and not subject.not_applicable:
        yield place, f"{shown(item)} has no button for those who cannot judge; give it not_applicable: true"


def _meaning(item: str, value: object, subject: Subject) -> Node:
    """The condition that the item was answered so. Raises Meaningless."""
    return MEANINGS[subject.kind](item, value, subject)


def _scored(item: str, value: object, subject: Subject) -> Node:
    if subject.scale is None:
        return {}
    allowed = points(subject.scale)
    scores: set[int] = set()
    for one in value if isinstance(value, list) else [value]:
        found = scores_of(str(one)) if isinstance(one, str | int) and not isinstance(one, bool) else None
        if not found or not set(found) <= set(allowed):
            raise Meaningless(f"{shown(one)} is no score of this item; allowed: {allowed[0]}-{allowed[-1]}")
        scores |= set(found)
    return {"scored": {"item": item, "scores": sorted(scores)}}


def _chose(item: str, value: object, subject: Subject) -> Node:
    for one in value if isinstance(value, list) else [value]:
        if one not in subject.options:
            raise Meaningless(unknown("option", str(one), subject.options))
    return {"chose": {"item": item, "options": words(value)}}


def _between(item: str, value: object, subject: Subject) -> Node:
    low, high = _ends(value) if isinstance(value, dict) else (value, value)
    numbers = [whole(end) for end in (low, high)]
    if any(end is not None and number is None for end, number in zip((low, high), numbers, strict=True)):
        raise Meaningless(f"{shown(value)} is no number; write one, or a range: {{from: 1, to: 10}}")
    return {"between": {"item": item, "low": numbers[0], "high": numbers[1]}}


def _during(item: str, value: object, subject: Subject) -> Node:
    low, high = _ends(value) if isinstance(value, dict) else (value, value)
    if not all(end is None or is_day(end) for end in (low, high)):
        raise Meaningless(f"{shown(value)} is no date; write one, or a range: {{from: 2026-01-01, to: 2026-06-30}}")
    return {"during": {"item": item, "since": low, "until": high}}


def _ends(value: Mapping[str, Any]) -> tuple[Any, Any]:
    if not value or not set(value) <= set(ENDS):
        raise Meaningless(f"should have {' and '.join(ENDS)}, or one of them")
    return value.get("from"), value.get("to")


def is_day(value: object) -> bool:
    """Whether it is a date as 2026-01-31."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _event_values(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    good = all(isinstance(one, str | int | float) for one in values)
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values] if good else []


MEANINGS: Final[Mapping[str, Callable[[str, object, Subject], Node]]] = {
    "scale": _scored,
    "choice": _chose,
    "number": _between,
    "date": _during,
}
