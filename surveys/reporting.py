"""Reports: a question in the words of the domain, the counts it needs, the figures that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """A metric, at most one breakdown, filters (a dimension may have several allowed values) and a period.

    `since` is included, `until` is not; both aware, UTC. `method` None: the configured one.
    """

    metric: Metric
    by: Dimension | None = None
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    method: Method | None = None


@dataclass(frozen=True, slots=True)
class ScoreCount:
    """How many answers of this group, scale and role gave this score. `group` is None where there is no breakdown,
    or where the answers have no value in that dimension."""

    group: str | None
    scale: str
    role: str
    score: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachCount:
    """What became of the invitations of a group.

    `completed` is in `started`, `started` and `refused` are in `delivered`, `delivered` is in `invited`.
    `seconds`: from begin to end of each completed interview, in no order.
    """

    group: str | None
    invited: int
    delivered: int
    started: int
    completed: int
    partial: int
    refused: int
    undeliverable: int
    seconds: tuple[float, ...] = ()


class Counts(Protocol):
    """Reads counts, never answers."""

    async def scores(self, query: ReportQuery, scales: Sequence[str]) -> Sequence[ScoreCount]:
        """Counts of the answers that stand now, on any of `scales` (keys of metrics.scales), in `query`'s cut."""
        ...

    async def outreach(self, query: ReportQuery) -> Sequence[OutreachCount]:
        """Counts of invitations created in `query`'s period. Dimensions of answers alone are not allowed here."""
        ...
