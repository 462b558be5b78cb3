"""How many gave each score."""

from typing import Final

from metrics.histogram import Histogram
from metrics.nps import DETRACTORS, PASSIVES, PROMOTERS
from metrics.scales import EVERY_SCALE, points, top_points
from reports.labels import Labels
from reports.pictures.axis import footing, heading
from reports.pictures.palette import BLUE, GREY, MUTED, ORANGE, RULE
from reports.pictures.sheet import LEADING, MARGIN, SMALL, TALLY, TEXT, Sheet
from reports.speech import Speech, scale_points
from surveys.locales import N_
from surveys.questionnaire import Language
from surveys.reporting import Report

HIGH: Final = 420
GROUPS: Final = (
    (DETRACTORS, ORANGE, N_("detractors")),
    (PASSIVES, GREY, N_("passives")),
    (PROMOTERS, BLUE, N_("promoters")),
)

Part = tuple[int, int, str, str]
"""Scores from, to; their colour; their name."""


def distribution(report: Report, labels: Labels, language: Language, sheet: Sheet | None = None) -> Sheet:
    """A column for each score, apart for each scale; nothing but words where there is no data or it is suppressed."""
    t, sheet = Speech(language, labels), sheet or Sheet()
    heading(sheet, t, report)
    for scale in report.scales if report.total.histograms else ():
        counts = report.total.histograms.get(scale) or _apart(report, scale)
        if len(report.scales) > 1:
            sheet.paragraph(t("Scale {scale}", scale=scale_points(scale)), bold=True)
        _columns(sheet, t, counts, scale, _parts(t, report, scale))
    footing(sheet, t, report)
    return sheet


def _apart(report: Report, scale: str) -> Histogram:
    other = report.total.scales.get(scale)
    return other.histograms.get(scale, Histogram()) if other else Histogram()


def _parts(t: Speech, report: Report, scale: str) -> list[Part]:
    """Which scores are coloured alike, from left to right, and what they are called."""
    if scale == "nps":
        return [(low, high, colour, t(name)) for (low, high), colour, name in GROUPS]
    low, high = EVERY_SCALE[scale].low, EVERY_SCALE[scale].high
    if report.method not in ("top1", "top2"):
        return [(low, high, BLUE, "")]
    best = top_points(EVERY_SCALE[scale], 1 if report.method == "top1" else 2)
    rest = (low, best[0] - 1) if best[0] > low else (best[-1] + 1, high)
    return sorted([(best[0], best[-1], BLUE, t("best marks")), (*rest, GREY, t("others"))])


def _columns(sheet: Sheet, t: Speech, counts: Histogram, scale: str, parts: list[Part]) -> None:
    found, every = dict(counts.items()), points(EVERY_SCALE[scale])
    step = sheet.room / len(every)
    top, foot = sheet.y + 2 * SMALL, sheet.y + 2 * SMALL + HIGH
    most = max(found.values(), default=1)
    sheet.line([MARGIN, sheet.right], [foot, foot], colour=RULE)
    for place, score in enumerate(every):
        x, n = MARGIN + step * (place + 0.5), found.get(score, 0)
        high = (foot - top) * n / most
        colour = next(colour for low, upper, colour, _ in parts if low <= score <= upper)
        sheet.box(x - step * 0.36, foot - high, step * 0.72, high, colour=colour)
        sheet.text(x, foot - high - TALLY * LEADING - 4, t.count(n), size=TALLY, side="center")
        sheet.text(x, foot + 8, str(score), size=TEXT, bold=True, side="center")
    sheet.y = foot + 8 + TEXT * LEADING
    _legend(sheet, t, counts, parts)


def _legend(sheet: Sheet, t: Speech, counts: Histogram, parts: list[Part]) -> None:
    """A line with the share of each part, below its colour."""
    for low, high, colour, name in parts:
        if not name:
            continue
        n = counts.between(low, high)
        share = t.value(100 * n / counts.n, "percent", counts.n) if counts.n else t.count(0)
        scores = str(low) if low == high else f"{low}–{high}"
        sheet.box(MARGIN, sheet.y + 6, 26, 26, colour=colour)
        sheet.paragraph(f"{scores}: {name} {share}, n = {t.count(n)}", size=SMALL, colour=MUTED, x=MARGIN + 42)
    sheet.y += 12
