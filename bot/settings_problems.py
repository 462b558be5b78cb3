"""What a model of pydantic finds wrong, in sentences."""

import re
from collections.abc import Iterator
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from surveys.authoring.problems import Fault, Place, shown, unknown

SENTENCES: Final = {
    "missing": "is missing",
    "model_type": "must be a mapping of keys",
    "mapping_type": "must be a mapping of keys",
    "dict_type": "must be a mapping of keys",
    "tuple_type": "must be a list",
    "too_short": "must not be empty",
    "string_type": "must be a text",
    "path_type": "must be the name of a file or directory",
    "string_unicode": "is not text in UTF-8",
    "string_too_short": "must not be empty",
    "value_error": "{error}",
}
# No secret is of a type that ends here, so the value may be shown.
SENTENCES_OF_VALUES: Final = {
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_parsing_size": "is not a whole number of a sensible size",
    "int_from_float": "is not a whole number",
    "float_type": "is not a number",
    "float_parsing": "is not a number",
    "finite_number": "is not a number",
    "bool_type": "is not true or false",
    "bool_parsing": "is not true or false",
    "greater_than": "must be greater than {gt:.16g}",
    "greater_than_equal": "must be {ge:.16g} or more",
    "less_than": "must be less than {lt:.16g}",
    "less_than_equal": "must be {le:.16g} or less",
    "string_too_long": "has more than {max_length} characters",
    "literal_error": "is not allowed; allowed: {allowed}",
}


def faults_of(error: ValidationError, model: type[BaseModel]) -> Iterator[Fault]:
    """Everything the error tells, with the place it is about."""
    for details in error.errors(include_url=False):
        if details["type"] == "too_short" and details["input"]:
            continue  # what it holds is wrong, of which the others tell
        place = tuple(part for part in details["loc"] if part != "[key]" or details["type"] == "extra_forbidden")
        yield place, _sentence(details, place, model)


def _sentence(details: ErrorDetails, place: Place, model: type[BaseModel]) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown("key", str(place[-1]), known_keys(model, place[:-1]))
    if kind not in SENTENCES_OF_VALUES:
        return SENTENCES.get(kind, "{message}").format(**context, message=details["msg"])
    allowed = ", ".join(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    return f"{shown(details['input'])} {SENTENCES_OF_VALUES[kind].format(**context, allowed=allowed)}"


def known_keys(model: type[BaseModel], place: Place) -> tuple[str, ...]:
    """The keys a section may have."""
    shape: Any = model
    for part in place:
        shape = _bare(shape.model_fields[part].annotation if hasattr(shape, "model_fields") else _inner(shape))
    return tuple(shape.model_fields)


def _bare(annotation: Any) -> Any:
    """The type without `| None` and what is annotated to it."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    return _bare(_inner(annotation)) if NoneType in get_args(annotation) else annotation


def _inner(annotation: Any) -> Any:
    """What a mapping, a list or a `| None` holds."""
    return next(part for part in reversed(get_args(annotation)) if part not in (Ellipsis, NoneType))
