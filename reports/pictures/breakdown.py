"""A breakdown: a dot with its interval for each group."""

from typing import Final

from reports.labels import Labels
from reports.pictures.axis import Axis, axis_of, figures_of, footing, heading, ruler
from reports.pictures.palette import BAND, BLUE, GREY, MUTED
from reports.pictures.sheet import LEADING, MARGIN, SMALL, TEXT, Sheet, width, wrapped
from reports.speech import Speech
from surveys.questionnaire import Language
from surveys.reporting import Figure, Report

GROUPS: Final = 12
"""On one picture: more make it longer than a phone shows without zooming."""
INSET: Final = 30
TRACK: Final = 50
GAP: Final = 24


def breakdown(report: Report, labels: Labels, language: Language, page: int = 0, sheet: Sheet | None = None) -> Sheet:
    """Groups in the order of the report, `GROUPS` a page; the others are counted in words."""
    t, sheet = Speech(language, labels), sheet or Sheet()
    heading(sheet, t, report)
    axis = axis_of(report, MARGIN + INSET, sheet.right - INSET)
    shown = report.groups[page * GROUPS : (page + 1) * GROUPS]
    top = sheet.y
    for number, group in enumerate(shown):
        name = t.name(report.query.by, group.key) if report.query.by else ""
        row(sheet, t, report, axis, name, group.figure, shaded=number % 2 == 0)
    if shown:
        ruler(sheet, t, axis, top, sheet.y)
        if report.total.value is not None:
            sheet.paragraph(t("Dashed: the total."), size=SMALL, colour=MUTED)
    left = len(report.groups) - len(shown)
    more = [t.ngettext("and {n} more group", "and {n} more groups", left)] if left else []
    footing(sheet, t, report, more)
    return sheet


def pages(report: Report) -> int:
    """How many pictures hold all groups, at least one."""
    return max(1, -(-len(report.groups) // GROUPS))


def row(sheet: Sheet, t: Speech, report: Report, axis: Axis, name: str, figure: Figure, *, shaded: bool) -> None:
    """The name and the figures in words, the dot below them."""
    value, base = figures_of(t, report, figure)
    right = max(width(value, TEXT, bold=True), width(base, SMALL))
    lines = wrapped(name, sheet.room - right - GAP, TEXT, 2)
    high = 8 + max(TEXT * len(lines), TEXT + SMALL) * LEADING + TRACK
    if shaded:
        sheet.box(0, sheet.y, sheet.wide, high, colour=BAND)
    for number, line in enumerate(lines):
        sheet.text(MARGIN, sheet.y + 8 + number * TEXT * LEADING, line)
    sheet.text(sheet.right, sheet.y + 8, value, bold=True, side="right")
    sheet.text(sheet.right, sheet.y + 8 + TEXT * LEADING, base, size=SMALL, colour=MUTED, side="right")
    sheet.y += high
    _total(sheet, report, axis, sheet.y - TRACK)
    interval_mark(sheet, axis, sheet.y - TRACK / 2, figure)


def interval_mark(sheet: Sheet, axis: Axis, y: float, figure: Figure) -> None:
    """A bar over the interval and a dot at the value; nothing where there is no value."""
    if figure.value is None:
        return
    if figure.interval:
        low, high = (axis.at(bound) for bound in figure.interval)
        sheet.line([low, high], [y, y], colour=GREY, thick=8)
        for end in (low, high):
            sheet.line([end, end], [y - 9, y + 9], colour=GREY, thick=3)
    sheet.dot(axis.at(figure.value), y, colour=BLUE, hollow=figure.interval is None)


def _total(sheet: Sheet, report: Report, axis: Axis, top: float) -> None:
    """Beside the dot alone: through words it would be in their way."""
    if report.total.value is not None:
        x = axis.at(report.total.value)
        sheet.line([x, x], [top, sheet.y], colour=GREY, dashed=True, under=True)
