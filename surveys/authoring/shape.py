"""The shape of a questionnaire file: which keys there are and what kind of value each takes."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from metrics.scales import OWN_HIGH, OWN_LOW, SCALES
from surveys.questionnaire import TEXT_LIMIT, Kind, Mode

SWITCHED_OFF: Final = "none"


def _switched_off(why: object) -> object:
    if why == SWITCHED_OFF:
        return {}
    if why == {}:
        raise ValueError(f"should hold at least one band of scores, or the word {SWITCHED_OFF}")
    return why


def _given(value: object) -> object:
    if value is None:
        raise ValueError("should not be empty; leave the key out instead")
    return value


def _one_or_many(words: object) -> object:
    return [words] if isinstance(words, str) else words


Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=64)]
ScaleKey = Annotated[str, WithJsonSchema({"anyOf": [{"enum": list(SCALES)}, {"type": "string"}]})]
Words = Annotated[dict[str, str], Field(min_length=1, description="The text by language: {ru: …, en: …}")]
Bands = Annotated[dict[str, Words], Field(description="The open question by band of scores: {1-2: {ru: …}, 3: …}")]
WhyBands = Annotated[Bands, BeforeValidator(_switched_off, json_schema_input_type=Bands | Literal["none"])]
Several = Annotated[list[str], BeforeValidator(_one_or_many, json_schema_input_type=str | list[str])]
GIVEN: Final = BeforeValidator(_given)
Value = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "integer"]},
                {"type": "array", "items": {"type": ["string", "integer"]}},
                {
                    "type": "object",
                    "properties": {name: {"type": ["string", "integer"]} for name in ("from", "to")},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
EventValue = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "number", "boolean"]},
                {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
            ]
        }
    ),
]


class Shape(BaseModel):
    """A mapping without other keys. What is left out is empty: no key takes null."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ConditionShape(Shape):
    """When something holds. Of several keys in one condition all must hold; of several values one is enough."""

    answer: dict[str, Value] = Field(
        default_factory=dict, description="Earlier items and their answers: {recommend: 0-6, solved: [partly, no]}"
    )
    answered: str = Field("", description="An earlier item that was answered")
    skipped: str = Field("", description="An earlier item that was asked and left without an answer")
    not_applicable: str = Field("", description="An earlier item of which the person said that they cannot judge")
    role: Several = Field(default_factory=list, description="Roles, one of which the person has")
    stage: Several = Field(default_factory=list, description="Stages of the journey, one of which the project is at")
    language: Several = Field(default_factory=list, description="Languages, one of which the person reads")
    event: dict[str, EventValue] = Field(
        default_factory=dict, description="What the event says: {priority: [high, critical]}"
    )
    all: list["ConditionShape"] = Field(default_factory=list, description="Conditions that hold together")
    any: list["ConditionShape"] = Field(default_factory=list, description="Conditions of which one is enough")
    not_: Annotated["ConditionShape | None", GIVEN] = Field(
        None, alias="not", description="A condition that does not hold"
    )


class RouteShape(Shape):
    """Where to go after an item."""

    when: Annotated[ConditionShape | None, GIVEN] = Field(None, description="Left out: always")
    go_to: str = Field(description="Key of a later item, or end")


class ScaleShape(Shape):
    """Words for the points of a scale; of a scale of your own, its ends as well."""

    low: Words = Field(description="Words for the lowest number")
    high: Words = Field(description="Words for the highest number")
    anchors: dict[str, Words] = Field(default_factory=dict, description="Words for numbers between the ends")
    worst: Annotated[int | None, GIVEN] = Field(
        None, ge=OWN_LOW, le=OWN_HIGH, description="The number of the worst answer"
    )
    best: Annotated[int | None, GIVEN] = Field(
        None, ge=OWN_LOW, le=OWN_HIGH, description="The number of the best answer"
    )
    kind: Annotated[Literal["csat", "ces"] | None, GIVEN] = Field(
        None, description="The metric it is counted in; left out: none"
    )


class ChoiceShape(Shape):
    """Options of which one is chosen."""

    options: dict[Key, Words] = Field(min_length=1, max_length=20, description="Labels of the buttons, by key")
    other: Words = Field(default_factory=dict, description="The label of one more option, put into words")
    none: Words = Field(default_factory=dict, description="The label of “none of these”, which stands alone")


class ChoicesShape(ChoiceShape):
    """Options of which several may be chosen."""

    at_least: int = Field(1, ge=1, le=20, description="How many to choose at least")
    at_most: Annotated[int | None, GIVEN] = Field(
        None, ge=2, le=20, description="How many to choose at most; left out: any number"
    )


class NumberShape(Shape):
    """A whole number in a range."""

    from_: int = Field(alias="from", description="The least number")
    to: int = Field(description="The greatest number")


