"""Long lists of ids, cut into what one statement takes."""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar

T = TypeVar("T")

AT_ONCE: Final = 10_000  # values; SQLite takes 32 766 in a statement, PostgreSQL 32 767


def portions(values: Collection[T]) -> Iterator[Sequence[T]]:
    """The values, in portions of what one statement takes."""
    remaining = iter(values)
    while portion := tuple(islice(remaining, AT_ONCE)):
        yield portion
