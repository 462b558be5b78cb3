"""JSON from outside, read to the letter: what two readers could understand differently is refused."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NoReturn

BODY: Final = "body"
DEEPEST: Final = 32  # levels of objects and lists
ODD: Final = re.compile("[\x00\ud800-\udfff]")
TOO_DEEP: Final = f"is nested too deeply; at most {DEEPEST} levels are allowed"
SHOWN: Final = 100


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
    waiting: list[tuple[str, int, object]] = [(BODY, 0, value)]
    while waiting:
        place, depth, inner = waiting.pop()
        if depth >= DEEPEST and isinstance(inner, dict | list):
            raise Flaw(place, TOO_DEEP)
        if isinstance(inner, str) and ODD.search(inner):
            raise Flaw(place, "holds a NUL or half a character")
        waiting.extend((name, depth + 1, part) for name, part in _parts(place, inner))


def _parts(place: str, value: object) -> Iterator[tuple[str, object]]:
    match value:
        case dict():
            for key, part in value.items():
                yield place, key
                yield _inside(place, key), part
        case list():
            yield from ((_inside(place, str(index)), part) for index, part in enumerate(value))


def _inside(place: str, key: str) -> str:
    return place if not key else key if place == BODY else f"{place}.{key}"


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
