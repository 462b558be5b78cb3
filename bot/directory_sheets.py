"""CSV and XLSX files as numbered lines of cells, whatever is wrong with them said in one sentence."""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

Cell = str | date | time | timedelta
Line = tuple[int, list[Cell]]
"""Number of the line in the file, from 1, and its cells."""

WIDEST: Final = 64
LAST_ROW: Final = 1_048_576
UNPACKED_LIMIT: Final = 512 * 1024 * 1024
PACKING_LIMIT: Final = 200
SMALL: Final = 1024 * 1024
HEADER_LIMIT: Final = 64 * 1024


class Unreadable(Exception):
    """The file as a whole cannot be read. `line` None: no line in particular."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def lines_of(path: Path, columns: Sequence[str]) -> Iterator[Line]:
    """The lines of the file that are not empty; `columns` help to tell a comma from a semicolon. Raises Unreadable."""
    if path.exists() and not path.is_file():
        raise Unreadable("is a directory or a device; name a file")
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise Unreadable("must be a .csv or .xlsx file")
    try:
        lines = (line for line in read(path, columns) if any(str(cell).strip() for cell in line[1]))
        for number, header in islice(lines, 1):
            if (named := len(header) - header.count("")) > WIDEST:
                raise Unreadable(f"has {named} columns; at most {WIDEST} are allowed", number)
            yield number, header
        yield from lines
    except FileNotFoundError as error:
        raise Unreadable("there is no such file") from error
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from error


def _csv_lines(path: Path, columns: Sequence[str]) -> Iterator[Line]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        number = 1
        try:
            reader = csv.reader(stream, delimiter=_delimiter(stream, columns))
            for cells in reader:
                yield number, list(cells)
                number = reader.line_num + 1
        except UnicodeDecodeError as error:
            raise Unreadable("is not UTF-8; save it as “CSV UTF-8”") from error
        except csv.Error as error:
            raise Unreadable(f"is not CSV from here on: {error}", number) from error


def _delimiter(stream: TextIOWrapper, columns: Sequence[str]) -> str:
    header = stream.readline(HEADER_LIMIT).lower()
    stream.seek(0)
    return max(",;", key=lambda mark: sum(name.strip(' "\r\n') in columns for name in header.split(mark)))


def _xlsx_lines(path: Path, columns: Sequence[str]) -> Iterator[Line]:
    _refuse_bomb(path)
    from openpyxl import load_workbook  # takes half a second, and most directories come as CSV

    try:
        workbook = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            rows = workbook.worksheets[0].iter_rows(max_col=WIDEST, max_row=LAST_ROW, values_only=True)
            for number, values in enumerate(islice(rows, LAST_ROW), 1):
                if values.count(None) < len(values):
                    yield number, [_cell(value) for value in values]
        finally:
            workbook.close()
    except OSError:
        raise
    except Exception as error:  # a damaged workbook makes openpyxl raise almost anything
        raise Unreadable("is a damaged XLSX workbook; save it again") from error


def _refuse_bomb(path: Path) -> None:
    """Sizes in a ZIP may lie, but reading stops at what they promise."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except BadZipFile as error:
        raise Unreadable("is no XLSX workbook") from error
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise Unreadable("is no XLSX workbook")
    if sum(part.file_size for part in parts) > UNPACKED_LIMIT or any(map(_is_bomb, parts)):
        raise Unreadable("unpacks to more than a directory could need; save it as CSV")


def _is_bomb(part: ZipInfo) -> bool:
    return part.file_size > SMALL and part.file_size > PACKING_LIMIT * part.compress_size


def _cell(value: object) -> Cell:
    """A value as it would stand in CSV, but for dates; 1001.0 is how Excel keeps 1001."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return f"{value:.12g}" if abs(value) < 10**12 or not value.is_integer() else f"{value:.0f}"
        case date() | time() | timedelta():
            return value
        case _:
            return str(value)


READERS: Final[dict[str, Callable[[Path, Sequence[str]], Iterator[Line]]]] = {
    ".csv": _csv_lines,
    ".xlsx": _xlsx_lines,
}
