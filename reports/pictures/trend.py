"""A trend by month or quarter: values with their intervals, gaps where there is nothing to show."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from babel.dates import format_date

from reports.labels import Labels
from reports.pictures.axis import Axis, axis_of, footing, heading, sign, signs
from reports.pictures.palette import BLUE, GREY, INK, MUTED, RULE
from reports.pictures.sheet import LEADING, MARGIN, SMALL, TALLY, Sheet, width
from reports.speech import Speech, first_day
from surveys.questionnaire import Language
from surveys.reporting import Figure, Report

PERIODS: Final = 12
HIGH: Final = 560
EMPTY: Final = Figure(n=0)

Point = tuple[date, Figure]


def trend(report: Report, labels: Labels, language: Language, sheet: Sheet | None = None) -> Sheet:
    """The last twelve months or quarters, those without an answer included. ValueError for another breakdown."""
    t, sheet = Speech(language, labels), sheet or Sheet()
    every = timeline(report)
    points = every[-PERIODS:]
    heading(sheet, t, report)
    if points:
        _plot(sheet, t, report, points)
    left = len(every) - len(points)
    more = [t.ngettext("{n} earlier period is not shown", "{n} earlier periods are not shown", left)] if left else []
    said = [t("Lowest line: number of answers."), *signs(t, [figure for _, figure in points])] if points else []
    footing(sheet, t, report, [*said, *more])
    return sheet


def _plot(sheet: Sheet, t: Speech, report: Report, points: Sequence[Point]) -> None:
    top = sheet.y + 30
    axis = axis_of(report, top + HIGH, top)
    left = MARGIN + max(width(axis.named(t, tick), SMALL) for tick in axis.ticks) + 20
    places = _places(left, sheet.right, len(points))
    for tick in axis.ticks:
        y = axis.at(tick)
        sheet.line([left, sheet.right], [y, y], colour=RULE, thick=2, under=True)
        sheet.text(left - 12, y - SMALL * 0.6, axis.named(t, tick), size=SMALL, colour=MUTED, side="right")
    _line(sheet, axis, places, points)
    for x, (day, figure) in zip(places, points, strict=True):
        _point(sheet, t, report, axis, x, figure)
        _below(sheet, t, report, x, top + HIGH + 16, (day, figure), first=(day, figure) == points[0])
    sheet.y = top + HIGH + 16 + 3 * SMALL * LEADING


def timeline(report: Report) -> list[Point]:
    """Every period from the first one with answers to the last."""
    if report.query.by not in ("month", "quarter"):
        raise ValueError(f"a trend goes by month or quarter, not by {report.query.by}")
    step = 1 if report.query.by == "month" else 3
    found = {day: group.figure for group in report.groups if group.key and (day := first_day(group.key))}
    if not found:
        return []
    first, last = (day.year * 12 + day.month - 1 for day in (min(found), max(found)))
    days = [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1, step)]
    return [(day, found.get(day, EMPTY)) for day in days]


def _places(left: float, right: float, n: int) -> list[float]:
    """The middles of so many columns."""
    return [left + (right - left) * (place + 0.5) / n for place in range(n)]


def _line(sheet: Sheet, axis: Axis, places: Sequence[float], points: Sequence[Point]) -> None:
    """Neighbours that both have a value are joined; over a gap there is no line."""
    for (x, (_, one)), (next_x, (_, other)) in pairwise(zip(places, points, strict=True)):
        if one.value is not None and other.value is not None:
            sheet.line([x, next_x], [axis.at(one.value), axis.at(other.value)], colour=BLUE, thick=4)


def _point(sheet: Sheet, t: Speech, report: Report, axis: Axis, x: float, figure: Figure) -> None:
    if figure.value is None:
        return
    y, top = axis.at(figure.value), axis.at(figure.value) - 14
    if figure.interval:
        low, high = (axis.at(bound) for bound in figure.interval)
        sheet.line([x, x], [low, high], colour=GREY, thick=8)
        for end in (low, high):
            sheet.line([x - 9, x + 9], [end, end], colour=GREY)
        top = min(top, high)
    sheet.dot(x, y, colour=BLUE, hollow=figure.interval is None)
    sheet.text(x, top - SMALL - 14, t.number(figure.value, report.unit, 1), size=SMALL, bold=True, side="center")


def _below(sheet: Sheet, t: Speech, report: Report, x: float, y: float, point: Point, *, first: bool) -> None:
    """The month or quarter, the year where it changes, the base or why there is no value."""
    day, figure = point
    quarter = report.query.by == "quarter"
    name = f"Q{(day.month + 2) // 3}" if t.language == "en" else format_date(day, "QQQ", locale=t.language)
    sheet.text(x, y, name if quarter else format_date(day, "LLL", locale=t.language), size=TALLY, side="center")
    if first or day.month == 1:
        sheet.text(x, y + SMALL * LEADING, str(day.year), size=TALLY, colour=INK, side="center")
    said = sign(figure) or t.count(figure.n)
    sheet.text(x, y + 2 * SMALL * LEADING, said, size=TALLY, colour=MUTED, side="center")
