"""Who answered what, in memory: how many different people stand behind any cut of the answers.

Everything is a set of occasions, and a set is an integer, one bit for each: a cut is made by `&`, and what of every
person is in it is found for all people at once. So thousands of questions cost little more than a few.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import Final, NamedTuple, TypeVar

from surveys.reporting import ANSWERS_ALONE, DIMENSIONS, Cell, Dimension, ReportQuery

People = Mapping[str | None, int]
Occasions = int
Key = TypeVar("Key", bound=Hashable)
Part = TypeVar("Part", bound=Hashable)
Places = Mapping[Key, list[int]]

CALENDAR: Final[tuple[Dimension, ...]] = ("month", "quarter")
OF_OCCASION: Final = tuple(d for d in DIMENSIONS if d not in ANSWERS_ALONE and d not in CALENDAR)


class Said(NamedTuple):
    """What an answer is about."""

    scale: str
    item: str | None
    component: str | None
    block: str | None


class Occasion(NamedTuple):
    """What somebody answered in one place and one role, in one stretch of time that no bound of a period divides.

    `at`: the beginning of that stretch, UTC. `of`: the values of OF_OCCASION.
    """

    person: Hashable
    at: datetime
    of: tuple[str | None, ...]
    said: tuple[Said, ...]


class Audience:
    """Periods may be bounded where stretches of time begin, and nowhere else."""

    def __init__(self, occasions: Iterable[Occasion]) -> None:
        own: defaultdict[Hashable, list[Occasion]] = defaultdict(list)
        for one in occasions:
            own[one.person].append(one)
        every = [one for each in own.values() for one in each]
        self._of = [one.of for one in every]
        self._last = _set([at - 1 for at in accumulate(len(each) for each in own.values())])
        self._others = (1 << len(every)) - 1 ^ self._last
        self._times = _sets(_places(one.at for one in every))
        self._subjects = _sets(_united(_places(one.said for one in every), lambda said: said))
        self._values = _by_dimension(self._times, _places(self._of))
        self._at = [one.at for one in every]
        self._periods: dict[object, Occasions] = {}
        self._about: dict[object, Mapping[tuple[str | None, ...], Occasions]] = {}

    def people(self, query: ReportQuery, scales: Sequence[str]) -> People:
        """How many different people gave the answers of the query's cut, by group. No group has the number 0."""
        groups = self._groups(query, scales, (query.by,) if query.by else ())
        return {key[0] if key else None: self._number(who) for key, who in groups.items()}

    def cells(self, query: ReportQuery, across: Dimension, scales: Sequence[str]) -> Mapping[Cell, int]:
        """The same by the query's dimension and `across` it by another one."""
        dimensions = (query.by, across) if query.by else (across,)
        return {(key[0], key[-1]): self._number(who) for key, who in self._groups(query, scales, dimensions).items()}

    def sole(self, query: ReportQuery, dimension: Dimension, scales: Sequence[str]) -> str | None:
        """The one group of the dimension that the whole cut is in, if there is one; a cut without answers has none."""
        if dimension in ANSWERS_ALONE:
            found = list(self._groups(query, scales, (dimension,)))
            return found[0][0] if len(found) == 1 else None
        whole = self._groups(query, scales, ()).get((), 0)
        if not whole:
            return None
        value, inside = next(self._split(whole, dimension))
        return value if inside == whole else None

    def _groups(
        self, query: ReportQuery, scales: Sequence[str], dimensions: Sequence[Dimension]
    ) -> Mapping[tuple[str | None, ...], Occasions]:
        """By a value of each of `dimensions`; none is empty."""
        asked = [d for d in dimensions if d in ANSWERS_ALONE]
        base = self._base(query)
        found = {key: both for key, who in self._saying(query, scales, asked).items() if (both := who & base)}
        order = list(asked)
        for dimension in dimensions:
            if dimension not in ANSWERS_ALONE:
                order.append(dimension)
                found = {(*key, v): both for key, who in found.items() for v, both in self._split(who, dimension)}
        places = [order.index(dimension) for dimension in dimensions]
        return {tuple(key[place] for place in places): who for key, who in found.items()}

    def _split(self, who: Occasions, dimension: Dimension) -> Iterator[tuple[str | None, Occasions]]:
        """By value, as many steps as there are values in the set: those outside, most of them, cost nothing."""
        values = self._values[dimension]
        while who:
            value = self._value(who.bit_length() - 1, dimension)
            inside = who & values[value]
            yield value, inside
            who ^= inside

    def _value(self, place: int, dimension: Dimension) -> str | None:
        match dimension:
            case "month" | "quarter":
                return _calendar(self._at[place], dimension)
            case _:
                return self._of[place][OF_OCCASION.index(dimension)]

    def _base(self, query: ReportQuery) -> Occasions:
        """The occasions that are in the cut by all but what was asked."""
        found = self._within(query.since, query.until)
        for dimension, chosen in query.where.items():
            if dimension not in ANSWERS_ALONE:
                values = self._values[dimension]
                found &= _all(values.get(value, 0) for value in chosen)
        return found

    def _within(self, since: datetime | None, until: datetime | None) -> Occasions:
        if (since, until) not in self._periods:
            self._periods[since, until] = _all(
                who for at, who in self._times.items() if (not since or since <= at) and (not until or at < until)
            )
        return self._periods[since, until]

    def _saying(
        self, query: ReportQuery, scales: Sequence[str], by: Sequence[Dimension]
    ) -> Mapping[tuple[str | None, ...], Occasions]:
        """Occasions with an answer to what the cut allows to have been asked, by the values of `by`."""
        allowed = {d: values for d, values in query.where.items() if d in ANSWERS_ALONE}
        key = tuple(scales), tuple(by), frozenset(allowed.items())
        if key not in self._about:
            found: defaultdict[tuple[str | None, ...], Occasions] = defaultdict(int)
            for said, who in self._subjects.items():
                if said.scale in scales and all(getattr(said, d) in values for d, values in allowed.items()):
                    found[tuple(getattr(said, d) for d in by)] |= who
            self._about[key] = found
        return self._about[key]

    def _number(self, who: Occasions) -> int:
        """Of how many people: an addition carries any occasion of a person into their last one, and no further."""
        return ((((who & self._others) + self._others) | who) & self._last).bit_count()


