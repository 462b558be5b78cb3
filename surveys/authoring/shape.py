"""The shape of a questionnaire file: which keys there are and what kind of value each takes."""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from metrics.scales import SCALES
from surveys.authoring.problems import Fault, Place, shown, unknown
from surveys.questionnaire import TEXT_LIMIT, Kind

NONE: Final = "none"


def _switched_off(why: object) -> object:
    if why == NONE:
        return {}
    if why == {}:
        raise ValueError(f"should hold at least one band of scores, or the word {NONE}")
    return why


Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=64)]
ScaleKey = Annotated[str, Field(json_schema_extra={"enum": list(SCALES)})]
Words = Annotated[dict[str, str], Field(min_length=1, description="The text by language: {ru: …, en: …}")]
Bands = Annotated[dict[str, Words], Field(description="The open question by band of scores: {1-2: {ru: …}, 3: …}")]
WhyBands = Annotated[Bands, BeforeValidator(_switched_off, json_schema_input_type=Bands | Literal["none"])]


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class EndsShape(_Shape):
    """Words for the ends of a scale."""

    low: Words
    high: Words


class ItemShape(_Shape):
    """One question and the "why" after it. What is left out is empty: no key here takes null."""

    key: Key
    scale: ScaleKey = Field(default_factory=str, description="Left out: the answer is open text")
    component: str = Field(default_factory=str, description="A component of the offer")
    text: Words = Field(default_factory=dict, description="The question, for every role")
    text_for: Annotated[dict[str, Words], Field(min_length=1)] = Field(
        default_factory=dict, description="The question by role, for these roles alone"
    )
    why: WhyBands = Field(
        default_factory=dict, description="Instead of the questionnaire's own `why`; none switches it off"
    )
    limit: int = Field(TEXT_LIMIT, ge=1, le=TEXT_LIMIT, description="Characters an open text may have")


class QuestionnaireShape(_Shape):
    """A questionnaire, every language side by side."""

    key: Key
    kind: Kind
    minutes: int = Field(ge=1, le=60, description="How long it takes, as the person is told")
    title: Words
    introduction: Words = Field(description="Who asks, why, about what, for how long")
    consent: Words = Field(description="Who will see the answers and what happens with them")
    closing: Words
    scales: dict[ScaleKey, EndsShape] = Field(
        default_factory=dict, description="Words for the ends of each scale used here"
    )
    why: dict[ScaleKey, Annotated[Bands, Field(min_length=1)]] = Field(
        default_factory=dict, description="The open question after these scores of a scale"
    )
    items: list[ItemShape] = Field(min_length=1, description="The questions in the order of asking")


SENTENCES: Final = {
    "missing": "is missing",
    "dict_type": "should be a mapping",
    "model_type": "should be a mapping",
    "list_type": "should be a list",
    "string_type": "should be text",
    "int_type": "should be a whole number",
    "string_pattern_mismatch": "should be lower snake case: a-z, 0-9 and _, beginning with a letter",
    "string_too_long": "should have {max_length} characters at most",
    "too_short": "should not be empty",
    "literal_error": "should be {expected}",
    "greater_than_equal": "should be {ge} or more",
    "less_than_equal": "should be {le} or less",
    "value_error": "{error}",
}


def shape_of(data: dict[str, Any]) -> QuestionnaireShape | list[Fault]:
    """The data in its shape, or everything that does not fit."""
    try:
        return QuestionnaireShape.model_validate(data)
    except ValidationError as error:
        return list(_faults(error))


def _faults(error: ValidationError) -> Iterator[Fault]:
    for details in error.errors(include_url=False):
        yield details["loc"], _sentence(details)


def _sentence(details: ErrorDetails) -> str:
    kind = details["type"]
    if kind == "extra_forbidden":
        return unknown("key", str(details["loc"][-1]), _fields(details["loc"]))
    sentence = SENTENCES.get(kind, "{msg}").format(msg=details["msg"], **details.get("ctx", {}))
    return sentence if kind in {"missing", "value_error"} else f"{sentence}, not {shown(details['input'])}"


def _fields(place: Place) -> Iterator[str]:
    match place:
        case ("items", _, _):
            return iter(ItemShape.model_fields)
        case ("scales", _, _):
            return iter(EndsShape.model_fields)
        case _:
            return iter(QuestionnaireShape.model_fields)
