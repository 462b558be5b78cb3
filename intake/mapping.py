"""What a helpdesk's own format means: the rules and paths of the configuration."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from intake.kinds import Type

_STEP: Final = r"[^.\[\]]+(\[[^.\[\]=]+=[^\[\]]*\])*"
_STEPS: Final = rf"{_STEP}(\.{_STEP}){{0,15}}"
PATH: Final = re.compile(rf"header:[A-Za-z0-9-]{{1,100}}|(?!header:){_STEPS}(\[\](\.{_STEPS})?)?")
EXAMPLES: Final = "issue.fields.0.name, items[field=status].to, people[].id or header:X-Name"


def _path(value: str) -> str:
    if len(value) > 500 or not PATH.fullmatch(value):
        raise ValueError(
            "is not a path; write it as issue.fields.0.name, items[field=status].to, people[].id or header:X-Name"
        )
    return value


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _bare_paths(value: object) -> object:
    return {"path": value} if isinstance(value, str | list) else value


def _wanted(value: object) -> bool | tuple[str, ...]:
    if isinstance(value, bool):
        return value
    many = value if isinstance(value, list | tuple) else [value]
    if not many or not all(isinstance(one, str | int) and not isinstance(one, bool) for one in many):
        raise ValueError("must be a text, a list of texts, true or false")
    return tuple(str(one) for one in many)


Path = Annotated[str, AfterValidator(_path)]
Paths = Annotated[tuple[Path, ...], BeforeValidator(_one_or_many)]
Wanted = Annotated[Any, PlainValidator(_wanted)]


class Part(BaseModel):
    """A part of the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Rule(Part):
    """The type an event has when all of `when` holds.

    `when`: path -> the texts allowed there; True: something stands there; False: nothing does, or null, false or "".
    """

    type: Type
    when: Mapping[Path, Wanted] = Field(default_factory=dict)


class Pick(Part):
    """Where a value stands: the first of the paths that finds something, translated by `values`, else `default`."""

    path: Paths = ()
    values: Mapping[str, str] = Field(default_factory=dict)
    default: str | None = None


Picked = Annotated[Pick, BeforeValidator(_bare_paths)]


def _some(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    if not rules:
        raise ValueError("must not be empty")
    return rules


class EventMapping(Part):
    """What becomes of a payload. The first rule that holds gives the type; a payload that fits none is ignored."""

    types: Annotated[tuple[Rule, ...], AfterValidator(_some)]
    id: Picked
    occurred_at: Picked
    account: Picked | None = None
    project: Picked | None = None
    person: Picked | None = None
    data: Mapping[str, Picked | None] = Field(default_factory=dict)
