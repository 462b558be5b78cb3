"""From counts to figures: which metric is made of which scales, and how."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import Final

from metrics.ces import ces
from metrics.csat import Method as Boxes
from metrics.csat import csat
from metrics.csi import Answers, Basis, csi
from metrics.estimates import Estimate
from metrics.histogram import Histogram
from metrics.intervals import order_statistics
from metrics.nps import band, nps
from metrics.rates import Ordered, median, response_rate
from metrics.scales import EVERY_SCALE, Scale
from surveys.questionnaire import Role
from surveys.reporting import Fieldwork, Figure, Metric, OutreachCount, ScoreCount, Unit

UNITS: Final[Mapping[Metric, Unit]] = {
    "nps": "points",
    "csat": "percent",
    "ces": "mark",
    "csi": "percent",
    "response": "percent",
}

OUTCOMES: Final = (
    "invited",
    "delivered",
    "started",
    "completed",
    "partial",
    "refused",
    "undeliverable",
    "unreached",
)
PLACES: Final = {key: place for place, key in enumerate(EVERY_SCALE)}
COUNTED: Final = attrgetter(*OUTCOMES)
Histograms = Mapping[str, Histogram]


def scales_of(metric: Metric) -> tuple[str, ...]:
    """Keys of the scales whose answers make up the metric: the usual ones, then those a vendor can make.

    >>> scales_of("nps"), scales_of("ces")[:3]
    (('nps',), ('ces_5', 'ces_7', 'ces_0_2'))
    """
    kind = "csat" if metric == "csi" else metric
    return tuple(key for key, scale in EVERY_SCALE.items() if scale.kind == kind)


def histograms(rows: Iterable[ScoreCount]) -> dict[str, Histogram]:
    """Scores of all groups and roles together, by scale, scales in their usual order.

    >>> histograms([ScoreCount(None, "ces_5", "key_user", 4, 2), ScoreCount(None, "ces_5", "senior_it", 4, 1)])
    {'ces_5': Histogram({4: 3})}
    """
    found: defaultdict[str, defaultdict[int, int]] = defaultdict(partial(defaultdict, int))
    for row in rows:
        found[row.scale][row.score] += row.n
    return {key: Histogram(found[key]) for key in sorted(found, key=PLACES.__getitem__)}


def nps_figure(rows: Sequence[ScoreCount]) -> Figure:
    """Net promoter score in points."""
    counts = histograms(rows).get("nps", Histogram())
    estimate = nps(counts)
    word = None if estimate.value is None else band(estimate.value)
    return replace(_figure(estimate, {"nps": counts}), band=word)


def csat_figure(rows: Sequence[ScoreCount], method: Boxes) -> Figure:
    """Share of the best points, answers on scales of any length together: each counts by its own best points."""
    counts = histograms(rows)
    return _figure(csat(_by_scale(counts), method=method), counts)


def ces_figure(rows: Sequence[ScoreCount], scale: str) -> Figure:
    """Mean mark on `scale`; what was answered on another scale stands apart, in `scales`."""
    counts = histograms(rows)
    others = {key: _ces(counts[key], key) for key in counts if key != scale}
    return replace(_ces(counts.get(scale, Histogram()), scale), scales=others)


def csi_figure(
    rows: Sequence[ScoreCount], weights: Mapping[Role, float], asked: Sequence[Role], basis: Basis
) -> Figure:
    """The index over the roles heard. Answers of roles without a weight are left out of it.

    `asked`: the roles whose voice is missed if they say nothing.
    """
    weighed = [row for row in rows if row.role in weights]
    index = csi(_by_role(weighed), weights, basis=basis)
    missing = tuple(role for role in index.missing if role in asked)
    figure = _figure(index, histograms(weighed))
    return replace(figure, roles=index.roles, missing=missing, covered=index.covered)


def role_figure(rows: Sequence[ScoreCount], basis: Basis) -> Figure:
    """The CSAT of one role, as it enters the index."""
    counts = histograms(rows)
    if basis == "mean":
        return _figure(csi({"": _by_scale(counts)}, {"": 1}, basis="mean"), counts)
    return csat_figure(rows, basis)


def response_figure(rows: Sequence[OutreachCount]) -> Figure:
    """Completed of the delivered invitations, in percent."""
    counted = map(sum, zip(*map(COUNTED, rows), strict=True)) if rows else repeat(0, len(OUTCOMES))
    taken = Ordered(_added_up(row.seconds for row in rows))
    fieldwork = Fieldwork(
        **dict(zip(OUTCOMES, counted, strict=True)),
        median_seconds=median(taken),
        median_interval=order_statistics(taken, 50),
    )
    rate = response_rate(fieldwork.completed, fieldwork.delivered)
    return Figure(n=rate.n, value=rate.value, interval=rate.interval, fieldwork=fieldwork)


def _added_up(each: Iterable[Mapping[float, int]]) -> Counter[float]:
    total: Counter[float] = Counter()
    for counts in each:
        total.update(counts)
    return total


def _figure(estimate: Estimate, counts: Histograms) -> Figure:
    return Figure(n=estimate.n, value=estimate.value, interval=estimate.interval, histograms=counts)


def _ces(counts: Histogram, scale: str) -> Figure:
    return _figure(ces(counts, EVERY_SCALE[scale]), {scale: counts})


def _by_scale(counts: Histograms) -> dict[Scale, Histogram]:
    return {EVERY_SCALE[key]: histogram for key, histogram in counts.items()}


def _by_role(rows: Iterable[ScoreCount]) -> dict[Role, Answers]:
    found: defaultdict[Role, list[ScoreCount]] = defaultdict(list)
    for row in rows:
        found[row.role].append(row)
    return {role: _by_scale(histograms(said)) for role, said in found.items()}
