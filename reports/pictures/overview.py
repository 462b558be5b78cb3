"""The first screen on a page to be printed: every metric with its change, and the course of the NPS below."""

from typing import Final

from reports.labels import Labels
from reports.overview import advice, changed, named, said_above
from reports.pictures.axis import figures_of
from reports.pictures.palette import BAND, MUTED
from reports.pictures.sheet import LEADING, MARGIN, PAGE, SMALL, TEXT, TITLE, Sheet
from reports.pictures.trend import trend
from reports.speech import Speech
from surveys.headlines import Headline, Headlines
from surveys.questionnaire import Language

AIR: Final = 8
"""Pixels above and below the words of a row."""


def overview_sheet(found: Headlines, labels: Labels, language: Language) -> Sheet:
    """As wide as a page."""
    t, sheet = Speech(language, labels), Sheet(PAGE)
    sheet.paragraph(t("All metrics"), size=TITLE, bold=True)
    for words in said_above(t, found):
        sheet.paragraph(words, size=SMALL, colour=MUTED, lines=3)
    sheet.y += 16
    for number, line in enumerate(found.lines):
        _row(sheet, t, line, shaded=number % 2 == 0)
    sheet.y += 16
    for sentence in advice(t, found):
        sheet.paragraph(sentence, size=SMALL, colour=MUTED, lines=3)
    sheet.y += TITLE
    return trend(found.course, labels, language, sheet)


def _row(sheet: Sheet, t: Speech, line: Headline, *, shaded: bool) -> None:
    """The metric and its change on the left, the figure, its interval and base on the right."""
    value, base = figures_of(t, line.report, line.figure)
    high = (TEXT + SMALL) * LEADING + 2 * AIR
    if shaded:
        sheet.box(0, sheet.y, sheet.wide, high, colour=BAND)
    upper, lower = sheet.y + AIR, sheet.y + AIR + TEXT * LEADING
    sheet.text(MARGIN, upper, named(t, line))
    sheet.text(sheet.right, upper, value, bold=True, side="right")
    sheet.text(MARGIN, lower, changed(t, line), size=SMALL, colour=MUTED)
    sheet.text(sheet.right, lower, base, size=SMALL, colour=MUTED, side="right")
    sheet.y += high
