"""Importance and satisfaction: what moves the NPS, beside how content people are with it."""

from typing import Final

from metrics.drivers import Driver, Drivers
from reports.labels import Labels
from reports.pictures.axis import footing, heading
from reports.pictures.palette import BLUE, GREY, MUTED, RULE
from reports.pictures.sheet import LEADING, MARGIN, SMALL, TALLY, Sheet, width
from reports.sentences import importance_method, importance_refusal
from reports.speech import Speech
from surveys.importance import Importance
from surveys.questionnaire import Language
from surveys.reporting import Figure

HIGH: Final = 720
DISC: Final = 46
APART: Final = 50

Place = tuple[Driver, Figure, float, float]
"""What it is about, how content people are with it, where its disc is."""


def importance_picture(found: Importance, labels: Labels, language: Language, sheet: Sheet | None = None) -> Sheet:
    """Numbered discs, satisfaction to the right, importance upwards; below what each number is, with its intervals."""
    t, sheet = Speech(language, labels), sheet or Sheet()
    heading(sheet, t, found.satisfaction, title=t("What moves the NPS"), total=False)
    if found.drivers is None or not found.drivers.drivers:
        sheet.paragraph(importance_refusal(t, found.drivers), bold=True)
    else:
        _plot(sheet, t, found, found.drivers)
    footing(sheet, t, found.satisfaction, importance_method(t, found.drivers))
    return sheet


def _plot(sheet: Sheet, t: Speech, found: Importance, drivers: Drivers) -> None:
    figures = {group.key: group.figure for group in found.satisfaction.groups}
    known = [(one, figures[one.component]) for one in drivers.drivers]
    sheet.paragraph(t("Up: importance, % of what is explained. Right: CSAT, %."), size=SMALL, colour=MUTED)
    sheet.text(MARGIN, sheet.y + 6, t("↖ improve first"), size=SMALL, bold=True)
    sheet.text(sheet.right, sheet.y + 6, t("keep ↗"), size=SMALL, bold=True, side="right")
    top = sheet.y + SMALL * LEADING + 40
    most = max(one.part for one in drivers.drivers) * 1.1
    left = MARGIN + width("100", SMALL) + 16
    _frame(sheet, t, left, top, most, 100 / len(known))
    shown = [(one, figure) for one, figure in known if figure.value is not None]
    places = _spread(
        [
            (one, figure, left + (figure.value or 0) / 100 * (sheet.right - left), top + HIGH * (1 - one.part / most))
            for one, figure in shown
        ]
    )
    ordered = sorted(places, key=lambda place: -place[0].part)
    for number, (_, _, x, y) in enumerate(ordered, 1):
        sheet.dot(x, y, colour=BLUE, size=DISC)
        sheet.text(x, y - TALLY * 0.64, str(number), size=TALLY, bold=True, colour="#FFFFFF", side="center")
    sheet.y = top + HIGH + SMALL * LEADING + 24
    for number, (one, figure, _, _) in enumerate(ordered, 1):
        _entry(sheet, t, found, number, one, figure)
    for one, figure in known:
        if figure.value is None:
            _entry(sheet, t, found, None, one, figure)


def _frame(sheet: Sheet, t: Speech, left: float, top: float, most: float, usual: float) -> None:
    """The ticks of both axes; dashed: an even share of importance."""
    for tick in (0, 25, 50, 75, 100):
        x = left + tick / 100 * (sheet.right - left)
        sheet.line([x, x], [top, top + HIGH], colour=RULE, thick=2, under=True)
        sheet.text(x, top + HIGH + 6, str(tick), size=SMALL, colour=MUTED, side="center")
    step = next(step for step in (5, 10, 20, 50) if most / step <= 6)
    for tick in range(0, int(most) + 1, step):
        y = top + HIGH * (1 - tick / most)
        sheet.line([left, sheet.right], [y, y], colour=RULE, thick=2, under=True)
        if tick:
            sheet.text(left - 12, y - SMALL * 0.6, t.count(tick), size=SMALL, colour=MUTED, side="right")
    y = top + HIGH * (1 - usual / most)
    sheet.line([left, sheet.right], [y, y], colour=GREY, dashed=True, under=True)


def _spread(places: list[Place]) -> list[Place]:
    """Discs moved downwards, or upwards at the foot, just so far that none lies on another."""
    settled: list[Place] = []
    for one, figure, x, y in sorted(places, key=lambda place: place[3]):
        while any(abs(x - other) < APART and abs(y - beside) < APART for _, _, other, beside in settled):
            y += 4
        settled.append((one, figure, x, y))
    return settled


def _entry(sheet: Sheet, t: Speech, found: Importance, number: int | None, one: Driver, figure: Figure) -> None:
    name = t.name("component", one.component)
    sheet.paragraph(f"{number}. {name}" if number else name, bold=True, lines=2)
    low, high = (t.count(round(bound)) for bound in one.interval)
    part = t("importance {part}% ({low}…{high})", part=t.count(round(one.part)), low=low, high=high)
    sheet.paragraph(f"{part}; CSAT {_csat(t, found, figure)}", size=SMALL, colour=MUTED, lines=3)
    sheet.y += 6


def _csat(t: Speech, found: Importance, figure: Figure) -> str:
    from reports.pictures.axis import figures_of

    value, base = figures_of(t, found.satisfaction, figure)
    return f"{value}  {base}"
