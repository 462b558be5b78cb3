"""JSON from outside, made safe to store and to send."""

import json
import re

SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
LARGEST = 2**63  # what a column of either database holds


def parse(body: bytes) -> object:
    """JSON in which every string is valid Unicode. Raises ValueError, RecursionError."""
    value = json.loads(body)
    return scrub(value) if SURROGATE.search(body) else value


def scrub(value: object) -> object:
    """The value without lone surrogates.

    >>> scrub({"text": ["\\ud800 and \\U0001f600"]})
    {'text': ['\\ufffd and \\U0001f600']}
    """
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [scrub(one) for one in value]
        case dict():
            return {str(scrub(key)): scrub(one) for key, one in value.items()}
        case _:
            return value


def identifier(value: object) -> int | None:
    """A positive number that can be kept; None for whatever else stands in its place.

    >>> [identifier(value) for value in (7, True, "7", 0, 2**63)]
    [7, None, None, None, None]
    """
    return value if type(value) is int and 0 < value < LARGEST else None
