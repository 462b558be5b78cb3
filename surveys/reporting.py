"""Reports: a question in the words of the domain, the counts it needs, the figures that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, Protocol, get_args

from metrics.csat import Method as Boxes
from metrics.csi import Basis, RoleCsat
from metrics.drivers import Row
from metrics.estimates import Share
from metrics.histogram import Histogram
from metrics.intervals import Interval
from metrics.nps import Band
from metrics.rates import Dispositions, rr1, rr2
from surveys.errors import BadQuery
from surveys.questionnaire import Role
from surveys.rules import Scope

if TYPE_CHECKING:
    from surveys.audience import Audience

Metric = Literal["nps", "csat", "ces", "csi", "response"]
Dimension = Literal[
    "account",
    "project",
    "division",
    "product",
    "role",
    "stage",
    "questionnaire",
    "item",
    "component",
    "block",
    "touchpoint",
    "channel",
    "language",
    "month",
    "quarter",
    "wave",
]
Method = Literal["top1", "top2", "mean"]
Unit = Literal["points", "percent", "mark"]

DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)
ANSWERS_ALONE: Final[frozenset[Dimension]] = frozenset({"item", "component", "block"})
OF_INVITING: Final[tuple[Dimension, ...]] = tuple(each for each in DIMENSIONS if each not in ANSWERS_ALONE)
METHODS: Final[Mapping[Metric, tuple[Method, ...]]] = {"csat": ("top1", "top2"), "csi": ("top1", "top2", "mean")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """A metric, at most one breakdown, filters (a dimension may have several allowed values) and a period.

    `since` is included, `until` is not; both aware, UTC. `method` None: the configured one.
    `scope`: what the reader may see at all; None: everything. `as_of`: as it was known at that moment; None: now.
    Raises BadQuery for what no report can answer: a dimension or a method its metric does not have, an empty period.
    """

    metric: Metric
    by: Dimension | None = None
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    method: Method | None = None
    scope: Scope | None = None
    as_of: datetime | None = None

    def __post_init__(self) -> None:
        strangers = [] if self.metric != "response" else [d for d in (self.by, *self.where) if d in ANSWERS_ALONE]
        if strangers:
            raise BadQuery(reason="not_for_metric", word=strangers[0], allowed=OF_INVITING, nearest=None)
        methods = METHODS.get(self.metric, ())
        if self.method is not None and self.method not in methods:
            raise BadQuery(reason="not_for_metric", word=self.method, allowed=methods, nearest=None)
        if self.since and self.until and self.since >= self.until:
            raise BadQuery(reason="empty_period", word=self.since.date().isoformat(), allowed=(), nearest=None)


@dataclass(frozen=True, slots=True)
class ScoreCount:
    """How many answers of this group, scale and role gave this score. `group` is None where there is no breakdown,
    or where the answers have no value in that dimension."""

    group: str | None
    scale: str
    role: str
    score: int
    n: int


Cell = tuple[str | None, str | None]
"""A row and a column of a breakdown by two dimensions; None as in `ScoreCount`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachCount:
    """What became of the invitations of a group.

    `completed` is in `started`, `started` and `refused` are in `delivered`, `delivered` is in `invited`.
    `unreached`: delivered, and nobody reacted in time. Who could not be delivered to is in `undeliverable` alone.
    `seconds`: how many completed interviews took so long from begin to end, exact to what is told of such a time:
    to a second within an hour, to a minute within a day, and to an hour.
    """

    group: str | None
    invited: int
    delivered: int
    started: int
    completed: int
    partial: int
    refused: int
    undeliverable: int
    unreached: int = 0
    seconds: Mapping[float, int] = field(default_factory=dict)


