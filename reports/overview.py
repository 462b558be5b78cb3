"""The first screen: all metrics with their change since the period before, and how the NPS went."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from metrics.differences import Difference
from reports.labels import Labels
from reports.layout import PHONE, Row, columns, fold, table
from reports.notes import notes, whose
from reports.periods import known_at, spanned
from reports.phrases import TITLES
from reports.speech import Speech, first_day, scale_points
from reports.tables import VERDICTS, Column, Table, Value
from reports.text import said_instead
from surveys.headlines import Headline, Headlines
from surveys.locales import N_
from surveys.questionnaire import Language
from surveys.reporting import Figure, ReportQuery, Unit

HEADLINE: Final = N_("All time")
WIDE: Final = 6
THICK: Final = 4
"""Characters of a column of the small chart, and of its bar."""
BARS: Final = " ▁▂▃▄▅▆▇█"
EIGHTHS: Final = 8
UNCOMPARED: Final = VERDICTS["unknown"]
STOREYS: Final = 2
# Effort is asked about in two ways that never mix.
EFFORTS: Final = {"ces_5": "CES 1.0", "ces_7": "CES 2.0"}


def as_overview(found: Headlines, labels: Labels, language: Language) -> str:
    """A line each: value, interval, base; below it the change and what to think of it. Plain text."""
    t = Speech(language, labels)
    cells = [(t("value"), f"± {t.percent('95')}"), *(_cells(t, line) for line in found.lines)]
    wide, long = (max(columns(pair[side]) for pair in cells) for side in (0, 1))
    head, *figures = (f"{value:>{wide}} {interval:>{long}}" for value, interval in cells)
    rows = [_row(t, line, figure) for line, figure in zip(found.lines, figures, strict=True)]
    top, blocks = table(Row("", (head, "n")), rows, PHONE)
    opening = [line for words in said_above(t, found) for line in fold(words, PHONE, 3)]
    return "\n".join([*opening, "", *top, *(line for block in blocks for line in block), *_chart(t, found)])


def said_above(t: Speech, found: Headlines) -> Iterator[str]:
    """Whose figures these are, of which period, and what they are compared with."""
    query = found.lines[0].report.query
    yield from whose(t, query.scope)
    if found.fresh:
        yield t("New answers: {period}", period=period_of(t, query))
        yield t("Change: since the half-year before")
        return
    yield period_of(t, query)
    if query.since is not None:
        yield t("Change: since the period before, as long")


def period_of(t: Speech, query: ReportQuery) -> str:
    """The period in words, and of a report of the past when it was so."""
    return ", ".join(filter(None, [spanned(t, query) or t(HEADLINE), known_at(t, query)]))


def _cells(t: Speech, line: Headline) -> tuple[str, str]:
    figure, unit = line.figure, line.report.unit
    if figure.value is None:
        return "", ""
    interval = t.interval(figure.interval, unit, figure.n) if figure.interval else "—"
    return t.value(figure.value, unit, figure.n), interval


def _row(t: Speech, line: Headline, figure: str) -> Row:
    said = said_instead(t, line.figure) or figure
    return Row(named(t, line), (said, t.count(line.figure.n)), changed(t, line))


def changed(t: Speech, line: Headline) -> str:
    """The change of a figure, nothing where there is none to compare."""
    if line.change is None or line.figure.value is None:
        return ""
    return change_in_words(t, line.change, line.report.unit)


def advice(t: Speech, found: Headlines) -> list[str]:
    """What a reader must know beside the figures, each sentence with the metrics it is said of."""
    said: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for line in found.lines:
        for sentence in notes(t, line.report):
            said[sentence][t(TITLES[line.report.query.metric])] = None
    return [f"{', '.join(metrics)}. {sentence}" for sentence, metrics in said.items()]


def named(t: Speech, line: Headline) -> str:
    """What the metric is called, with its kind."""
    if line.scale is None:
        return t(TITLES[line.report.query.metric])
    return EFFORTS.get(line.scale, f"CES {scale_points(line.scale)}")


def change_in_words(t: Speech, change: Difference, unit: Unit) -> str:
    """ "+12 ± −8…+31: no evidence of change"."""
    if change.value is None:
        return t(UNCOMPARED)
    value = t.difference(change.value, unit)
    if change.interval is None:
        return f"{value}: {t(VERDICTS['unknown'])}"
    low, high = (t.difference(bound, unit) for bound in change.interval)
    return f"{value} ± {low}…{high}: {t(VERDICTS[change.verdict])}"


def _chart(t: Speech, found: Headlines) -> list[str]:
    """The NPS of late as bars from −100 to +100, with values and bases."""
    known = {group.key: group.figure for group in found.course.groups}
    figures = [known.get(key, Figure(n=0)) for key in found.keys]
    storeys = [[_part(figure, storey) * THICK for figure in figures] for storey in reversed(range(STOREYS))]
    values = [_value(t, figure) for figure in figures]
    bases = [f"n {t.count(figure.n)}" for figure in figures]
    names = [_short(t, key) for key in found.keys]
    lines = ("".join(f"{cell:<{WIDE}}" for cell in line).rstrip() for line in (*storeys, values, bases, names))
    said = [t("× suppressed")] if any(figure.suppressed for figure in figures) else []
    said += [t("– no data")] if any(figure.n == 0 for figure in figures) else []
    title = t("NPS by quarter") if found.course.query.by == "quarter" else t("NPS by month")
    return ["", title, *lines, *(part for words in said for part in fold(words, PHONE))]


def _part(figure: Figure, storey: int) -> str:
    """What a bar shows of itself in a storey, the lowest being 0. The worst NPS is a line still."""
    if figure.value is None:
        return " "
    height = max(1, round((figure.value + 100) / 200 * EIGHTHS * STOREYS))
    return BARS[max(0, min(EIGHTHS, height - storey * EIGHTHS))]


def _value(t: Speech, figure: Figure) -> str:
    if figure.suppressed:
        return "×"
    return "–" if figure.value is None else t.number(figure.value, "points", figure.n)


def _short(t: Speech, key: str) -> str:
    """A month or a quarter in six columns."""
    day = first_day(key)
    if day is None:
        return ""
    if "Q" in key:
        return t("Q{n}’{year}", n=(day.month + 2) // 3, year=f"{day:%y}")
    return f"{day:%m.%y}"


def overview_table(found: Headlines, labels: Labels, language: Language) -> Table:
    """The same as raw values; below them what stands above the first screen."""
    t = Speech(language, labels)
    heads = (
        Column("metric", t("Metric")),
        Column("n", "n", "count"),
        Column("value", t("value"), "mark"),
        Column("low", t("from"), "mark"),
        Column("high", t("to"), "mark"),
        Column("difference", t("difference"), "mark"),
        Column("difference_low", t("from"), "mark"),
        Column("difference_high", t("to"), "mark"),
        Column("verdict", t("verdict")),
        Column("said", t("remark")),
    )
    return Table(t("All metrics"), heads, tuple(_values(t, line) for line in found.lines), tuple(said_above(t, found)))


def _values(t: Speech, line: Headline) -> tuple[Value, ...]:
    figure, change = line.figure, line.change or Difference(None, None)
    low, high = figure.interval or (None, None)
    return (
        named(t, line),
        figure.n,
        figure.value,
        low,
        high,
        change.value,
        *(change.interval or (None, None)),
        t(VERDICTS[change.verdict]),
        said_instead(t, figure),
    )
