"""A report for spreadsheets: one row for the total, one for each group. Safe to open: no cell is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from metrics.histogram import Histogram
from metrics.scales import EVERY_SCALE, points
from reports.json import moment
from reports.labels import Labels, label
from surveys.questionnaire import Language
from surveys.reporting import Fieldwork, Figure, Report

Cell = str | int | float | None
Row = tuple[Cell, ...]

# A spreadsheet may look past what is not seen.
UNSEEN = "\\s\\x00-\\x1f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff"
FORMULA = re.compile(f"[\\t\\r\\n]|[{UNSEEN}]*[-=+@＝＋－＠]")


def safe(cell: Cell) -> Cell:
    """The cell, if text, with an apostrophe where a spreadsheet would take it for a formula. Numbers stay numbers.

    >>> safe("=1+1"), safe(" =1+1"), safe("Звезда"), safe(-12.5)
    ("'=1+1", "' =1+1", 'Звезда', -12.5)
    """
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def as_rows(report: Report, labels: Labels, language: Language) -> Iterator[Row]:
    """The header, the total with an empty `by`, the groups. CES on another scale has rows of its own."""
    records = list(_records(report, labels, language))
    yield tuple(records[0])
    for record in records:
        yield tuple(safe(cell) for cell in record.values())


def as_csv(rows: Iterable[Row]) -> str:
    """Comma-separated lines, quoted where needed.

    >>> as_csv([("a", "b"), ("x,y", None)])
    'a,b\\r\\n"x,y",\\r\\n'
    """
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _records(report: Report, labels: Labels, language: Language) -> Iterator[dict[str, Cell]]:
    by = report.query.by
    yield from _figures(report, report.total, by=None, key=None, label=None)
    for group in report.groups:
        named = label(labels, by, group.key, language) if by and group.key is not None else None
        yield from _figures(report, group.figure, by=by, key=group.key, label=named)


def _figures(report: Report, figure: Figure, **place: Cell) -> Iterator[dict[str, Cell]]:
    main = report.scales[0] if report.query.metric == "ces" and report.scales else None
    yield _record(report, figure, main, place)
    for scale, other in figure.scales.items():
        yield _record(report, other, scale, place)


def _record(report: Report, figure: Figure, scale: str | None, place: dict[str, Cell]) -> dict[str, Cell]:
    low, high = figure.interval or (None, None)
    return {
        "metric": report.query.metric,
        "unit": report.unit,
        "method": report.method,
        "where": "; ".join(f"{name}={value}" for name, values in report.query.where.items() for value in values),
        "since": moment(report.query.since),
        "until": moment(report.query.until),
        "as_of": moment(report.query.as_of),
        **place,
        "scale": scale,
        "n": figure.n,
        "value": figure.value,
        "low": low,
        "high": high,
        "suppressed": int(figure.suppressed),
        **_details(report, figure),
    }


def _details(report: Report, figure: Figure) -> dict[str, Cell]:
    match report.query.metric:
        case "nps":
            return {"band": figure.band, **_scores(report, figure)}
        case "csi":
            return {"covered": figure.covered, "missing": "|".join(figure.missing), **_voices(report, figure)}
        case "response":
            return fieldwork_cells(figure.fieldwork) if figure.fieldwork else {}
        case _:
            return _scores(report, figure)


def fieldwork_cells(work: Fieldwork) -> dict[str, Cell]:
    """What became of invitations; each response rate with the ends of its interval."""
    cells: dict[str, Cell] = {**asdict(work)}
    del cells["median_interval"]
    cells["median_low"], cells["median_high"] = work.median_interval or (None, None)
    for name, rate in (("rr1", work.rr1), ("rr2", work.rr2)):
        low, high = rate.interval or (None, None)
        cells |= {name: rate.value, f"{name}_low": low, f"{name}_high": high}
    return cells


def _scores(report: Report, figure: Figure) -> dict[str, Cell]:
    """A column for every point of every scale in the report; empty where suppressed."""
    found: dict[str, Cell] = {}
    for scale in report.scales:
        counts = dict(figure.histograms.get(scale, Histogram()).items())
        for score in points(EVERY_SCALE[scale]):
            found[f"{scale}_{score}"] = None if figure.suppressed else counts.get(score, 0)
    return found


def _voices(report: Report, figure: Figure) -> dict[str, Cell]:
    heard = {voice.role: voice for voice in figure.roles}
    found: dict[str, Cell] = {}
    for role in (voice.role for voice in report.total.roles):
        voice = heard.get(role)
        found[f"{role}_value"] = voice.value if voice else None
        found[f"{role}_n"] = voice.n if voice else None
        found[f"{role}_weight"] = voice.weight if voice else None
    return found
