"""How many gave each score, as bars of text."""

from collections.abc import Iterator
from typing import Final

from metrics.histogram import Histogram
from metrics.scales import EVERY_SCALE, points
from reports.speech import Speech, scale_points
from surveys.reporting import Report

LONGEST: Final = 20
BAR: Final = "█"
LITTLE: Final = "▏"


def as_scores(t: Speech, report: Report) -> str:
    """A line for each score of each scale, the best one first; nothing where there is nothing to show."""
    if report.query.by or report.total.suppressed:
        return ""
    every = (report.total, *report.total.scales.values())
    known = {scale: counts for figure in every for scale, counts in figure.histograms.items() if counts.n}
    blocks = ("\n".join(_bars(t, scale, counts, several=len(known) > 1)) for scale, counts in known.items())
    return "".join(f"\n\n{block}" for block in blocks)


def _bars(t: Speech, scale: str, counts: Histogram, *, several: bool) -> Iterator[str]:
    known = dict(counts.items())
    most = max(known.values())
    if several:
        yield scale_points(scale)
    for score in reversed(points(EVERY_SCALE[scale])):
        n = known.get(score, 0)
        bar = BAR * round(LONGEST * n / most) or (LITTLE if n else "")
        yield f"{score:>2} {bar} {t.count(n)}" if n else f"{score:>2} 0"
