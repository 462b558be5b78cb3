"""All metrics on one screen of a phone."""

from collections.abc import Sequence

from reports.labels import Labels
from reports.layout import PHONE, Row, columns, fold, table
from reports.notes import whose
from reports.phrases import TITLES
from reports.speech import Speech
from reports.text import said_instead
from surveys.locales import N_
from surveys.questionnaire import Language
from surveys.reporting import Report

HEADLINE = N_("All time")


def as_overview(reports: Sequence[Report], labels: Labels, language: Language) -> str:
    """A line each: value, interval, base. Plain text."""
    t = Speech(language, labels)
    cells = [(t("value"), t("interval")), *(_cells(t, report) for report in reports)]
    wide, long = (max(columns(pair[side]) for pair in cells) for side in (0, 1))
    head, *figures = (f"{value:>{wide}} {interval:>{long}}" for value, interval in cells)
    rows = [_row(t, report, figure) for report, figure in zip(reports, figures, strict=True)]
    top, blocks = table(Row(t("Metric"), (head, "n")), rows, PHONE)
    opening = [line for words in whose(t, reports[0].query.scope) for line in fold(words, PHONE, 3)]
    return "\n".join([*opening, t(HEADLINE), "", *top, *(line for block in blocks for line in block)])


def _cells(t: Speech, report: Report) -> tuple[str, str]:
    figure = report.total
    if figure.value is None:
        return "", ""
    interval = t.interval(figure.interval, report.unit, figure.n) if figure.interval else "—"
    return t.value(figure.value, report.unit, figure.n), interval


def _row(t: Speech, report: Report, figure: str) -> Row:
    said = said_instead(t, report.total) or figure
    return Row(t(TITLES[report.query.metric]), (said, t.count(report.total.n)))
