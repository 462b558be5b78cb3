"""Spreadsheets, written row by row in constant memory: real numbers and dates, and no text is ever a formula."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

Cell = str | int | float | datetime | None

ROWS: Final = 1_048_576
"""As many a sheet holds, the header among them."""
LONGEST: Final = 32_767
"""Characters a cell holds."""
FIRST_YEAR: Final = 1900
EXACT: Final = 2**53
WIDTHS: Final = (8, 60)


class TooManyRows(Exception):
    """A sheet is full."""


@dataclass(slots=True)
class Page:
    """A sheet under its header. `written`: rows, the header among them."""

    sheet: Any
    formats: "Formats"
    written: int

    def add(self, cells: Sequence[Cell]) -> None:
        """One row. Raises TooManyRows."""
        if self.written >= ROWS:
            raise TooManyRows
        for column, cell in enumerate(cells):
            _put(self.sheet, self.written, column, cell, self.formats)
        self.written += 1


@dataclass(frozen=True, slots=True)
class Formats:
    """How cells look."""

    head: Any
    moment: Any
    words: Any
    share: Any


class Book:
    """A workbook under way: sheets are written one after the other."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._formats = Formats(
            workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", "valign": "top"}),
            workbook.add_format({"text_wrap": True, "valign": "top"}),
            workbook.add_format({"num_format": "0.0##"}),
        )

    @contextmanager
    def page(self, name: str, columns: Sequence[str], widths: Sequence[int]) -> Iterator[Page]:
        """A sheet with a header that stays in sight and is printed on each page, filters, columns `widths` wide."""
        sheet = self._workbook.add_worksheet(name)
        for column, wide in enumerate(widths):
            sheet.set_column(column, column, min(max(wide, WIDTHS[0]), WIDTHS[1]))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        for column, title in enumerate(columns):
            sheet.write_string(0, column, title, self._formats.head)
        page = Page(sheet, self._formats, 1)
        yield page
        sheet.autofilter(0, 0, max(page.written - 1, 1), max(len(columns) - 1, 0))


@contextmanager
def book(target: Path | BytesIO) -> Iterator[Book]:
    """A workbook in a file or in memory, complete once the block is left."""
    from xlsxwriter import Workbook

    where = target if isinstance(target, BytesIO) else str(target)
    workbook = Workbook(where, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    try:
        yield Book(workbook)
    finally:
        workbook.close()


def _put(sheet: Any, row: int, column: int, cell: Cell, formats: Formats) -> None:
    match cell:
        case None:
            return
        case datetime() if cell.year >= FIRST_YEAR:
            sheet.write_datetime(row, column, cell.astimezone(UTC).replace(tzinfo=None), formats.moment)
        case int() | float() if abs(cell) < EXACT:
            sheet.write_number(row, column, cell, formats.share if isinstance(cell, float) else None)
        case _:
            sheet.write_string(row, column, _fitting(str(cell)), formats.words)


def _fitting(text: str) -> str:
    """As much as a cell holds.

    >>> len(_fitting("x" * 40_000))
    32767
    """
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
