"""Counts by brute force over raw answers: what storage does with tables, in the plainest way."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from metrics.drivers import Row
from metrics.scales import EVERY_SCALE, score_100
from surveys.audience import OF_OCCASION, Audience, Occasion, Said
from surveys.reporting import Cell, Dimension, OutreachCount, ReportQuery, ScoreCount
from surveys.rules import Scope

MOMENT = datetime(2026, 7, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer that stands, with everything it may be cut by but the role and the calendar."""

    person: str
    scale: str
    score: int
    role: str = "key_user"
    at: datetime = MOMENT
    of: Mapping[str, str] = field(default_factory=dict)

    def value(self, dimension: Dimension) -> str | None:
        match dimension:
            case "role":
                return self.role
            case "month":
                return f"{self.at:%Y-%m}"
            case "quarter":
                return f"{self.at.year}-Q{(self.at.month + 2) // 3}"
            case _:
                return self.of.get(dimension)


@dataclass
class FakeCounts:
    """Keeps every question it was asked in `asked`. `sent`: by group; `all_sent`: together, if not their sum."""

    given: Sequence[Given] = ()
    sent: Sequence[OutreachCount] = ()
    all_sent: OutreachCount | None = None
    revenue: Mapping[str, float] = field(default_factory=dict)
    asked: list[ReportQuery] = field(default_factory=list)

    async def scores(self, query: ReportQuery, scales: Sequence[str]) -> Sequence[ScoreCount]:
        counted = Counter((group(a, query), a.scale, a.role, a.score) for a in self.cut(query, scales))
        return [ScoreCount(*key, n) for key, n in counted.items()]

    async def audience(self, query: ReportQuery) -> Audience:
        """Told as rudely as the port allows: every answer is an occasion of its own."""
        self.asked.append(query)
        return Audience(occasion(answer, query) for answer in self.given)

    async def cells(
        self, query: ReportQuery, across: Dimension, scales: Sequence[str]
    ) -> Mapping[Cell, Sequence[ScoreCount]]:
        counted = Counter((cell(a, query, across), a.scale, a.role, a.score) for a in self.cut(query, scales))
        found: defaultdict[Cell, list[ScoreCount]] = defaultdict(list)
        for (where, *key), n in counted.items():
            found[where].append(ScoreCount(None, *key, n))
        return found

    async def judgements(self, query: ReportQuery, components: Sequence[str]) -> Sequence[Row]:
        """Everybody has answered once."""
        scales = [key for key, scale in EVERY_SCALE.items() if scale.kind in ("nps", "csat")]
        said: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for answer in self.cut(query, scales):
            about = "nps" if answer.scale == "nps" else answer.of["component"]
            points = answer.score if answer.scale == "nps" else score_100(answer.score, EVERY_SCALE[answer.scale])
            said[answer.person][about] = points
        every = [[marks.get(component) for component in (*components, "nps")] for marks in said.values()]
        return [row for row in every if row[-1] is not None]

    async def revenues(self) -> Mapping[str, float]:
        return self.revenue

    async def values(self, dimension: Dimension, scope: Scope | None) -> Sequence[str]:
        own = [answer for answer in self.given if scope is None or answer.of.get("account") in scope.accounts]
        return sorted({value for answer in own if (value := answer.value(dimension)) is not None})

    async def outreach(self, query: ReportQuery, *, timed: bool = True) -> Sequence[OutreachCount]:
        self.asked.append(query)
        return self.sent if query.by or self.all_sent is None else [self.all_sent]

    async def outreach_cells(self, query: ReportQuery, across: Dimension) -> Mapping[Cell, OutreachCount]:
        return {}

    def cut(self, query: ReportQuery, scales: Sequence[str]) -> list[Given]:
        self.asked.append(query)
        return [answer for answer in self.given if answer.scale in scales and within(answer, query)]


def occasion(answer: Given, query: ReportQuery) -> Occasion:
    starts = [answer.at.replace(day=1, hour=0, minute=0, second=0, microsecond=0), query.since, query.until]
    return Occasion(
        person=answer.person,
        at=max(start for start in starts if start and start <= answer.at),
        of=tuple(answer.value(dimension) for dimension in OF_OCCASION),
        said=(Said(answer.scale, *(answer.of.get(part) for part in ("item", "component", "block"))),),
    )


def group(answer: Given, query: ReportQuery) -> str | None:
    return answer.value(query.by) if query.by else None


def cell(answer: Given, query: ReportQuery, across: Dimension) -> Cell:
    return group(answer, query), answer.value(across)


def within(answer: Given, query: ReportQuery) -> bool:
    chosen = all(answer.value(dimension) in values for dimension, values in query.where.items())
    late = query.since is None or query.since <= answer.at
    return chosen and late and (query.until is None or answer.at < query.until)


def answers(scale: str, histogram: Mapping[int, int], role: str = "key_user", **of: str) -> list[Given]:
    """One answer per person, `histogram` of them: score -> how many."""
    named = ":".join((role, scale, *of.values()))
    return [
        Given(person=f"{named}:{score}:{number}", scale=scale, score=score, role=role, of=of)
        for score, n in histogram.items()
        for number in range(n)
    ]


def joined(*parts: Iterable[Given]) -> FakeCounts:
    return FakeCounts([answer for part in parts for answer in part])
