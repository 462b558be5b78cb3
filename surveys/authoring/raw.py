"""Looking into data of any shape: what is not there, or is something else, counts as empty."""

from collections.abc import Iterator, Mapping
from typing import Any

from surveys.authoring.problems import Place

Entry = dict[str, Any]


def items(data: Entry) -> Iterator[tuple[Place, Entry]]:
    """The items that are mappings, with their places."""
    for index, item in enumerate(sequence(data.get("items"))):
        if isinstance(item, dict):
            yield ("items", index), item


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is a mapping."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """The value if it is a list."""
    return value if isinstance(value, list) else []


def word(item: Mapping[str, Any], name: str) -> str:
    """The word under this name; empty when there is none."""
    value = item.get(name)
    return value if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """The value if it is a whole number; true and false are none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def words(value: object) -> list[str]:
    """The words of a list of them, or the one word that stands for such a list."""
    return [one for one in ([value] if isinstance(value, str) else sequence(value)) if isinstance(one, str)]
