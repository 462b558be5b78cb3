"""What does not fit the shape of a questionnaire file, one sentence for each thing."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from surveys.authoring.problems import Fault, Place, shown, unknown
from surveys.authoring.shape import (
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
VALIDITY: Final = "should be a number of days, such as 14d, 999d at most"


def shape_of(data: dict[str, Any]) -> QuestionnaireShape | list[Fault]:
    """The data in its shape, or everything that does not fit."""
    try:
        return QuestionnaireShape.model_validate(data)
    except ValidationError as error:
        return list(_faults(error, data))


def _faults(error: ValidationError, data: dict[str, Any]) -> Iterator[Fault]:
    for details in error.errors(include_url=False):
        place = details["loc"]
        yield _written(place, data) if details["type"] != "missing" else place, _sentence(place, details)


def _written(place: Place, data: Any) -> Place:
    """The place as far as it is in the file: a word that stands for a list of one has no entries there."""
    for depth, part in enumerate(place):
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return place[:depth]
    return place


def _sentence(place: Place, details: ErrorDetails) -> str:
    kind = details["type"]
    if kind == "extra_forbidden":
        return unknown("key", str(place[-1]), names(_shape_at(place[:-1])))
    if place == ("validity",) and kind == "string_pattern_mismatch":
        return f"{VALIDITY}, not {shown(details['input'])}"
    sentence = SENTENCES.get(kind, "{msg}").format(msg=details["msg"], **details.get("ctx", {}))
    return sentence if kind in {"missing", "value_error"} else f"{sentence}, not {shown(details['input'])}"


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