class Counts(Protocol):
    """Reads counts, never answers."""

    async def scores(self, query: ReportQuery, scales: Sequence[str]) -> Sequence[ScoreCount]:
        """Counts of the answers that stand now, on any of `scales` (keys of metrics.scales), in `query`'s cut."""
        ...

    async def outreach(self, query: ReportQuery, *, timed: bool = True) -> Sequence[OutreachCount]:
        """Counts of invitations created in `query`'s period. Dimensions of answers alone are not allowed here.

        An invitation of somebody of two roles is in the group of each. `timed`: with the times interviews took.
        """
        ...

    async def outreach_cells(self, query: ReportQuery, across: Dimension) -> Mapping["Cell", OutreachCount]:
        """What `outreach` counts but the times, by the query's dimension and `across` it by another one."""
        ...

    async def audience(self, query: ReportQuery) -> "Audience":
        """Everybody who answered within the query's scope, as known at its moment.

        Periods may be bounded by months and by the query's own bounds. All else of the query is not looked at.
        """
        ...

    async def cells(
        self, query: ReportQuery, across: Dimension, scales: Sequence[str]
    ) -> Mapping["Cell", Sequence[ScoreCount]]:
        """What `scores` counts, by the query's dimension and `across` it by another one; `group` is None."""
        ...

    async def judgements(self, query: ReportQuery, components: Sequence[str]) -> Sequence[Row]:
        """For each response in the query's cut that has an NPS: its score 0-100 of each component, then its NPS 0-10.

        Several answers about one component are one, their mean; None where there is none.
        """
        ...

    async def revenues(self) -> Mapping[str, float]:
        """What accounts bring in a year, as far as the directory knows."""
        ...

    async def values(self, dimension: Dimension, scope: Scope | None) -> Sequence[str]:
        """What the dimension is for anything a reader of this scope may see, in the directory or in answers."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRules:
    """The vendor's decisions about reports.

    `weights`: every configured role, in the order of the configuration. `order`: keys of other dimensions in the order
    they are shown in, the journey's stages for one. With "confidential", fewer than `min_group` people show no score,
    and fewer than `min_group_verbatims` no words.
    """

    weights: Mapping[Role, float]
    csi_basis: Basis = "top2"
    csat_method: Boxes = "top2"
    mode: Literal["named", "confidential"] = "named"
    min_group: int = 5
    min_group_verbatims: int = 8
    order: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fieldwork:
    """What became of invitations; one set lies in another as in `OutreachCount`."""

    invited: int
    delivered: int
    started: int
    completed: int
    partial: int
    refused: int
    undeliverable: int
    unreached: int
    median_seconds: float | None
    median_interval: Interval | None = None

    @property
    def rr1(self) -> Share:
        """Completed of all invited."""
        return rr1(self._ended)

    @property
    def rr2(self) -> Share:
        """Completed or partial of all invited."""
        return rr2(self._ended)

    @property
    def _ended(self) -> Dispositions:
        classes = {
            "complete": self.completed,
            "partial": self.partial,
            "refused": self.refused,
            "non_contact": self.unreached,
            "unknown": self.undeliverable,
        }
        return Dispositions(**classes, other=max(0, self.invited - sum(classes.values())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, unrounded, in the unit of the report, with all that belongs to it.

    `n`: answers; for "response" delivered invitations. `value` None: no data, insufficient signal, or suppressed.
    `histograms`: by key of scale. `scales`: CES on the scales other than the report's, which never mix with it.
    `roles`, `missing` and `covered` (share 0-1 of the weight that was heard) belong to CSI.
    """

    n: int
    value: float | None = None
    interval: Interval | None = None
    suppressed: bool = False
    band: Band | None = None
    histograms: Mapping[str, Histogram] = field(default_factory=dict)
    scales: Mapping[str, "Figure"] = field(default_factory=dict)
    roles: tuple[RoleCsat, ...] = ()
    missing: tuple[Role, ...] = ()
    covered: float | None = None
    fieldwork: Fieldwork | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A figure of the breakdown. `key` None: what was answered without a value in that dimension."""

    key: str | None
    figure: Figure


class Note(StrEnum):
    """What a reader must know beside the figures."""

    NO_DATA = "no_data"
    FEW_ANSWERS = "few_answers"
    LONE_VOICE = "lone_voice"
    INSUFFICIENT_SIGNAL = "insufficient_signal"
    SUPPRESSED = "suppressed"
    SEVERAL_SCALES = "several_scales"
    UNWEIGHTED_ROLES = "unweighted_roles"
    SEVERAL_ROLES = "several_roles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was asked and what came out.

    `method`: how CSAT was made of scores, None where there is nothing to choose. `scales`: keys of the scales answered
    on, the one a CES is on first. `missing`: roles asked for of which nobody answered. `unweighted`: roles that
    answered but are not configured, so a CSI leaves them out.
    """

    query: ReportQuery
    unit: Unit
    total: Figure
    groups: tuple[Group, ...] = ()
    method: Method | None = None
    scales: tuple[str, ...] = ()
    missing: tuple[Role, ...] = ()
    unweighted: tuple[Role, ...] = ()
    notes: tuple[Note, ...] = ()
