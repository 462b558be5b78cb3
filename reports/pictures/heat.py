"""Two dimensions at once: the journey map, stages by components, and accounts by components."""

from collections.abc import Mapping, Sequence
from typing import Final

from reports.labels import Labels
from reports.phrases import NAMES, TITLES
from reports.pictures.axis import Axis, axis_of, footing, heading, sign, signs
from reports.pictures.palette import BAND, GREY, MUTED, between, ink_on
from reports.pictures.sheet import LEADING, MARGIN, SMALL, TALLY, TEXT, Sheet, width, wrapped
from reports.speech import Speech
from surveys.grids import Grid
from surveys.locales import N_
from surveys.questionnaire import Language
from surveys.reporting import Figure, Metric

ROWS: Final = 15
COLUMNS: Final = 10
EMPTY: Final = Figure(n=0)
HIGH: Final = 84
TALLEST: Final = 330
NAME: Final = 26
CLOSE: Final = 1.12
BASE: Final = N_("In a cell: the value, below it the number of answers.")
BASES: Final[Mapping[Metric, str]] = {
    "response": N_("In a cell: the value, below it the number of delivered invitations.")
}

Keys = Sequence[str | None]


def heat(grid: Grid, labels: Labels, language: Language, page: int = 0, sheet: Sheet | None = None) -> Sheet:
    """A cell for each pair, with its value and base; `ROWS` rows a page, others are counted in words."""
    t, sheet = Speech(language, labels), sheet or Sheet()
    heading(sheet, t, grid.rows, title=_title(t, grid))
    columns = [group.key for group in grid.columns.groups]
    rows = [group.key for group in grid.rows.groups]
    shown, across = rows[page * ROWS : (page + 1) * ROWS], columns[:COLUMNS]
    axis = axis_of(grid.rows, 0, 1)
    left = MARGIN + min(sheet.room * 0.36, 430)
    step = (sheet.right - left) / max(len(across), 4)
    if shown and across:
        _names(sheet, [t.name(grid.across, key) for key in across], left, step)
        for key in shown:
            _row(sheet, t, grid, axis, key, across, left, step)
        _scale(sheet, t, axis, grid.query.metric)
    figures = [grid.cells.get((row, column), EMPTY) for row in shown for column in across]
    footing(sheet, t, grid.rows, [*signs(t, figures), *_more(t, len(rows) - len(shown), len(columns) - len(across))])
    return sheet


def pages(grid: Grid) -> int:
    """How many pictures hold all rows, at least one."""
    return max(1, -(-len(grid.rows.groups) // ROWS))


def _title(t: Speech, grid: Grid) -> str:
    by = grid.query.by or grid.across
    return f"{t(TITLES[grid.query.metric])}: {t(NAMES[by]).lower()} × {t(NAMES[grid.across]).lower()}"


def _names(sheet: Sheet, names: Sequence[str], left: float, step: float) -> None:
    """Upright, in as many lines as the column is wide."""
    most = max(1, int(step // (NAME * CLOSE)))
    folded = [wrapped(name, TALLEST, NAME, min(most, 2)) for name in names]
    high = max(width(line, NAME) for lines in folded for line in lines) + 16
    foot = sheet.y + high
    for place, lines in enumerate(folded):
        middle = left + step * (place + 0.5) - NAME * CLOSE * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            sheet.text(middle + number * NAME * CLOSE, foot - 8, line, size=NAME, upright=True)
    sheet.y = foot


def _row(
    sheet: Sheet, t: Speech, grid: Grid, axis: Axis, key: str | None, across: Keys, left: float, step: float
) -> None:
    name = t.name(grid.query.by, key) if grid.query.by else ""
    lines = wrapped(name, left - MARGIN - 16, NAME, 2)
    top = sheet.y + (HIGH - len(lines) * NAME * LEADING) / 2
    for number, line in enumerate(lines):
        sheet.text(MARGIN, top + number * NAME * LEADING, line, size=NAME)
    for place, column in enumerate(across):
        _cell(sheet, t, axis, grid.cells.get((key, column), EMPTY), left + place * step, step)
    sheet.y += HIGH


def _cell(sheet: Sheet, t: Speech, axis: Axis, figure: Figure, x: float, step: float) -> None:
    """The value above its base; without a value a sign, hatched where it is kept back."""
    if figure.value is None:
        hatch = "//" if figure.suppressed else None
        sheet.box(x + 2, sheet.y + 2, step - 4, HIGH - 4, colour=BAND, hatch=hatch)
        sheet.text(x + step / 2, sheet.y + 20, sign(figure), colour=MUTED, side="center")
        return
    ground = between(axis.share(figure.value))
    ink = ink_on(ground)
    number = t.number(figure.value, axis.unit, 1)
    sheet.box(x + 2, sheet.y + 2, step - 4, HIGH - 4, colour=ground)
    size = min(SMALL, SMALL * (step - 8) / width(number, SMALL, bold=True))
    sheet.text(x + step / 2, sheet.y + 10, number, size=size, bold=True, colour=ink, side="center")
    base = t.count(figure.n)
    small = min(TALLY, TALLY * (step - 8) / width(base, TALLY))
    sheet.text(x + step / 2, sheet.y + 46, base, size=small, colour=ink, side="center")


def _scale(sheet: Sheet, t: Speech, axis: Axis, metric: Metric) -> None:
    """The colours from the worst to the best, and what the two numbers of a cell are."""
    sheet.y += 22
    low, high = axis.named(t, axis.ticks[0]), axis.named(t, axis.ticks[-1])
    start = MARGIN + width(low, SMALL) + 16
    end = start + 360
    sheet.text(MARGIN, sheet.y, low, size=SMALL, colour=MUTED)
    for part in range(30):
        sheet.box(start + part * 12, sheet.y + 6, 12, 26, colour=between(part / 29))
    sheet.text(end + 16, sheet.y, high, size=SMALL, colour=MUTED)
    sheet.y += TEXT * LEADING
    sheet.paragraph(t(BASES.get(metric, BASE)), size=SMALL, colour=GREY)


def _more(t: Speech, rows: int, columns: int) -> list[str]:
    counted = [
        t.ngettext("and {n} more row", "and {n} more rows", rows) if rows else "",
        t.ngettext("and {n} more column", "and {n} more columns", columns) if columns else "",
    ]
    return [words for words in counted if words]
