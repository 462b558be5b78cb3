"""How the loop works, as a table: a row for the total and for each group."""

from typing import Final

from reports.labels import Labels
from reports.phrases import NAMES
from reports.service import lasting, lasting_columns
from reports.speech import Speech
from reports.tables import Column, Table, Value
from surveys.cases.figures import LoopFigures
from surveys.cases.reporting import LoopReport
from surveys.locales import N_
from surveys.questionnaire import Language

COUNTED: Final = {
    "opened": N_("Cases opened"),
    "open": N_("Open now"),
    "overdue": N_("Of these overdue"),
    "checking": N_("Of these waiting for the client’s word"),
    "confirmed": N_("Closed, the client confirmed"),
    "unconfirmed": N_("Closed without the client’s word"),
    "merged": N_("Merged into others"),
    "reopened": N_("Opened again by the client"),
}


def loop_table(found: LoopReport, labels: Labels, language: Language) -> Table:
    """Counts of cases, times in seconds, and how far the next score of the same people lies above, of 100 points."""
    t, by = Speech(language, labels), found.query.by
    heads = (
        Column("group", t(NAMES[by]) if by else ""),
        *(Column(key, t(title)) for key, title in COUNTED.items()),
        *lasting_columns(t, "first_contact", t("First contact")),
        *lasting_columns(t, "closure", t("Closure")),
        Column("recovery_n", t("Pairs of scores")),
        Column("recovery", t("The next score, of 100 points"), "points"),
        Column("low", t("from"), "points"),
        Column("high", t("to"), "points"),
    )
    rows = [_row(t("total"), found.figures)]
    rows += [_row(t.name(by, key), figures) for key, figures in found.groups.items()] if by else []
    return Table(t("How the loop works"), heads, tuple(rows))


def _row(name: str, figures: LoopFigures) -> tuple[Value, ...]:
    low, high = figures.recovery.interval or (None, None)
    return (
        name,
        *(getattr(figures, key) for key in COUNTED),
        *lasting(figures.first_contact),
        *lasting(figures.closure),
        *(figures.recovery.n, figures.recovery.change, low, high),
    )
