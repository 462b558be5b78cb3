"""Confidential mode as it is defined, question after question: what is hidden, no more and no less."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from surveys.audience import CALENDAR, Audience, People
from surveys.reporting import DIMENSIONS, Cell, Dimension, ReportQuery
from surveys.suppression import Hidden

Judge = Callable[[ReportQuery], bool]
Sizes = Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Audit:
    """What must stay hidden, given every other report one may ask for. A cut is a query without a breakdown.

    Each question of how many people stand behind a cut is asked once. Scope and moment are those of the audience.
    """

    audience: Audience
    scales: Sequence[str]
    least: int
    known: dict[object, People] = field(default_factory=dict)
    verdicts: dict[object, bool] = field(default_factory=dict)
    alike: dict[object, list[ReportQuery]] = field(default_factory=dict)
    differing: dict[Dimension, bool] = field(default_factory=dict)
    narrow: dict[object, ReportQuery] = field(default_factory=dict)
    closed: dict[object, set[str | None]] = field(default_factory=dict)

    def hidden_of(self, query: ReportQuery) -> Hidden:
        """What of the report `query` asks for is not shown."""
        plain = self.plain(query)
        if plain is None or self.withholds(replace(plain, by=None)):
            return Hidden(total=True)
        return Hidden() if query.by is None else Hidden(groups=frozenset(self.hidden(plain)))

    def people(self, query: ReportQuery) -> People:
        key = _key(query)
        if key not in self.known:
            self.known[key] = self.audience.people(query, self.scales)
        return self.known[key]

    def size(self, cut: ReportQuery) -> int:
        return sum(self.people(cut).values())

    def plain(self, query: ReportQuery) -> ReportQuery | None:
        """The query with one value in each filter, all others gone; None: it puts together some of several groups.

        Two such sums over different dimensions tell of what is in one of them alone.
        """
        where = dict(query.where)
        for dimension in query.where:
            others = {other: values for other, values in where.items() if other != dimension}
            found = self.people(replace(query, by=dimension, where=others)).keys()
            chosen = tuple(value for value in where[dimension] if value in found)
            if chosen and len(chosen) == len(found):
                where = others
            elif len(chosen) > 1:
                return None
        return replace(query, where=where)

    def withholds(self, cut: ReportQuery) -> bool:
        """Whether the cut is not shown: for what it would tell, or as the partner of a group that is not."""
        if self.exposes(cut):
            return True
        if self.size(cut) == 0:
            return False
        for one in self._same(cut):
            for siblings, chosen in _siblings(one):
                if not self.hidden(siblings).isdisjoint(chosen):
                    return True
        return False

    def hidden(self, query: ReportQuery) -> set[str | None]:
        """The groups of a breakdown that are not shown."""
        return self._with_partners(query, self.exposes)

    def exposes(self, cut: ReportQuery) -> bool:
        """Whether the cut, shown, would tell about fewer than `least` people, by itself or together with others."""
        return self._tells(cut) or (self.size(cut) > 0 and self._by_container(cut))

    def _tells(self, cut: ReportQuery) -> bool:
        """Whether it would, by itself or taken from a wider one."""
        key = cut.metric == "csi", *_key(cut)
        if key not in self.verdicts:
            size = self.size(cut)
            few = 0 < size < self.least
            self.verdicts[key] = few or (size > 0 and (self._by_roles(cut) or self._by_width(cut)))
        return self.verdicts[key]

    def _with_partners(self, query: ReportQuery, judge: Judge) -> set[str | None]:
        key = judge.__name__, query.metric == "csi", *_key(query)
        if key not in self.closed:
            self.closed[key] = self._exposed(query, judge)
        return self.closed[key]

    def _exposed(self, query: ReportQuery, judge: Judge) -> set[str | None]:
        people = self.people(query)
        named = {
            key: replace(query, by=None, where={**query.where, query.by: (key,)}) for key in people if key and query.by
        }
        few = {key for key, n in people.items() if (judge(named[key]) if key in named else n < self.least)}
        return self.pooled(query, people, few)

    def pooled(self, query: ReportQuery, people: People, exposed: Collection[str | None]) -> set[str | None]:
        """The groups to hide: `exposed`, and the next smallest if the rest of the total would tell of too few."""
        rest = people.keys() - exposed
        if not exposed or not rest:
            return set(exposed)
        if len(exposed) > 1 and self._together(query, people, exposed) >= self.least:
            return set(exposed)
        return {*exposed, min(rest, key=lambda key: (people[key], key or ""))}

    def _together(self, query: ReportQuery, people: People, keys: Collection[str | None]) -> int:
        """How many different people the groups hold, at least: one person may be in several."""
        named = tuple(sorted(key for key in keys if key is not None))
        nameless = people.get(None, 0) if None in keys else 0
        if query.by is None or not named:
            return nameless
        return max(nameless, self.size(_cell(query, query.by, named)))

    def _by_roles(self, cut: ReportQuery) -> bool:
        """An index and the CSAT of its answers are two equations for the roles, so it says as much as its roles."""
        if cut.metric != "csi":
            return False
        by_role = replace(cut, metric="csat", method=None, by="role")
        return bool(self.hidden(by_role))

    def _by_width(self, cut: ReportQuery) -> bool:
        """Every wider cut is this one less some filters."""
        for one in self._same(cut):
            if self._by_period(one):
                return True
            for siblings, chosen in _siblings(one):
                if not self._hidden_in(siblings).isdisjoint(chosen):
                    return True
        return False

    def _same(self, cut: ReportQuery) -> Sequence[ReportQuery]:
        """Cuts that turn out to hold the same answers: an account and its only project, without a needless filter."""
        key = _key(cut)
        if key not in self.alike:
            same = self.alike[key] = [self._unbounded(cut), self._narrowed(cut)]
            for one in same:
                for siblings, chosen in _siblings(one):
                    wider = replace(siblings, by=None)
                    if wider not in same and self._whole(siblings, chosen):
                        same.append(wider)
        return [replace(one, metric=cut.metric, method=cut.method) for one in self.alike[key]]

    def _unbounded(self, cut: ReportQuery) -> ReportQuery:
        """Without a bound that keeps nothing out."""
        for name, (_, outside) in zip(
            [name for name in ("since", "until") if getattr(cut, name)], _bounds(cut), strict=True
        ):
            if self.size(outside) == 0:
                cut = replace(cut, since=None) if name == "since" else replace(cut, until=None)
        return cut

    def _whole(self, siblings: ReportQuery, chosen: Collection[str]) -> bool:
        return self.people(siblings).keys() <= set(chosen)

    def _by_container(self, cut: ReportQuery) -> bool:
        """What lies within a group that is not shown is not shown either: its parts together would tell of it."""
        narrow = self._narrowed(cut).where
        within = [(outer, chosen) for outer, chosen in narrow.items() if outer not in cut.where]
        for siblings, chosen in _siblings(cut):
            for outer, whole in within:
                inside = replace(siblings, where={**siblings.where, outer: whole})
                if self._whole(inside, chosen):
                    continue
                if not self._with_partners(replace(siblings, by=outer), self._tells).isdisjoint(whole):
                    return True
        return False

    def _by_period(self, cut: ReportQuery) -> bool:
        """Months are the finest step: the next ones with answers on both sides of a bound must be large enough."""
        for bound, outside in _bounds(cut):
            if self.size(outside) == 0:
                continue
            months = self.people(replace(cut, by="month", since=None, until=None))
            if not _starts_month(bound) or any(months[month] < self.least for month in _beside(bound, months)):
                return True
        return False

    def _hidden_in(self, siblings: ReportQuery) -> set[str | None]:
        return self._with_partners(siblings, self._few)

    def _few(self, cut: ReportQuery) -> bool:
        return self.size(cut) < self.least or self._by_period(cut)

    def _narrowed(self, cut: ReportQuery) -> ReportQuery:
        """The same answers with all that can be said of them: the months and every group that holds them whole."""
        key = _key(cut)
        if key not in self.narrow:
            self.narrow[key] = self._said(cut)
        return replace(self.narrow[key], metric=cut.metric, method=cut.method)

    def _said(self, cut: ReportQuery) -> ReportQuery:
        months = sorted(month for month in self.people(replace(cut, by="month")) if month is not None)
        first, last = _month(months[0]), _next(_month(months[-1]))
        varied = self._varied(cut)
        common = {outer: (key,) for outer in varied if (key := self._sole(cut, outer))}
        return replace(
            cut,
            where={**cut.where, **common},
            since=max(first, cut.since or first),
            until=min(last, cut.until or last),
        )

    def _sole(self, cut: ReportQuery, dimension: Dimension) -> str | None:
        found = list(self.people(replace(cut, by=dimension)))
        return found[0] if len(found) == 1 else None

    def _varied(self, cut: ReportQuery) -> list[Dimension]:
        """Dimensions the cut is not filtered by and in which answers differ; the calendar is a matter of periods."""
        return [d for d in DIMENSIONS if d not in cut.where and d not in CALENDAR and self._differ(cut, d)]

    def _differ(self, cut: ReportQuery, dimension: Dimension) -> bool:
        if dimension not in self.differing:
            whole = replace(cut, by=dimension, where={}, since=None, until=None)
            self.differing[dimension] = len(self.people(whole)) > 1
        return self.differing[dimension]


def _key(query: ReportQuery) -> tuple[object, ...]:
    return query.by, frozenset(query.where.items()), query.since, query.until


def _cell(query: ReportQuery, dimension: Dimension, keys: tuple[str, ...]) -> ReportQuery:
    return replace(query, by=None, where={**query.where, dimension: keys})


def _siblings(cut: ReportQuery) -> Iterator[tuple[ReportQuery, tuple[str, ...]]]:
    """For each filter, the breakdown without it, and what the filter chooses of it."""
    for dimension, chosen in cut.where.items():
        others = {other: values for other, values in cut.where.items() if other != dimension}
        yield replace(cut, by=dimension, where=others), chosen


def _bounds(cut: ReportQuery) -> Iterator[tuple[datetime, ReportQuery]]:
    """Each bound of the period, with the cut of what it keeps out."""
    if cut.since:
        yield cut.since, replace(cut, since=None, until=cut.since)
    if cut.until:
        yield cut.until, replace(cut, since=cut.until, until=None)


def _month(key: str) -> datetime:
    return datetime.strptime(key, "%Y-%m").replace(tzinfo=UTC)


def _next(month: datetime) -> datetime:
    return (month + timedelta(days=31)).replace(day=1)


def _starts_month(moment: datetime) -> bool:
    return moment == moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _beside(bound: datetime, months: People) -> list[str]:
    """The last month with answers before the bound and the first one after it, as far as there are such."""
    border = f"{bound:%Y-%m}"
    named = sorted(month for month in months if month is not None)
    return [month for month in named if month < border][-1:] + [month for month in named if month >= border][:1]


def hidden_cells(
    query: ReportQuery, across: Dimension, audience: Audience, scales: Sequence[str], least: int
) -> frozenset[Cell]:
    """The cells to hide. All of them where the few who have neither a row nor a column cannot be protected."""
    sizes = audience.cells(query, across, scales)
    audit = Audit(audience, scales, least)
    lines = [(query, across), (replace(query, by=across), query.by)]
    edges = [audit.hidden_of(line) for line, _ in lines]
    hidden = {cell for cell, n in sizes.items() if n < least or any(_hides(edges, cell))}
    if (None, None) in hidden or any(edge.total for edge in edges):
        return frozenset(sizes)
    for side, (line, other) in enumerate(lines):
        for key in sorted({cell[side] for cell in sizes.keys() - hidden if cell[side] is not None}, key=str):
            inner = audit.hidden_of(_within(line, key, other))
            hidden |= {cell for cell in sizes if cell[side] == key and inner.hides(cell[1 - side])}
    return frozenset(closed(sizes, hidden, least))


def closed(sizes: Sizes, hidden: Collection[Cell], least: int) -> set[Cell]:
    found = set(hidden)
    while line := next(_open_lines(sizes, found, least), None):
        shown = [cell for cell in line if cell not in found]
        found.add(min(shown, key=lambda cell: (sizes[cell], str(cell))))
    return found


def _open_lines(sizes: Sizes, hidden: Collection[Cell], least: int) -> Iterator[list[Cell]]:
    """Rows and columns, with something left to hide, that tell too much about what is hidden in them."""
    for side in (0, 1):
        for key in sorted({cell[side] for cell in hidden}, key=str):
            line = [cell for cell in sizes if cell[side] == key]
            covered = [cell for cell in line if cell in hidden]
            told = sum(sizes[cell] for cell in covered) < least or any(_determined(cell, hidden) for cell in covered)
            if told and len(covered) < len(line):
                yield line


def _determined(cell: Cell, hidden: Collection[Cell]) -> bool:
    """Whether the totals leave the cell one value: no way leads from its row to its column by other hidden cells."""
    rows, columns = {cell[0]}, set[str | None]()
    others = [other for other in hidden if other != cell]
    while True:
        reached = {column for row, column in others if row in rows}
        back = {row for row, column in others if column in reached}
        if reached <= columns and back <= rows:
            return cell[1] not in columns
        columns |= reached
        rows |= back


def _hides(edges: Sequence[Hidden], cell: Cell) -> Iterator[bool]:
    return (edge.hides(key) for edge, key in zip(edges, cell, strict=True))


def _within(line: ReportQuery, key: str | None, other: Dimension | None) -> ReportQuery:
    """The breakdown inside a row or a column."""
    if line.by is None or key is None:
        raise ValueError("a line without a name has no breakdown")
    return replace(line, by=other, where={**line.where, line.by: (key,)})
