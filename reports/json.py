"""A report for programs: numbers unrounded, moments in UTC. The shape is public.

Beside what the interface names: `suppressed`, `band` and `histogram` stand in every figure they belong to. CSAT
answered on several scales has `histograms` by scale instead of `histogram`. CES is on the first of `scales`; figures
of the others stand apart, under `scales` of each figure. `roles` of a CSI is by key of role.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from metrics.csi import Basis, RoleCsat, role_interval
from metrics.histogram import Histogram
from metrics.scales import EVERY_SCALE, points
from reports.labels import Labels, label
from surveys.questionnaire import Language
from surveys.reporting import Fieldwork, Figure, Group, Report

Object = dict[str, object]


def as_json(report: Report, labels: Labels, language: Language) -> Object:
    """Values that `json.dumps` takes as they are."""
    query = report.query
    return {
        "metric": query.metric,
        "unit": report.unit,
        "method": report.method,
        "where": {dimension: list(values) for dimension, values in query.where.items()},
        "since": moment(query.since),
        "until": moment(query.until),
        "as_of": moment(query.as_of),
        "scales": list(report.scales),
        "total": _figure(report, report.total),
        "by": query.by,
        "groups": [_group(report, group, labels, language) for group in report.groups],
        "missing": list(report.missing),
        "unweighted": list(report.unweighted),
        "notes": [str(note) for note in report.notes],
    }


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC.

    >>> moment(datetime(2026, 7, 1, tzinfo=UTC))
    '2026-07-01T00:00:00Z'
    """
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _group(report: Report, group: Group, labels: Labels, language: Language) -> Object:
    by = report.query.by
    named = label(labels, by, group.key, language) if by and group.key is not None else None
    return {"key": group.key, "label": named, **_figure(report, group.figure)}


def _figure(report: Report, figure: Figure) -> Object:
    base: Object = {
        "n": figure.n,
        "value": figure.value,
        "interval": list(figure.interval) if figure.interval else None,
        "suppressed": figure.suppressed,
    }
    match report.query.metric:
        case "nps":
            return {**base, "band": figure.band, "histogram": _histogram(figure, "nps")}
        case "csat":
            return {**base, **_histograms(report, figure)}
        case "ces":
            return {**base, **_effort(report, figure)}
        case "csi":
            return {**base, **_voices(figure, report.method or "top2")}
        case "response":
            return base | (fieldwork_object(figure.fieldwork) if figure.fieldwork else {})


def fieldwork_object(work: Fieldwork) -> Object:
    """What became of invitations; each response rate with its interval."""
    rates = {"rr1": work.rr1, "rr2": work.rr2}
    intervals = {f"{name}_interval": list(rate.interval) if rate.interval else None for name, rate in rates.items()}
    return {**asdict(work), **{name: rate.value for name, rate in rates.items()}, **intervals}


def _histograms(report: Report, figure: Figure) -> Object:
    if len(report.scales) > 1:
        return {"histograms": {scale: _histogram(figure, scale) for scale in report.scales}}
    return {"histogram": _histogram(figure, *report.scales)}


def _effort(report: Report, figure: Figure) -> Object:
    others = {scale: _apart(other, scale) for scale, other in figure.scales.items()}
    return {"histogram": _histogram(figure, *report.scales[:1]), "scales": others}


def _apart(figure: Figure, scale: str) -> Object:
    interval = list(figure.interval) if figure.interval else None
    return {"n": figure.n, "value": figure.value, "interval": interval, "histogram": _histogram(figure, scale)}


def _histogram(figure: Figure, scale: str | None = None) -> Mapping[str, int] | None:
    """Every point of the scale with its count; None where suppressed, empty where nobody chose a scale yet."""
    if figure.suppressed:
        return None
    if scale is None:
        return {}
    counts = dict(figure.histograms.get(scale, Histogram()).items())
    return {str(score): counts.get(score, 0) for score in points(EVERY_SCALE[scale])}


def _voices(figure: Figure, basis: Basis) -> Object:
    roles = {voice.role: _voice(voice, basis) for voice in figure.roles}
    return {"covered": figure.covered, "missing": list(figure.missing), "roles": roles}


def _voice(voice: RoleCsat, basis: Basis) -> Object:
    interval = role_interval(voice, basis)
    return {
        "value": voice.value,
        "interval": list(interval) if interval else None,
        "n": voice.n,
        "weight": voice.weight,
    }
