"""Cuts of the answers: filters and a period, and which answers are left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from surveys.audience import CALENDAR, Answers, Audience
from surveys.reporting import DIMENSIONS, Dimension, ReportQuery

Filter = tuple[Dimension, tuple[str, ...]]


class Period(NamedTuple):
    since: datetime | None
    until: datetime | None


class Cut(NamedTuple):
    """`indexed`: a CSI is told of it, which is as much as its roles are."""

    where: frozenset[Filter]
    period: Period
    indexed: bool = False

    def without(self, one: Filter) -> "Cut":
        return self._replace(where=self.where - {one})

    def within(self, dimension: Dimension, value: str) -> "Cut":
        """The group of its breakdown."""
        others = {one for one in self.where if one[0] != dimension}
        return self._replace(where=frozenset([*others, (dimension, (value,))]))


def cut_of(query: ReportQuery) -> Cut:
    return Cut(frozenset(query.where.items()), Period(query.since, query.until), query.metric == "csi")


@dataclass(frozen=True, slots=True)
class Cuts:
    """What is left in cuts of the answers on `scales`."""

    audience: Audience
    scales: Sequence[str]
    narrow: dict[Cut, Cut] = field(default_factory=dict)
    differing: dict[Dimension, bool] = field(default_factory=dict)

    def whenever(self, cut: Cut) -> Answers:
        """Of any time."""
        found = self.audience.every(self.scales)
        for dimension, values in cut.where:
            found = self.audience.chosen(found, dimension, values)
        return found

    def answers(self, cut: Cut) -> Answers:
        return self.during(self.whenever(cut), cut.period)

    def during(self, answers: Answers, period: Period) -> Answers:
        return self.audience.during(answers, *period)

    def size(self, cut: Cut) -> int:
        return self.audience.number(self.answers(cut))

    def unbounded(self, cut: Cut) -> Cut:
        """Without a bound that keeps nothing out."""
        whenever = self.whenever(cut)
        told = [bound for bound, outside in self._outside(whenever, cut.period) if outside]
        return cut._replace(period=Period(*(bound if bound in told else None for bound in cut.period)))

    def narrowed(self, cut: Cut) -> Cut:
        """The same answers with all that can be said of them: the months and every group that holds them whole."""
        if cut not in self.narrow:
            self.narrow[cut] = self._narrowed(cut)
        return self.narrow[cut]

    def _narrowed(self, cut: Cut) -> Cut:
        answers, (since, until) = self.answers(cut), cut.period
        first, last = self.audience.months(answers)
        end = (last + timedelta(days=31)).replace(day=1)
        period = Period(max(first, since or first), min(end, until or end))
        told = {dimension for dimension, _ in cut.where}
        # The calendar is a matter of periods, and what is one for everybody is no way to tell anybody apart.
        open_ones = [d for d in DIMENSIONS if d not in told and d not in CALENDAR and self._differ(d)]
        common = [(d, (key,)) for d in open_ones if (key := self.audience.sole(answers, d))]
        return cut._replace(where=cut.where.union(common), period=period)

    def _differ(self, dimension: Dimension) -> bool:
        if dimension not in self.differing:
            every = self.audience.every(self.scales)
            self.differing[dimension] = self.audience.differ(every, dimension)
        return self.differing[dimension]

    def bounded_by_few(self, whenever: Answers, period: Period, least: int) -> bool:
        """Months are the finest step: the next ones with answers on both sides of a bound must be large enough."""
        for bound, outside in self._outside(whenever, period):
            if outside and (not _starts_month(bound) or self._few_beside(whenever, bound, least)):
                return True
        return False

    def _few_beside(self, whenever: Answers, bound: datetime, least: int) -> bool:
        return any(self.audience.number(month) < least for month in self.audience.beside(whenever, bound))

    def _outside(self, whenever: Answers, period: Period) -> Iterator[tuple[datetime, Answers]]:
        """Each bound of the period, with what it keeps out."""
        since, until = period
        if since:
            yield since, self.audience.during(whenever, None, since)
        if until:
            yield until, self.audience.during(whenever, until, None)


def _starts_month(moment: datetime) -> bool:
    return moment == moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
