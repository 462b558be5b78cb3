"""What does not fit the shape of a questionnaire file, one sentence for each thing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from surveys.authoring.problems import Fault, Place, shown, unknown
from surveys.authoring.shape import (
    SWITCHED_OFF,
    ChoiceShape,
    ChoicesShape,
    ClosingShape,
    ConditionShape,
    DateShape,
    ItemShape,
    NumberShape,
    QuestionnaireShape,
    RouteShape,
    RowShape,
    ScaleShape,
    Shape,
    names,
)
from surveys.authoring.source import QUOTES
from surveys.authoring.texts import LANGUAGE_CODE, is_words
from surveys.questionnaire import Language

SENTENCES: Final = {
    "missing": "is missing",
    "dict_type": "should be a mapping",
    "model_type": "should be a mapping",
    "list_type": "should be a list",
    "string_type": "should be text",
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
    "string_pattern_mismatch": "should be lower snake case: a-z, 0-9 and _, beginning with a letter",
    "string_too_long": "should have {max_length} characters at most",
    "too_short": "should not be empty",
    "too_long": "should have {max_length} entries at most",
    "literal_error": "should be {expected}",
    "greater_than_equal": "should be {ge} or more",
    "less_than_equal": "should be {le} or less",
    "value_error": "{error}",
}
DURATIONS: Final[dict[Place, str]] = {
    ("validity",): "should be a duration such as 14d, 999d at most",
    ("amend",): "should be a duration such as 48h, 168h or 7d at most, 0h for never",
}


def shape_of(data: dict[str, Any], languages: Sequence[Language]) -> QuestionnaireShape | list[Fault]:
    """The data in its shape, or everything that does not fit; `languages` are those texts are wanted in."""
    try:
        return QuestionnaireShape.model_validate(data)
    except ValidationError as error:
        return list(_faults(error, data, languages))


def _faults(error: ValidationError, data: dict[str, Any], languages: Sequence[Language]) -> Iterator[Fault]:
    for details in error.errors(include_url=False):
        place = details["loc"]
        yield _written(place, data) if details["type"] != "missing" else place, _sentence(place, details, languages)


def _written(place: Place, data: Any) -> Place:
    """The place as far as it is in the file: a word that stands for a list of one has no entries there."""
    for depth, part in enumerate(place):
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return place[:depth]
    return place


def _sentence(place: Place, details: ErrorDetails, languages: Sequence[Language]) -> str:
    kind = details["type"]
    if kind == "extra_forbidden":
        return unknown("key", str(place[-1]), names(_shape_at(place[:-1])))
    if is_words(place[:-1]) and kind == "string_type" and (sign := _sign(place, details["input"])):
        return f"{sign}; {QUOTES}"
    sentence = _wanted(place, kind, languages) or SENTENCES.get(kind, "{msg}")
    sentence = sentence.format(msg=details["msg"], **details.get("ctx", {}))
    return sentence if kind in {"missing", "value_error"} else f"{sentence}, not {shown(details['input'])}"


def _sign(place: Place, told: object) -> str:
    """What YAML has read in a text that was meant as plain words."""
    if told is None and not LANGUAGE_CODE.fullmatch(str(place[-1])):
        return "a comma ends the text here"
    return "a brace in the text" if isinstance(told, dict) else ""


def _wanted(place: Place, kind: str, languages: Sequence[Language]) -> str:
    """What only this place takes."""
    if kind == "dict_type" and is_words(place):
        return f"should be texts by language {{{{{', '.join(languages)}}}}}"
    if kind == "dict_type" and place[-1] == "why" and len(place) > 1:
        return f"should be a mapping of bands of scores, or {SWITCHED_OFF}"
    return DURATIONS.get(place, "") if kind in {"string_type", "string_pattern_mismatch"} else ""


def _shape_at(place: Iterable[str | int]) -> type[Shape]:
    """The shape whose keys stand at this place."""
    shape: type[Shape] = QuestionnaireShape
    for part in place:
        shape = INSIDE.get((shape, part), shape)
    return shape


# Entries of lists and keys that authors choose lead nowhere by themselves: the shape stays.
INSIDE: Final[dict[tuple[type[Shape], str | int], type[Shape]]] = {
    (QuestionnaireShape, "items"): ItemShape,
    (QuestionnaireShape, "closings"): ClosingShape,
    (QuestionnaireShape, "scales"): ScaleShape,
    (ItemShape, "choice"): ChoiceShape,
    (ItemShape, "choices"): ChoicesShape,
    (ItemShape, "number"): NumberShape,
    (ItemShape, "date"): DateShape,
    (ItemShape, "grid"): RowShape,
    (ItemShape, "routes"): RouteShape,
    (ItemShape, "when"): ConditionShape,
    (RouteShape, "when"): ConditionShape,
    (ClosingShape, "when"): ConditionShape,
}
