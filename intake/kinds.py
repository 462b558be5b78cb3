"""Kinds of value an event is made of: what is allowed, in the schema and in one sentence."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

LONGEST: Final = 200
ID: Final = r"(?=.*\S)[^\u0000-\u001f\u007f-\u009f]+"
NAME: Final = r"(?=[\s\S]*\S)[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]+"
TYPE: Final = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
MOMENT: Final = (
    r"(19[7-9][0-9]|20[0-9]{2})-(0[1-9]|1[0-2])-[0-3][0-9]"
    r"[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
BLANK: Final = "is blank or holds a control character"
NO_TYPE: Final = "is not 1 to 64 characters out of A-Z, a-z, 0-9, _, . and -, beginning with a letter or digit"
NO_MOMENT: Final = "is not a moment with its time zone, such as 2026-01-31T12:00:00Z, of the years 1970 to 2099"


def _matching(pattern: str, rule: str) -> AfterValidator:
    """A check that a text matches the pattern as a whole; `rule` says it to people."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(rule)
        return value

    return AfterValidator(check)


def tidy(name: str) -> str:
    """The name as the directory keeps it.

    >>> tidy("  ООО \\n Пример ")
    'ООО Пример'
    """
    return " ".join(unicodedata.normalize("NFC", name).split())


def moment(value: object) -> datetime:
    """The moment in UTC. Raises ValueError."""
    if not isinstance(value, str) or not re.fullmatch(MOMENT, value):
        raise ValueError(NO_MOMENT)
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError as error:
        raise ValueError(NO_MOMENT) from error


def _moment_text(value: object) -> str:
    moment(value)
    return str(value)


def _label(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": f"^{NAME}$"}
_MOMENT: Final = WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{MOMENT}$"})

Id = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST, json_schema_extra={"pattern": f"^{ID}$"}),
    _matching(ID, BLANK),
]
"""The source's own name of a thing, kept to the letter."""

Name = Annotated[
    str, Field(min_length=1, max_length=LONGEST), _matching(NAME, BLANK), AfterValidator(tidy), WithJsonSchema(_TEXT)
]
"""A name as in the directory."""

Label = Annotated[Name, BeforeValidator(_label), WithJsonSchema({"anyOf": [_TEXT, {"type": "integer"}]})]
"""A name that may be written as a number: that of a ticket, of a priority."""

Type = Annotated[str, Field(json_schema_extra={"pattern": f"^{TYPE}$"}), _matching(TYPE, NO_TYPE)]
Moment = Annotated[datetime, BeforeValidator(moment), _MOMENT]
MomentText = Annotated[str, BeforeValidator(_moment_text), _MOMENT]
