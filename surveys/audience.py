"""Who answered what, in memory: how many different people stand behind any cut of the answers.

Everything is a set of occasions, and occasions of one person, of one project, of one account lie side by side. A cut is
made by meeting sets, and what of every person is in it is found for all people at once.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from surveys.crowds import Crowd, crowd, union
from surveys.reporting import ANSWERS_ALONE, DIMENSIONS, Cell, Dimension, ReportQuery

if TYPE_CHECKING:
    from surveys.suppression import Audit

People = Mapping[str | None, int]
Key = TypeVar("Key", bound=Hashable)
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


class Answers(NamedTuple):
    """The answers about `topics`, one bit for each, that were given on the occasions of `who`."""

    who: Crowd
    topics: int

    def __bool__(self) -> bool:
        return self.who.bits != 0


class Audience:
    """Periods may be bounded where stretches of time begin, and nowhere else."""

    def __init__(self, occasions: Iterable[Occasion]) -> None:
        every, ends = _in_order(occasions)
        self._ends = ends
        self._of = [one.of for one in every]
        self._last = crowd([end - 1 for end in ends])
        self._others = crowd(sorted(set(range(len(every))) - {end - 1 for end in ends}))
        self._times = _crowds(_places([one.at for one in every]))
        self._months = _by_month(self._times)
        self._at = [one.at for one in every]
        self._values = _by_dimension(self._months, _places(self._of))
        spoken = _places([one.said for one in every])
        self._subjects = list(dict.fromkeys(said for saying in spoken for said in saying))
        self._speaking = _speaking(self._subjects, spoken)
        self._periods: dict[object, Crowd] = {}
        self._about: dict[int, Crowd] = {}
        self._topics: dict[object, int] = {}
        self.audits: dict[object, Audit] = {}

    def people(self, query: ReportQuery, scales: Sequence[str]) -> People:
        """How many different people gave the answers of the query's cut, by group. No group has the number 0."""
        cut = self.cut(query, scales)
        if query.by is None:
            return {None: self.number(cut)} if cut else {}
        return {key: self.number(part) for key, part in self.parts(cut, query.by)}

    def cells(self, query: ReportQuery, across: Dimension, scales: Sequence[str]) -> Mapping[Cell, int]:
        """The same by the query's dimension and `across` it by another one."""
        rows = list(self.parts(self.cut(query, scales), query.by)) if query.by else []
        return {(row, column): self.number(cell) for row, part in rows for column, cell in self.parts(part, across)}

    def cut(self, query: ReportQuery, scales: Sequence[str]) -> Answers:
        found = self.during(self.every(scales), query.since, query.until)
        for dimension, values in query.where.items():
            found = self.chosen(found, dimension, values)
        return found

    def every(self, scales: Sequence[str]) -> Answers:
        """All there is on these scales."""
        key = tuple(scales)
        if key not in self._topics:
            self._topics[key] = sum(1 << at for at, said in enumerate(self._subjects) if said.scale in scales)
        return Answers(self._saying(self._topics[key]), self._topics[key])

    def chosen(self, answers: Answers, dimension: Dimension, values: Collection[str | None]) -> Answers:
        """Those with one of the values in the dimension."""
        if dimension in ANSWERS_ALONE:
            topics = answers.topics & self._with(dimension, values)
            return Answers(answers.who.meet(self._saying(topics)), topics)
        sets = self._values[dimension]
        return Answers(answers.who.meet(union(sets[value] for value in values if value in sets)), answers.topics)

    def during(self, answers: Answers, since: datetime | None, until: datetime | None) -> Answers:
        if since is None and until is None:
            return answers
        return Answers(answers.who.meet(self._within(since, until)), answers.topics)

    def parts(self, answers: Answers, dimension: Dimension) -> Iterator[tuple[str | None, Answers]]:
        """By value, as many steps as there are values in the set: those outside, most of them, cost nothing."""
        if dimension in ANSWERS_ALONE:
            for spoken in {getattr(said, dimension): None for said in self._subjects}:
                if part := self.chosen(answers, dimension, (spoken,)):
                    yield spoken, part
            return
        who = answers.who
        while who.bits:
            value = self._value(who.end - 1, dimension)
            inside = who.meet(self._values[dimension][value])
            yield value, Answers(inside, answers.topics)
            who = who.without(inside)

    def value(self, answers: Answers, dimension: Dimension) -> str:
        """The one value in the dimension of answers that have but one."""
        return next(key for key, _ in self.parts(answers, dimension) if key is not None)

    def sole(self, answers: Answers, dimension: Dimension) -> str | None:
        """The one group of the dimension that all of them are in, if there is one."""
        first = next(self.parts(answers, dimension), None)
        return None if first is None or self.differ(answers, dimension) else first[0]

    def differ(self, answers: Answers, dimension: Dimension) -> bool:
        """Whether they are in several groups."""
        return len(list(islice(self.parts(answers, dimension), 2))) > 1

    def alike(self, part: Answers, whole: Answers) -> bool:
        """Whether a part is all there is of the whole."""
        if not part.who.equals(whole.who):
            return False
        return part.topics == whole.topics or not whole.who.meet(self._saying(whole.topics & ~part.topics)).bits

    def number(self, answers: Answers) -> int:
        """Of how many people: an addition carries any occasion of a person into their last one, and no further."""
        who = answers.who
        if not who.bits:
            return 0
        end = self._ends[bisect_left(self._ends, who.end)]
        length = (end + 7) // 8 - who.low
        others, last = (each.part(who.low, length) for each in (self._others, self._last))
        return ((((who.bits & others) + others) | who.bits) & last).bit_count()

    def months(self, answers: Answers) -> tuple[datetime, datetime]:
        """The beginnings of the first and of the last month with answers."""
        first = next(at for at, who in self._months.items() if answers.who.meet(who).bits)
        last = next(at for at, who in reversed(list(self._months.items())) if answers.who.meet(who).bits)
        return first, last

    def beside(self, answers: Answers, bound: datetime) -> Iterator[Answers]:
        """The last month with answers before the bound and the first one after it, as far as there are such."""
        starts = list(self._months)
        border = bisect_left(starts, bound)
        for side in (reversed(starts[:border]), starts[border:]):
            found = (Answers(answers.who.meet(self._months[at]), answers.topics) for at in side)
            yield from (each for each in [next(filter(None, found), None)] if each)

    def _value(self, place: int, dimension: Dimension) -> str | None:
        if dimension in CALENDAR:
            return _calendar(self._at[place], dimension)
        return self._of[place][OF_OCCASION.index(dimension)]

    def _within(self, since: datetime | None, until: datetime | None) -> Crowd:
        if (since, until) not in self._periods:
            self._periods[since, until] = union(
                who for at, who in self._times.items() if (not since or since <= at) and (not until or at < until)
            )
        return self._periods[since, until]

    def _with(self, dimension: Dimension, values: Collection[str | None]) -> int:
        key = dimension, tuple(values)
        if key not in self._topics:
            told = (at for at, said in enumerate(self._subjects) if getattr(said, dimension) in values)
            self._topics[key] = sum(1 << at for at in told)
        return self._topics[key]

    def _saying(self, topics: int) -> Crowd:
        """Occasions with an answer about any of them."""
        if topics not in self._about:
            self._about[topics] = union(who for at, who in enumerate(self._speaking) if topics >> at & 1)
        return self._about[topics]


