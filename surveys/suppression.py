"""Confidential mode: which figures stay hidden so that no group smaller than allowed shows its score.

Hiding a small group is not enough: it is what is left when its neighbours are taken from the whole. So a cut of the
data is hidden as well when it and a wider cut, both shown, would differ by too few people.

Limits: answers that arrive between two readings of one report differ by few people, and three or more reports over
crossing dimensions may still be solved as equations.
"""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from surveys.reporting import DIMENSIONS, Dimension, ReportQuery

People = Mapping[str | None, int]
Judge = Callable[[ReportQuery], Awaitable[bool]]


class Respondents(Protocol):
    """Of the port `Counts`, what is needed here."""

    async def respondents(self, query: ReportQuery, scales: Sequence[str]) -> People: ...


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of a report is not shown. With the total hidden, so is every group."""

    total: bool = False
    groups: frozenset[str | None] = frozenset()

    def hides(self, key: str | None) -> bool:
        return self.total or key in self.groups


async def hidden_cuts(query: ReportQuery, counts: Respondents, scales: Sequence[str], min_group: int) -> Hidden:
    """What must stay hidden in the report `query` asks for, given every other report one may ask for."""
    audit = _Audit(counts, scales, min_group)
    plain = await audit.plain(query)
    if plain is None or await audit.withholds(replace(plain, by=None)):
        return Hidden(total=True)
    return Hidden() if query.by is None else Hidden(groups=frozenset(await audit.hidden(plain)))


@dataclass(frozen=True, slots=True)
class _Audit:
    """Asks how many people stand behind cuts, each question once. A cut is a query without a breakdown."""

    counts: Respondents
    scales: Sequence[str]
    least: int
    known: dict[object, People] = field(default_factory=dict)
    verdicts: dict[object, bool] = field(default_factory=dict)
    alike: dict[object, list[ReportQuery]] = field(default_factory=dict)

    async def people(self, query: ReportQuery) -> People:
        key = _key(query)
        if key not in self.known:
            self.known[key] = await self.counts.respondents(query, self.scales)
        return self.known[key]

    async def size(self, cut: ReportQuery) -> int:
        return sum((await self.people(cut)).values())

    async def plain(self, query: ReportQuery) -> ReportQuery | None:
        """The query with one value in each filter, all others gone; None: it puts together some of several groups.

        Two such sums over different dimensions tell of what is in one of them alone.
        """
        where = dict(query.where)
        for dimension in query.where:
            others = {other: values for other, values in where.items() if other != dimension}
            found = (await self.people(replace(query, by=dimension, where=others))).keys()
            chosen = tuple(value for value in where[dimension] if value in found)
            if chosen and len(chosen) == len(found):
                where = others
            elif len(chosen) > 1:
                return None
        return replace(query, where=where)

    async def withholds(self, cut: ReportQuery) -> bool:
        """Whether the cut is not shown: for what it would tell, or as the partner of a group that is not."""
        if await self.exposes(cut):
            return True
        if await self.size(cut) == 0:
            return False
        for one in await self._same(cut):
            for siblings, chosen in _siblings(one):
                if not (await self.hidden(siblings)).isdisjoint(chosen):
                    return True
        return False

    async def hidden(self, query: ReportQuery) -> set[str | None]:
        """The groups of a breakdown that are not shown."""
        return await self._with_partners(query, self.exposes)

    async def exposes(self, cut: ReportQuery) -> bool:
        """Whether the cut, shown, would tell about fewer than `least` people, by itself or together with others."""
        return await self._tells(cut) or (await self.size(cut) > 0 and await self._by_container(cut))

    async def _tells(self, cut: ReportQuery) -> bool:
        """Whether it would, by itself or taken from a wider one."""
        key = cut.metric == "csi", *_key(cut)
        if key not in self.verdicts:
            size = await self.size(cut)
            few = 0 < size < self.least
            self.verdicts[key] = few or (size > 0 and (await self._by_roles(cut) or await self._by_width(cut)))
        return self.verdicts[key]

    async def _with_partners(self, query: ReportQuery, judge: Judge) -> set[str | None]:
        people = await self.people(query)
        named = {
            key: replace(query, by=None, where={**query.where, query.by: (key,)}) for key in people if key and query.by
        }
        few = {key for key, n in people.items() if (await judge(named[key]) if key in named else n < self.least)}
        return await self.pooled(query, people, few)

    async def pooled(self, query: ReportQuery, people: People, exposed: Collection[str | None]) -> set[str | None]:
        """The groups to hide: `exposed`, and the next smallest if the rest of the total would tell of too few."""
        rest = people.keys() - exposed
        if not exposed or not rest:
            return set(exposed)
        if len(exposed) > 1 and await self._together(query, people, exposed) >= self.least:
            return set(exposed)
        return {*exposed, min(rest, key=lambda key: (people[key], key or ""))}

    async def _together(self, query: ReportQuery, people: People, keys: Collection[str | None]) -> int:
        """How many different people the groups hold, at least: one person may be in several."""
        named = tuple(sorted(key for key in keys if key is not None))
        nameless = people.get(None, 0) if None in keys else 0
        if query.by is None or not named:
            return nameless
        return max(nameless, await self.size(_cell(query, query.by, named)))

    async def _by_roles(self, cut: ReportQuery) -> bool:
        """An index and the CSAT of its answers are two equations for the roles, so it says as much as its roles."""
        if cut.metric != "csi":
            return False
        by_role = replace(cut, metric="csat", method=None, by="role")
        return bool(await self.hidden(by_role))

    async def _by_width(self, cut: ReportQuery) -> bool:
        """Every wider cut is this one less some filters."""
        for one in await self._same(cut):
            if await self._by_period(one):
                return True
            for siblings, chosen in _siblings(one):
                if not (await self._hidden_in(siblings)).isdisjoint(chosen):
                    return True
        return False

    async def _same(self, cut: ReportQuery) -> Sequence[ReportQuery]:
        """Cuts that turn out to hold the same answers: an account and its only project, without a needless filter."""
        key = _key(cut)
        if key not in self.alike:
            same = self.alike[key] = [await self._unbounded(cut), await self._narrowed(cut)]
            for one in same:
                for siblings, chosen in _siblings(one):
                    wider = replace(siblings, by=None)
                    if wider not in same and await self._whole(siblings, chosen):
                        same.append(wider)
        return [replace(one, metric=cut.metric, method=cut.method) for one in self.alike[key]]

    async def _unbounded(self, cut: ReportQuery) -> ReportQuery:
        """Without a bound that keeps nothing out."""
        for name, (_, outside) in zip(
            [name for name in ("since", "until") if getattr(cut, name)], _bounds(cut), strict=True
        ):
            if await self.size(outside) == 0:
                cut = replace(cut, since=None) if name == "since" else replace(cut, until=None)
        return cut

    async def _whole(self, siblings: ReportQuery, chosen: Collection[str]) -> bool:
        return (await self.people(siblings)).keys() <= set(chosen)

    async def _by_container(self, cut: ReportQuery) -> bool:
        """What lies within a group that is not shown is not shown either: its parts together would tell of it."""
        narrow = (await self._narrowed(cut)).where
        within = [(outer, chosen) for outer, chosen in narrow.items() if outer not in cut.where]
        for siblings, chosen in _siblings(cut):
            for outer, whole in within:
                inside = replace(siblings, where={**siblings.where, outer: whole})
                if await self._whole(inside, chosen):
                    continue
                if not (await self._with_partners(replace(siblings, by=outer), self._tells)).isdisjoint(whole):
                    return True
        return False

    async def _by_period(self, cut: ReportQuery) -> bool:
        """Months are the finest step: the next ones with answers on both sides of a bound must be large enough."""
        for bound, outside in _bounds(cut):
            if await self.size(outside) == 0:
                continue
            months = await self.people(replace(cut, by="month", since=None, until=None))
            if not _starts_month(bound) or any(months[month] < self.least for month in _beside(bound, months)):
                return True
        return False

    async def _hidden_in(self, siblings: ReportQuery) -> set[str | None]:
        return await self._with_partners(siblings, self._few)

    async def _few(self, cut: ReportQuery) -> bool:
        return await self.size(cut) < self.least or await self._by_period(cut)

    async def _narrowed(self, cut: ReportQuery) -> ReportQuery:
        """The same answers with all that can be said of them: the months and every group that holds them whole."""
        months = sorted(month for month in await self.people(replace(cut, by="month")) if month is not None)
        first, last = _month(months[0]), _next(_month(months[-1]))
        common = {outer: (key,) for outer in await self._varied(cut) if (key := await self._only(cut, outer))}
        return replace(
            cut,
            where={**cut.where, **common},
            since=max(first, cut.since or first),
            until=min(last, cut.until or last),
        )

    async def _varied(self, cut: ReportQuery) -> list[Dimension]:
        """Dimensions the cut is not filtered by and in which answers differ; the calendar is a matter of periods."""
        others = [d for d in DIMENSIONS if d not in cut.where and d not in ("month", "quarter")]
        whole = replace(cut, where={}, since=None, until=None)
        return [dimension for dimension in others if len(await self.people(replace(whole, by=dimension))) > 1]

    async def _only(self, cut: ReportQuery, dimension: Dimension) -> str | None:
        """The group of the dimension that holds the whole cut, if one does."""
        found = tuple(await self.people(replace(cut, by=dimension)))
        return found[0] if len(found) == 1 else None


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
