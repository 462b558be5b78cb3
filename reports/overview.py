"""All metrics on one screen of a phone."""

from collections.abc import Sequence

from reports.labels import Labels
from reports.layout import PHONE, Row, table
from reports.phrases import TITLES
from reports.speech import Speech
from reports.text import said_instead
from surveys.locales import N_
from surveys.questionnaire import Language
from surveys.reporting import Report

HEADLINE = N_("Everything so far")


def as_overview(reports: Sequence[Report], labels: Labels, language: Language) -> str:
    """A line each: value, interval, base. Plain text."""
    t = Speech(language, labels)
    rows = [_row(t, report) for report in reports]
    top, blocks = table(Row(t("Metric"), (t("value"), t("interval"), "n")), rows, PHONE)
    return "\n".join([t(HEADLINE), "", *top, *(line for block in blocks for line in block)])


def _row(t: Speech, report: Report) -> Row:
    figure, name = report.total, t(TITLES[report.query.metric])
    if figure.value is None:
        return Row(name, ("", "", t.count(figure.n)), said_instead(t, figure) or "")
    interval = t.interval(figure.interval, report.unit, figure.n) if figure.interval else "—"
    return Row(name, (t.value(figure.value, report.unit, figure.n), interval, t.count(figure.n)))
