"""Whatever is no plain report, as a table of raw values with the sentences that belong to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from metrics.differences import Difference, Verdict
from metrics.estimates import Estimate
from reports.fieldwork import duration
from reports.labels import Labels
from reports.notes import notes, pair_notes
from reports.periods import spanned
from reports.phrases import NAMES, TITLES
from reports.sentences import importance_said
from reports.speech import Speech
from reports.text import said_instead
from surveys.changes import Comparison
from surveys.clients import Clients, Divergence
from surveys.grids import Grid
from surveys.importance import Importance
from surveys.locales import N_
from surveys.questionnaire import Language
from surveys.reporting import Dimension, Figure, Unit

Value = str | int | float | None
Kind = Literal["words", "count", "points", "percent", "mark", "step", "seconds"]
"""`step`: a difference of marks."""
VERDICTS: Final[Mapping[Verdict, str]] = {
    "real": N_("real change"),
    "no_evidence": N_("no evidence of change"),
    "unknown": N_("nothing to compare"),
}


NOTHING: Final = (None, None)
"""In place of an interval."""


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is what programs know it by, `title` what people do."""

    key: str
    title: str
    kind: Kind = "words"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of raw values; `said` stands below them, in sentences."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    said: tuple[str, ...] = ()


def shown(t: Speech, table: Table) -> list[list[str]]:
    """The rows as people read them."""
    kinds = [column.kind for column in table.columns]
    return [[_shown(t, kind, cell) for kind, cell in zip(kinds, row, strict=True)] for row in table.rows]


def _shown(t: Speech, kind: Kind, cell: Value) -> str:
    match cell, kind:
        case None, _:
            return ""
        case str(), _:
            return cell
        case _, "seconds":
            return duration(t, cell)
        case _, "count":
            return t.count(round(cell))
        case _, "step":
            return t.difference(cell, "mark")
        case _, "points" | "percent" | "mark":
            return t.number(cell, kind, 1)
        case _:
            return str(cell)


def grid_table(found: Grid, labels: Labels, language: Language) -> Table:
    """A row for each pair that has answers or, of response rates, invitations."""
    t, report = Speech(language, labels), found.rows
    by = report.query.by or found.across
    rows = tuple(
        (t.name(by, row), t.name(found.across, column), *_figure(t, figure))
        for (row, column), figure in found.cells.items()
    )
    heads = (named(t, by), named(t, found.across), *_figure_columns(t, report.unit))
    title = f"{t(TITLES[report.query.metric])}: {t(NAMES[by]).lower()} × {t(NAMES[found.across]).lower()}"
    return Table(title, heads, rows, _or_nothing(t, rows, pair_notes(t, found)))


def change_table(found: Comparison, labels: Labels, language: Language) -> Table:
    """The total and each group, before and now, with the difference and its verdict."""
    t, report = Speech(language, labels), found.now
    by, past = report.query.by, {group.key: group.figure for group in found.before.groups}
    rows = [(t("total"), *_compared(t, found.before.total, report.total, found.change))]
    for group in report.groups if by else ():
        change = found.changes.get(group.key, Difference(None, None))
        rows.append((t.name(by, group.key) if by else "", *_compared(t, past.get(group.key), group.figure, change)))
    kind: Kind = report.unit
    points: Kind = "step" if kind == "mark" else "points"
    heads = (
        named(t, by) if by else Column("group", ""),
        Column("n_before", t("n before"), "count"),
        Column("before", t("before"), kind),
        Column("before_low", t("from"), kind),
        Column("before_high", t("to"), kind),
        Column("before_said", t("remark")),
        Column("n", "n", "count"),
        Column("value", t("now"), kind),
        Column("value_low", t("from"), kind),
        Column("value_high", t("to"), kind),
        Column("value_said", t("remark")),
        Column("difference", t("difference"), points),
        Column("low", t("from"), points),
        Column("high", t("to"), points),
        Column("verdict", t("verdict")),
    )
    title = t("{metric}: change since the period before", metric=t(TITLES[report.query.metric]))
    compared = t("Compared with: {period}", period=spanned(t, found.before.query))
    return Table(title, heads, tuple(rows), (compared, *notes(t, report)))


