"""Confidential mode: which figures stay hidden so that no group smaller than allowed shows its score.

Hiding a small group is not enough: it is what is left when its neighbours are taken from the whole. So a cut of the
data is hidden as well when it and a wider cut, both shown, would differ by too few people.

Limits: answers that arrive between two readings of one report differ by few people, and three or more reports over
crossing dimensions may still be solved as equations.
"""

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from surveys.audience import Answers, Audience
from surveys.breakdowns import Breakdown, Judge
from surveys.cuts import Cut, Cuts, Filter, Period, cut_of
from surveys.reporting import Dimension, ReportQuery


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of a report is not shown. With the total hidden, so is every group."""

    total: bool = False
    groups: frozenset[str | None] = frozenset()

    def hides(self, key: str | None) -> bool:
        return self.total or key in self.groups


class Audit:
    """What must stay hidden, given every other report one may ask for. A cut is a query without a breakdown.

    Each question is answered once. Scope and moment are those of the audience.
    """

    def __init__(self, audience: Audience, scales: Sequence[str], least: int) -> None:
        self.audience, self.cuts, self.least = audience, Cuts(audience, scales), least
        self._verdicts: dict[tuple[str, Cut], bool] = {}
        self._breakdowns: dict[Hashable, Breakdown] = {}

    def hidden_of(self, query: ReportQuery) -> Hidden:
        """What of the report `query` asks for is not shown."""
        cut = self._plain(query)
        if cut is None or self.withholds(cut):
            return Hidden(total=True)
        return Hidden() if query.by is None else Hidden(groups=frozenset(self._breakdown(cut, query.by).every()))

    def hidden_among(self, query: ReportQuery, keys: Collection[str | None]) -> set[str | None]:
        """Those of some groups of the breakdown that are not shown; the others are looked at only as far as needed."""
        cut = self._plain(query)
        if cut is None or query.by is None or self.exposes(cut):
            return set(keys)
        whole = self.cuts.answers(cut)
        sizes = {key: self.audience.number(self.audience.chosen(whole, query.by, (key,))) for key in keys}
        groups, judged = self._breakdown(cut, query.by), partial(self._judged, "exposes", cut, query.by)
        found = {key for key, n in sizes.items() if n < self.least or judged(key) or groups.hides(key or "", n)}
        # The dearest question last: it makes no difference any more where nothing is shown.
        return set(keys) if len(found) < len(keys) and self.withholds(cut) else found

    def size(self, query: ReportQuery) -> int:
        """How many people it is about."""
        return self.cuts.size(cut_of(query))

    def _plain(self, query: ReportQuery) -> Cut | None:
        """The cut with one value in each filter, the other filters gone; None: it puts together some of several groups.

        Two such sums over different dimensions tell of what is in one of them alone.
        """
        cut = cut_of(query)
        for one in query.where.items():
            dimension, values = one
            whole = self.cuts.answers(cut.without(one))
            found = [value for value in dict.fromkeys(values) if self.audience.chosen(whole, dimension, (value,))]
            if found and self.audience.alike(self.audience.chosen(whole, dimension, found), whole):
                cut = cut.without(one)
            elif len(found) > 1:
                return None
        return cut

    def withholds(self, cut: Cut) -> bool:
        """Whether the cut is not shown: for what it would tell, or as the partner of a group that is not."""
        if self.exposes(cut):
            return True
        answers = self.cuts.answers(cut)
        return bool(answers) and any(
            self._hidden_among(one.without(each), each[0], answers) for one in self._same(cut) for each in one.where
        )

    def exposes(self, cut: Cut) -> bool:
        """Whether the cut, shown, would tell about fewer than `least` people, by itself or together with others."""
        return self._once("exposes", cut)

    def _once(self, what: str, cut: Cut) -> bool:
        if (what, cut) not in self._verdicts:
            self._verdicts[what, cut] = self._exposes(cut) if what == "exposes" else self._tells(cut)
        return self._verdicts[what, cut]

    def _exposes(self, cut: Cut) -> bool:
        return self._once("tells", cut) or self._by_container(cut)

    def _tells(self, cut: Cut) -> bool:
        """Whether it would, by itself or taken from a wider one."""
        size = self.cuts.size(cut)
        if size < self.least:
            return size > 0
        return self._by_roles(cut) or any(map(self._by_width, (self.cuts.unbounded(cut), self.cuts.narrowed(cut))))

    def _by_roles(self, cut: Cut) -> bool:
        """An index and the CSAT of its answers are two equations for the roles, so it says as much as its roles."""
        if not cut.indexed:
            return False
        scores = cut._replace(indexed=False)
        roles = self.audience.parts(self.cuts.answers(cut), "role")
        return any(
            self.exposes(scores.within("role", role)) if role else self.audience.number(part) < self.least
            for role, part in roles
        )

    def _by_width(self, cut: Cut) -> bool:
        """Every wider cut is this one less some filters."""
        answers = self.cuts.answers(cut)
        for wider in self._wider(cut.where):
            inside = self.cuts.during(wider, cut.period)
            if self.audience.alike(answers, inside):
                if self.cuts.bounded_by_few(wider, cut.period, self.least):
                    return True
                continue
            for dimension, values in cut.where:
                chosen = self.audience.chosen(inside, dimension, values)
                if self.audience.alike(answers, chosen) and self._left_over(wider, dimension, cut.period, answers):
                    return True
        return False

    def _wider(self, filters: Collection[Filter]) -> list[Answers]:
        """What any of the filters leave, of any time; each set once."""
        every = self.audience.every(self.cuts.scales)
        found = {_key(every): every}
        for dimension, values in filters:
            more = [self.audience.chosen(one, dimension, values) for one in found.values()]
            found |= {_key(one): one for one in more}
        return list(found.values())

    def _left_over(self, wider: Answers, dimension: Dimension, period: Period, answers: Answers) -> bool:
        """Whether the answers are left when the other groups that may be shown are taken from the wider cut."""
        key = "few", _key(wider), dimension, period
        if key not in self._breakdowns:
            judge = partial(self._few, wider, dimension, period)
            self._breakdowns[key] = self._groups(self.cuts.during(wider, period), dimension, judge)
        name = self.audience.value(answers, dimension)
        return self._breakdowns[key].hides(name, self.audience.number(answers))

    def _few(self, wider: Answers, dimension: Dimension, period: Period, key: str | None) -> bool:
        if not key:
            return False
        group = self.audience.chosen(wider, dimension, (key,))
        return self.cuts.bounded_by_few(group, period, self.least)

    def _groups(self, whole: Answers, dimension: Dimension, judge: Judge) -> Breakdown:
        return Breakdown(self.audience, self.least, self.audience.parts(whole, dimension), judge)

    def _breakdown(self, cut: Cut, by: Dimension, what: str = "exposes") -> Breakdown:
        key = what, cut, by
        if key not in self._breakdowns:
            judge = partial(self._judged, what, cut, by)
            self._breakdowns[key] = self._groups(self.cuts.answers(cut), by, judge)
        return self._breakdowns[key]

    def _judged(self, what: str, cut: Cut, by: Dimension, key: str | None) -> bool:
        return bool(key) and self._once(what, cut.within(by, key or ""))

    def _hidden_among(self, cut: Cut, by: Dimension, answers: Answers, what: str = "exposes") -> bool:
        """Whether the group that holds the answers is hidden in a breakdown of the cut."""
        name = self.audience.value(answers, by)
        group = cut.within(by, name)
        return self._once(what, group) or self._breakdown(cut, by, what).hides(name, self.cuts.size(group))

    def _same(self, cut: Cut) -> Iterator[Cut]:
        """Cuts that turn out to hold the same answers: an account and its only project, without a needless filter."""
        answers = self.cuts.answers(cut)
        found = dict.fromkeys([self.cuts.unbounded(cut), self.cuts.narrowed(cut)])
        waiting = list(found)
        for one in waiting:
            yield one
            for each in one.where:
                wider = one.without(each)
                if wider not in found and self.audience.alike(answers, self.cuts.answers(wider)):
                    found[wider] = None
                    waiting.append(wider)

    def _by_container(self, cut: Cut) -> bool:
        """What lies within a group that is not shown is not shown either: its parts together would tell of it."""
        answers = self.cuts.answers(cut)
        if not answers:
            return False
        told = {dimension for dimension, _ in cut.where}
        outside = [one for one in self.cuts.narrowed(cut).where if one[0] not in told]
        for rest in map(cut.without, cut.where):
            whole = self.cuts.answers(rest)
            for outer, values in outside:
                within = self.audience.chosen(whole, outer, values)
                if not self.audience.alike(answers, within) and self._hidden_among(rest, outer, answers, "tells"):
                    return True
        return False


def audit_of(audience: Audience, scales: Sequence[str], least: int) -> Audit:
    """One for all who ask the same of an audience: what it has found out once holds as long as that does."""
    key = tuple(scales), least
    if key not in audience.audits:
        audience.audits[key] = Audit(audience, scales, least)
    return audience.audits[key]


def _key(answers: Answers) -> Hashable:
    return answers.who.low, answers.who.bits, answers.topics
