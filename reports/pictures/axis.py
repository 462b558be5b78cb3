"""Where a value stands on a picture, and the words around every picture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from metrics.scales import EVERY_SCALE
from reports.layout import tidy
from reports.notes import notes, whose
from reports.pictures.palette import MUTED, RULE
from reports.pictures.sheet import LEADING, SMALL, TITLE, Sheet
from reports.speech import Speech
from reports.text import opening, said_instead
from surveys.reporting import Figure, Report, Unit

TICKS: Final[dict[str, tuple[float, ...]]] = {"points": (-100, -50, 0, 50, 100), "percent": (0, 25, 50, 75, 100)}


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale of values along pixels from `start` to `end`."""

    ticks: Sequence[float]
    unit: Unit
    start: float
    end: float

    def at(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def share(self, value: float) -> float:
        """How far up the scale the value is, 0-1."""
        low, high = self.ticks[0], self.ticks[-1]
        return (value - low) / (high - low)

    def named(self, t: Speech, tick: float) -> str:
        return t.number(tick, self.unit, 1) if self.unit == "points" else t.count(round(tick))


def axis_of(report: Report, start: float, end: float) -> Axis:
    """The whole range the metric can have."""
    if report.unit != "mark":
        return Axis(TICKS[report.unit], report.unit, start, end)
    scale = EVERY_SCALE[report.scales[0] if report.scales else "ces_5"]
    return Axis(tuple(range(scale.low, scale.high + 1)), report.unit, start, end)


def heading(sheet: Sheet, t: Speech, report: Report, title: str | None = None, *, total: bool = True) -> None:
    """What the picture shows: its name, whose figures and which cut; then the total with its base and interval."""
    lines = list(opening(t, report))
    gap, named = lines.index(""), len(list(whose(t, report.query.scope)))
    sheet.paragraph(title or lines[named], size=TITLE, bold=True, lines=3)
    for line in [*lines[:named], *lines[named + 1 : gap]]:
        sheet.paragraph(line, size=SMALL, colour=MUTED, lines=2)
    sheet.y += 10
    if total:
        sheet.paragraph(lines[gap + 1], bold=True, lines=2)
    for line in lines[gap + 2 :] if total else ():
        sheet.paragraph(line, size=SMALL, colour=MUTED, lines=3)
    sheet.y += 16


def footing(sheet: Sheet, t: Speech, report: Report, more: Iterable[str] = ()) -> None:
    """What must be known beside the figures, below a rule."""
    said = [*more, *notes(t, report)]
    if not said:
        return
    sheet.y += 14
    sheet.line([sheet.wide - sheet.right, sheet.right], [sheet.y, sheet.y], colour=RULE)
    sheet.y += 14
    for sentence in said:
        sheet.paragraph(tidy(sentence), size=SMALL, colour=MUTED, lines=6)
        sheet.y += 6


def figures_of(t: Speech, report: Report, figure: Figure) -> tuple[str, str]:
    """The value, or what is said instead, and the interval with the base."""
    base = f"n = {t.count(figure.n)}"
    said = said_instead(t, figure)
    if said is not None or figure.value is None:
        return said or "", base
    interval = f"{t.interval(figure.interval, report.unit, figure.n)}   " if figure.interval else ""
    return t.value(figure.value, report.unit, figure.n), interval + base


def ruler(sheet: Sheet, t: Speech, axis: Axis, top: float, bottom: float) -> None:
    """Upright rules at the ticks, their values below. Goes on below them."""
    for tick in axis.ticks:
        x = axis.at(tick)
        sheet.line([x, x], [top, bottom], colour=RULE, thick=2, under=True)
        sheet.text(x, bottom + 4, axis.named(t, tick), size=SMALL, colour=MUTED, side="center")
    sheet.y = bottom + SMALL * LEADING + 8


def sign(figure: Figure) -> str:
    """What stands where there is no room for the word; nothing in place of a value."""
    if figure.value is not None:
        return ""
    if figure.suppressed:
        return "×"
    return "?" if figure.n and figure.covered is not None else "–"


def signs(t: Speech, figures: Iterable[Figure]) -> list[str]:
    """The signs used, in words."""
    said = {sign(figure): said_instead(t, figure) for figure in figures if figure.value is None}
    return [f"{mark} — {words}" for mark, words in sorted(said.items())]
