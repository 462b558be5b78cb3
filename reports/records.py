"""A table too wide for a phone: a block for each row, a line for each figure in it."""

from collections.abc import Iterator, Sequence
from typing import Final

from reports.layout import PHONE, fold, tidy
from reports.notes import whose
from reports.overview import period_of
from reports.pages import indented, pages, paragraphs
from reports.speech import Speech
from reports.tables import Column, Table, Value, shown
from surveys.reporting import ReportQuery

LOW: Final = "low"
"""A column whose key ends so holds the lower end of an interval, the next one the upper end."""
SAID: Final = "said"
"""A column whose key ends so holds what is said in place of a figure."""


def as_records(t: Speech, table: Table, query: ReportQuery) -> list[str]:
    """The pages of the table; its first column names the rows. Plain text, lines as wide as a phone."""
    head = [*fold(table.title, PHONE), *_cut(t, query), ""]
    foot = paragraphs(table.said)
    found = blocks(t, table)
    if not found and not foot:
        found = [[t("no data")]]
    return pages(t, head, [*found, foot] if foot else found)


def blocks(t: Speech, table: Table) -> list[list[str]]:
    """The lines of each row, an empty one last."""
    return [_block(t, table.columns, raw, cells) for raw, cells in zip(table.rows, shown(t, table), strict=True)]


def _cut(t: Speech, query: ReportQuery) -> Iterator[str]:
    said = [*whose(t, query.scope), period_of(t, query)]
    said += [t.name(name, value) for name, values in query.where.items() for value in values]
    for words in said:
        yield from fold(words, PHONE, 3)


def _block(t: Speech, named: Sequence[Column], raw: Sequence[Value], cells: Sequence[str]) -> list[str]:
    lines = fold(tidy(cells[0]), PHONE, 3)
    for at in range(1, len(named)):
        if raw[at] is None or _is_end(named, at) or named[at].key.endswith(SAID):
            continue
        if not _is_base(named[at]):
            lines += indented(_figure(t, named, raw, cells, at), 2)
        elif raw[at + 1 : at + 2] in ((), (None,)):
            lines += indented(_nothing(t, named, raw, cells, at), 2)
    return [*lines, ""]


def _figure(t: Speech, named: Sequence[Column], raw: Sequence[Value], cells: Sequence[str], at: int) -> str:
    """A figure with its interval and its base."""
    title = named[at].title
    value = t.percent(cells[at]) if named[at].kind == "percent" and "%" not in title else cells[at]
    base = f", n {cells[at - 1]}" if _is_base(named[at - 1]) else ""
    return (f"{title}: " if title else "") + value + _ends(named, cells, raw, at) + base


def _nothing(t: Speech, named: Sequence[Column], raw: Sequence[Value], cells: Sequence[str], at: int) -> str:
    """A base without a figure, and why there is none."""
    figure = named[at + 1 : at + 2]
    said = [cells[place] for place, one in enumerate(named) for of in figure if one.key in (SAID, f"{of.key}_{SAID}")]
    if figure and any(said):
        return f"{figure[0].title}: {said[0]}, n {cells[at]}"
    return f"{named[at].title} {cells[at]}" + (f", {t('no data')}" if raw[at] == 0 else "")


def _is_base(column: Column) -> bool:
    """How many answers are behind the figure in the next column."""
    return column.key == "n" or column.key.startswith("n_") or column.key.endswith("_n")


def _is_end(named: Sequence[Column], at: int) -> bool:
    return named[at].key.endswith(LOW) or (at > 0 and named[at - 1].key.endswith(LOW))


def _ends(named: Sequence[Column], cells: Sequence[str], raw: Sequence[Value], at: int) -> str:
    """The interval that follows a figure."""
    if at + 2 >= len(named) or not named[at + 1].key.endswith(LOW) or raw[at + 1] is None:
        return ""
    return f" ± {cells[at + 1]}…{cells[at + 2]}"
