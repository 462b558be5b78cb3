"""Fieldwork: from the invitations to the completed interviews, and what was lost on the way."""

from typing import Final

from reports.labels import Labels
from reports.pictures.axis import footing, heading
from reports.pictures.palette import BLUE, INK, MUTED, ORANGE
from reports.pictures.sheet import LEADING, MARGIN, TEXT, Sheet
from reports.speech import Speech
from surveys.questionnaire import Language
from surveys.reporting import Fieldwork, Report

BAR: Final = 44

Step = tuple[str, int, int, bool]
"""What it is called, where its bar begins and ends, whether it is lost."""


def waterfall(report: Report, labels: Labels, language: Language, sheet: Sheet | None = None) -> Sheet:
    """Bars from above: what there was, less what was lost, down to what was completed."""
    t, sheet = Speech(language, labels), sheet or Sheet()
    heading(sheet, t, report)
    work = report.total.fieldwork
    if work is not None and work.invited:
        for step in steps(t, work):
            _bar(sheet, t, step, work.invited)
    footing(sheet, t, report, [t("Solid: invitations. Hatched: lost on the way.")] if work and work.invited else [])
    return sheet


def steps(t: Speech, work: Fieldwork) -> list[Step]:
    """Each loss begins where the one before it ended."""
    losses = [
        (t("Undeliverable"), work.undeliverable),
        (t("Not delivered yet"), work.invited - work.delivered - work.undeliverable),
    ]
    later = [
        (t("Declined"), work.refused),
        (t("Partly completed"), work.partial),
        (t("No answer yet"), work.delivered - work.completed - work.partial - work.refused),
    ]
    found: list[Step] = [(t("Invited"), 0, work.invited, False), *_lost(losses, work.invited)]
    return [
        *found,
        (t("Delivered"), 0, work.delivered, False),
        *_lost(later, work.delivered),
        (t("Completed"), 0, work.completed, False),
    ]


def _lost(losses: list[tuple[str, int]], left: int) -> list[Step]:
    found = []
    for name, n in losses:
        if n > 0:
            found.append((name, left - n, left, True))
            left -= n
    return found


def _bar(sheet: Sheet, t: Speech, step: Step, most: int) -> None:
    name, low, high, lost = step
    number = f"−{t.count(high - low)}" if lost else t.count(high - low)
    sheet.text(MARGIN, sheet.y, name, bold=not lost, colour=MUTED if lost else INK)
    sheet.text(sheet.right, sheet.y, number, bold=True, side="right")
    sheet.y += TEXT * LEADING
    unit = sheet.room / most
    colour, hatch = (ORANGE, "//") if lost else (BLUE, None)
    sheet.box(MARGIN + low * unit, sheet.y, max((high - low) * unit, 3), BAR, colour=colour, hatch=hatch)
    sheet.y += BAR + 22
