"""The values of a query's filters: what people call things, into the keys that answers are counted by."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from surveys.errors import BadQuery
from surveys.query import QUOTES
from surveys.query_words import normal
from surveys.questionnaire import Text
from surveys.reporting import Counts, Dimension, ReportQuery

Titles = Mapping[Dimension, Mapping[str, Text]]
Names = Mapping[str, Sequence[str]]
"""Key -> everything it is called, itself first."""

OWNED: Final[frozenset[Dimension]] = frozenset({"account", "project", "division", "product"})
CALENDAR: Final[Mapping[Dimension, re.Pattern[str]]] = {
    "month": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"[0-9]{4}-Q[1-4]"),
}
MARKS: Final = dict.fromkeys(map(ord, {*QUOTES, *"".join(QUOTES.values())}))
ALIKE: Final = 0.6


async def settled(query: ReportQuery, counts: Counts, titles: Titles) -> ReportQuery:
    """`query` with its filters in keys; asked for by key, title, or the beginning of one, in letters of any case.

    Raises BadQuery for a value that nothing the reader may see has; it names nothing else either.
    """
    where: dict[Dimension, tuple[str, ...]] = {}
    for dimension, words in query.where.items():
        keys = [key for word in words for key in await _keys(query, dimension, word, counts, titles)]
        where[dimension] = tuple(dict.fromkeys(keys))
    return replace(query, where=where)


async def _keys(query: ReportQuery, dimension: Dimension, word: str, counts: Counts, titles: Titles) -> Sequence[str]:
    if dimension in CALENDAR and CALENDAR[dimension].fullmatch(word):
        return [word]
    known = titles.get(dimension, {})
    titled = {key: [key, *titles.values()] for key, titles in known.items()}
    # What the configuration names is found without a look at the answers.
    if same := _same(word, titled):
        return same
    kept = await counts.values(dimension, query.scope)
    return _found(query, dimension, word, {**titled, **{key: titled.get(key, [key]) for key in kept}})


def _same(word: str, names: Names) -> Sequence[str]:
    """The key itself, or else every key called so."""
    return [word] if word in names else [key for key, called in names.items() if folded(word) in map(folded, called)]


def _found(query: ReportQuery, dimension: Dimension, word: str, names: Names) -> Sequence[str]:
    if same := _same(word, names):
        return same
    said = folded(word)
    begun = [key for key, called in names.items() if said and any(folded(name).startswith(said) for name in called)]
    if len(begun) == 1:
        return begun
    if begun:
        raise _refusal("several_such", dimension, word, begun, None)
    reason = "no_such_yours" if query.scope and dimension in OWNED else "no_such"
    raise _refusal(reason, dimension, word, list(names), _nearest(said, names))


def folded(name: str) -> str:
    """A name without what people leave out when they type it.

    >>> folded("ООО  «Звёздный Путь»")
    'ооо звездный путь'
    """
    return " ".join(normal(name).translate(MARKS).split())


def _nearest(said: str, names: Names) -> str | None:
    likeness = {key: max(_likeness(said, folded(name)) for name in called) for key, called in names.items()}
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best is not None and likeness[best] >= ALIKE else None


def _likeness(said: str, name: str) -> float:
    """How alike they are, 0 to 1: the whole name, as much of its beginning, or one word of it."""
    parts = {name, name[: len(said)], *re.split(r"[\s-]+", name)}
    return max(SequenceMatcher(None, said, part).ratio() for part in parts)


def _refusal(reason: str, dimension: Dimension, word: str, keys: Sequence[str], nearest: str | None) -> BadQuery:
    return BadQuery(reason=reason, dimension=dimension, word=word, allowed=tuple(keys), nearest=nearest)
