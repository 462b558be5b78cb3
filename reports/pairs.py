"""A breakdown by two dimensions on a phone: a small table for each row."""

from collections.abc import Iterator, Mapping

from metrics.differences import UNKNOWN
from reports.layout import PHONE, Row, columns, fold, table
from reports.notes import pair_notes, whose
from reports.overview import period_of
from reports.pages import pages, paragraphs
from reports.phrases import NAMES, TITLES
from reports.speech import Speech
from reports.tables import gap_in_words
from reports.text import said_instead
from surveys.clients import Divergence, Split
from surveys.grids import Grid
from surveys.reporting import Figure


def as_divergence(t: Speech, found: Divergence) -> list[str]:
    """The pages of roles by account or project, each with the widest gap."""
    said = {split.key: _gap(t, split) for split in found.splits}
    return as_pair(t, found.grid, said)


def _gap(t: Speech, split: Split) -> str:
    difference = split.gap.difference if split.gap else UNKNOWN
    verdict = gap_in_words(t, difference)
    if difference.value is None or difference.interval is None:
        return verdict
    low, high = (t.number(bound, "points", 1) for bound in difference.interval)
    return f"{t('gap')}: {t.number(difference.value, 'points', 1)} ± {low}…{high}, {verdict}"


def as_pair(t: Speech, found: Grid, said: Mapping[str | None, str] | None = None) -> list[str]:
    """The pages; `said` of a row stands below it. Plain text, lines as wide as a phone."""
    head = [line for words in _opening(t, found) for line in fold(words, PHONE, 3)]
    rows = dict.fromkeys(row for row, _ in found.cells)
    below = {row: fold(words, PHONE) for row, words in (said or {}).items()}
    blocks = [[*_block(t, found, row), *below.get(row, []), ""] for row in rows] or [[t("no data")]]
    foot = paragraphs(pair_notes(t, found))
    return pages(t, [*head, ""], [*blocks, foot] if foot else blocks)


def _opening(t: Speech, found: Grid) -> Iterator[str]:
    query = found.query
    yield from whose(t, query.scope)
    by = query.by or found.across
    yield f"{t(TITLES[query.metric])}: {t(NAMES[by]).lower()} × {t(NAMES[found.across]).lower()}"
    yield period_of(t, query)
    yield from (f"{t(NAMES[name])}: {t.names(name, values)}" for name, values in query.where.items())


def _block(t: Speech, found: Grid, row: str | None) -> list[str]:
    by = found.query.by or found.across
    own = {column: figure for (key, column), figure in found.cells.items() if key == row}
    least = min((figure.n for figure in own.values() if figure.value is not None), default=0)
    cells = [_cell(t, found, figure, least) for figure in own.values()]
    named = "%" if found.rows.unit == "percent" else TITLES[found.query.metric]
    wide, long = (max(columns(pair[side]) for pair in [(named, "±"), *cells]) for side in (0, 1))
    head = Row("", (f"{named:>{wide}} {'±':>{long}}", "n"))
    lines = [
        Row(
            t.name(found.across, column),
            (said_instead(t, figure) or f"{value:>{wide}} {interval:>{long}}", t.count(figure.n)),
        )
        for (column, figure), (value, interval) in zip(own.items(), cells, strict=True)
    ]
    top, drawn = table(head, lines, PHONE)
    return [*fold(t.name(by, row), PHONE, 2), *top, *(line for block in drawn for line in block)]


def _cell(t: Speech, found: Grid, figure: Figure, least: int) -> tuple[str, str]:
    """Of one precision in the whole column, as the least of the bases allows."""
    if figure.value is None:
        return "", ""
    unit = found.rows.unit
    interval = t.interval(figure.interval, unit, least) if figure.interval else "—"
    return t.number(figure.value, unit, least), interval
