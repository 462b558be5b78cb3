"""JSON from outside, read to the letter: what two readers could understand differently is refused."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NoReturn

BODY: Final = "body"
DEEPEST: Final = 32  # levels of objects and lists
ODD: Final = re.compile("[\x00\ud800-\udfff]")
TOO_DEEP: Final = f"is nested too deeply; at most {DEEPEST} levels are allowed"
ODD_TEXT: Final = "holds a NUL or half a character"
SHOWN: Final = 100

Oddity = tuple[tuple[str, ...], str]
"""The way to something odd, step by step, and what is wrong with it."""


class Flaw(Exception):
    """What was sent cannot be taken. `field`: where, as a dotted path, or `body`; `rule` says what is wrong there."""

    def __init__(self, field: str, rule: str) -> None:
        self.field = field if len(field) <= SHOWN else field[: SHOWN - 1] + "…"
        super().__init__(f"{self.field}: {rule}")


def read_json(body: bytes) -> object:
    """The value of a body in UTF-8. Raises Flaw.

    >>> read_json(b'{"id": "1", "id": "2"}')
    Traceback (most recent call last):
        ...
    intake.strict_json.Flaw: body: a key stands twice in one object: 'id'
    """
    try:
        return json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_no_number,
        )
    except UnicodeDecodeError as error:
        raise Flaw(BODY, "is not text in UTF-8") from error
    except json.JSONDecodeError as error:
        raise Flaw(BODY, f"is not JSON from character {error.pos + 1} on: {error.msg}") from error
    except RecursionError as error:
        raise Flaw(BODY, TOO_DEEP) from error


def read_object(body: bytes) -> dict[str, object]:
    """The object that the body is. Raises Flaw."""
    value = read_json(body)
    if not isinstance(value, dict):
        raise Flaw(BODY, "must be a JSON object")
    return value


def refuse_odd(value: object) -> None:
    """Raises Flaw for text that no database and no screen can hold, and for nesting that none needs."""
    if oddity := _oddity(value, DEEPEST):
        way, rule = oddity
        raise Flaw(".".join(filter(None, way)) or BODY, rule)


def _oddity(value: object, levels: int) -> Oddity | None:
    """The first odd thing in the value, which may have so many levels."""
    match value:
        case str():
            return ((), ODD_TEXT) if ODD.search(value) else None
        case dict() | list() if not levels:
            return (), TOO_DEEP
        case dict():
            return ((), ODD_TEXT) if any(map(ODD.search, value)) else _inside(value.items(), levels - 1)
        case list():
            return _inside(enumerate(value), levels - 1)
        case _:
            return None


def _inside(parts: Iterable[tuple[object, object]], levels: int) -> Oddity | None:
    for name, part in parts:
        if oddity := _oddity(part, levels):
            way, rule = oddity
            return (str(name), *way), rule
    return None


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise Flaw(BODY, f"a key stands twice in one object: {twice[:SHOWN]!a}")
    return made


def _whole(digits: str) -> int:
    _fraction(digits)  # Python refuses to read thousands of digits, and counts none of them fast
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise Flaw(BODY, "holds a number that is too large; write it as text")
    return number


def _no_number(word: str) -> NoReturn:
    raise Flaw(BODY, f"is not JSON: {word} is not a number")
