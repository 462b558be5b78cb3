"""A report as a workbook: summary, breakdown, verbatims, notes on method."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from metrics.csi import Basis, role_interval
from metrics.scales import EVERY_SCALE, points
from reports.fieldwork import duration, outcomes
from reports.labels import Labels
from reports.layout import columns, tidy
from reports.notes import notes
from reports.overview import advice, overview_table
from reports.phrases import BREAKDOWNS, NAMES, TITLES
from reports.sheets import Book, Cell, book
from reports.speech import Speech, scale_points
from reports.tables import Table
from reports.text import below, opening, said_instead
from surveys.headlines import Headlines
from surveys.locales import N_
from surveys.questionnaire import Language
from surveys.reporting import Dimension, Figure, Metric, Report
from surveys.verbatims import Verbatim

WIDE: Final = 18
WORDS: Final = 60
METHOD: Final[dict[Metric, str]] = {
    "nps": N_(
        "NPS is the share of promoters (9–10) less that of detractors (0–6), from −100 to +100. "
        "Interval: adjusted Wald, 95%."
    ),
    "csat": N_("CSAT is the share of the best marks. Interval: Wilson, 95%."),
    "ces": N_("CES is the mean mark; more is easier. Interval: Student’s t, 95%."),
    "csi": N_("CSI is the mean of the roles’ CSAT by their weights, over the roles heard. Interval: normal, 95%."),
    "response": N_("The response rate is completed of delivered. Interval: Wilson, 95%."),
}

Words = AsyncIterator[Verbatim]


async def write_workbook(
    target: Path | BytesIO,
    report: Report,
    labels: Labels,
    language: Language,
    words: Words | None = None,
) -> None:
    """`words`: the verbatims of the cut, None where the reader may not see them or they are suppressed."""
    t = Speech(language, labels)
    with book(target) as made:
        _summary(made, t, report)
        if report.query.by:
            _breakdown(made, t, report, report.query.by, t("Breakdown"))
        if words is not None:
            await add_verbatims(made, t, words)
        _method(made, t, [report.query.metric], notes(t, report))


async def write_overview(
    target: Path | BytesIO, found: Headlines, labels: Labels, language: Language, words: Words | None = None
) -> None:
    """The first screen: every metric, the NPS of late, verbatims as in a report, and how each metric is reckoned."""
    t = Speech(language, labels)
    course = found.course
    by = course.query.by or "quarter"
    with book(target) as made:
        add_table(made, replace(overview_table(found, labels, language), title=t("Summary")))
        _breakdown(made, t, course, by, f"{t(TITLES[course.query.metric])} {t(BREAKDOWNS[by])}")
        if words is not None:
            await add_verbatims(made, t, words)
        metrics = dict.fromkeys(line.report.query.metric for line in found.lines)
        _method(made, t, list(metrics), advice(t, found))


def write_table(target: Path | BytesIO, table: Table) -> None:
    """A workbook of one table and what is said of it."""
    with book(target) as made:
        add_table(made, table)


def add_table(made: Book, table: Table) -> None:
    widths = [max(WIDE, columns(column.title) + 4) for column in table.columns]
    with made.page(_named(table.title), [column.title for column in table.columns], widths) as page:
        for row in table.rows:
            page.add(row)
        for sentence in table.said:
            page.add([sentence])


def _named(title: str) -> str:
    """A name a sheet may have: 31 characters, none of []:*?/\\.

    >>> _named("NPS: roles / apart")
    'NPS roles apart'
    """
    return tidy("".join(" " if character in "[]:*?/\\" else character for character in title))[:31].strip("' ")


def _summary(made: Book, t: Speech, report: Report) -> None:
    """What is asked as in the text, then the total in numbers."""
    total = report.total
    low, high = total.interval or (None, None)
    said = [line for line in opening(t, report) if line]
    with made.page(t("Summary"), [said[0], ""], [34, 24, 12, 12, 12, 12]) as page:
        for line in said[1:]:
            page.add([line])
        numbers: list[tuple[str, Cell]] = [
            ("n", total.n),
            (t("value"), total.value),
            (t("from"), low),
            (t("to"), high),
            (t("remark"), said_instead(t, total)),
        ]
        for name, number in numbers:
            page.add([name, number])
        for name, n in _scores(report, total):
            page.add([name, n])
        for cells in _behind(t, total, report.method or "top2"):
            page.add(cells)


def _behind(t: Speech, figure: Figure, basis: Basis) -> Iterator[Sequence[Cell]]:
    """The roles of an index with their weights, or what became of invitations."""
    if figure.roles:
        yield t("Role"), "%", t("from"), t("to"), t("weight"), "n"
    for voice in figure.roles:
        low, high = role_interval(voice, basis) or (None, None)
        yield t.name("role", voice.role), voice.value, low, high, voice.weight, voice.n
    if work := figure.fieldwork:
        yield from outcomes(t, work)
        for name, rate in (("RR1", work.rr1), ("RR2", work.rr2)):
            yield f"{name}, %", rate.percent, *(rate.interval or ())
        if work.median_seconds is not None:
            yield t("Median time"), duration(t, work.median_seconds)


def _scores(report: Report, figure: Figure) -> Iterator[tuple[str, int | None]]:
    """How many gave each score."""
    for scale in report.scales:
        counts = figure.histograms.get(scale)
        known = dict(counts.items()) if counts else {}
        for score in points(EVERY_SCALE[scale]):
            yield f"{scale_points(scale)}: {score}", known.get(score, 0) if counts and not figure.suppressed else None


def _breakdown(made: Book, t: Speech, report: Report, by: Dimension, title: str) -> None:
    scored = [name for name, _ in _scores(report, report.total)]
    heads = [t(NAMES[by]), "n", t("value"), t("from"), t("to"), t("remark"), *scored]
    widths = [40, *([WIDE] * 5), *([10] * len(scored))]
    with made.page(_named(title), heads, widths) as page:
        for group in report.groups:
            figure = group.figure
            low, high = figure.interval or (None, None)
            counts = [n for _, n in _scores(report, figure)]
            remark = "; ".join(filter(None, (said_instead(t, figure), below(t, by, figure))))
            page.add([t.name(by, group.key), figure.n, figure.value, low, high, remark or None, *counts])


def verbatim_heads(t: Speech) -> list[str]:
    named: list[Dimension] = ["item", "component", "role", "account", "project", "stage"]
    return [t("Date"), t("Score"), t("Words"), *(t(NAMES[one]) for one in named), t("Person")]


def verbatim_row(t: Speech, one: Verbatim) -> tuple[Cell, ...]:
    """The words as they were written, all else as people call it."""
    named: list[tuple[Dimension, str | None]] = [
        ("item", one.item),
        ("component", one.component),
        ("role", one.role),
        ("account", one.account),
        ("project", one.project),
        ("stage", one.stage),
    ]
    at: datetime = one.at
    return at, one.score, one.text, *(t.name(by, key) if key else None for by, key in named), one.person


def nothing_said(t: Speech) -> str:
    return t("No words.")


async def add_verbatims(made: Book, t: Speech, words: Words) -> None:
    widths = [20, 10, WORDS, *([24] * 6), 20]
    with made.page(t("Verbatims"), verbatim_heads(t), widths) as page:
        async for one in words:
            page.add(verbatim_row(t, one))


def _method(made: Book, t: Speech, metrics: Sequence[Metric], beside: Iterable[str]) -> None:
    said = [
        *(t(METHOD[metric]) for metric in metrics),
        t("n is the number of answers; of a response rate, of delivered invitations."),
        *beside,
    ]
    with made.page(t("Method"), [t("Method")], [WORDS]) as page:
        for sentence in said:
            page.add([sentence])