class DateShape(Shape):
    """A date, perhaps in a range."""

    from_: str = Field("1900-01-01", alias="from", description="The first day: 2026-01-31")
    to: str = Field("2100-12-31", description="The last day")


class RowShape(Shape):
    """What one row of a grid asks about."""

    text: Words
    short: Words = Field(default_factory=dict, description="What it is called where answers are listed")
    component: str = Field("", description="A component of the offer")


class ItemShape(Shape):
    """One question and the "why" after it. Without any other kind of answer it is open text."""

    key: Key
    scale: ScaleKey = Field("", description="One score: a usual scale, or one of your own from `scales`")
    choice: Annotated[ChoiceShape | None, GIVEN] = Field(None, description="One option")
    choices: Annotated[ChoicesShape | None, GIVEN] = Field(None, description="Several options")
    number: Annotated[NumberShape | None, GIVEN] = Field(None, description="A whole number")
    date: Annotated[DateShape | None, GIVEN] = Field(None, description="A day")
    statement: bool = Field(False, description="true: a text to be read, with a button to go on")
    grid: Annotated[dict[Key, RowShape], Field(min_length=1)] = Field(
        default_factory=dict, description="Several things to rate one after another on the scale of this item"
    )
    component: str = Field("", description="A component of the offer")
    text: Words = Field(default_factory=dict, description="The question, for every role")
    text_for: Annotated[dict[str, Words], Field(min_length=1)] = Field(
        default_factory=dict, description="The question by role, for these roles alone"
    )
    aloud: Words = Field(default_factory=dict, description="The question as it is read out in a talk, for every role")
    aloud_for: Annotated[dict[str, Words], Field(min_length=1)] = Field(
        default_factory=dict, description="The same by role; the others hear the question as it is written"
    )
    short: Words = Field(default_factory=dict, description="What it is called where answers are listed")
    why: WhyBands = Field(
        default_factory=dict, description="Instead of the questionnaire's own `why`; none switches it off"
    )
    limit: int = Field(TEXT_LIMIT, ge=1, le=TEXT_LIMIT, description="Characters an open text may have")
    at_least: int = Field(1, ge=1, le=TEXT_LIMIT, description="Characters an open text must have")
    not_applicable: bool = Field(False, description="true: with a button for those who cannot judge")
    when: Annotated[ConditionShape | None, GIVEN] = Field(None, description="Asked only when this holds")
    routes: Annotated[list[RouteShape], Field(min_length=1)] = Field(
        default_factory=list, description="Where to go after this item: the first that holds"
    )


class ClosingShape(Shape):
    """Last words for some."""

    when: ConditionShape
    text: Words


class QuestionnaireShape(Shape):
    """A questionnaire, every language side by side."""

    key: Key
    kind: Kind
    minutes: int = Field(ge=1, le=60, description="How long it takes, as the person is told")
    mode: Annotated[Mode | None, GIVEN] = Field(None, description="Left out: as privacy.mode of the configuration says")
    validity: str = Field(
        "", pattern=r"^([1-9][0-9]{0,2}d)?$", description="How long a begun interview may be finished: 14d"
    )
    review: Annotated[bool | None, GIVEN] = Field(
        None, description="Whether answers are shown once more before they are sent; left out: in a relationship survey"
    )
    amend: str = Field(
        "",
        pattern=r"^((0|[1-9][0-9]?|1[0-5][0-9]|16[0-8])h|[0-7]d)?$",
        description="How long answers may be changed after that: 48h; left out: 24h, never: 0h",
    )
    title: Words
    introduction: Words = Field(description="Who asks, why, about what, for how long")
    consent: Words = Field(default_factory=dict, description="Who will see the answers and what happens with them")
    consent_for: dict[Mode, Words] = Field(default_factory=dict, description="The same for each mode, instead")
    closing: Words = Field(description="Thanks, and what to expect")
    closings: list[ClosingShape] = Field(
        default_factory=list, description="Instead of `closing`: the first whose condition holds"
    )
    script: Words = Field(
        default_factory=dict, description="How an interviewer begins a talk; left out: the usual words"
    )
    scales: dict[Key, ScaleShape] = Field(default_factory=dict, description="Words for each scale used here")
    why: dict[ScaleKey, Annotated[Bands, Field(min_length=1)]] = Field(
        default_factory=dict, description="The open question after these scores of a scale"
    )
    items: list[ItemShape] = Field(min_length=1, description="The questions in the order of asking")


def names(shape: type[Shape]) -> Mapping[str, str]:
    """The keys of a shape as files write them, with what they are for."""
    return {field.alias or name: field.description or "" for name, field in shape.model_fields.items()}