def roles_table(found: Divergence, labels: Labels, language: Language) -> Table:
    """A row for each account or project: what each role says, and the widest gap."""
    t, report = Speech(language, labels), found.grid.rows
    by: Dimension = report.query.by or "account"
    roles = [group.key for group in found.grid.columns.groups if group.key is not None]
    rows = []
    for split in found.splits:
        gap, values = split.gap, [split.roles.get(role) for role in roles]
        difference = gap.difference if gap else Difference(None, None)
        told = [said_instead(t, figure) or figure.value if figure else None for figure in values]
        rows.append((t.name(by, split.key), *told, difference.value, *_ends(difference), gap_in_words(t, difference)))
    heads = (
        named(t, by),
        *(Column(role, t.name("role", role), report.unit) for role in roles),
        Column("gap", t("gap"), "points"),
        Column("low", t("from"), "points"),
        Column("high", t("to"), "points"),
        Column("verdict", t("verdict")),
    )
    title = t("{metric}: how far the roles are apart", metric=t(TITLES[report.query.metric]))
    return Table(title, heads, tuple(rows), _or_nothing(t, rows, notes(t, report)))


def _or_nothing(t: Speech, rows: Sequence[Sequence[Value]], told: Iterable[str]) -> tuple[str, ...]:
    """What stands below the rows; where there are none, that there are none."""
    return tuple(told) if rows else (t("no data"),)


def clients_table(found: Clients, labels: Labels, language: Language) -> Table:
    """NPS by each of the rules, and whether it matters which."""
    t = Speech(language, labels)
    heads = (Column("rule", t("rule")), *_estimate_columns(t))
    title = t("NPS of clients by three rules")
    if found.nps is None:
        return Table(title, heads, (), (t("Suppressed: whatever would tell the answers of too few people."),))
    rules = [
        ("everyone", t("everyone counts alike"), found.nps.everyone),
        ("alike", t("every account counts alike"), found.nps.alike),
        ("by_revenue", t("accounts count by revenue"), found.nps.by_revenue),
        ("senior", t("the most senior role speaks for the account"), found.nps.senior),
    ]
    rows = tuple((name, *_estimate(one)) for _, name, one in rules if one is not None)
    points = t.count(round(found.nps.spread))
    if found.nps.disagree:
        said = t("The rules disagree, by {points} points: it matters who counts how much.", points=points)
    else:
        said = t("The rules agree; they differ by {points} points.", points=points)
    return Table(title, heads, rows, (said,) if found.nps.values else (t("no data"),))


def importance_table(found: Importance, labels: Labels, language: Language) -> Table:
    """A row for each component, the weightiest first."""
    t, drivers = Speech(language, labels), found.drivers
    figures = {group.key: group.figure for group in found.satisfaction.groups}
    ordered = sorted(drivers.drivers, key=lambda one: -one.part) if drivers else []
    rows = tuple(
        (t.name("component", one.component), one.part, *one.interval, *_figure(t, figures[one.component]))
        for one in ordered
    )
    heads = (
        named(t, "component"),
        Column("importance", t("importance, %"), "percent"),
        Column("importance_low", t("from"), "percent"),
        Column("importance_high", t("to"), "percent"),
        *_figure_columns(t, "percent", "CSAT"),
    )
    return Table(t("What moves the NPS"), heads, rows, tuple(importance_said(t, drivers)))


def named(t: Speech, dimension: Dimension) -> Column:
    return Column(dimension, t(NAMES[dimension]))


def _figure_columns(t: Speech, unit: Unit, title: str = "") -> tuple[Column, ...]:
    kind: Kind = unit
    return (
        Column("n", "n", "count"),
        Column("value", title or t("value"), kind),
        Column("low", t("from"), kind),
        Column("high", t("to"), kind),
        Column("said", t("remark")),
    )


def _figure(t: Speech, figure: Figure) -> tuple[Value, ...]:
    low, high = figure.interval or (None, None)
    return figure.n, figure.value, low, high, said_instead(t, figure)


def _compared(t: Speech, before: Figure | None, now: Figure, change: Difference) -> tuple[Value, ...]:
    figures = [cell for one in (before or Figure(n=0), now) for cell in _figure(t, one)]
    return *figures, change.value, *_ends(change), t(VERDICTS[change.verdict])


def _ends(difference: Difference) -> Sequence[float | None]:
    return difference.interval or (None, None)


def gap_in_words(t: Speech, difference: Difference) -> str:
    """Whether roles differ."""
    match difference.verdict:
        case "real":
            return t("a real gap")
        case "no_evidence":
            return t("no evidence of a gap")
        case "unknown":
            return t("fewer than two roles to compare")


def _estimate_columns(t: Speech) -> tuple[Column, ...]:
    points: Kind = "points"
    return (
        Column("n", "n", "count"),
        Column("value", "NPS", points),
        Column("low", t("from"), points),
        Column("high", t("to"), points),
    )


def _estimate(one: Estimate) -> tuple[Value, ...]:
    low, high = one.interval or (None, None)
    return one.n, one.value, low, high
