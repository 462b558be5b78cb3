"""The questionnaire of a document, of whatever day: what an older one does not say has the meaning it had then."""

from datetime import date
from typing import Any, Final

from metrics.scales import EVERY_SCALE
from surveys.conditions import (
    Answered,
    AtStage,
    Between,
    Chose,
    Condition,
    During,
    EventSays,
    Every,
    HasRole,
    Inapplicable,
    Not,
    Scored,
    Skipped,
    Some,
    Speaks,
)
from surveys.questionnaire import (
    MODES,
    Band,
    ChoiceItem,
    Closing,
    DateItem,
    Item,
    Mode,
    NumberItem,
    Questionnaire,
    Route,
    ScaleItem,
    StatementItem,
    Text,
    TextItem,
    WhyItem,
)

Document = dict[str, Any]

AMEND: Final = 24
"""Hours in which answers may be changed after they were sent, where a questionnaire does not say."""


def build(document: Document, version: int) -> Questionnaire:
    """The questionnaire of a document."""
    return Questionnaire(
        key=document["key"],
        version=version,
        kind=document["kind"],
        minutes=document["minutes"],
        mode=document.get("mode"),
        validity=document.get("validity"),
        title=document["title"],
        introduction=document["introduction"],
        consent=_consent(document),
        closing=document["closing"],
        review=document.get("review", document["kind"] == "relationship"),
        amend=document.get("amend", AMEND),
        closings=tuple(Closing(_condition(one["when"]), one["text"]) for one in document.get("closings", [])),
        items=tuple(_item(entry) for entry in document["items"]),
        script=document.get("script"),
    )


def _consent(document: Document) -> dict[Mode, Text]:
    """By mode; one text stands for a mode that has none of its own."""
    by_mode: dict[Mode, Text] = document.get("consent_for", {})
    usual = document.get("consent") or next(iter(by_mode.values()))
    return {mode: by_mode.get(mode, usual) for mode in MODES}


def _item(entry: Document) -> Item:
    match entry["type"]:
        case "scale":
            return _scale_item(entry)
        case "choice":
            return _choice_item(entry)
        case "number":
            return NumberItem(low=entry["low"], high=entry["high"], **_asked(entry))
        case "date":
            since, until = date.fromisoformat(entry["since"]), date.fromisoformat(entry["until"])
            return DateItem(since=since, until=until, **_asked(entry))
        case "text":
            return TextItem(limit=entry["limit"], at_least=entry.get("at_least", 1), **_asked(entry))
        case "statement":
            return StatementItem(**_asked(entry))
        case "why":
            return _why_item(entry)
        case other:
            raise ValueError(f"no such item in a document: {other!r}")


def _asked(entry: Document) -> dict[str, Any]:
    """What items of every kind have."""
    return {
        "key": entry["key"],
        "wording": entry["wording"],
        "aloud": entry.get("aloud", {}),
        "component": entry["component"],
        "block": entry["block"],
        "when": _condition(entry["when"]) if "when" in entry else None,
        "routes": tuple(_route(route) for route in entry.get("routes", [])),
        "not_applicable": entry.get("not_applicable", False),
        "short": entry.get("short"),
    }


def _scale_item(entry: Document) -> ScaleItem:
    return ScaleItem(
        scale=EVERY_SCALE[entry["scale"]],
        low=entry["low"],
        high=entry["high"],
        anchors={int(point): words for point, words in entry.get("anchors", {}).items()},
        **_asked(entry),
    )


def _choice_item(entry: Document) -> ChoiceItem:
    return ChoiceItem(
        options={option["key"]: option["label"] for option in entry["options"]},
        other=entry.get("other"),
        none=entry.get("none"),
        at_least=entry.get("at_least", 1),
        at_most=entry.get("at_most", 1),
        **_asked(entry),
    )


def _why_item(entry: Document) -> WhyItem:
    return WhyItem(
        key=entry["key"],
        about=entry["about"],
        bands=tuple(Band(frozenset(band["scores"]), band["text"]) for band in entry["bands"]),
        component=entry["component"],
        block=entry["block"],
        limit=entry["limit"],
    )


def _route(entry: Document) -> Route:
    return Route(entry["go_to"], _condition(entry["when"]) if "when" in entry else None)


def _condition(node: Document) -> Condition:
    [(name, value)] = node.items()
    match name:
        case "all":
            return Every(tuple(map(_condition, value)))
        case "any":
            return Some(tuple(map(_condition, value)))
        case "not":
            return Not(_condition(value))
        case "role":
            return HasRole(frozenset(value["in"]))
        case "stage":
            return AtStage(frozenset(value["in"]))
        case "language":
            return Speaks(frozenset(value["in"]))
        case "event":
            return EventSays(value["name"], frozenset(value["in"]))
        case _:
            return _of_answer(name, value)


def _of_answer(name: str, value: Document) -> Condition:
    item = value["item"]
    match name:
        case "scored":
            return Scored(item, frozenset(value["scores"]))
        case "chose":
            return Chose(item, frozenset(value["options"]))
        case "between":
            return Between(item, value["low"], value["high"])
        case "during":
            since, until = (date.fromisoformat(day) if day else None for day in (value["since"], value["until"]))
            return During(item, since, until)
        case "answered":
            return Answered(item)
        case "skipped":
            return Skipped(item)
        case "not_applicable":
            return Inapplicable(item)
        case _:
            raise ValueError(f"no such condition in a document: {name!r}")