def _by_dimension(
    times: Mapping[datetime, Occasions], combinations: Places[tuple[str | None, ...]]
) -> Mapping[Dimension, Mapping[str | None, Occasions]]:
    calendar: dict[Dimension, defaultdict[str | None, Occasions]] = {d: defaultdict(int) for d in CALENDAR}
    for at, who in times.items():
        for dimension, sets in calendar.items():
            sets[_calendar(at, dimension)] |= who
    others = {}
    for index, dimension in enumerate(OF_OCCASION):
        others[dimension] = _sets(_united(combinations, lambda of: (of[index],)))  # noqa: B023 - called at once
    return {**calendar, **others}


def _calendar(at: datetime, dimension: Dimension) -> str:
    return f"{at.year}-{at.month:02}" if dimension == "month" else f"{at.year}-Q{(at.month + 2) // 3}"


def _places(keys: Iterable[Key]) -> Places[Key]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        found[key].append(at)
    return found


def _united(places: Places[Key], parts: Callable[[Key], Iterable[Part]]) -> Places[Part]:
    """The places of each part of the keys."""
    found: defaultdict[Part, list[int]] = defaultdict(list)
    for key, each in places.items():
        for part in parts(key):
            found[part].extend(each)
    return found


def _sets(places: Places[Key]) -> dict[Key, Occasions]:
    return {key: _set(each) for key, each in places.items()}


def _set(places: Sequence[int]) -> Occasions:
    bits = bytearray(max(places, default=0) // 8 + 1)
    for at in places:
        bits[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(bits, "little")


def _all(sets: Iterable[Occasions]) -> Occasions:
    return reduce(or_, sets, 0)