def _in_order(occasions: Iterable[Occasion]) -> tuple[list[Occasion], list[int]]:
    """Person by person, those of one project side by side; and where each person ends."""
    own: defaultdict[Hashable, list[Occasion]] = defaultdict(list)
    for one in occasions:
        own[one.person].append(one)
    people = sorted(own.values(), key=lambda each: [value or "" for value in each[0].of])
    return [one for each in people for one in each], list(accumulate(len(each) for each in people))


def _by_month(times: Mapping[datetime, Crowd]) -> Mapping[datetime, Crowd]:
    """By the beginning of the month, in order."""
    found: defaultdict[datetime, list[Crowd]] = defaultdict(list)
    for at in sorted(times):
        found[datetime(at.year, at.month, 1, tzinfo=UTC)].append(times[at])
    return {month: union(each) for month, each in found.items()}


def _by_dimension(
    months: Mapping[datetime, Crowd], combinations: Places[tuple[str | None, ...]]
) -> Mapping[Dimension, Mapping[str | None, Crowd]]:
    found: dict[Dimension, Mapping[str | None, Crowd]] = {}
    for dimension in CALENDAR:
        parts: defaultdict[str | None, list[Crowd]] = defaultdict(list)
        for at, who in months.items():
            parts[_calendar(at, dimension)].append(who)
        found[dimension] = {key: union(each) for key, each in parts.items()}
    for index, dimension in enumerate(OF_OCCASION):
        places: defaultdict[str | None, list[int]] = defaultdict(list)
        for values, each in combinations.items():
            places[values[index]].extend(each)
        found[dimension] = _crowds(places)
    return found


def _speaking(subjects: Sequence[Said], spoken: Places[tuple[Said, ...]]) -> list[Crowd]:
    """Where each subject was spoken of."""
    places: defaultdict[Said, list[int]] = defaultdict(list)
    for saying, each in spoken.items():
        for said in saying:
            places[said].extend(each)
    return [crowd(places[said]) for said in subjects]


def _calendar(at: datetime, dimension: Dimension) -> str:
    return f"{at.year}-{at.month:02}" if dimension == "month" else f"{at.year}-Q{(at.month + 2) // 3}"


def _places(keys: Sequence[Key]) -> Places[Key]:
    """Where each key stands. Most that are alike are one object, and to tell those costs less than to compare them."""
    objects: defaultdict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(map(id, keys)):
        objects[one].append(at)
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for places in objects.values():
        found[keys[places[0]]] += places
    return found


def _crowds(places: Places[Key]) -> dict[Key, Crowd]:
    return {key: crowd(each) for key, each in places.items()}
