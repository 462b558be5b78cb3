"""Known values in texts: {project}, or {ticket|your request} with words for when the value is missing."""

import re
from collections.abc import Mapping
from typing import Final

OF_EVENT: Final = "event."
"""What an event says is {event.release|…}."""
PLACEHOLDER: Final = re.compile(r"(,?\s)?\{([a-z_]+(?:\.[A-Za-z0-9_]+)?)(?:\|([^{}]*))?\}")


def fill(words: str, known: Mapping[str, str]) -> str:
    """The words with what is known filled in.

    A missing value without words in its stead leaves no trace, nor does the comma or blank before it.

    >>> fill("Hello, {person}. Has {ticket|your request} been solved?", {"person": "Ann"})
    'Hello, Ann. Has your request been solved?'
    >>> fill("Hello, {person}.", {})
    'Hello.'
    """
    return PLACEHOLDER.sub(lambda found: _value(found, known), words)


def placeholders(words: str) -> set[str]:
    """Names of the placeholders in a text.

    >>> sorted(placeholders("{vendor} asks about {event.release|the update}"))
    ['event.release', 'vendor']
    """
    return {found[2] for found in PLACEHOLDER.finditer(words)}


def _value(found: re.Match[str], known: Mapping[str, str]) -> str:
    before, name, instead = found.groups(default="")
    value = known.get(name) or instead
    return before + value if value else ""
